"""Accounts, what was booked on them, the lots they are made of, what is set aside."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rebond.domain.ledger.kinds import AccountKind, Movement, Part
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of
from rebond.kernel.money import Money


class Account(ShopRow):
    """One side of the books: what the shop owes one owner, or an account of the shop itself.

    ``owner`` is a shopper, a gift card, or the shop. ``balance_minor`` is the sum of the
    account's entries and is kept for what the shop owes only; of it ``held_minor`` is set
    aside. Both move by one conditional update.
    """

    kind = models.CharField(max_length=14, choices=choices_of(AccountKind))
    owner = models.UUIDField()
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    blocked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "kind", "owner", "currency"], name="ledger_account_once"
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gte=0) & Q(held_minor__lte=F("balance_minor")),
                name="ledger_account_never_below_zero",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "owner"], name="ledger_account_by_owner"),
            models.Index(fields=["shop", "kind", "-opened_at", "-id"], name="ledger_newest"),
        ]

    @property
    def balance(self) -> Money:
        """What is owed, with what is set aside."""
        return Money(self.balance_minor, self.currency)

    @property
    def free_minor(self) -> int:
        """What is owed and not set aside; time may have run out for some of it."""
        return self.balance_minor - self.held_minor


class Transaction(ShopRow):
    """One movement with its cause. Rows are only ever added; a mistake gets a line against it.

    ``account`` is the balance that moved, ``amount_minor`` by how much, always positive.
    ``cause`` is what it happened for, once per shop: ``refund:<id>``, ``capture:<reference>``,
    ``hand:<id>``. ``reference`` is the payment it is about, where there is one. ``reverses`` is
    the spend that a restored amount comes from.
    """

    kind = models.CharField(max_length=12, choices=choices_of(Movement))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="transactions", db_index=False
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    cause = models.CharField(max_length=160)
    reference = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    reverses = models.ForeignKey(
        "self", models.PROTECT, related_name="reversals", null=True, db_index=False
    )
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "cause"], name="ledger_cause_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="ledger_transaction_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "account", "-at", "-id"], name="ledger_statement"),
            models.Index(fields=["shop", "reference"], name="ledger_by_reference"),
            models.Index(fields=["shop", "at"], name="ledger_by_time"),
            models.Index(fields=["shop", "reverses"], name="ledger_by_reversed"),
        ]


class Lot(ShopRow):
    """Value that came in together and keeps its origin: so much cash, so much bonus.

    ``source`` is the payment or settlement it comes from. ``*_left_minor`` is what is still
    there, of which ``*_held_minor`` is set aside. ``is_bonus_given`` says that this money has
    had its bonus and never earns another.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="lots", db_index=False)
    currency = models.CharField(max_length=3)
    origin = models.CharField(max_length=20)
    source = models.CharField(max_length=120, blank=True)
    cash_minor = models.BigIntegerField(default=0)
    bonus_minor = models.BigIntegerField(default=0)
    cash_left_minor = models.BigIntegerField(default=0)
    bonus_left_minor = models.BigIntegerField(default=0)
    cash_held_minor = models.BigIntegerField(default=0)
    bonus_held_minor = models.BigIntegerField(default=0)
    is_bonus_given = models.BooleanField(default=False)
    cash_expires_at = models.DateTimeField(null=True)
    bonus_expires_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(cash_held_minor__gte=0)
                & Q(cash_held_minor__lte=F("cash_left_minor"))
                & Q(cash_left_minor__lte=F("cash_minor")),
                name="lot_cash_within_what_came_in",
            ),
            models.CheckConstraint(
                condition=Q(bonus_held_minor__gte=0)
                & Q(bonus_held_minor__lte=F("bonus_left_minor"))
                & Q(bonus_left_minor__lte=F("bonus_minor")),
                name="lot_bonus_within_what_came_in",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "account", "opened_at", "id"], name="lot_first_in"),
            models.Index(
                fields=["cash_expires_at"],
                name="lot_cash_to_expire",
                condition=Q(cash_expires_at__isnull=False) & Q(cash_left_minor__gt=0),
            ),
            models.Index(
                fields=["bonus_expires_at"],
                name="lot_bonus_to_expire",
                condition=Q(bonus_expires_at__isnull=False) & Q(bonus_left_minor__gt=0),
            ),
        ]

    def left(self, part: Part) -> int:
        """What is still there of ``part``, with what is set aside."""
        return self.cash_left_minor if part is Part.CASH else self.bonus_left_minor

    def free(self, part: Part) -> int:
        """What is still there of ``part`` and not set aside."""
        if part is Part.CASH:
            return self.cash_left_minor - self.cash_held_minor
        return self.bonus_left_minor - self.bonus_held_minor

    def expires_at(self, part: Part) -> datetime | None:
        """When the time of ``part`` is over; None: never."""
        return self.cash_expires_at if part is Part.CASH else self.bonus_expires_at

    def is_over(self, part: Part, moment: datetime) -> bool:
        """Whether the time of ``part`` is over at ``moment``."""
        ends = self.expires_at(part)
        return ends is not None and ends <= moment


