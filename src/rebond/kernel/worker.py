"""Takes jobs from the queue and does them, several at a time, until it is told to stop."""

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.db import OperationalError, close_old_connections

from rebond.kernel.clock import monotonic
from rebond.kernel.jobs import claim, perform, run_due_schedules
from rebond.kernel.meters import took
from rebond.kernel.models import Job

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

    def stop_on_signals(self) -> None:
        """Finish the jobs at hand and stop when the process is asked to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())

    def run(self) -> None:
        """Work until stopped. A database that is away for a while is waited for."""
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(self.threads) as pool:
            while not self.stopping.is_set():
                running = {future for future in running if not future.done()}
                try:
                    jobs = self._take(self.threads - len(running))
                except OperationalError:
                    log.exception("the database does not answer; trying again")
                    close_old_connections()
                    self.stopping.wait(2)
                    continue
                running |= {pool.submit(_in_thread, perform, job) for job in jobs}
                if not jobs:
                    self.stopping.wait(IDLE_PAUSE_SECONDS if not running else 0.02)

    def run_until_idle(self) -> int:
        """Do every job that is due now, and those that follow from them; returns how many."""
        done = 0
        while jobs := claim(self.threads):
            for job in jobs:
                perform(job)
            done += len(jobs)
        return done

    def _take(self, room: int) -> list[Job]:
        if monotonic() >= self._next_schedule:
            self._next_schedule = monotonic() + SCHEDULE_EVERY_SECONDS
            run_due_schedules(self.schedule)
        return claim(room) if room > 0 else []


def _in_thread(do: Callable[[Job], None], job: Job) -> None:
    close_old_connections()
    began = monotonic()
    try:
        do(job)
    finally:
        took("rebond_job_seconds", monotonic() - began, kind=job.path)
        close_old_connections()
