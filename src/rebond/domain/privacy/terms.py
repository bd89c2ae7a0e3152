"""How long each class of data is kept when nobody says otherwise.  (pure)

Source: GDPR art. 5(1)(e) (GD-03), C. civ. 2224, C. conso. L213-1, C. com. L123-22, CMF L133-24
(GD-12), CNIL référentiel "gestion des activités commerciales".
"""

from __future__ import annotations

from typing import NamedTuple

from rebond.domain.shoppers.holdings import DataKind


class Term(NamedTuple):
    """Months by default, and the fewest that can be set: less would break a duty or a right."""

    months: int
    least: int
    rule: str


TERMS: dict[DataKind, Term] = {
    DataKind.IDENTITY: Term(60, 27, "GD-03"),
    DataKind.REQUESTS: Term(24, 24, "GD-03"),
    DataKind.PHOTOS: Term(6, 1, "GD-03"),
    DataKind.MESSAGES: Term(12, 1, "GD-03"),
    DataKind.TRACKING: Term(12, 3, "GD-03"),
    DataKind.SIGNALS: Term(12, 1, "GD-03"),
    DataKind.BANK: Term(13, 13, "GD-12"),
    DataKind.TECHNICAL: Term(1, 1, "GD-03"),
    DataKind.STATEMENTS: Term(120, 60, "GD-03"),
    DataKind.DOCUMENTS: Term(120, 120, "CN-14"),
}
"""From the day on which a return was closed, a bank transfer asked for, an order placed …"""

MOST_MONTHS = 360
