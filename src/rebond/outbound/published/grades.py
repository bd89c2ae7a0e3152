"""What an article is worth by its grade, as shoppers read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import override

from rebond.domain.policies.facts import INCOMPLETE
from rebond.domain.policies.rules.refund_by_grade import WHOLE

GRADES = {
    "a": N_("A, as new"),
    "b": N_("B, opened"),
    "c": N_("C, signs of use"),
    "d": N_("D, damaged"),
}


def sentences(shares: Mapping[str, int], about: str) -> Iterator[str]:
    """What is refunded for each grade, and where parts are missing.

    ``shares`` are whole percent by grade; ``about`` says what the rule is for, with a blank before
    it, or nothing.
    """
    yield _("Of its price we refund{about}: {shares}.").format(about=about, shares=_listed(shares))
    if shares[INCOMPLETE] < WHOLE:
        said = _("Where parts are missing, {percent} % at most").format(percent=shares[INCOMPLETE])
        yield f"{said}{about}."


def clause(shares: Mapping[str, int], language: str) -> str:
    """The same as one sentence in ``language``, to be quoted to a shopper."""
    with override(language):
        said = _("By our return policy we refund of its price: {shares}.")
        return said.format(shares=_listed(shares))


def _listed(shares: Mapping[str, int]) -> str:
    return "; ".join(f"{_(words)} ({shares[grade]} %)" for grade, words in GRADES.items())
