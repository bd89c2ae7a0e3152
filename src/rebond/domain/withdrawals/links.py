"""The link that shows one statement to whoever made it: signed, for one shop."""

from uuid import UUID

from django.core import signing

from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.models import Statement


def statement_token(statement: Statement) -> str:
    """The token in the address of the statement's page. It stays good: it is the proof."""
    return _signer(statement.shop_id).sign(statement.pk.hex)


def statement_behind(shop: Shop, token: str) -> Statement | None:
    """The statement that ``token`` shows in ``shop``, or None for any token that is not good."""
    try:
        statement_id = UUID(_signer(shop.pk).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Statement.objects.filter(shop=shop, pk=statement_id).first()


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"withdrawal:{shop_id}")
