"""Refusals about webhooks."""

from rebond.kernel.errors import Kind, RebondError


class AddressRefused(RebondError):
    """facts: why (``scheme``, ``host``, ``port``, ``private``, ``credentials``)"""

    code = "address_refused"
    kind = Kind.INVALID


class UnknownEvent(RebondError):
    """facts: type"""

    code = "unknown_event"
    kind = Kind.INVALID


class TooManyEndpoints(RebondError):
    """facts: limit"""

    code = "too_many_endpoints"


class EndpointOff(RebondError):
    """Nothing is sent to an endpoint that is off."""

    code = "endpoint_off"
