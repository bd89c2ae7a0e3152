"""Links that open one report to who made it: signed for one shop, nothing stored."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.shops.models import Shop


def report_token(report: NonDelivery) -> str:
    """The token of the report's link."""
    return _signer(report.shop_id).sign(report.pk.hex)


def report_behind(shop: Shop, token: str) -> NonDelivery | None:
    """The report that ``token`` opens in ``shop``; None for any token that is not good."""
    try:
        report_id = UUID(_signer(shop.pk).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    rows = NonDelivery.objects.select_related("shop", "order__shopper")
    return rows.filter(shop=shop, pk=report_id).first()


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"non-delivery-link:{shop_id}")
