"""Compare our refunds with what each provider says it made, now. Exit code 1 when they differ.

  rebond reconcile                       every shop, the last ten days and today
  rebond reconcile --shop galerie        one shop
  rebond reconcile --since 2026-11-01    from that day on
Refunds that were made elsewhere are taken over and counted. A line for each provider, day and
currency on which something was refunded or the provider could not be asked; differences follow it,
and stay open until somebody explains them at the desk. Runs beside a live installation.
"""

import argparse
import sys
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up

DAYS = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--shop", metavar="SLUG", help="only this shop")
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", help="first day, such as 2026-11-01"
    )


def run(args: argparse.Namespace) -> int:
    """Compare shop by shop and provider by provider."""
    set_up()
    shops = import_module("rebond.domain.shops.models").Shop.objects.order_by("slug")
    if args.shop:
        shops = shops.filter(slug=args.shop)
        if not shops:
            print(f"There is no shop {args.shop!r}.", file=sys.stderr)
            return 2
    still_open = sum(_compare(shop, args.since) for shop in shops)
    print(f"{still_open} differences are open" if still_open else "No difference is open")
    return 1 if still_open else 0


def _compare(shop: Any, since: date | None) -> int:
    """Compare one shop, print its table; how many differences of it are open, old ones too."""
    comparing = import_module("rebond.domain.refunds.comparing")
    compare = import_module("rebond.domain.refunds.fetching").compare
    today = import_module("rebond.kernel.clock").today(shop.time_zone)
    providers = comparing.compared_providers(shop)
    if not providers:
        print(f"{shop.slug}: no provider to compare with")
    first = min(since, today) if since else today - timedelta(days=DAYS)
    for provider in providers:
        for report in compare(shop, provider, comparing.Days(first, today)):
            _print(shop, report)
    models = import_module("rebond.domain.refunds.models")
    waiting = models.Discrepancy.objects.filter(shop=shop, closed_at=None)
    return int(waiting.count())


def _print(shop: Any, report: Any) -> None:
    Money = import_module("rebond.kernel.money").Money  # noqa: N806
    ours = Money(report.ours_minor, report.currency)
    place = f"{shop.slug}  {report.provider:<12} {report.day}  ours {report.ours_count:>5} {ours}"
    if not report.was_asked:
        print(f"{place}  theirs: cannot be asked")
        return
    if not (report.ours_count or report.theirs_count):
        return
    theirs = Money(report.theirs_minor, report.currency)
    difference = Money(report.difference_minor, report.currency)
    print(f"{place}  theirs {report.theirs_count:>5} {theirs}  difference {difference}")
    for row in report.discrepancies.filter(is_current=True).order_by("found_at", "id"):
        word = f"explained: {row.explanation}" if row.closed_at else "open"
        amounts = f"ours {row.ours_minor}, theirs {row.theirs_minor} (minor units)"
        print(f"    {row.kind}  {row.subject}  {amounts}  {word}")
