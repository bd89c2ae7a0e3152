"""Play every fault and storm on both databases and print one table: `python -m scripts.faults`.

Each row is a real run: processes, a provider with its own durable ledger, an end in
`rebond verify` and an exact expectation. Exit code 1 when a row failed or was not run.
The line `seed=… db=… commit=…` before a row replays it.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.faults import (
    backups,
    commits,
    expanding,
    herd,
    inbound,
    late,
    lossy,
    neighbours,
    outages,
    pictures,
    power,
    standby,
    steps,
    storms,
    twins,
    weather,
    writes,
    year_end,
)
from scripts.faults.installation import PYTHON, ROOT
from scripts.faults.stage import Stage
from scripts.faults.table import DATABASES, NOT_RUN, Case, Seen, line, try_out, write

PARTS = (
    writes,
    steps,
    late,
    commits,
    lossy,
    expanding,
    backups,
    standby,
    power,
    pictures,
    year_end,
    weather,
    outages,
    neighbours,
    inbound,
    herd,
    storms,
    twins,
)
CASES: list[Case] = [case for part in PARTS for case in part.CASES]
PAGE = ROOT / "docs" / "reliability.md"
SERVER = "FAULTS_SERVER"


def main(words: Sequence[str]) -> int:
    """Run what ``words`` ask for; returns the exit code."""
    args = _arguments().parse_args(words)
    cases = [case for case in CASES if _is_wanted(case, args.only)]
    if args.without_strace:
        cases = [case for case in cases if case not in writes.CASES]
    databases = [args.database] if args.database else list(DATABASES)
    server = os.environ.get("DATABASE_URL", "")
    if "postgresql" in databases and not server.startswith("postgres"):
        return _with_server(words, cases)
    results = [
        seen
        for database in databases
        for seen in _play(cases, args, server if database == "postgresql" else "")
    ]
    return _sum_up(results, args)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.faults", description=__doc__)
    parser.add_argument("--only", default="", help="rows (F2,C1), or a row with its name")
    parser.add_argument("--database", choices=DATABASES, help="one database instead of both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="few repetitions")
    parser.add_argument("--whole", action="store_true", help="every point of a sweep; hours")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    parser.add_argument("--without-strace", action="store_true", help="leave out what needs strace")
    return parser


def _is_wanted(case: Case, only: str) -> bool:
    by_name = " " in only and case.label.startswith(only)
    return not only or by_name or case.row in only.split(",")


def _play(cases: Sequence[Case], args: argparse.Namespace, server: str) -> list[Seen]:
    results = []
    commit = _commit()
    with Stage(server, args.seed, args.small, args.whole) as stage:
        for case in cases:
            began = time.monotonic()
            print(f"seed={args.seed} db={stage.database} commit={commit} --only '{case.label}'")
            results.append(try_out(case, stage))
            print(f"{line(results[-1])} ({time.monotonic() - began:.0f} s)", flush=True)
    return results


def _sum_up(results: Sequence[Seen], args: argparse.Namespace) -> int:
    bad = [seen for seen in results if not seen.is_fine]
    for seen in bad:
        print(line(seen))
    print(f"{len(results) - len(bad)} fine, {len(bad)} not")
    is_whole = not args.only and not args.database and not args.small
    if args.write and is_whole:
        write(results, PAGE)
    elif args.write:
        print("the table was not written: only a whole run is")
        return 1
    return 1 if bad or not results else 0


def _with_server(words: Sequence[str], cases: Sequence[Case]) -> int:
    """The same command with a throw-away PostgreSQL server under it."""
    with tempfile.TemporaryDirectory() as folder:
        begun = Path(folder) / "begun"
        script = "import sys; open(sys.argv[1], 'w'); from scripts.faults.__main__ import main; "
        script += "sys.exit(main(sys.argv[2:]))"
        command = [PYTHON, "scripts/with_pg.py", PYTHON, "-c", script, str(begun), *words]
        code = subprocess.run(command, cwd=ROOT).returncode
        if begun.exists():
            return code
    print(f"{NOT_RUN}: {len(cases)} rows, there is no PostgreSQL; --database sqlite runs the rest")
    return 1


def _commit() -> str:
    def git(*words: str) -> str:
        ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
        return ran.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave no process behind
    sys.exit(main(sys.argv[1:]))
