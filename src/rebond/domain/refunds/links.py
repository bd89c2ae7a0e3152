"""Links by which a shopper chooses another way for money that did not reach them.

Signed for one refund and this purpose only, good for some days, and only while that money still
needs a way: once it is on its way again the link opens nothing.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from rebond.domain.refunds.models import Refund
from rebond.domain.shops.models import Shop

LIFETIME = timedelta(days=30)


def way_token(refund: Refund) -> str:
    """The token of the link for ``refund``."""
    return _signer(refund.shop_id).sign(refund.pk.hex)


def refund_behind(shop: Shop, token: str) -> Refund | None:
    """The refund that ``token`` opens in ``shop``; None for any token that is not good."""
    try:
        refund_id = UUID(_signer(shop.pk).unsign(token, max_age=LIFETIME))
    except (signing.BadSignature, ValueError):
        return None
    return (
        Refund.objects.select_related(
            "payment", "settlement__rma", "settlement__order__shop", "settlement__order__shopper"
        )
        .filter(shop=shop, pk=refund_id)
        .first()
    )


def _signer(shop_id: UUID) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"refund-way:{shop_id}")
