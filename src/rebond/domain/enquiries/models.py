"""Enquiries and their messages."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.conversations.models import Side
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class EnquiryState(StrEnum):
    """Whose turn it is: the shop's, the sender's; or it became a return, or needs nothing."""

    OPEN = "open"
    ANSWERED = "answered"
    TURNED = "turned"
    CLOSED = "closed"


class Enquiry(ShopRow):
    """A question from somebody of whom nothing is known but what they typed.

    ``email`` is where answers go, ``email_key`` how it is compared. ``order_told`` is what they
    typed as an order number, ``order`` the order that has it: no proof that it is theirs.
    """

    number = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    order_told = models.CharField(max_length=80, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", null=True, db_index=False)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=choices_of(EnquiryState))
    rma = models.ForeignKey(Return, models.PROTECT, related_name="+", null=True, db_index=False)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="enquiry_number_once"),
            models.CheckConstraint(
                condition=Q(state="turned", rma__isnull=False) | (~Q(state="turned") & Q(rma=None)),
                name="enquiry_turned_into_its_return",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-received_at", "-id"], name="enquiry_newest"),
            models.Index(fields=["shop", "state", "-received_at", "-id"], name="enquiry_by_state"),
            models.Index(fields=["shop", "email_key", "received_at"], name="enquiry_of_mailbox"),
        ]

    @property
    def is_over(self) -> bool:
        """Whether it became a return: what follows is said there."""
        return self.state == EnquiryState.TURNED


class EnquiryMessage(ShopRow):
    """One message of an enquiry; it never changes."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="said", db_index=False)
    side = models.CharField(max_length=8, choices=choices_of(Side))
    text = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "enquiry", "at", "id"], name="enquiry_said")]
