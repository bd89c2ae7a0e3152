"""Jobs for the queue that are good for nothing but a row."""

from __future__ import annotations

import os
import signal
from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.jobs import Wanted, all_later, later, one_action
from rebond.kernel.models import Counter, Job, next_number


def poison() -> None:
    """Put one job that kills its worker in front of all others."""
    shop = Shop.objects.get()
    later("scripts.faults.inside.chores.die", shop_id=shop.pk, key="poison", priority=-1)


def die() -> None:
    """As a fault in a library would."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_queue(many: int) -> None:
    """So many jobs of one action each, which counts up a number of its own."""
    shop = Shop.objects.get()
    Job.objects.all().delete()
    wanted = [
        Wanted("scripts.faults.inside.chores.count_up", (str(shop.pk), f"chore-{n}"), "", 0)
        for n in range(many)
    ]
    all_later(wanted, shop_id=shop.pk)


@one_action
def count_up(shop_id: str, series: str) -> None:
    """One more in a series that only this job knows."""
    _counted(UUID(shop_id), series)


@action
def _counted(shop_id: UUID, series: str) -> None:
    next_number(shop_id, series)


def left() -> dict[str, int]:
    """How many jobs were done, how often at most, and how many wait or are under way."""
    done = Counter.objects.filter(series__startswith="chore-")
    waiting = Job.objects.filter(is_dead=False, path__endswith="chores.count_up")
    return {
        "done": done.count(),
        "most": max(done.values_list("last", flat=True), default=0),
        "waiting": waiting.count(),
        "busy": waiting.filter(run_at__lte=now()).count(),
    }
