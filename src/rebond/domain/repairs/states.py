"""Where a repair stands, the steps between, and why something else may come instead.  (pure)"""

from enum import StrEnum


class RepairState(StrEnum):
    """``AWAITED``: the pieces are not here yet. ``FAILED``: they could not be mended.

    ``REFUSED``: at the inspection the claim was turned down, so they go back as they are.
    ``TURNED``: other goods or the money come instead. ``OVER``: the return is off.
    """

    AWAITED = "awaited"
    IN_REPAIR = "in_repair"
    REPAIRED = "repaired"
    FAILED = "failed"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    TURNED = "turned"
    OVER = "over"


OPEN = frozenset(
    {
        RepairState.AWAITED,
        RepairState.IN_REPAIR,
        RepairState.REPAIRED,
        RepairState.FAILED,
        RepairState.REFUSED,
    }
)
"""Somebody still has to do something."""

NEXT_STATES: dict[RepairState, frozenset[RepairState]] = {
    RepairState.AWAITED: frozenset(
        {RepairState.IN_REPAIR, RepairState.REFUSED, RepairState.TURNED, RepairState.OVER}
    ),
    RepairState.IN_REPAIR: frozenset(
        {RepairState.REPAIRED, RepairState.FAILED, RepairState.TURNED}
    ),
    RepairState.REPAIRED: frozenset({RepairState.SENT_BACK, RepairState.TURNED}),
    RepairState.FAILED: frozenset({RepairState.TURNED, RepairState.SENT_BACK}),
    RepairState.REFUSED: frozenset({RepairState.SENT_BACK}),
    RepairState.SENT_BACK: frozenset(),
    RepairState.TURNED: frozenset(),
    RepairState.OVER: frozenset({RepairState.AWAITED}),
}


class TurnGround(StrEnum):
    """Why something else comes instead of the repair.

    ``IMPOSSIBLE`` and ``TOO_DEAR`` are the shop's reasons, told to the consumer in writing;
    ``AGREED`` is what shopper and shop agreed on. Source: C. conso. L217-12, L217-14.
    """

    IMPOSSIBLE = "impossible"
    TOO_DEAR = "too_dear"
    AGREED = "agreed"


class Instead(StrEnum):
    """What comes instead of the repair."""

    REPLACEMENT = "replacement"
    REFUND = "refund"
    REDUCTION = "reduction"


TURNS = (Instead.REPLACEMENT, Instead.REFUND)
"""What a repair may be turned into while its piece stays with the shop."""
