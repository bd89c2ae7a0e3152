"""What goods without a receipt are worth, and how much of that one person may still have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Min, Sum

from rebond.domain.no_receipt.errors import NoPriceKnown, NoReceiptNotOffered
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.orders.models import OrderLine, OrderState
from rebond.domain.policies.engine import Policy
from rebond.domain.policies.rules import no_receipt
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop


@dataclass(frozen=True)
class Worth:
    """What one piece is worth, in minor units of ``currency``; looked at since a moment."""

    price_minor: int
    currency: str
    since: datetime


def terms_without_receipt(policy: Policy) -> no_receipt.Settings:
    """What ``policy`` says of goods without a receipt. Raises ``NoReceiptNotOffered``.

    A rule with a condition does not count: of the sale nothing is known.
    """
    uses = [u for u in policy.uses if u.rule.key == no_receipt.RULE.key and u.reach.is_always]
    if not uses:
        raise NoReceiptNotOffered
    settings: no_receipt.Settings = uses[0].settings
    return settings


def worth_of(product: Product, *, days: int, at: datetime, shop: Shop) -> Worth:
    """The lowest that one piece was charged in the last ``days``, or costs today if that is less.

    Discounts are inside; pieces that cost nothing do not count. A fraction of a cent is dropped.
    Raises ``NoPriceKnown`` where it was not sold in that time and has no price in the catalogue.
    """
    since = at - timedelta(days=days)
    each = ExpressionWrapper(F("total_minor") / F("quantity"), output_field=BigIntegerField())
    sold = OrderLine.objects.filter(
        shop=shop,
        sku=product.sku,
        order__ordered_at__gte=since,
        order__ordered_at__lte=at,
        order__state=OrderState.OPEN,
        order__currency=shop.currency,
        total_minor__gte=F("quantity"),
        quantity__gte=1,
    ).aggregate(lowest=Min(each))
    known = [sold["lowest"]] if sold["lowest"] else []
    if product.price_minor and product.currency == shop.currency:
        known.append(product.price_minor)
    if not known:
        raise NoPriceKnown(sku=product.sku, days=days)
    return Worth(min(int(one) for one in known), shop.currency, since)


def left_for(shop: Shop, email: str, terms: Mapping[str, Any], *, at: datetime) -> int:
    """What the person with this mailbox may still have, in minor units of the shop's currency.

    What waits for a decision counts as well as what was paid.
    """
    people = Shopper.objects.filter(shop=shop, email_key=email_key(email))
    had = NoReceiptReturn.objects.filter(
        shop=shop,
        shopper_id__in=people.values("id"),
        currency=shop.currency,
        at__gte=at - timedelta(days=int(terms["cap_days"])),
        state__in=[NoReceiptState.WAITING, NoReceiptState.PAID],
    ).aggregate(total=Sum("amount_minor"))
    return max(0, int(terms["cap_minor"]) - int(had["total"] or 0))
