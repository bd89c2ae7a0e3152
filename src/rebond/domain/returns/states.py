"""The four tracks of a return, the steps between their states, and what a decline may say.  (pure)

Source: docs/reference/states.md.
"""

from enum import StrEnum


class RequestState(StrEnum):
    """Where the request stands."""

    REQUESTED = "requested"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLOSED = "closed"


NEXT_REQUEST_STATES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.REQUESTED: frozenset(
        {
            RequestState.NEEDS_INFO,
            RequestState.APPROVED,
            RequestState.DECLINED,
            RequestState.CANCELLED,
        }
    ),
    RequestState.NEEDS_INFO: frozenset(
        {
            RequestState.REQUESTED,
            RequestState.APPROVED,
            RequestState.DECLINED,
            RequestState.CANCELLED,
        }
    ),
    RequestState.APPROVED: frozenset(
        {
            RequestState.REQUESTED,
            RequestState.CANCELLED,
            RequestState.EXPIRED,
            RequestState.CLOSED,
        }
    ),
    RequestState.DECLINED: frozenset({RequestState.REQUESTED}),
    RequestState.CANCELLED: frozenset({RequestState.REQUESTED}),
    RequestState.EXPIRED: frozenset({RequestState.REQUESTED}),
    RequestState.CLOSED: frozenset({RequestState.APPROVED}),
}

STANDING = frozenset(
    {
        RequestState.REQUESTED,
        RequestState.NEEDS_INFO,
        RequestState.APPROVED,
        RequestState.CLOSED,
    }
)


class ParcelState(StrEnum):
    """Where the goods are."""

    NONE = "none"
    ANNOUNCED = "announced"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RECEIVED = "received"
    LOST = "lost"


class Goods(StrEnum):
    """What becomes of the articles: sent back, kept by the shopper, or given to a charity."""

    SENT_BACK = "sent_back"
    KEPT = "kept"
    DONATED = "donated"


class InspectionState(StrEnum):
    """What we think of the goods."""

    AWAITING = "awaiting"
    RECEIVED = "received"
    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"


class MoneyState(StrEnum):
    """Where the money is, all payouts of a return together."""

    NONE = "none"
    PLANNED = "planned"
    SENT = "sent"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Ground(StrEnum):
    """On what a return rests. It decides days, costs and who may say no."""

    COMMERCIAL = "commercial_return"
    WITHDRAWAL = "statutory_withdrawal"


class DeclineReason(StrEnum):
    """Why a request was declined."""

    FINAL_SALE = "final_sale"
    WINDOW_CLOSED = "window_closed"
    NOT_RETURNABLE = "not_returnable"
    NOT_OURS = "not_ours"
    OTHER = "other"
