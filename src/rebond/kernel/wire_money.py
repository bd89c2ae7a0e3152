"""Amounts as other systems write them, exactly or not at all.  (pure)"""

from __future__ import annotations

import re

from rebond.kernel.money import Money, exponent_of

DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")


def scaled(amount: Money, digits: int) -> int | None:
    """``amount`` as a whole number of units with ``digits`` decimals; None where it is no whole.

    5.00 HUF with 0 digits is 5, 5.50 HUF is None; 5 ISK with 2 digits is 500.
    """
    shift = digits - exponent_of(amount.currency)
    if shift >= 0:
        return int(amount.minor * 10**shift)
    whole, rest = divmod(amount.minor, 10**-shift)
    return None if rest else whole


def unscaled(units: int, currency: str, digits: int) -> Money:
    """The amount of which ``scaled`` gave ``units``.

    Raises ``ValueError`` for a fraction of the currency's smallest unit.
    """
    shift = exponent_of(currency) - digits
    if shift >= 0:
        return Money(units * 10**shift, currency)
    whole, rest = divmod(units, 10**-shift)
    if rest:
        raise ValueError(f"{units} with {digits} decimals is no amount in {currency}")
    return Money(whole, currency)


def decimal_text(amount: Money, digits: int) -> str | None:
    """``amount`` as ``12.50``, with ``digits`` decimals; None where it needs more of them."""
    units = scaled(amount, digits)
    if units is None:
        return None
    whole, part = divmod(abs(units), 10**digits)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{part:0{digits}}" if digits else f"{sign}{whole}"


def from_decimal_text(text: str, currency: str) -> Money:
    """The amount of which somebody wrote ``12.5``. Raises ``ValueError`` for anything else."""
    if not isinstance(text, str) or not DECIMAL.fullmatch(text):
        raise ValueError(f"no amount: {str(text)[:40]!r}")
    whole, _, part = text.partition(".")
    return unscaled(int(whole + part), currency, len(part))
