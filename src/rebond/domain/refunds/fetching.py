"""What providers are asked by the clock: about messages that named something unknown, and which
refunds they made on the days that are over.

Each call stands outside every transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.actions import (
    claim_messages,
    release_payouts,
    take_fetched,
    take_listed,
    write_days,
)
from rebond.domain.refunds.comparing import (
    Days,
    Known,
    compared_providers,
    days_due,
    moments_of,
    news_in,
)
from rebond.domain.refunds.models import ProviderEvent, ReconciliationReport
from rebond.domain.refunds.ports import Account, KnownRefund, payment_providers
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now
from rebond.kernel.jobs import later
from rebond.kernel.lanes import in_lane

TAKEN_AT_ONCE = 50


def fetch_due_messages() -> None:
    """By the clock: give every message that waits a job of its own."""
    for shop_id, event_id in claim_messages():
        later("rebond.domain.refunds.fetching.fetch_parked", event_id, shop_id=shop_id)


@in_lane("payments")
def fetch_parked(event_id: str) -> None:
    """Ask the provider what it lists of the payment that a message is about, and take it over."""
    row = ProviderEvent.objects.select_related("shop").get(pk=event_id)
    listed = None
    if _is_worth_asking(row):
        plug = payment_providers[row.provider](Account(row.shop.slug))
        outside_transaction()
        listed = plug.refunds_of(row.payment_reference)
    take_fetched(UUID(event_id), listed)


def compare_due() -> None:
    """By the clock: give every shop a job that compares what is due."""
    for shop_id in Shop.objects.order_by("slug").values_list("pk", flat=True):
        later("rebond.domain.refunds.fetching.compare_shop", shop_id, shop_id=shop_id)


def compare_shop(shop_id: str) -> None:
    """Compare the days that are over and not compared yet, each provider by a job of its own."""
    shop = Shop.objects.get(pk=shop_id)
    for provider in compared_providers(shop):
        if days_due(shop, provider, now()) is not None:
            path = "rebond.domain.refunds.fetching.compare_provider"
            later(path, shop_id, provider, shop_id=shop.pk)


@in_lane("payments")
def compare_provider(shop_id: str, provider: str) -> None:
    """Compare what is due with one provider; nothing where it was done meanwhile."""
    shop = Shop.objects.get(pk=shop_id)
    days = days_due(shop, provider, now())
    if days is not None:
        compare(shop, provider, days)


def compare(shop: Shop, provider: str, days: Days) -> list[ReconciliationReport]:
    """Ask ``provider`` for ``days``, take over what it did, and write down how the books compare.

    Payouts that wait since a backup was restored go on, once the comparison reaches back to it.
    """
    moment, listed = now(), None
    begin, end = moments_of(days, shop.time_zone, moment)
    plug = payment_providers[provider](Account(shop.slug))
    if plug.can_be_asked:
        outside_transaction()
        listed = plug.refunds_between(begin, end)
    if listed is not None:
        _take(shop, provider, news_in(shop, provider, listed))
    written = write_days(shop, provider, listed, days)
    if listed is not None and end == moment:
        known = Known(begin, moment - plug.lists_after)
        release_payouts(shop.pk, provider, by="system", known=known)
    return written


def _take(shop: Shop, provider: str, news: Sequence[KnownRefund]) -> None:
    """Take over what is new in short transactions, so that nobody waits long for a payment."""
    for start in range(0, len(news), TAKEN_AT_ONCE):
        take_listed(shop.pk, provider, news[start : start + TAKEN_AT_ONCE])


def _is_worth_asking(row: ProviderEvent) -> bool:
    """Whether the provider has a list, and the message is about money of a payment of ours."""
    if row.provider not in payment_providers or "dispute" in row.told:
        return False
    ours = Payment.objects.filter(
        shop_id=row.shop_id, provider=row.provider, reference=row.payment_reference
    )
    return payment_providers[row.provider].can_be_asked and ours.exists()
