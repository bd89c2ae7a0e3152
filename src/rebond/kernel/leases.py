"""The job that this thread works on, so that an action can cross it off as it commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from rebond.kernel.models import Job


class LostLease(Exception):
    """Another worker holds the job now; whatever this one was about to commit is rolled back."""


@dataclass
class Lease:
    """A worker's hold on one job. ``token`` fences off a worker that comes back too late."""

    job_id: UUID
    token: UUID
    ends_with_its_action: bool
    settled: bool = False


_current: ContextVar[Lease | None] = ContextVar("current_lease", default=None)


@contextmanager
def working_on(lease: Lease) -> Iterator[None]:
    """Make ``lease`` the current one while the job's code runs."""
    mark = _current.set(lease)
    try:
        yield
    finally:
        _current.reset(mark)


def settle_current_lease() -> None:
    """Cross the current job off, inside the open transaction.

    Does nothing outside a job, or in a job of several steps. Raises
    ``LostLease`` when the job's token has changed hands.
    """
    lease = _current.get()
    if lease is None or not lease.ends_with_its_action or lease.settled:
        return
    done, _ = Job.objects.filter(pk=lease.job_id, lease_token=lease.token).delete()
    if not done:
        raise LostLease(str(lease.job_id))
    lease.settled = True