class Entry(ShopRow):
    """One half of a booking. The entries of a transaction sum to zero; rows are only ever added.

    On what the shop owes, a positive amount means that it owes more. ``part`` and ``lot`` say
    of what the amount is; the shop's own accounts have no lots. ``restores`` is the entry of a
    spend that this amount comes back from.
    """

    transaction = models.ForeignKey(
        Transaction, models.PROTECT, related_name="entries", db_index=False
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="entries", null=True, db_index=False)
    part = models.CharField(max_length=5, choices=choices_of(Part))
    restores = models.ForeignKey(
        "self", models.PROTECT, related_name="restored_by", null=True, db_index=False
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_not_zero"),
        ]
        indexes = [
            models.Index(fields=["shop", "transaction"], name="entry_by_transaction"),
            models.Index(fields=["shop", "account", "at"], name="entry_by_account"),
            models.Index(fields=["shop", "lot"], name="entry_by_lot"),
            models.Index(fields=["shop", "restores"], name="entry_by_restored"),
            models.Index(fields=["shop", "at"], name="entry_by_time"),
        ]


class Hold(ShopRow):
    """Value set aside for a purchase, under a reference that the shop's checkout gave.

    What is neither captured nor released is still held, until ``expires_at``.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="holds", db_index=False)
    reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "reference"], name="hold_reference_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(captured_minor__gte=0)
                & Q(released_minor__gte=0)
                & Q(amount_minor__gte=F("captured_minor") + F("released_minor")),
                name="hold_within_what_was_set_aside",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "account", "made_at"], name="hold_by_account"),
            models.Index(
                fields=["expires_at"],
                name="hold_to_expire",
                condition=Q(amount_minor__gt=F("captured_minor") + F("released_minor")),
            ),
        ]

    @property
    def left_minor(self) -> int:
        """What is still held."""
        return self.amount_minor - self.captured_minor - self.released_minor


class HoldPart(ShopRow):
    """Which lot a hold is made of; ``gone_minor`` was captured or released."""

    hold = models.ForeignKey(Hold, models.PROTECT, related_name="parts", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="hold_parts", db_index=False)
    part = models.CharField(max_length=5, choices=choices_of(Part))
    position = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    gone_minor = models.BigIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "hold", "position"], name="hold_part_position"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(gone_minor__gte=0)
                & Q(gone_minor__lte=F("amount_minor")),
                name="hold_part_within_its_amount",
            ),
        ]
        indexes = [models.Index(fields=["shop", "lot"], name="hold_part_by_lot")]


class CreditTerms(ShopRow):
    """What a shop promises about kept value. Days of None mean without an end.

    ``bonus_percent`` is given on top when a shopper takes store credit instead of money.
    ``cash_days`` ends money that somebody paid: a merchant's own choice that the law of their
    country must allow. ``points_per_unit`` is how many points one unit of the currency earns.
    """

    bonus_percent = models.PositiveSmallIntegerField(default=0)
    bonus_days = models.PositiveIntegerField(null=True)
    cash_days = models.PositiveIntegerField(null=True)
    card_days = models.PositiveIntegerField(null=True)
    points_per_unit = models.PositiveIntegerField(default=0)
    points_days = models.PositiveIntegerField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="credit_terms_once"),
            models.CheckConstraint(
                condition=Q(bonus_percent__lte=100), name="credit_terms_bonus_percent"
            ),
        ]
