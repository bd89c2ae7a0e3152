"""Refusals about repairs."""

from rebond.kernel.errors import Kind, RebondError


class RepairMoved(RebondError):
    """facts: number, was, asked"""

    code = "repair_moved"


class ShopperChooses(RebondError):
    """The money is the shopper's choice: they have to ask for it or agree. facts: number"""

    code = "shopper_chooses"


class ReasonForShopperMissing(RebondError):
    """The shopper is told in writing why, at most ``limit`` characters. facts: limit"""

    code = "reason_for_shopper_missing"
    kind = Kind.INVALID


class ReductionNotPossible(RebondError):
    """facts: number, why (``unknown_sale``, ``present``, ``donation``, ``no_fault``,
    ``state``, ``goods_here``, ``share``, ``nothing_left``)"""

    code = "reduction_not_possible"


class MoneyNotDue(RebondError):
    """The repair did not fail and its day is not over. facts: number"""

    code = "money_not_due"
