"""Another amount than the one worked out: lower on a ground of law, higher as a gesture.  (pure)"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import override

from rebond.domain import law


class EditGround(StrEnum):
    """Why less or more is paid than was worked out.

    ``LOSS_OF_VALUE`` (C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2)) is the only one after a
    withdrawal. ``INCOMPLETE``: parts are missing. ``AGREED``: the customer said yes (C. civ. 1193),
    the only one for a fault of ours. ``GOODWILL`` is for more, never for less.
    """

    LOSS_OF_VALUE = "loss_of_value"
    INCOMPLETE = "incomplete"
    AGREED = "agreed"
    GOODWILL = "goodwill"


LOWERING = (EditGround.LOSS_OF_VALUE, EditGround.INCOMPLETE, EditGround.AGREED)
WORDS = {
    EditGround.LOSS_OF_VALUE: N_("Loss of value by use beyond what is needed to see how it works"),
    EditGround.INCOMPLETE: N_("Parts are missing"),
    EditGround.AGREED: N_("Agreed with you"),
    EditGround.GOODWILL: N_("Gesture"),
}
LONGEST_WORDS = 500


@dataclass(frozen=True)
class AmountEdit:
    """The amount to pay instead, in minor units of the order's currency, and why.

    ``words`` say it in the reader's own language: they stand in the sum, in a message to the
    customer and on the credit note.
    """

    amount_minor: int
    ground: EditGround
    words: str


def ground_words(ground: str, language: str, country: str = "") -> str:
    """``ground`` as customers read it, in ``language``, with the article of a named ``country``."""
    known = EditGround(ground)
    article = law.loss_of_value_article(country) if known is EditGround.LOSS_OF_VALUE else ""
    with override(language):
        return f"{_(WORDS[known])} ({article})" if article else _(WORDS[known])
