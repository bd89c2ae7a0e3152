"""Row F1: the worker is killed at its writes to the disk or the line, one call after the other."""

from __future__ import annotations

import re
import shutil
import signal
from functools import partial
from pathlib import Path

from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.table import Broken, Case, NotRun, expect


def killed_at_every(calls: str, stage: Stage) -> str:
    """Kill the worker at calls of this kind, spread over its whole life; others go on."""
    if not shutil.which("strace"):
        raise NotRun("strace is missing (package `strace`)")
    many = _count(stage, calls)
    if not many:
        raise Broken(f"the worker made no call of {calls}")
    killed = sum(_kill(stage, calls, point) for point in stage.points(many))
    if not killed:
        raise Broken(f"no process died at any call of {calls}")
    return f"killed at {killed} of {many} calls: paid once, one document"


def _count(stage: Stage, calls: str) -> int:
    """How many such calls a worker makes when nothing goes wrong."""
    here, _facts = stage.scene("inspected")
    with here:
        here.provider()
        log = here.folder / "strace.log"
        life = here.inside("work.live", before=tracer(log, calls))
        expect(is_over=(is_over(life.made), True))
        return len(re.findall(r"^\d+ +\w+\(", log.read_text(), re.MULTILINE))


def _kill(stage: Stage, calls: str, point: int) -> bool:
    """Kill a worker at that call; False where none of its threads came so far."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        log = here.folder / "strace.log"
        inject = ["-e", f"inject={calls}:signal=KILL:when={point}"]
        life = here.inside("work.live", before=[*tracer(log, calls), *inject])
        died = _died(life.code, log)
        if not died and life.code:
            raise Broken(f"call {point} of {calls}: the worker ended with {life.code}")
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        try:
            paid_and_told(here, provider, found, hours=hours)
        except Broken as broken:
            raise Broken(f"killed at call {point} of {calls}: {broken}") from broken
    return died


def tracer(log: Path, calls: str) -> list[str]:
    """What stands before a command so that ``calls`` of it and of its children are logged."""
    return ["strace", "-f", "-o", str(log), "-e", f"trace={calls}"]


def _died(code: int, log: Path) -> bool:
    """Whether the tracer says that its process was killed at such a call."""
    told = log.read_text().splitlines()
    return code == -signal.SIGKILL and bool(told) and "killed by SIGKILL" in told[-1]


def _case(calls: str, *, only: str, why: str) -> Case:
    run = partial(killed_at_every, calls)
    return Case("F1", f"killed at {calls}", "paid once, one document", run, only=only, why=why)


TO_A_SERVER = "PostgreSQL writes in its own processes; the worker writes to the line"
CASES = [
    _case("pwrite64", only="sqlite", why=TO_A_SERVER),
    _case("fdatasync,fsync", only="sqlite", why=TO_A_SERVER),
    _case("ftruncate,unlink", only="sqlite", why=TO_A_SERVER),
    _case("sendto", only="postgresql", why="SQLite writes to the disk, not to a line"),
]
