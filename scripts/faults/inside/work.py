"""A worker's life, and the checker, as they are; only the clock may stand elsewhere."""

from typing import Any

from scripts.faults.inside.look import facts

from rebond.cli.main import main
from rebond.flows.schedule import SCHEDULE
from rebond.kernel.jobs import run_due_schedules
from rebond.kernel.worker import Worker


def live() -> dict[str, Any]:
    """Do what the clock wants done and all that is due; returns what stands there then."""
    run_due_schedules(SCHEDULE)
    Worker(threads=1, schedule=SCHEDULE).run_until_idle()
    return facts()


def verify() -> None:
    """`rebond verify`, ending with its exit code."""
    code = main(["verify"])
    if code:
        raise SystemExit(code)
