"""What was written to people."""

from rebond.domain.shops.models import Shop
from rebond.outbound.notifications.models import Message


def last_letter(shop: Shop, kind: str, language: str) -> Message | None:
    """The newest letter of this kind in this language; None where there was none."""
    rows = Message.objects.filter(shop=shop, kind=kind, language=language)
    return rows.exclude(text="").order_by("-id").first()
