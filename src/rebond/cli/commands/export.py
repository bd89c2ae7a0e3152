"""Write the accountant's archive: `rebond export accounting --shop SLUG --from DAY --to DAY`.

A zip with every document of the period (PDF and XML), the journal, the French file of entries,
daily totals for e-reporting, corrections of the one-stop shop, and a manifest with the SHA-256 of
each file. See docs/guides/accounting.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

from rebond.cli.boot import set_up

SECONDS_BETWEEN_LINES = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_subparsers(dest="what", required=True)
    accounting = what.add_parser("accounting", help="the documents of a period, with their tables")
    accounting.add_argument("--shop", required=True, metavar="SLUG")
    accounting.add_argument("--from", dest="first", required=True, type=date.fromisoformat)
    accounting.add_argument("--to", dest="last", required=True, type=date.fromisoformat)
    accounting.add_argument("--to-file", type=Path, metavar="FILE", help="(named after the period)")


def run(args: argparse.Namespace) -> int:
    """Write the archive; 2 when it cannot begin."""
    set_up()
    shop_model = import_module("rebond.domain.shops.models").Shop
    tools = import_module("rebond.insights.accounting.archive")
    shop = shop_model.objects.filter(slug=args.shop).first()
    if shop is None:
        print(f"rebond export: there is no shop {args.shop}", file=sys.stderr)
        return 2
    if args.last < args.first:
        print("rebond export: --to comes before --from", file=sys.stderr)
        return 2
    period = import_module("rebond.insights.accounting.period").Period(args.first, args.last)
    target = args.to_file or Path(tools.file_name(shop, period))
    part = target.with_suffix(target.suffix + ".part")
    progress = _Progress()
    with part.open("wb") as file:
        for piece in tools.archive(shop, period, told=progress):
            file.write(piece)
    part.replace(target)
    print(f"{target}: {progress.done} documents, {target.stat().st_size} bytes")
    return 0


class _Progress:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self.done = 0
        self.said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        if time.monotonic() - self.said >= SECONDS_BETWEEN_LINES:
            self.said = time.monotonic()
            print(f"{done} of {total} documents", file=sys.stderr)
