"""Facts in the past tense, written in the transaction that made them true."""

from dataclasses import asdict, dataclass
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from rebond.kernel import acting, models
from rebond.kernel.actions import before_commit
from rebond.kernel.clock import now
from rebond.kernel.writing import as_stored, insert_if_new

MOST_WRITERS = 50
NEXT = (
    "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM kernel_event WHERE shop_id = %s AND subject = %s)"
)


@dataclass(frozen=True)
class Event:
    """Base of every event. ``name`` is public: webhooks and the timeline use it.

    Fields are plain numbers and strings, so that a payload never changes shape
    because a model did. ``about`` names the field that holds the id of the
    thing whose timeline the event belongs to.
    """

    name: ClassVar[str]
    about: ClassVar[str]


def record(event: Event, *, shop_id: UUID, actor: str) -> models.Event:
    """Write ``event`` to the shop's log and queue what follows from it.

    Call inside an action. The row, the change it describes and the jobs that
    react to it are committed together or not at all, and so is the entry of the audit where a
    person or a machine acts. ``actor`` names who did
    it: ``staff:<id>``, ``shopper:<id>``, ``system``, ``provider:<key>``.
    Sequences count 1, 2, 3 … for each thing, without a gap.
    """
    payload = asdict(event)
    subject = UUID(str(payload[event.about]))
    row = models.Event(
        shop_id=shop_id, subject=subject, name=event.name, payload=payload, actor=actor, at=now()
    )
    _write_next(row)
    import_string(settings.EVENT_FOLLOWER)(row)
    who = acting.current()
    if who is not None:
        before_commit(import_string(settings.AUDIT_WRITER), (row, who))
    return row


def _write_next(row: models.Event) -> None:
    """Write ``row`` under the next number; another writer of the same thing is waited for."""
    about = [as_stored(models.Event, name, getattr(row, name)) for name in ("shop_id", "subject")]
    for _ in range(MOST_WRITERS):
        written = insert_if_new(row, sequence=(NEXT, about))
        if written is not None:
            row.sequence = written["sequence"]
            return
    raise RuntimeError(f"{MOST_WRITERS} others were faster each time: {row.name}")
