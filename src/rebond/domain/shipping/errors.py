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
