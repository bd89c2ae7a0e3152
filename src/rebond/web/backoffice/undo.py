"""What was done a moment ago can be taken back: one button beside the word that it is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from rebond.web.backoffice.access import DeskRequest

KEPT_AS = "undo"


def offer_undo(
    request: DeskRequest, route: str, *place: str | UUID, **fields: str | int | UUID | None
) -> None:
    """Show on the next page a button that sends ``fields`` to ``route`` of this shop.

    The route is one that people have anyway, with its rights and refusals; nothing is held back
    for it but the letter about a decline (``REBOND_UNDO_SECONDS``).
    """
    address = reverse(f"backoffice:{route}", args=[request.shop.slug, *place])
    sent = {name: "" if value is None else str(value) for name, value in fields.items()}
    request.session[KEPT_AS] = {"address": address, "fields": sent}


def undo_of(request: DeskRequest) -> dict[str, Any] | None:
    """What can be taken back on this page; it is offered once."""
    found: dict[str, Any] | None = request.session.pop(KEPT_AS, None)
    return found
