"""Mentions that French law puts on documents, with the code that may be cited on a day.  (pure)

Source: CGI 289 I-5; C. com. L441-9, L441-10, D441-5; for the codes ord. 2025-1247 as postponed by
ord. 2026-671 (BOFiP ACTU-2026-00126), kept with their dates in the parameters of the law room.
"""

from __future__ import annotations

from datetime import date

from rebond.domain.law import codes_to_cite

BETWEEN_BUSINESSES = (
    (
        "PMT",
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €",
    ),
    (
        "PMD",
        "Pénalités de retard : taux d’intérêt de la Banque centrale européenne majoré de 10 points",
    ),
    ("AAB", "Pas d’escompte pour paiement anticipé"),
)
"""Subject code of UNTDID 4451 and text of what a document between businesses must say."""

ARTICLE = {"CGI": "CGI, art. 289, I-5", "CIBS": "CIBS"}
"""Under which text a document corrects an invoice. Articles of the CIBS are not cited: the new
code says itself which takes the place of which, and a wrong number is worse than none."""


def corrects_under(seller_country: str, issued_on: date) -> str:
    """What to cite on a credit note of that day; empty for a seller outside France."""
    if seller_country != "FR":
        return ""
    return ARTICLE[codes_to_cite(issued_on)[0]]
