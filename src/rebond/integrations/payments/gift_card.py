"""Refunds kept on gift cards, in the ledger of this installation.

``destination`` is ``new:<shopper id>``, with ``?bonus=10`` for so many percent on top and
``&plus=500`` for so many minor units beside it: a new card for this shopper. Empty gives the
amount back to the card that had paid under the payment's reference, and issues a new one where no
card of ours had. The code of a new card follows from the refund's id:
`gift_cards.codes.code_of_refund`.
"""

from rebond.domain.gift_cards.actions import refund_back_to_card, refund_to_new_card
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Transaction
from rebond.domain.ledger.queries import spend_behind
from rebond.domain.ledger.refunding import Owed
from rebond.domain.refunds.ports import payment_providers
from rebond.integrations.own_ledger import OwnLedger, Wish


@payment_providers.add
class GiftCard(OwnLedger):
    """The cards of this shop."""

    key = "gift_card"
    title = "Gift card"
    kind = AccountKind.GIFT_CARD
    word = "new"

    def book(self, owed: Owed, wish: Wish | None) -> Transaction:
        """On a new card, or back on the card that paid."""
        if wish is not None:
            return refund_to_new_card(
                owed,
                wish.shopper,
                bonus_percent=wish.bonus_percent,
                bonus_minor=wish.bonus_minor,
            )
        if spend_behind(owed.shop_id, owed.payment_reference, self.kind) is not None:
            return refund_back_to_card(owed)
        return refund_to_new_card(owed)
