"""What is said about costs."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class CostTermsChanged(Event):
    """The shop estimates the cost of its returns by other rates."""

    name = "cost_terms.changed"
    about = "shop_id"

    shop_id: str
