"""Read orders from files: `rebond import orders FILE... --shop SLUG`. Safe to stop and run again.

CSV (also .gz) and Parquet in Rebond's format, or the published Online Retail II files. With
REBOND_DATA set, `online-retail` stands for those. See docs/reference/import.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path

from rebond.cli.boot import set_up
from rebond.cli.importing import CannotImport, Imported, Progress, run_import

ONLINE_RETAIL = "online-retail"
FILES = ("online_retail_2009_2010.parquet", "online_retail_2010_2011.parquet")
SECONDS_BETWEEN_LINES = 5.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_subparsers(dest="what", required=True)
    orders = what.add_parser("orders", help="orders with their lines, payments and credits")
    orders.add_argument("files", nargs="+", metavar="FILE", help=f"or `{ONLINE_RETAIL}`")
    orders.add_argument("--shop", required=True, metavar="SLUG")
    orders.add_argument("--report", type=Path, metavar="FILE", help="where refused rows are named")
    orders.add_argument("--payment-provider", default="", metavar="KEY", help="(the shop's)")
    orders.add_argument(
        "--shift-to",
        type=date.fromisoformat,
        metavar="DATE",
        help="move all dates by whole weeks to end in the week before DATE",
    )
    orders.add_argument("--chunk-rows", type=int, metavar="N", help="rows in one transaction")
    products = what.add_parser("products", help="prices, variants and stock, by stock code")
    products.add_argument("file", type=Path, metavar="FILE")
    products.add_argument("--shop", required=True, metavar="SLUG")
    points = what.add_parser("points", help="places where parcels are handed in; replaces all")
    points.add_argument("file", type=Path, metavar="FILE")
    points.add_argument("--shop", required=True, metavar="SLUG")


def run(args: argparse.Namespace) -> int:
    """Import and print what became of it; 2 when it cannot begin."""
    if args.what == "products":
        return _products(args)
    if args.what == "points":
        return _points(args)
    try:
        files = _files(args.files)
        if args.report and len(files) > 1:
            raise CannotImport("--report goes with one file")
        done = run_import(
            files,
            shop_slug=args.shop,
            payment_provider=args.payment_provider,
            shift_to=args.shift_to,
            report=args.report,
            rows_in_chunk=args.chunk_rows,
            progress=_ProgressLine(),
        )
    except CannotImport as error:
        print(f"rebond import: {error}", file=sys.stderr)
        return 2
    for file in done:
        print(_summary(file))
    return 0


def _products(args: argparse.Namespace) -> int:
    """Read a list of products; all of it or nothing."""
    set_up()
    reading = import_module("rebond.cli.products")
    try:
        kept = reading.import_products(args.file, shop_slug=args.shop)
    except CannotImport as error:
        print(f"rebond import: {error}", file=sys.stderr)
        return 2
    print(f"{kept.added} products added, {kept.changed} changed")
    return 0


def _points(args: argparse.Namespace) -> int:
    """Read a list of hand-in points; all of it or nothing."""
    set_up()
    reading = import_module("rebond.cli.points")
    try:
        count = reading.import_points(args.file, shop_slug=args.shop)
    except CannotImport as error:
        print(f"rebond import: {error}", file=sys.stderr)
        return 2
    print(f"{count} points")
    return 0


def _files(names: list[str]) -> list[Path]:
    files: list[Path] = []
    for name in names:
        if name != ONLINE_RETAIL:
            files.append(Path(name))
            continue
        folder = os.environ.get("REBOND_DATA")
        if not folder:
            raise CannotImport(f"{ONLINE_RETAIL} is read from the folder in REBOND_DATA; set it")
        files += [Path(folder, "online_retail", file) for file in FILES]
    return files


class _ProgressLine:
    """One line that is written over on a terminal, else a line every few seconds."""

    def __init__(self) -> None:
        self._next = 0.0
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        instant = time.monotonic()
        is_last = progress.rows_done >= progress.rows_total
        if instant < self._next and not is_last:
            return
        self._next = instant + (0.2 if self._is_terminal else SECONDS_BETWEEN_LINES)
        percent = 100 * progress.rows_done // max(1, progress.rows_total)
        pace = progress.rows_done / max(0.001, progress.seconds)
        text = (
            f"{progress.file_name}: {percent:3} %  {progress.rows_done:,} rows  "
            f"{pace:,.0f} rows/s  {progress.seconds:.0f} s"
        )
        end = "\n" if is_last or not self._is_terminal else ""
        print(f"\r{text}" if self._is_terminal else text, end=end, file=sys.stderr, flush=True)


def _summary(file: Imported) -> str:
    figures = file.figures
    lines = [f"{file.file_name} ({file.source})"]
    if file.was_finished:
        lines.append("  was imported before; nothing was done. What it held:")
    elif file.taken_up_at:
        lines.append(f"  taken up after row {file.taken_up_at:,}")
    lines.append(
        f"  {file.rows:,} rows in {file.seconds:.1f} s, longest transaction "
        f"{1000 * file.longest_write:.0f} ms"
    )
    if file.rows_left_out:
        lines.append(f"  {file.rows_left_out:,} rows left to the next file, which has them too")
    lines.append(
        f"  {figures.get('orders', 0):,} orders from {figures.get('sale_rows', 0):,} rows, "
        f"{figures.get('returns', 0):,} returns from {figures.get('credit_rows', 0):,} rows"
    )
    for name, word in (("sold", "sold"), ("credited", "credited")):
        lines.append(
            f"  {word}: {figures.get(f'{name}_exact', '0')} exactly, "
            f"{figures.get(f'{name}_minor', 0)} minor units kept (each line rounded half up)"
        )
    if figures.get("credit_lines"):
        lines.append(
            f"  {figures.get('credit_lines_matched', 0):,} of {figures['credit_lines']:,} credit "
            "lines of known customers matched wholly"
        )
    if file.reasons:
        lines.append(f"  rows not taken as they stand ({file.report}):")
        lines += [f"    {count:>7,}  {reason}" for reason, count in file.reasons.items()]
    return "\n".join(lines)
