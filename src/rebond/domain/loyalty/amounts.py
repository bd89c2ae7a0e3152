"""How many points an order earns, and how many go and come back with its goods.  (pure)

Source: docs/decisions/0011-one-ledger.md.
"""

from fractions import Fraction

from rebond.kernel.money import Money, exponent_of, half_up


def earned_on(total: Money, points_per_unit: int) -> int:
    """The points for ``total`` at so many per whole unit of its currency, to the nearest one."""
    unit = 10 ** exponent_of(total.currency)
    return max(0, half_up(Fraction(total.minor * points_per_unit, unit)))


def due_back(earned: int, returned_minor: int, total_minor: int) -> int:
    """How many of the ``earned`` points go when so much of the total went back.

    Rounded down, in the shopper's favour; all of them when everything went back.
    """
    return earned * _part(returned_minor, total_minor) // max(total_minor, 1)


def due_to_shopper(burned: int, returned_minor: int, total_minor: int) -> int:
    """How many of the points used on an order come back; rounded up, in the shopper's favour."""
    return -(-burned * _part(returned_minor, total_minor) // max(total_minor, 1))


def _part(returned_minor: int, total_minor: int) -> int:
    return max(0, min(returned_minor, total_minor))
