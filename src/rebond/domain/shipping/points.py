"""Places where parcels are handed in: what a list of them must say, and which are near.  (pure)"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from django.utils.dates import WEEKDAYS_ABBR

from rebond.domain.shipping.states import PointKind

MOST_POINTS = 20_000
MOST_PROBLEMS = 50
EARTH_KM = 6371.0
LONGEST_DAY = 60
LENGTHS = {"reference": 40, "name": 120, "street": 160, "postcode": 12, "town": 80}


@dataclass(frozen=True)
class NewPoint:
    """One place of a list; ``line`` is where it stands in its file, counted from 1.

    ``latitude`` and ``longitude`` are degrees (WGS 84), both or none. ``is_step_free`` None: not
    known. ``problem`` names what could not even be read.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = (
        *("reference", "kind", "name", "street", "postcode", "town", "country"),
        *("carrier_name", "latitude", "longitude", "opening_hours", "is_step_free"),
    )

    line: int
    reference: str
    kind: str
    name: str
    street: str
    postcode: str
    town: str
    country: str
    carrier_name: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    opening_hours: tuple[str, ...] = ()
    is_step_free: bool | None = None
    problem: str = ""


@dataclass(frozen=True)
class ToldPoint:
    """A place as a carrier tells it; ``reference`` is its code there.

    ``metres`` from where it was asked for; None: not told. ``hours`` are seven texts such as
    ``09:00-12:00, 14:00-18:00``, Monday first, empty for a closed day; or none at all.
    """

    reference: str
    kind: str
    name: str
    street: str
    postcode: str
    town: str
    country: str
    carrier_name: str = ""
    metres: int | None = None
    hours: tuple[str, ...] = ()
    is_step_free: bool | None = None


class Placed(Protocol):
    """Something with a postcode that may have coordinates."""

    postcode: str
    country: str
    latitude: Decimal | None
    longitude: Decimal | None


@dataclass(frozen=True)
class Near:
    """A point and how far it is, as the crow flies; None where nobody knows."""

    point: Any
    metres: int | None


def usable(points: Iterable[ToldPoint], *, most: int) -> list[ToldPoint]:
    """The points that can be kept and shown, each once, the nearest first, at most ``most``."""
    found: dict[str, ToldPoint] = {}
    for point in points:
        fits = all(0 < len(getattr(point, name)) <= most for name, most in LENGTHS.items())
        fits = fits and point.kind in set(PointKind) and len(point.country) == 2
        fits = fits and len(point.carrier_name) <= 60 and len(point.hours) in {0, 7}
        fits = fits and all(len(day) <= LONGEST_DAY for day in point.hours)
        if fits and (point.metres is None or 0 <= point.metres < 10**7):
            found.setdefault(point.reference, point)
    ordered = sorted(found.values(), key=lambda one: (one.metres is None, one.metres or 0))
    return ordered[:most]


def lines_of(hours: Sequence[str]) -> list[str]:
    """Hours of seven days as lines to be read, days alike together, in the reader's language."""
    lines: list[str] = []
    start = 0
    for day in range(1, len(hours) + 1):
        if day < len(hours) and hours[day] == hours[start]:
            continue
        if hours[start]:
            first, last = str(WEEKDAYS_ABBR[start]), str(WEEKDAYS_ABBR[day - 1])
            days = first if start == day - 1 else f"{first}–{last}"
            lines.append(f"{days} {hours[start].replace('-', '–')}")
        start = day
    return lines


def problems_of(points: Sequence[NewPoint]) -> list[dict[str, Any]]:
    """What is wrong in the list, by line, at most ``MOST_PROBLEMS``; ``problem`` is a column, or
    ``coordinates``, ``twice``, ``too_many``, ``none``."""
    if not points:
        return [{"line": 1, "problem": "none"}]
    if len(points) > MOST_POINTS:
        return [{"line": points[MOST_POINTS].line, "problem": "too_many"}]
    counts = Counter(point.reference for point in points)
    found = []
    for point in points:
        problem = _problem(point) or ("twice" if counts[point.reference] > 1 else "")
        if problem:
            found.append({"line": point.line, "problem": problem})
    return found[:MOST_PROBLEMS]


def _problem(point: NewPoint) -> str:
    if point.problem:
        return point.problem
    for name, longest in LENGTHS.items():
        if not 0 < len(getattr(point, name)) <= longest:
            return name
    if point.kind not in set(PointKind):
        return "kind"
    if len(point.country) != 2 or not point.country.isalpha():
        return "country"
    if len(point.carrier_name) > 60:
        return "carrier_name"
    if sum(len(row) for row in point.opening_hours) > 1000:
        return "opening_hours"
    return "" if _is_on_earth(point.latitude, point.longitude) else "coordinates"


def _is_on_earth(latitude: Decimal | None, longitude: Decimal | None) -> bool:
    if latitude is None or longitude is None:
        return latitude is longitude
    return abs(latitude) <= 90 and abs(longitude) <= 180


def nearest(points: Iterable[Placed], *, country: str, postcode: str, most: int) -> list[Near]:
    """The points nearest to ``postcode``, at most ``most``, those without a distance last.

    Nobody is asked where a postcode lies: it is the middle of the points that share it, else of
    those that share its beginning. Points of other countries are left out where ``country`` is
    known and has any.
    """
    known = list(points)
    at_home = [point for point in known if point.country == country.upper()]
    known = at_home or known
    middle = _middle(known, postcode)
    found = [Near(point, _metres(middle, point)) for point in known]
    found.sort(key=lambda one: (one.metres is None, one.metres or 0, one.point.postcode))
    return found[:most]


def _middle(points: Sequence[Placed], postcode: str) -> tuple[float, float] | None:
    code = "".join(postcode.split()).upper()
    for length in range(len(code), 1, -1):
        here = [
            (float(point.latitude), float(point.longitude))
            for point in points
            if point.latitude is not None
            and point.longitude is not None
            and "".join(point.postcode.split()).upper().startswith(code[:length])
        ]
        if here:
            return sum(a for a, _ in here) / len(here), sum(b for _, b in here) / len(here)
    return None


def _metres(middle: tuple[float, float] | None, point: Placed) -> int | None:
    """Great-circle distance by the haversine formula."""
    if middle is None or point.latitude is None or point.longitude is None:
        return None
    lat, lon = math.radians(middle[0]), math.radians(middle[1])
    to_lat, to_lon = math.radians(float(point.latitude)), math.radians(float(point.longitude))
    half = (
        math.sin((to_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    )
    return round(2000 * EARTH_KM * math.asin(math.sqrt(half)))


def kept(point: Any) -> dict[str, Any]:
    """A copy of a ``ReturnPoint`` or a ``CarrierPoint`` to stay with a return."""
    return {
        "id": str(point.pk),
        "reference": point.reference,
        "kind": str(point.kind),
        "name": point.name,
        "street": point.street,
        "postcode": point.postcode,
        "town": point.town,
        "country": point.country,
        "carrier_name": point.carrier_name,
        "opening_hours": list(point.opening_hours),
        "is_step_free": point.is_step_free,
    }
