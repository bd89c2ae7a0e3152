"""Print return slips for orders that are being packed: a PDF with a page for each.

  rebond slips galerie --orders 1001,1002 --to-file slips.pdf
  rebond slips galerie --since 2026-11-20 --to-file slips.pdf
  shop-export | rebond slips galerie --numbers - --to-file slips.pdf
An order that has a slip keeps its code. Above 200 orders there are several files: slips-2.pdf …
See docs/guides/parcels.md.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("shop", metavar="SLUG")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--orders", metavar="NUMBERS", help="parted by commas")
    which.add_argument("--numbers", metavar="FILE", help="one number a line; - reads the input")
    which.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="ordered since then")
    parser.add_argument("--to-file", type=Path, default=Path("return-slips.pdf"), metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Write the files; 2 where the shop, the file or an order is unknown, or there is none."""
    set_up()
    shop = import_module("rebond.domain.shops.models").Shop.objects.filter(slug=args.shop).first()
    if shop is None:
        print(f"rebond slips: there is no shop {args.shop}", file=sys.stderr)
        return 2
    refused = import_module("rebond.kernel.errors").RebondError
    try:
        return _print_all(shop, _numbers(shop, args), args.to_file)
    except OSError as error:
        print(f"rebond slips: {error.filename}: {error.strerror}", file=sys.stderr)
    except refused as refusal:
        print(f"rebond slips: {refusal.code} {dict(refusal.facts)}", file=sys.stderr)
    return 2


def _numbers(shop: Any, args: argparse.Namespace) -> list[str]:
    if args.orders is not None:
        return [number for number in args.orders.split(",") if number.strip()]
    if args.numbers == "-":
        return [line for line in sys.stdin.read().splitlines() if line.strip()]
    if args.numbers is not None:
        lines = Path(args.numbers).read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.strip()]
    orders = import_module("rebond.domain.orders.models").Order.objects
    begin = datetime.combine(args.since, time(), ZoneInfo(shop.time_zone))
    rows = orders.filter(shop=shop, ordered_at__gte=begin).exclude(state="cancelled")
    return list(rows.order_by("ordered_at", "id").values_list("number", flat=True))


def _print_all(shop: Any, numbers: list[str], target: Path) -> int:
    if not numbers:
        print("rebond slips: there is no such order", file=sys.stderr)
        return 2
    slips = import_module("rebond.domain.shipping.actions.slips")
    papers = import_module("rebond.domain.shipping.slip_papers")
    clock = import_module("rebond.kernel.clock")
    most = slips.MOST_SLIPS
    parts = [numbers[start : start + most] for start in range(0, len(numbers), most)]
    for place, part in enumerate(parts, start=1):
        made = slips.make_slips(shop, part, by="console")
        file = target if place == 1 else target.with_stem(f"{target.stem}-{place}")
        file.write_bytes(papers.return_slips(shop, made, made_at=clock.now()))
        print(f"{file}: {len(made)} slips")
    return 0
