"""Links that open one return: signed for one purpose and shop, stored to be revocable."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from rebond.domain.returns.models import Return, ReturnLink
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now

LIFETIME = timedelta(days=400)


def token_for(rma: Return) -> str:
    """The token of the return's link that stands; one is made where there is none.

    A shopper's link outlives the return by a year, so that the credit note stays within reach.
    """
    link = (
        ReturnLink.objects.filter(shop_id=rma.shop_id, rma=rma, revoked_at=None)
        .filter(expires_at__gt=now())
        .order_by("-made_at")
        .first()
    )
    if link is None:
        link = ReturnLink.objects.create(shop_id=rma.shop_id, rma=rma, expires_at=now() + LIFETIME)
    return _signer(rma.shop_id).sign(link.pk.hex)


def return_behind(shop: Shop, token: str) -> Return | None:
    """The return that ``token`` opens in ``shop``, or None for any token that is not good."""
    try:
        link_id = UUID(_signer(shop.pk).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    link = (
        ReturnLink.objects.select_related("rma__order", "rma__shopper")
        .filter(shop=shop, pk=link_id, revoked_at=None, expires_at__gt=now())
        .first()
    )
    return link.rma if link else None


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"return-link:{shop_id}")
