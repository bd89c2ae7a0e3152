"""Refusals about parcels."""

from rebond.kernel.errors import Kind, RebondError


class TrackingNumberUnreadable(RebondError):
    """facts: carrier"""

    code = "tracking_number_unreadable"
    kind = Kind.INVALID


class UnknownCarrier(RebondError):
    """facts: carrier"""

    code = "unknown_carrier"
    kind = Kind.INVALID


class NotToBeSent(RebondError):
    """facts: number, state"""

    code = "not_to_be_sent"


class CarrierHookRefused(RebondError):
    """facts: why"""

    code = "carrier_hook_refused"
    kind = Kind.FORBIDDEN


class MethodNotOffered(RebondError):
    """facts: number, method"""

    code = "method_not_offered"


class MethodFixed(RebondError):
    """facts: number"""

    code = "method_fixed"


class NotTogether(RebondError):
    """The goods cannot lie in that box. facts: number, why"""

    code = "not_together"


class BasketRefused(RebondError):
    """Returns asked for at once stay unwritten, all of them. facts: order, limit, why

    ``order`` is the number of the one that stands in the way, empty where there are too many;
    the cause is what was raised for it, ``why`` its code.
    """

    code = "basket_refused"


class PointUnknown(RebondError):
    """The chosen place is not, or no longer, among the shop's points."""

    code = "point_unknown"
    kind = Kind.INVALID


class PickupWindowUnknown(RebondError):
    """A pickup needs a day and a window of time that are still to come."""

    code = "pickup_window_unknown"
    kind = Kind.INVALID


class PointsUnreadable(RebondError):
    """facts: problems, a list of ``line`` and ``problem``; nothing was written"""

    code = "points_unreadable"
    kind = Kind.INVALID


class NoLabelOffered(RebondError):
    """facts: carrier"""

    code = "no_label_offered"


class LabelAlreadyThere(RebondError):
    """facts: number"""

    code = "label_already_there"


class LabelStockEmpty(RebondError):
    """facts: carrier"""

    code = "label_stock_empty"


class LabelNotVoidable(RebondError):
    """facts: state"""

    code = "label_not_voidable"


class LabelFileUnreadable(RebondError):
    """facts: limit"""

    code = "label_file_unreadable"
    kind = Kind.INVALID


class OrdersUnknown(RebondError):
    """facts: numbers, the first twenty that name no order of the shop, parted by commas"""

    code = "orders_unknown"
    kind = Kind.INVALID


class SlipsOutOfRange(RebondError):
    """facts: limit; slips are made for one order at least and ``limit`` at most"""

    code = "slips_out_of_range"
    kind = Kind.INVALID


class ClaimOver(RebondError):
    """The claim has ended already."""

    code = "claim_over"


class ClaimAnswerUnclear(RebondError):
    """facts: answer"""

    code = "claim_answer_unclear"
    kind = Kind.INVALID
