"""Bank accounts, transfers, and the files that carry them to the bank."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from rebond.domain.bank_transfers.iban import masked
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class TransferState(StrEnum):
    """Where one transfer stands. Paid may still come back: banks return money days later."""

    WAITING = "waiting"
    IN_FILE = "in_file"
    AT_BANK = "at_bank"
    PAID = "paid"
    RETURNED = "returned"


class FileState(StrEnum):
    """Where one file stands."""

    MADE = "made"
    RELEASED = "released"
    DROPPED = "dropped"


class OwnAccount(ShopRow):
    """The account from which a shop pays."""

    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="own_account_once"),
        ]

    @property
    def masked(self) -> str:
        """The account as screens show it."""
        return masked(self.iban)


class BankAccount(ShopRow):
    """Where a shopper wants their money. Given by themselves over a safe link, or to the staff."""

    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="bank_accounts", db_index=False
    )
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "shopper"], name="bank_account_by_shopper")]

    @property
    def masked(self) -> str:
        """The account as screens show it."""
        return masked(self.iban)


class TransferFile(ShopRow):
    """One file for the bank (ISO 20022 ``pain.001``), made by one person, released by another.

    ``sha256`` is of the file's bytes, kept under ``file``.
    """

    message_id = models.CharField(max_length=35)
    state = models.CharField(max_length=10, choices=choices_of(FileState))
    currency = models.CharField(max_length=3)
    transfers_count = models.PositiveIntegerField()
    sum_minor = models.BigIntegerField()
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    released_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    released_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "message_id"], name="transfer_file_once"),
            models.CheckConstraint(condition=Q(sum_minor__gt=0), name="transfer_file_positive"),
            models.CheckConstraint(
                condition=~Q(state="released")
                | (Q(released_by__isnull=False) & ~Q(released_by=F("made_by"))),
                name="transfer_file_by_two",
            ),
        ]
        indexes = [models.Index(fields=["shop", "made_at", "id"], name="transfer_file_by_date")]


class Transfer(ShopRow):
    """Money for one account. ``refund_id`` is what it pays, and paid only once.

    ``end_to_end_id`` is the reference that the bank hands through to both sides.
    """

    refund_id = models.UUIDField()
    payment_reference = models.CharField(max_length=120)
    account = models.ForeignKey(
        BankAccount, models.PROTECT, related_name="transfers", db_index=False
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    end_to_end_id = models.CharField(max_length=35)
    state = models.CharField(max_length=10, choices=choices_of(TransferState))
    transfer_file = models.ForeignKey(
        TransferFile, models.PROTECT, related_name="transfers", null=True, db_index=False
    )
    code = models.CharField(max_length=60, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "refund_id"], name="transfer_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_positive"),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "asked_at"], name="transfer_by_state"),
            models.Index(fields=["shop", "payment_reference"], name="transfer_by_payment"),
            models.Index(fields=["shop", "transfer_file"], name="transfer_by_file"),
        ]
