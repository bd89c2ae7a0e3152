"""The queue: jobs are rows that commit with the data they follow from.

The calling side is the API of ``django_tasks``; the table, its leases, retries
and schedules are ours. See docs/decisions/0002-queue.md.
"""

import logging
import random
import traceback
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import isgenerator
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus, task
from django_tasks.backends.base import BaseTaskBackend

from rebond.kernel.clock import now
from rebond.kernel.lanes import Room, lane_of
from rebond.kernel.leases import Lease, LostLease, working_on
from rebond.kernel.meters import count
from rebond.kernel.models import Job, Schedule
from rebond.kernel.spans import Kind, Told, carried, span
from rebond.kernel.tenancy import all_shops, of_shop
from rebond.kernel.writing import insert_all

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=6)
LOOKED_AT = 4
"""Jobs looked at for each that may be taken: some may be in a lane that is full."""
MOST_DEATHS = 5
"""After so many workers died with a job and none could say why, it is laid aside."""

J = TypeVar("J", bound=Callable[..., Any])
Call = Callable[[], Any]
Steps = Generator[Call, Any, None]


class RetryLater(Exception):
    """Raised by a job that wants to be run again ``after`` a pause, without counting as failed."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"again in {after}")
        self.after = after


def one_action(job: J) -> J:
    """Promise that ``job`` calls one action; the queue then applies it exactly once.

    A function that runs others by name may carry a function of its arguments instead.
    """
    job.ends_with_its_action = True  # type: ignore[attr-defined]
    return job


def ahead(job: J) -> J:
    """Let ``job`` go before all others: somebody waits for their money."""
    job.priority = 1  # type: ignore[attr-defined]
    return job


def behind(job: J) -> J:
    """Let all others go before ``job``: nobody waits for what it makes."""
    job.priority = -1  # type: ignore[attr-defined]
    return job


class TableBackend(BaseTaskBackend):
    """Keeps the tasks of ``django_tasks`` in our own table."""

    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        path, arguments = args[0], list(args[1])
        job = Job.objects.create(
            shop_id=kwargs.get("shop_id"),
            path=path,
            arguments=arguments,
            key=kwargs.get("key") or None,
            lane=kwargs.get("lane") or "",
            priority=task.priority,
            run_at=task.run_after or now(),
        )
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.run_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=arguments,
            kwargs={},
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


@task()
def call(
    path: str,
    arguments: Sequence[Any],
    *,
    shop_id: UUID | None = None,
    key: str = "",
    lane: str = "",
) -> None:
    """Call the function at ``path``. Every job of the queue is one such call."""
    import_string(path)(*arguments)


def later(
    path: str,
    *arguments: int | str | UUID,
    shop_id: UUID | None = None,
    key: str = "",
    run_at: datetime | None = None,
    priority: int = 0,
) -> None:
    """Call ``path(*arguments)`` in the background, after the current transaction commits.

    A job scheduled by a transaction that rolls back never existed. Arguments
    are ids, never objects and never authority. ``key`` makes a job unique among
    those that wait: a second one with the same key raises ``IntegrityError``.
    """
    call.using(run_after=run_at, priority=priority).enqueue(
        path,
        [str(a) if isinstance(a, UUID) else a for a in arguments],
        shop_id=shop_id,
        key=key,
        lane=lane_of(path),
    )


@dataclass(frozen=True)
class Wanted:
    """One of many jobs that are queued at once; the names are those of ``later``."""

    path: str
    arguments: tuple[str, ...]
    key: str
    priority: int
    lane: str = ""


def all_later(many: Sequence[Wanted], *, shop_id: UUID) -> None:
    """Queue ``many`` jobs of one shop in one statement, as ``later`` does one."""
    moment = now()
    insert_all(
        [
            Job(
                shop_id=shop_id,
                path=one.path,
                arguments=list(one.arguments),
                key=one.key or None,
                lane=one.lane,
                priority=one.priority,
                run_at=moment,
            )
            for one in many
        ]
    )


@all_shops()
def claim(limit: int, room: Room | None = None) -> list[Job]:
    """Take up to ``limit`` jobs that are due, under a lease whose token they share.

    With a ``room`` only those that fit into it, and it holds them from then on.
    """
    moment = now()
    token, until = uuid4(), moment + LEASE
    with transaction.atomic():
        due = Job.objects.filter(is_dead=False, run_at__lte=moment).order_by("-priority", "run_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        if room is None:
            found = list(due[:limit])
        else:
            looked_at = room.fitting(due)[: limit * LOOKED_AT]
            found = [job for job in looked_at if room.take(job)]
        jobs = _without_deadly(found)
        if jobs:
            taken = Job.objects.filter(pk__in=[job.pk for job in jobs])
            taken.update(attempts=F("attempts") + 1, lease_token=token, run_at=until)
    for job in jobs:
        job.attempts += 1
        job.lease_token, job.run_at = token, until
    return jobs


def _without_deadly(jobs: list[Job]) -> list[Job]:
    """Lay aside what killed its worker each time and so never came to be counted as failed."""
    deadly = [job for job in jobs if _kills(job)]
    if deadly:
        Job.objects.filter(pk__in=[job.pk for job in deadly]).update(
            is_dead=True, last_error="each worker that took it died"
        )
        log.error("%s jobs laid aside: each worker that took one died", len(deadly))
    return [job for job in jobs if job not in deadly]


def _kills(job: Job) -> bool:
    """Whether lease after lease ended without a word; one that ended with a word has no token."""
    most = MAX_ATTEMPTS if job.last_error else MOST_DEATHS
    return job.lease_token is not None and job.attempts >= most


class Run:
    """One claimed job under way, and how it ends written down.

    A job that is a generator waits for somebody outside by yielding a call that needs no
    database: whoever runs the job makes the call, with no thread of it held, and goes on with
    the answer, or with what the call raised.

    A job that fails waits, longer each time, and after ``MAX_ATTEMPTS`` is laid
    aside as dead, where people can see it and start it again.

    Its code sees the rows of its shop; one without a shop is the house's and sees all.
    """

    def __init__(self, job: Job) -> None:
        assert job.lease_token is not None
        self.job = job
        self._lease: Lease | None = None
        self._token = job.lease_token
        self._steps: Steps | None = None

    @all_shops()
    def go_on(self, answer: Future[Any] | None = None) -> Call | None:
        """Work until the job has ended (None), or until it waits for the call that is returned."""
        job = self.job
        with span(f"job {job.path}", Kind.CONSUMER, rebond__attempt=job.attempts) as told:
            if job.shop_id is not None:
                told.say(rebond__shop=str(job.shop_id))
            return self._gone_on(answer, told)

    def _gone_on(self, answer: Future[Any] | None, told: Told) -> Call | None:
        job = self.job
        try:
            call = self._step(answer)
        except LostLease:
            log.warning("job taken over by another worker", extra={"job": str(job.pk)})
        except RetryLater as wish:
            _put_back(job, wish.after, error="", counts=False)
        except Exception as error:
            told.failed(type(error).__name__)
            log.warning("job failed: %s: %s", job.path, error, extra={"job": str(job.pk)})
            count("rebond_job_failures_total", kind=job.path)
            _put_back(job, _pause(job.attempts), error=traceback.format_exc(limit=-8), counts=True)
        else:
            if call is None and self._lease is not None and not self._lease.settled:
                Job.objects.filter(pk=job.pk, lease_token=self._token).delete()
            return None if call is None else carried(call)
        return None

    def _step(self, answer: Future[Any] | None) -> Call | None:
        job = self.job
        if self._lease is None:
            function = import_string(job.path)
            ends = _ends_with_its_action(function, job.arguments)
            self._lease = Lease(job.pk, self._token, ends)
            with working_on(self._lease), of_shop(job.shop_id):
                made = function(*job.arguments)
            if not isgenerator(made):
                return None
            self._steps = cast(Steps, made)
        assert self._steps is not None
        with working_on(self._lease), of_shop(job.shop_id):
            return _next(self._steps, answer)


def _next(steps: Steps, answer: Future[Any] | None) -> Call | None:
    try:
        if answer is None:
            return next(steps)
        problem = answer.exception()
        return steps.send(answer.result()) if problem is None else steps.throw(problem)
    except StopIteration:
        return None


def perform(job: Job) -> None:
    """Run one claimed job to its end, waiting where it waits."""
    run = Run(job)
    call = run.go_on()
    while call is not None:
        call = run.go_on(answered(call))


def answered(call: Call) -> Future[Any]:
    """Make the call now; what it returns or raises."""
    future: Future[Any] = Future()
    try:
        future.set_result(call())
    except Exception as problem:
        future.set_exception(problem)
    return future


def _ends_with_its_action(function: Callable[..., Any], arguments: Sequence[Any]) -> bool:
    promise = getattr(function, "ends_with_its_action", False)
    return bool(promise(*arguments) if callable(promise) else promise)


def _put_back(job: Job, pause: timedelta, *, error: str, counts: bool) -> None:
    attempts = job.attempts if counts else job.attempts - 1
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
        run_at=now() + pause,
        lease_token=None,
        attempts=attempts,
        is_dead=counts and attempts >= MAX_ATTEMPTS,
        last_error=error[-4000:],
    )


def _pause(attempts: int) -> timedelta:
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return timedelta(seconds=pause.total_seconds() * random.uniform(0.8, 1.2))


@all_shops()
def revive(job_id: UUID) -> bool:
    """Give a dead job another round of attempts. True when there was such a job."""
    changed = Job.objects.filter(pk=job_id, is_dead=True).update(
        is_dead=False, attempts=0, lease_token=None, run_at=now()
    )
    return bool(changed)


@all_shops()
def run_due_schedules(table: dict[str, timedelta]) -> int:
    """Queue every function of ``table`` whose time has come; returns how many.

    ``table`` maps a dotted path to the pause between two runs. Two workers never
    queue the same turn: the row is moved on by a conditional update.
    """
    started = 0
    moment = now()
    known = dict(Schedule.objects.values_list("path", "next_at"))
    for path, pause in table.items():
        if path not in known:
            Schedule.objects.get_or_create(path=path, defaults={"next_at": moment})
        elif known[path] > moment:
            continue
        with transaction.atomic():
            won = Schedule.objects.filter(path=path, next_at__lte=moment).update(
                next_at=moment + pause
            )
            if won:
                later(path)
                started += 1
    return started
