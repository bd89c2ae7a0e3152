"""Refunds kept as store credit, in the ledger of this installation.

``destination`` is ``shopper:<id>``, with ``?bonus=10`` for so many percent on top and
``&plus=500`` for so many minor units beside it; empty gives the amount back to the credit that
had paid under the payment's reference.
"""

from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Transaction
from rebond.domain.ledger.refunding import Owed
from rebond.domain.refunds.ports import payment_providers
from rebond.domain.store_credit.actions import refund_back_to_credit, refund_into_credit
from rebond.integrations.own_ledger import OwnLedger, Wish


@payment_providers.add
class StoreCredit(OwnLedger):
    """A shopper's credit at this shop."""

    key = "store_credit"
    title = "Store credit"
    kind = AccountKind.STORE_CREDIT
    word = "shopper"

    def book(self, owed: Owed, wish: Wish | None) -> Transaction:
        """To the shopper's account, or back to the credit that paid."""
        if wish is None:
            return refund_back_to_credit(owed)
        return refund_into_credit(
            owed,
            wish.shopper,
            bonus_percent=wish.bonus_percent,
            bonus_minor=wish.bonus_minor,
        )
