"""What points say has happened, beside what the ledger says."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class PointsMissed(Event):
    """Points of returned goods were spent already; the balance stays at zero, not below."""

    name = "points.missed"
    about = "account_id"

    account_id: str
    order_number: str
    missed: int
