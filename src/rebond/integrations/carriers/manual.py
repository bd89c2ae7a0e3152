"""Prepaid labels that the shop has laid in: bought at a counter or on a carrier's site, as PDF.

Nobody is called: each label asked for takes the next one out of the stock. Staff note what the
carrier says.
"""

from rebond.domain.shipping.ports import Ability, Carrier, SendingAdvice, carriers


@carriers.add
class LabelStock(Carrier):
    """A drawer with prepaid labels."""

    key = "manual"
    title = "Prepaid labels in stock"
    can = frozenset({Ability.STOCK})

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; which carrier's page shows it, only the label knows."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")
