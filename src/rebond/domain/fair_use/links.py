"""Links by which a shopper reads about a restriction and appeals: signed for one of them."""

from uuid import UUID

from django.core import signing

from rebond.domain.fair_use.models import Restriction
from rebond.domain.shops.models import Shop


def appeal_token(restriction: Restriction) -> str:
    """The token of the link; it is good as long as the restriction is kept."""
    return _signer(restriction.shop_id).sign(restriction.pk.hex)


def restriction_behind(shop: Shop, token: str) -> Restriction | None:
    """The restriction that ``token`` opens in ``shop``; None for any token that is not good."""
    try:
        restriction_id = UUID(_signer(shop.pk).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    rows = Restriction.objects.select_related("shop", "shopper")
    return rows.filter(shop=shop, pk=restriction_id).first()


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"fair-use:{shop_id}")
