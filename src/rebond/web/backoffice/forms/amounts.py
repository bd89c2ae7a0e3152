"""Amounts of money as people type them."""

from decimal import Decimal, InvalidOperation

from babel.numbers import get_decimal_symbol

from rebond.kernel.money import exponent_of

_LARGEST = Decimal(10) ** 12


def minor_of(text: str, currency: str) -> int | None:
    """The minor units of a typed amount; None where it is none: ``12,50``, ``12.5`` or ``1 250``.

    More decimals than ``currency`` has are refused rather than rounded.
    """
    plain = "".join(text.split()).replace(",", ".").removesuffix("€")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    scaled = amount.scaleb(exponent_of(currency)) if amount.is_finite() else Decimal(-1)
    if scaled < 0 or scaled > _LARGEST or scaled != scaled.to_integral_value():
        return None
    return int(scaled)


def typed(minor: int, currency: str, language: str) -> str:
    """``minor`` as somebody would type it into a field, without the currency."""
    exponent = exponent_of(currency)
    text = f"{Decimal(minor).scaleb(-exponent):.{exponent}f}"
    return text.replace(".", get_decimal_symbol(language))
