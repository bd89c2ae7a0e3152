"""Links that open one enquiry to who wrote it: signed for one shop, nothing stored."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from rebond.domain.enquiries.models import Enquiry
from rebond.domain.shops.models import Shop


def enquiry_token(enquiry: Enquiry) -> str:
    """The token of the enquiry's link."""
    return _signer(enquiry.shop_id).sign(enquiry.pk.hex)


def enquiry_behind(shop: Shop, token: str) -> Enquiry | None:
    """The enquiry that ``token`` opens in ``shop``; None for any token that is not good."""
    try:
        enquiry_id = UUID(_signer(shop.pk).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Enquiry.objects.select_related("rma").filter(shop=shop, pk=enquiry_id).first()


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"enquiry-link:{shop_id}")
