"""Credit notes and refund vouchers, each in its own unbroken series."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import ShopRow


class DocumentKind(models.TextChoices):
    """A credit note corrects an invoice; a refund voucher stands where none was issued."""

    CREDIT_NOTE = "credit_note"
    REFUND_VOUCHER = "refund_voucher"


class CreditNote(ShopRow):
    """One issued document. Rows are added and never changed; a further document corrects.

    ``content`` is everything that is printed (see ``content.py``), so the document is a snapshot
    of its own; amounts are positive minor units. ``hash`` is SHA-256 over the previous hash of
    the same series and year and the canonical content.
    """

    kind = models.CharField(max_length=16, choices=DocumentKind)
    series = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    label = models.CharField(max_length=35)
    order = models.ForeignKey(Order, models.PROTECT, related_name="credit_notes", db_index=False)
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="credit_notes", db_index=False
    )
    invoice_number = models.CharField(max_length=40, blank=True)
    invoice_date = models.DateField(null=True)
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    content = models.JSONField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "series", "number"], name="credit_note_number_once"
            ),
            models.UniqueConstraint(fields=["shop", "label"], name="credit_note_label_once"),
            models.UniqueConstraint(fields=["shop", "settlement"], name="credit_note_once"),
            models.CheckConstraint(
                condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor")),
                name="credit_note_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(kind="refund_voucher") | ~Q(invoice_number=""),
                name="credit_note_names_its_invoice",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order"], name="credit_note_by_order"),
            models.Index(fields=["shop", "-issued_at", "-id"], name="credit_note_newest"),
        ]

    def __str__(self) -> str:
        return self.label


class CreditNoteFile(ShopRow):
    """The PDF of a document as it was first made; a file is added once and never changed."""

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="files", db_index=False
    )
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "credit_note"], name="credit_note_file_once"),
        ]
