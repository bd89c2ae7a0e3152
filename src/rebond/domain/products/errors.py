"""Refusals about products."""

from rebond.kernel.errors import Kind, RebondError


class OutOfStock(RebondError):
    """facts: sku, asked, free"""

    code = "out_of_stock"


class ProductUnreadable(RebondError):
    """facts: row, problem"""

    code = "product_unreadable"
    kind = Kind.INVALID


class UnknownProduct(RebondError):
    """facts: sku"""

    code = "unknown_product"
    kind = Kind.INVALID
