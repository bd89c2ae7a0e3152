"""The link by which a person fetches the copy of their data: signed, for seven days."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from rebond.domain.shoppers.models import DataRequest, DataRequestState, RequestKind
from rebond.domain.shops.models import Shop

LASTS = timedelta(days=7)


def copy_token(request: DataRequest) -> str:
    """The token of the link to the copy of ``request``."""
    return _signer(request.shop_id).sign(request.pk.hex)


def request_behind(shop: Shop, token: str) -> DataRequest | None:
    """The request whose copy ``token`` opens; None for any token that is not good any more."""
    try:
        request_id = UUID(_signer(shop.pk).unsign(token, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
    done = DataRequest.objects.filter(
        shop=shop, kind=RequestKind.COPY, state=DataRequestState.DONE
    ).exclude(file="")
    return done.filter(pk=request_id).first()


def _signer(shop_id: UUID) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"data-copy:{shop_id}")
