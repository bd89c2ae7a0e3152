"""Where an exchange stands, and the steps between.  (pure)"""

from enum import StrEnum


class ExchangeState(StrEnum):
    """``AGREED``: the goods are held. ``UNPAID``: the shopper owes the difference first.

    ``SETTLED``: the return pays for the goods. ``RELEASED``: the new order is on its way to the
    shop. ``LAPSED`` and ``CANCELLED``: the money goes back instead.
    """

    AGREED = "agreed"
    UNPAID = "unpaid"
    SETTLED = "settled"
    RELEASED = "released"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


OPEN = frozenset({ExchangeState.AGREED, ExchangeState.UNPAID})
"""The return waits for it."""

WAIVED = "waived"
"""The way of a difference that the shop lets go."""

NEXT_STATES: dict[ExchangeState, frozenset[ExchangeState]] = {
    ExchangeState.AGREED: frozenset(
        {
            ExchangeState.UNPAID,
            ExchangeState.SETTLED,
            ExchangeState.LAPSED,
            ExchangeState.CANCELLED,
        }
    ),
    ExchangeState.UNPAID: frozenset(
        {ExchangeState.SETTLED, ExchangeState.LAPSED, ExchangeState.CANCELLED}
    ),
    ExchangeState.SETTLED: frozenset({ExchangeState.RELEASED, ExchangeState.CANCELLED}),
    ExchangeState.RELEASED: frozenset(),
    ExchangeState.LAPSED: frozenset(),
    ExchangeState.CANCELLED: frozenset(),
}
