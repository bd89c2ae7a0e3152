"""Messages between shop and shopper, their pictures, and the shop's templates."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.returns.models import Photo, Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Side(StrEnum):
    """Who wrote."""

    SHOP = "shop"
    SHOPPER = "shopper"


class ConversationMessage(ShopRow):
    """One message about one return; it never changes, only ``waits`` does.

    ``waits`` says that a shopper wrote it and nobody has answered yet. ``clause`` is the sentence
    of the policy that the shop shows with its words.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="conversation", db_index=False)
    side = models.CharField(max_length=8, choices=choices_of(Side))
    text = models.TextField()
    clause = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    waits = models.BooleanField(default=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(side=Side.SHOPPER) | Q(waits=False), name="message_waits_for_shop"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "rma", "at", "id"], name="conversation_by_return"),
            models.Index(
                fields=["shop", "at", "id"], condition=Q(waits=True), name="conversation_waiting"
            ),
        ]


class MessagePhoto(ShopRow):
    """A picture that came with a message."""

    message = models.ForeignKey(
        ConversationMessage, models.PROTECT, related_name="pictures", db_index=False
    )
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", db_index=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "message", "photo"], name="message_photo_once"),
        ]


class Template(ShopRow):
    """Words that a shop uses again: an apology, a question, a proposal.

    ``text`` may hold ``{name}``, ``{number}``, ``{order}``, ``{shop}`` and ``{articles}``.
    """

    title = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    text = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "is_active", "title"], name="template_by_title")]
