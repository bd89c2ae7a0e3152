"""Store credit on the bench."""

from tests.integrations.fakes.own_ledger import EXCUSED, LedgerBench
from tests.integrations.harness import Money

from rebond.domain.store_credit.actions import give_credit, spend_credit


class Harness(LedgerBench):
    """A payment is credit that the shopper had and used."""

    key = "store_credit"
    excused = EXCUSED

    def opens(self, captured: Money) -> str:
        reference = self.new_reference()
        give_credit(
            self.shopper, captured, is_cash=True, key=reference, reason="owed", by="staff:Ana"
        )
        spend_credit(self.shopper, captured, reference=reference, by="checkout")
        return reference
