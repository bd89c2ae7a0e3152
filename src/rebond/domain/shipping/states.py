"""How far a label and a claim are.  (pure)"""

from enum import StrEnum


class PointKind(StrEnum):
    """What a place is where shoppers hand something in; ``COUNTER`` is the shop's own."""

    COUNTER = "counter"
    RELAY = "relay"
    LOCKER = "locker"
    POST_OFFICE = "post_office"


class LabelState(StrEnum):
    """A label: asked for, at the carrier, in doubt, ready, or over.

    ``ASKED`` was never sent. ``SENT`` was handed to the plug and has no answer yet; ``UNKNOWN``
    is one whose answer never came: it is only looked up from then on. ``UNCLEAR`` waits for a
    person because the carrier cannot be asked.
    """

    ASKED = "asked"
    SENT = "sent"
    UNKNOWN = "unknown"
    UNCLEAR = "unclear"
    READY = "ready"
    REFUSED = "refused"
    VOIDING = "voiding"
    VOID = "void"


class Charge(StrEnum):
    """When a label is charged: once it is made, or once its parcel is in the carrier's hands."""

    MADE = "made"
    SCAN = "scan"


OVER = frozenset({LabelState.REFUSED, LabelState.VOID})
DOUBTFUL = frozenset({LabelState.SENT, LabelState.UNKNOWN})


class ClaimState(StrEnum):
    """A lost parcel: being looked for, found, paid by the carrier, or given up."""

    OPEN = "open"
    FOUND = "found"
    PAID = "paid"
    GIVEN_UP = "given_up"
