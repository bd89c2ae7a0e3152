"""Conversations for screens: what was said about a return, and where somebody waits."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch

from rebond.domain.conversations.models import ConversationMessage, MessagePhoto, Template
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop


def messages_of(rma: Return) -> list[ConversationMessage]:
    """What was said about ``rma``, oldest first, with pictures."""
    pictures = MessagePhoto.objects.filter(shop_id=rma.shop_id).select_related("photo")
    rows = ConversationMessage.objects.filter(shop_id=rma.shop_id, rma=rma)
    return list(rows.order_by("at", "id").prefetch_related(Prefetch("pictures", pictures)))


def waiting_for_answer(shop: Shop, most: int = 1000) -> list[UUID]:
    """Returns whose shopper wrote and got no answer, the longest waiting first."""
    rows = ConversationMessage.objects.filter(shop=shop, waits=True).order_by("at", "id")
    return list(dict.fromkeys(rows.values_list("rma_id", flat=True)[: most + 1]))


def templates_of(shop: Shop) -> list[Template]:
    """The shop's templates by title."""
    return list(Template.objects.filter(shop=shop, is_active=True).order_by("title", "id")[:200])


def newest_return(shop: Shop) -> Return | None:
    """The return asked for last whose shopper is known: something to try words on."""
    rows = Return.objects.filter(shop=shop, shopper__isnull=False).exclude(origin="import")
    return rows.select_related("shop", "shopper", "order").order_by("-requested_at", "-id").first()
