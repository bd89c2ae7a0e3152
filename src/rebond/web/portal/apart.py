"""Returns that came in one parcel and go different ways, linked on each other's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.web.portal.access import Visit


@dataclass(frozen=True)
class Beside:
    """Another return of the same goods; ``pieces`` lists what is in it."""

    number: str
    link: str
    pieces: str


def apart_shown(visit: Visit) -> dict[str, Any]:
    """What the visited return came with, what left it, and how many pieces are in it."""
    rma = visit.rma
    left = rma.split_off.prefetch_related("lines").order_by("number")
    return {
        "came_with": _beside(rma.split_from, visit) if rma.split_from else None,
        "apart": [_beside(one, visit) for one in left],
        "pieces": sum(line.quantity for line in rma.lines.all()),
    }


def _beside(other: Return, visit: Visit) -> Beside:
    """Who came by a signed link goes on by one; who named the order keeps the masked view."""
    token = token_for(other) if visit.is_by_link else other.number
    link = reverse("portal:return", args=[other.shop.slug, token])
    pieces = ", ".join(f"{line.quantity} × {line.title}" for line in other.lines.all())
    return Beside(other.number, link, pieces)
