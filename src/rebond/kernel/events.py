"""Facts in the past tense, written in the transaction that made them true."""

from dataclasses import asdict, dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from rebond.kernel import acting, models
from rebond.kernel.actions import before_commit
from rebond.kernel.clock import now

MOST_WRITERS = 50


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
        before_commit(partial(import_string(settings.AUDIT_WRITER), row, who))
    return row


def _write_next(row: models.Event) -> None:
    """Write ``row`` under the next number; another writer of the same thing is waited for."""
    earlier = models.Event.objects.filter(shop_id=row.shop_id, subject=row.subject)
    last = earlier.order_by("-sequence").values_list("sequence", flat=True)
    for tries_left in reversed(range(MOST_WRITERS)):
        row.sequence = (last.first() or 0) + 1
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return
        except IntegrityError:
            if not tries_left:
                raise
