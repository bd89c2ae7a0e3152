"""Amounts, dates and times as people write them in their language."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from rebond.kernel.money import exponent_of


def money(minor: int, currency: str, language: str) -> str:
    """``minor`` units of ``currency``, such as “12,34 €” in French."""
    exponent = exponent_of(currency)
    written = format_currency(_exact(minor, exponent), currency, locale=_locale(language))
    return str(written).replace("£GB", "£")


def number(value: int, language: str) -> str:
    """A count with its thousands apart: “12 500” in French."""
    return str(format_decimal(value, locale=_locale(language)))


def decimal(value: int, places: int, language: str) -> str:
    """``value`` units of the last of ``places`` decimals: 35 tenths are “3,5” in French."""
    return str(format_decimal(_exact(value, places), locale=_locale(language)))


def weekday(value: date, language: str) -> str:
    """A day of these weeks: ``lun. 23 nov.``, ``Mon 23 Nov``."""
    return str(format_date(value, format="EEE d MMM", locale=_locale(language)))


def day(value: date | str, language: str) -> str:
    """A calendar date, or its ISO text, in words."""
    instant = date.fromisoformat(value) if isinstance(value, str) else value
    return str(format_date(instant, format="long", locale=_locale(language)))


def month_day(month: int, number: int, language: str) -> str:
    """A day of any year: “24 décembre”."""
    leap = date(2000, month, number)
    return str(format_date(leap, format="d MMMM", locale=_locale(language)))


def moment(value: datetime, language: str, zone: str) -> str:
    """An instant as date and time in ``zone``."""
    local = value.astimezone(ZoneInfo(zone))
    return str(format_datetime(local, format="d MMM y, HH:mm", locale=_locale(language)))


def _exact(minor: int, exponent: int) -> Decimal:
    return Decimal(minor).scaleb(-exponent)


def _locale(language: str) -> Locale:
    return Locale.parse({"en": "en_GB", "fr": "fr_FR"}.get(language, language), sep="_")


def percent(fraction: str, language: str) -> str:
    """A rate written as a fraction ("0.055") as people write it: “5,5 %”."""
    return str(
        format_percent(Decimal(fraction), format="#,##0.##\u00a0%", locale=_locale(language))
    )
