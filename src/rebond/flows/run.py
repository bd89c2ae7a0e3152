"""Gives each reaction to an event a job of its own."""

from inspect import signature

from django.utils.module_loading import import_string

from rebond.flows.table import FOLLOWS
from rebond.kernel.jobs import Wanted, all_later
from rebond.kernel.models import Event as EventRow
from rebond.outbound.stock.lines import report_move
from rebond.outbound.webhooks.lines import fan_out

REACT = "rebond.flows.run.react"
BY_NAME = {event.name: event for event in FOLLOWS}


def follow(row: EventRow) -> None:
    """Queue in the transaction that wrote ``row`` what follows: reactions, webhooks, reports."""
    fan_out(row)
    report_move(row)
    wanted = []
    for reaction in FOLLOWS[BY_NAME[row.name]]:
        path = f"{reaction.__module__}.{reaction.__name__}"
        priority, lane = getattr(reaction, "priority", 0), getattr(reaction, "lane", "")
        wanted.append(Wanted(REACT, (str(row.pk), path), f"{row.pk}:{path}", priority, lane))
    if wanted:
        all_later(wanted, shop_id=row.shop_id)


def react(row_id: str, path: str) -> None:
    """Call the reaction at ``path`` with the event, and with the row's id if it asks for it."""
    row = EventRow.objects.get(pk=row_id)
    event = BY_NAME[row.name](**row.payload)
    reaction = import_string(path)
    if "cause" in signature(reaction).parameters:
        reaction(event, cause=row.pk)
    else:
        reaction(event)


def _as_promised(row_id: str, path: str) -> bool:
    return bool(getattr(import_string(path), "ends_with_its_action", False))


react.ends_with_its_action = _as_promised  # type: ignore[attr-defined]
