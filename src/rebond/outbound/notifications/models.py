"""Messages to people."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow


class MessageState(models.TextChoices):
    """Whether the message has left us."""

    QUEUED = "queued"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"


class Message(ShopRow):
    """One message to one shopper about one return, worded when it was made.

    One without a shopper goes to ``to_address``: somebody of the shop, or their accountant.

    ``attachments`` names documents by kind and id (``credit_note:<uuid>``); their files are
    made again when the message leaves.
    """

    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="messages", null=True, db_index=False
    )
    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="+", null=True, db_index=False
    )
    to_address = models.EmailField(blank=True)
    channel = models.CharField(max_length=20, default="email")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    attachments = models.JSONField(default=list)
    cause = models.UUIDField()
    state = models.CharField(max_length=14, choices=MessageState, default=MessageState.QUEUED)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "cause", "kind", "channel"], name="message_once_per_event"
            ),
            models.CheckConstraint(
                condition=models.Q(shopper__isnull=False) | ~models.Q(to_address=""),
                name="message_to_somebody",
            ),
        ]
        indexes = [models.Index(fields=["shop", "rma"], name="message_by_return")]


class LetterWords(ShopRow):
    """What a shop says of its own in one kind of letter, in one language.

    ``subject`` takes the place of ours where there is one; ``opening`` stands before our words and
    ``closing`` after them, a paragraph on each line. All may hold ``{name}`` and ``{shop}``, and
    ``{number}`` and ``{order}`` where the letter is about a return.
    """

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=150, blank=True)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "kind", "language"], name="letter_words_once"),
        ]
