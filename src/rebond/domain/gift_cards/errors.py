"""Refusals about gift cards."""

from rebond.kernel.errors import Kind, RebondError


class GiftCardNotUsable(RebondError):
    """The one answer for a code that is wrong, of another shop or currency, or blocked."""

    code = "gift_card_not_usable"
    kind = Kind.MISSING
