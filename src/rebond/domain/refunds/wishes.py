"""What somebody wants to refund of an order without a return.  (pure)"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rebond.domain.refunds.ways import THE_WAY_BACK, ChosenWay


@dataclass(frozen=True)
class WantedPieces:
    """Pieces of one order line; ``amount_minor`` instead of what they cost, VAT inside.

    Without a ``quantity`` the amount belongs to no piece: a price cut on the line.
    ``restocked`` of the pieces go back for sale at ``restocked_at``.
    """

    order_line_id: UUID
    quantity: int = 0
    amount_minor: int | None = None
    restocked: int = 0
    restocked_at: str = ""


@dataclass(frozen=True)
class WantedCharge:
    """Shipping or a fee; ``amount_minor`` None gives back all that is left of it."""

    charge_id: UUID
    amount_minor: int | None = None


@dataclass(frozen=True)
class OrderRefund:
    """A refund straight from an order.

    ``amount_minor`` replaces what everything chosen adds up to; alone it is a goodwill payment
    that belongs to no article.
    """

    pieces: tuple[WantedPieces, ...] = ()
    charges: tuple[WantedCharge, ...] = ()
    amount_minor: int | None = None
    reason: str = ""
    tells_shopper: bool = True
    way: ChosenWay = THE_WAY_BACK
