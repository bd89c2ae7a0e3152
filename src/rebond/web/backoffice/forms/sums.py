"""Amounts of money as people type them: “12,34”, “1 234.5”, “12”."""

import re
from decimal import Decimal, InvalidOperation

from rebond.kernel.money import exponent_of

_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,4})?")


def minor_of(text: str, currency: str) -> int | None:
    """The minor units in ``text``, "" counting as 0; None where it is no amount of the currency."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not plain:
        return 0
    if not plain.isascii() or not _PLAIN.fullmatch(plain):
        return None
    try:
        exact = Decimal(plain.replace(",", ".")).scaleb(exponent_of(currency))
    except InvalidOperation:
        return None
    return int(exact) if exact == exact.to_integral_value() else None


def typed(minor: int, currency: str) -> str:
    """``minor`` as somebody would type it: 1234 is "12.34" in euros."""
    digits = exponent_of(currency)
    whole, part = divmod(minor, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)
