"""Check every promise that rows can show; changes nothing. Exit code 1 when one is broken.

Each line names a promise of docs/reference/promises.md. A broken one is followed by the ids of
the rows that break it. Runs beside a live installation. A chain of documents is walked from where
the last look found it sound; --full walks it from its beginning.
"""

import argparse
import sys
import time
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--only", action="append", metavar="NUMBER", help="check only this promise")
    parser.add_argument("--full", action="store_true", help="walk the chains from their beginning")
    parser.add_argument(
        "--most", type=int, default=20, help="rows named for each broken promise (20)"
    )


def run(args: argparse.Namespace) -> int:
    """Check the promises one by one."""
    set_up()
    promises = import_module("rebond.insights.verification.promises").PROMISES
    wanted = [p for p in promises if not args.only or p.number in args.only]
    if not wanted:
        print(f"There is no promise {', '.join(args.only)}.", file=sys.stderr)
        return 2
    broken = 0
    for promise in wanted:
        began = time.monotonic()
        found = list(promise.breaches(full=args.full))
        took = time.monotonic() - began
        print(f"{'BROKEN' if found else 'kept':<7}{promise.number:<6}{promise.says} ({took:.1f} s)")
        for breach in found[: args.most]:
            print(f"       {breach}")
        if len(found) > args.most:
            print(f"       and {len(found) - args.most} more")
        broken += bool(found)
    print(f"{len(wanted) - broken} of {len(wanted)} promises kept")
    return 1 if broken else 0
