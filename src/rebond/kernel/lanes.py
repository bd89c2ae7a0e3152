"""Bulkheads of a worker: jobs that wait for somebody outside never take all of its threads.

A job that calls a payment provider, a carrier or a receiver goes in a lane named for it. A lane
may grow while enough threads stay free beside it, so that one alone gets most of the worker, a
second one half of what is left, and the last thread is always kept for work that calls nobody.
A job that can wait without a thread (see ``jobs.Run``) has places of its own, shared likewise.
Source: dynamic thresholds, A. K. Choudhury and E. L. Hahne, IEEE/ACM Transactions on Networking
6 (2), 1998.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.module_loading import import_string

from rebond.kernel.models import Job

J = TypeVar("J", bound=Callable[..., Any])

SHARE = 3.0
"""So many threads for each that stays free, of all shops together."""
SHARE_OF_SHOP = 1.0
AWAY = {"webhooks": 48, "webhooks-slow": 16}
"""Lanes whose jobs wait without holding a thread, and how many of a process may at once."""


def in_lane(name: str) -> Callable[[J], J]:
    """Let a job go in the lane ``name``: it waits for an answer from outside."""

    def mark(job: J) -> J:
        job.lane = name  # type: ignore[attr-defined]
        return job

    return mark


@lru_cache(maxsize=1000)
def lane_of(path: str) -> str:
    """The lane of the function at ``path``; none where there is no such function (any more)."""
    try:
        return str(getattr(import_string(path), "lane", ""))
    except ImportError:
        return ""


class Room:
    """What a worker of ``threads`` has in hand, and so what it may take.

    ``held``: jobs that have a thread; ``waiting``: those that wait for an answer without one.
    """

    def __init__(self, threads: int, held: Iterable[Job] = (), waiting: Iterable[Job] = ()) -> None:
        self.threads, self.free = threads, threads
        self._lanes: Counter[str] = Counter()
        self._shops: Counter[tuple[str, UUID | None]] = Counter()
        for job in held:
            self._hold(job)
        for job in waiting:
            self._count(job)

    def take(self, job: Job) -> bool:
        """Hold ``job`` as well where there is room for it."""
        if self.free < 1 or not self._fits(job.lane, job.shop_id):
            return False
        self._hold(job)
        return True

    def fitting(self, jobs: QuerySet[Job]) -> QuerySet[Job]:
        """Those of ``jobs`` that are in no lane which is full.

        The last free thread looks at nothing but work that does not hold it.
        """
        if self.free == 1 < self.threads:
            jobs = jobs.filter(lane__in=["", *AWAY])
        full = [lane for lane in self._lanes if not self._lane_fits(lane)]
        if full:
            jobs = jobs.exclude(lane__in=full)
        for lane, shop_id in self._shops:
            if lane not in full and not self._fits(lane, shop_id):
                of_shop = {"shop_id": shop_id} if shop_id else {"shop_id__isnull": True}
                jobs = jobs.exclude(lane=lane, **of_shop)
        return jobs

    def _hold(self, job: Job) -> None:
        self.free -= 1
        self._count(job)

    def _count(self, job: Job) -> None:
        if job.lane:
            self._lanes[job.lane] += 1
            self._shops[job.lane, job.shop_id] += 1

    def _fits(self, lane: str, shop_id: UUID | None) -> bool:
        if not lane or (self.threads == 1 and lane not in AWAY):
            return True
        left = AWAY[lane] - self._lanes[lane] if lane in AWAY else self.free - 1
        of_shop = self._shops[lane, shop_id] + 1
        return self._lane_fits(lane) and of_shop <= SHARE_OF_SHOP * left

    def _lane_fits(self, lane: str) -> bool:
        if lane in AWAY:
            return self._lanes[lane] < AWAY[lane]
        if self.threads == 1:
            return True
        return self._lanes[lane] + 1 <= SHARE * (self.free - 1)
