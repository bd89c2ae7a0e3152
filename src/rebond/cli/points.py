"""A list of hand-in points as a file: CSV or JSON; see ``shipping.point_files``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rebond.cli.importing import CannotImport
from rebond.domain.shipping.actions import replace_points
from rebond.domain.shipping.errors import PointsUnreadable
from rebond.domain.shipping.point_files import COLUMNS, MOST_BYTES, points_in
from rebond.domain.shops.models import Shop

PROBLEMS = {
    "columns": f"the columns are {', '.join(COLUMNS)}; the first seven must be there",
    "coordinates": "latitude and longitude are degrees, both or none",
    "country": "country is a code of two letters",
    "csv": "the text cannot be read as CSV",
    "encoding": "the text is not UTF-8",
    "json": "a list of objects is needed",
    "kind": "kind is counter, relay, locker or post_office",
    "none": "there is not one point",
    "size": "the file is larger than 10 MB",
    "too_many": "there are more than 20,000 points",
    "twice": "the reference is used twice",
    "wheelchair": "wheelchair is yes, no or empty",
}


def import_points(path: Path, *, shop_slug: str) -> int:
    """Read ``path`` into the shop's list of points, in the place of the old one; how many.

    Whole or not at all. Raises ``CannotImport`` with a line for each bad row.
    """
    shop = Shop.objects.filter(slug=shop_slug).first()
    if shop is None:
        raise CannotImport(f"there is no shop {shop_slug!r}")
    try:
        with path.open("rb") as file:
            points = points_in(file.read(MOST_BYTES + 1))
        return replace_points(shop, points, by="import")
    except OSError as problem:
        raise CannotImport(str(problem)) from problem
    except PointsUnreadable as bad:
        problems: Any = bad.facts["problems"]
        rows = [f"row {one['line']}: {problem_of(one['problem'])}" for one in problems]
        raise CannotImport("nothing was imported\n" + "\n".join(rows)) from bad


def problem_of(name: str) -> str:
    """What is wrong, in a sentence."""
    return PROBLEMS.get(name, f"{name} is missing, too long or cannot be read")
