"""Do the background work: send refunds, make documents, write to shoppers.

Run at least one beside `rebond serve`. Stop it with Ctrl-C or SIGTERM: it finishes what it has
in hand. A worker that dies loses nothing; another one takes over within a minute.
"""

import argparse
import sys
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--threads", type=int, default=4, help="jobs done at the same time (4)")
    parser.add_argument("--until-idle", action="store_true", help="do what is due now, then stop")


def run(args: argparse.Namespace) -> int:
    """Run the worker."""
    set_up()
    if import_module("rebond.kernel.backup.postgresql").is_begun():
        print("A restore was begun and not ended: run `rebond restore` again.", file=sys.stderr)
        return 2
    worker = import_module("rebond.kernel.worker").Worker(
        threads=args.threads,
        schedule=import_module("rebond.flows.schedule").SCHEDULE,
    )
    if args.until_idle:
        print(f"{worker.run_until_idle()} jobs done")
        return 0
    worker.stop_on_signals()
    import_module("rebond.kernel.collecting").collect_seldom()
    print(f"Working, {args.threads} jobs at a time. Ctrl-C stops.", flush=True)
    worker.run()
    return 0
