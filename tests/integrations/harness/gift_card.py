"""Gift cards on the bench."""

from tests.integrations.fakes.own_ledger import EXCUSED, LedgerBench
from tests.integrations.harness import Money

from rebond.domain.gift_cards.actions import issue_card, redeem_card


class Harness(LedgerBench):
    """A payment is a card that was issued and used."""

    key = "gift_card"
    excused = EXCUSED | {
        "an_unknown_payment_is_refused": "what no card of ours paid is given on a new card"
    }

    def opens(self, captured: Money) -> str:
        reference = self.new_reference()
        issued = issue_card(
            self.shop, captured, is_cash=True, key=reference, reason="sold", by="staff:Ana"
        )
        redeem_card(self.shop, issued.code, captured, reference=reference, by="checkout")
        return reference
