"""Say that a backup was restored: payouts wait until the providers were asked what happened since.

  rebond restored --since 2026-11-21T03:00+01:00
Run it after the backup is back and before `rebond work` starts. The moment is that of the backup,
or earlier; without a time zone it is read as UTC. Every refund that a provider made since is then
taken over: ours by our own reference, the others as money refunded elsewhere. Payouts through a
provider go on by themselves once it was asked; one that cannot be asked waits for somebody:
  rebond restored --release adyen --reason "compared with its report of today"
for all shops, or --shop SLUG. `rebond restore` holds them by itself.
Without options: what is held. Exit code 1 while something is.
"""

import argparse
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--since", type=_moment, metavar="MOMENT", help="when the backup was made")
    parser.add_argument("--release", metavar="PROVIDER", help="let its payouts go on")
    parser.add_argument("--reason", default="", help="with --release: what you compared them with")
    parser.add_argument("--shop", metavar="SLUG", help="only this shop")


def run(args: argparse.Namespace) -> int:
    """Hold, release, and list what is held."""
    set_up()
    if args.release and not args.reason.strip():
        print("--release needs --reason: what you compared them with.", file=sys.stderr)
        return 2
    shops = list(_shops(args.shop))
    if not shops:
        print(f"There is no shop {args.shop!r}.", file=sys.stderr)
        return 2
    for shop in shops:
        if args.since:
            _hold(shop, args.since)
        if args.release:
            actions = import_module("rebond.domain.refunds.actions")
            actions.release_payouts(shop.pk, args.release, by="command line", reason=args.reason)
    held = import_module("rebond.domain.refunds.models").PayoutHold.objects.filter(
        shop__in=shops, lifted_at=None
    )
    for hold in held.select_related("shop").order_by("shop__slug", "provider"):
        print(f"{hold.shop.slug}  {hold.provider:<14} held since the backup of {hold.since}")
    print("Payouts wait for the comparison." if held else "Nothing is held.")
    return 1 if held else 0


def _shops(slug: str | None) -> Any:
    every = import_module("rebond.domain.shops.models").Shop.objects.order_by("slug")
    return every.filter(slug=slug) if slug else every


def _hold(shop: Any, since: datetime) -> None:
    """Hold everything that another company pays, and ask the providers as soon as work starts."""
    comparing = import_module("rebond.domain.refunds.comparing")
    actions = import_module("rebond.domain.refunds.actions")
    for provider in comparing.forgetful_providers(shop):
        actions.hold_payouts(shop, provider, since=since, by="command line")
    jobs = import_module("rebond.kernel.jobs")
    jobs.later("rebond.domain.refunds.fetching.compare_shop", shop.pk, shop_id=shop.pk)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment > datetime.now(tz=UTC):
        raise argparse.ArgumentTypeError("the backup cannot be of a time to come")
    return moment
