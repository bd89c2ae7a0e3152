"""Measure the bars on a running installation: `make load SCALE=30000 DURATION=60`.

For each database in turn: a shop with SCALE returns is made, web processes and workers are started,
each bar is played for DURATION seconds, at a fixed rate and as fast as it goes, and a table says
which bars were met. `--write` puts it into docs/performance.md. Exit code 1 when one was missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scripts.faults.installation import PYTHON, ROOT, Installation
from scripts.load import bars
from scripts.load.bars import Load
from scripts.load.rows import Row, line, write

PAGE = ROOT / "docs" / "performance.md"
BARS: dict[str, Callable[[Load], Row]] = {
    "L9": bars.size,
    "L1": bars.portal_and_api,
    "L2": bars.hooks,
    "L6": bars.questions,
    "L7": bars.export,
    "L8": bars.verify,
    "L5": bars.imports,
    "L3": bars.payouts,
    "L4": bars.outbox,
    "L10": bars.overload,
}
"""In the order in which they are played: those that read before those that fill."""


def main(words: Sequence[str]) -> int:
    """Measure what ``words`` ask for; returns the exit code."""
    args = _arguments().parse_args(words)
    databases = [args.database] if args.database else ["sqlite", "postgresql"]
    server = os.environ.get("DATABASE_URL", "")
    if "postgresql" in databases and not server.startswith("postgres"):
        again = [PYTHON, "scripts/with_pg.py", PYTHON, "-m", "scripts.load", *words]
        return subprocess.run(again, cwd=ROOT, env=os.environ | {"CI": "true"}).returncode
    found = {}
    for database in databases:
        print(f"== {database}, {args.scale:,} returns, {args.duration:.0f} s for each bar")
        found[database] = _measured(server if database == "postgresql" else "", args)
    rows = [row for many in found.values() for row in many]
    missed = [row for row in rows if row.is_met is False]
    print(f"{len(rows) - len(missed)} of {len(rows)} bars met")
    if args.write:
        write(found, _about(args), PAGE)
    return 1 if missed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.load", description=__doc__)
    parser.add_argument("--scale", type=int, default=30_000, help="returns (30000)")
    parser.add_argument("--duration", type=float, default=60, help="seconds of each bar (60)")
    parser.add_argument("--only", default="", help="bars, such as L1,L3")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="one of the two")
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    parser.add_argument("--note", default="", help="a sentence about the machine for the docs")
    return parser


def _measured(server: str, args: argparse.Namespace) -> list[Row]:
    wanted = [name for name in BARS if not args.only or name in args.only.split(",")]
    rows = []
    with Installation(server) as here:
        load = Load(here, args.scale, args.duration)
        began = time.monotonic()
        load.filled = load.inside("fill", many=args.scale)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        load.doors = load.inside("doors")
        load.web = here.web()
        for name in wanted:
            try:
                rows.append(BARS[name](load))
            except Exception as problem:
                rows.append(Row(name, "", "", False, f"{type(problem).__name__}: {problem}"))
            print(line(rows[-1]), flush=True)
    return sorted(rows, key=lambda row: int(row.id[1:]))


def _about(args: argparse.Namespace) -> str:
    day = datetime.now(tz=UTC).date()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    memory = next(x for x in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in x)
    gigabytes = int(memory.split()[1]) / 1_000_000
    told = f"{day}, commit {commit}: {os.cpu_count()} cores, {gigabytes:.0f} GB, "
    told += f"Python {platform.python_version()}; {args.scale:,} returns, {args.duration:.0f} s "
    told += "for each bar; database, processes and callers on one machine."
    return f"{told} {args.note}".strip()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave no process behind
    sys.exit(main(sys.argv[1:]))
