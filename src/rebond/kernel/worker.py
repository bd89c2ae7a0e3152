"""Takes jobs from the queue and does them, several at a time, until it is told to stop."""

import logging
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, OperationalError, close_old_connections

from rebond.kernel.clock import monotonic
from rebond.kernel.jobs import Run, answered, claim, perform, run_due_schedules
from rebond.kernel.lanes import AWAY, Room
from rebond.kernel.meters import took
from rebond.kernel.models import Job
from rebond.kernel.spans import hand_over

log = logging.getLogger(__name__)

IDLE_PAUSE_SECONDS = 0.25
SCHEDULE_EVERY_SECONDS = 5.0


class Worker:
    """One process's worth of work: ``threads`` jobs at once, schedules on the side."""

    def __init__(self, *, threads: int, schedule: dict[str, timedelta]) -> None:
        self.threads = threads
        self.schedule = schedule
        self.stopping = threading.Event()
        self._next_schedule = 0.0
        self._changing = threading.Lock()
        self._held: dict[UUID, Job] = {}
        self._waiting: dict[UUID, Job] = {}

    def stop_on_signals(self) -> None:
        """Finish the jobs at hand and stop when the process is asked to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())

    def run(self) -> None:
        """Work until stopped. A database that is away for a while is waited for."""
        places = sum(AWAY.values())
        with ThreadPoolExecutor(self.threads) as pool, ThreadPoolExecutor(places) as outside:
            while not self.stopping.is_set():
                held, waiting = self._in_hand()
                try:
                    jobs = self._take(Room(self.threads, held, waiting))
                except OperationalError:
                    log.exception("the database does not answer; trying again")
                    close_old_connections()
                    self.stopping.wait(2)
                    continue
                for job in jobs:
                    self._held[job.pk] = job
                    pool.submit(self._work, Run(job), None, pool, outside)
                if not jobs:
                    self.stopping.wait(0.02 if held or waiting else IDLE_PAUSE_SECONDS)
        hand_over()

    def _in_hand(self) -> tuple[list[Job], list[Job]]:
        """Jobs that have a thread, and those that wait without one."""
        with self._changing:
            return list(self._held.values()), list(self._waiting.values())

    def _work(
        self,
        run: Run,
        answer: Future[Any] | None,
        pool: ThreadPoolExecutor,
        outside: ThreadPoolExecutor,
    ) -> None:
        """In a thread: go on with a job until it ends, or has to wait for somebody outside."""
        close_old_connections()
        began = monotonic()
        call = None
        try:
            call = run.go_on(answer)
            while call is not None and self.stopping.is_set():
                call = run.go_on(answered(call))
        except DatabaseError:
            log.exception("a job was not written down", extra={"job": str(run.job.pk)})
        finally:
            took("rebond_job_seconds", monotonic() - began, kind=run.job.path)
            close_old_connections()
            with self._changing:
                self._held.pop(run.job.pk, None)
                if call is not None:
                    self._waiting[run.job.pk] = run.job
        if call is not None:
            asked = outside.submit(answered, call)
            asked.add_done_callback(lambda done: self._come_back(run, done.result(), pool, outside))

    def _come_back(
        self,
        run: Run,
        answer: Future[Any],
        pool: ThreadPoolExecutor,
        outside: ThreadPoolExecutor,
    ) -> None:
        with self._changing:
            self._waiting.pop(run.job.pk, None)
            self._held[run.job.pk] = run.job
        pool.submit(self._work, run, answer, pool, outside)

    def run_until_idle(self) -> int:
        """Do every job that is due now, and those that follow from them; returns how many."""
        done = 0
        while jobs := claim(self.threads):
            for job in jobs:
                perform(job)
            done += len(jobs)
        return done

    def _take(self, room: Room) -> list[Job]:
        if monotonic() >= self._next_schedule:
            self._next_schedule = monotonic() + SCHEDULE_EVERY_SECONDS
            run_due_schedules(self.schedule)
        return claim(room.free, room) if room.free > 0 else []
