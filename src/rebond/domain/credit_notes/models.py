"""Credit notes and refund vouchers, each in its own unbroken series."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import ShopRow


class DocumentKind(models.TextChoices):
    """A credit note corrects an invoice; a refund voucher stands where none was issued."""

    CREDIT_NOTE = "credit_note"
    REFUND_VOUCHER = "refund_voucher"


class DraftState(models.TextChoices):
    """Where a draft stands; only an issued one has a number, that of its document."""

    OPEN = "open"
    ISSUED = "issued"
    DISCARDED = "discarded"


class TransmissionState(models.TextChoices):
    """Whether a document between businesses has been handed to the platform."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"


class CreditNote(ShopRow):
    """One issued document. Rows are added and never changed; a further document corrects.

    ``settlement`` is None for a note that somebody made by hand: it documents a correction of
    the invoice and moves no money.

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
        Settlement, models.PROTECT, related_name="credit_notes", null=True, db_index=False
    )
    buyer_kind = models.CharField(max_length=16, blank=True)
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
                condition=Q(number__gt=0, gross_minor__gte=0), name="credit_note_positive"
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


class CreditNoteLine(ShopRow):
    """What a document credits of one line or charge of the order, after its share of what is kept.

    The lines of a document sum to its gross and its tax. ``quantity`` is 0 where a part of the
    price is credited and no piece. ``taxes`` is the tax by rate.
    """

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="lines", db_index=False
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="credit_note_lines", null=True, db_index=False
    )
    charge = models.ForeignKey(
        OrderCharge, models.PROTECT, related_name="credit_note_lines", null=True, db_index=False
    )
    quantity = models.PositiveIntegerField(default=0)
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    taxes = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "credit_note", "order_line"], name="credit_note_line_once"
            ),
            models.UniqueConstraint(
                fields=["shop", "credit_note", "charge"], name="credit_note_charge_once"
            ),
            models.CheckConstraint(
                condition=Q(order_line=None) ^ Q(charge=None), name="credit_note_line_of_one"
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("gross_minor"))
                | Q(tax_minor__lte=0, tax_minor__gte=F("gross_minor")),
                name="credit_note_line_tax_within_gross",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order_line"], name="credit_note_line_by_line"),
            models.Index(fields=["shop", "charge"], name="credit_note_line_by_charge"),
        ]


class CreditRoom(ShopRow):
    """How much of an invoice has been credited: of one line, of one charge, or of the whole.

    A conditional update of ``credited_minor`` decides whether a further document fits; the
    constraint stands behind it. The row without line and charge is that of the whole order.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="+", null=True, db_index=False
    )
    charge = models.ForeignKey(
        OrderCharge, models.PROTECT, related_name="+", null=True, db_index=False
    )
    limit_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "order"],
                condition=Q(order_line=None, charge=None),
                name="credit_room_of_order",
            ),
            models.UniqueConstraint(
                fields=["shop", "order", "order_line"], name="credit_room_of_line"
            ),
            models.UniqueConstraint(
                fields=["shop", "order", "charge"], name="credit_room_of_charge"
            ),
            models.CheckConstraint(
                condition=Q(credited_minor__gte=0, credited_minor__lte=F("limit_minor")),
                name="credits_at_most_invoice",
            ),
        ]


class CreditNoteFile(ShopRow):
    """The file of a document as it was first made; added once and never changed.

    ``xml`` is the same document for machines, empty where it could not be written. ``checks``
    names the checks that were run on it, ``findings`` what they found.
    """

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="files", db_index=False
    )
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    xml = models.CharField(max_length=200, blank=True)
    xml_sha256 = models.CharField(max_length=64, blank=True)
    checks = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "credit_note"], name="credit_note_file_once"),
        ]

    @property
    def is_valid(self) -> bool:
        """Whether nothing was found against the document."""
        return not self.findings


class CreditNoteDraft(ShopRow):
    """A credit note by hand that is still being written. It has no number and can be discarded."""

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="credit_note_drafts", db_index=False
    )
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.OPEN)
    reason = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    sends_letter = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="drafts", null=True, db_index=False
    )
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "credit_note"], name="draft_issued_once"),
            models.CheckConstraint(
                condition=Q(state="issued", credit_note__isnull=False)
                | (~Q(state="issued") & Q(credit_note=None)),
                name="draft_issued_has_document",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order"], name="draft_by_order"),
            models.Index(
                fields=["shop", "-changed_at", "-id"],
                condition=Q(state="open"),
                name="draft_open_newest",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed, issued or discarded."""
        return self.state == DraftState.OPEN


class DraftLine(ShopRow):
    """What a draft credits of one line or charge; ``quantity`` 0 credits a part of the price."""

    draft = models.ForeignKey(CreditNoteDraft, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="+", null=True, db_index=False
    )
    charge = models.ForeignKey(
        OrderCharge, models.PROTECT, related_name="+", null=True, db_index=False
    )
    quantity = models.PositiveIntegerField(default=0)
    gross_minor = models.BigIntegerField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "draft", "order_line"], name="draft_line_once"),
            models.UniqueConstraint(fields=["shop", "draft", "charge"], name="draft_charge_once"),
            models.CheckConstraint(
                condition=Q(order_line=None) ^ Q(charge=None), name="draft_line_of_one"
            ),
            models.CheckConstraint(condition=Q(gross_minor__gt=0), name="draft_line_positive"),
        ]


class WithoutDocument(ShopRow):
    """Says why a settlement that was paid has no document of its own; added, never changed."""

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="without_document", db_index=False
    )
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "settlement"], name="without_document_once"),
        ]


class Transmission(ShopRow):
    """A document between businesses on its way to the approved platform.

    ``due_since`` is the day from which the seller has to go through a platform, by its size;
    ``is_due`` whether that was so when the document was issued.
    """

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="transmissions", db_index=False
    )
    state = models.CharField(
        max_length=12, choices=TransmissionState, default=TransmissionState.WAITING
    )
    due_since = models.DateField()
    is_due = models.BooleanField()
    platform = models.CharField(max_length=30, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    handed_by = models.CharField(max_length=120, blank=True)
    handed_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "credit_note"], name="transmission_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", handed_at=None)
                | Q(state="handed_over", handed_at__isnull=False),
                name="transmission_says_when",
            ),
        ]
        indexes = [models.Index(fields=["shop", "state"], name="transmission_by_state")]


class Bookkeeping(ShopRow):
    """How the shop's accountant wants things: accounts, size of the company, where heads go.

    ``accounts`` replaces single ones of ``books.USUAL_ACCOUNTS``. ``company_size`` is empty until
    somebody said it; then the strictest date holds. ``is_oss`` is True where sales to private
    people in other member states are declared through the one-stop shop.
    """

    accounts = models.JSONField(default=dict)
    company_size = models.CharField(max_length=8, blank=True)
    is_oss = models.BooleanField(default=False)
    platform = models.CharField(max_length=30, default="download")
    heads_email = models.EmailField(blank=True)
    heads_url = models.URLField(max_length=500, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="bookkeeping_once"),
        ]
