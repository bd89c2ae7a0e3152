"""Letters with a code; it is put in as the letter leaves, and never kept."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.gift_cards.codes import masked
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.proofs.mailboxes import MASK
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content


def one_time_code() -> Content:
    """The code by which somebody proves to read this mailbox; it is put in as the letter leaves."""
    return Content(
        subject=_("Your code"),
        paragraphs=[
            _("Type this code on our page. It works for ten minutes, once."),
            _(
                "You did not ask for it? Then you need not do anything: without the code nobody "
                "sees your orders. Never tell it to anybody, not even to us."
            ),
        ],
        facts=[(_("Code"), MASK)],
    )


def card_issued(card: GiftCard, language: str) -> Content:
    """The code of a gift card, masked: it is put in when the letter leaves, and never kept."""
    amount = formats.money(card.account.balance_minor, card.account.currency, language)
    return Content(
        subject=_("Your gift card of {amount}").format(amount=amount),
        paragraphs=[
            _("Your refund is kept for you on a gift card of {amount}.").format(amount=amount),
            _(
                "Keep this message: we do not store the code and cannot show it again. Whoever "
                "has the code can spend what is on the card."
            ),
        ],
        facts=[(_("Code"), masked(card.last_four)), (_("Amount"), amount)],
    )
