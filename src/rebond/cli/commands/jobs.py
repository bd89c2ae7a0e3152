"""Show background work that was laid aside after many failed attempts, or start it again.

  rebond jobs                 what lies aside, with its last error
  rebond jobs --revive all    give all of it another round of attempts (or name one id)
Exit code 1 while something lies aside.
"""

import argparse
import sys
from importlib import import_module
from uuid import UUID

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--revive", metavar="ID", help="an id from the list, or `all`")


def run(args: argparse.Namespace) -> int:
    """List, or revive and then list what is left."""
    set_up()
    dead = import_module("rebond.kernel.models").Job.objects.filter(is_dead=True)
    if args.revive and not _revive(args.revive, dead.values_list("pk", flat=True)):
        print(f"No job {args.revive!r} lies aside.", file=sys.stderr)
        return 1
    left = list(dead.order_by("created_at")[:200])
    for job in left:
        error = job.last_error.strip().splitlines() or [""]
        print(f"{job.pk}  {job.path} {job.arguments}\n    {error[-1]}")
    print(f"{dead.count()} jobs lie aside")
    return 1 if left else 0


def _revive(wanted: str, dead: list[UUID]) -> bool:
    revive = import_module("rebond.kernel.jobs").revive
    chosen = [job for job in dead if wanted in {"all", str(job)}]
    return bool([job for job in chosen if revive(job)]) or wanted == "all"
