"""What a request may hold: the fields that we know, and values of the described type alone.

A misspelt ``amount_minor`` would otherwise mean "everything that is left", and a ``0`` would turn
an endpoint off.
"""

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, StrictBool, StrictInt


class Body(Schema):
    """The body of a request. A field that is not named here is refused with 422."""

    model_config = ConfigDict(extra="forbid")


def _no_number(value: Any) -> Any:
    """Refuse a number where a day is meant: it would be read as seconds since 1970."""
    is_number = isinstance(value, int | float)
    if isinstance(value, str):
        is_number = value.strip().lstrip("+-").replace(".", "", 1).isdigit()
    if is_number:
        raise ValueError("not a date")
    return value


Number = StrictInt
"""A whole number; neither ``"5"`` nor ``true`` is one."""
YesOrNo = StrictBool
"""``true`` or ``false``; neither ``1`` nor ``"yes"``."""
Day = Annotated[date, BeforeValidator(_no_number)]
"""A day, written 2026-03-02."""
Moment = Annotated[AwareDatetime, BeforeValidator(_no_number)]
"""A moment with its zone, written 2026-03-02T09:00:00+01:00."""
