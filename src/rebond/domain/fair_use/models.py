"""Restrictions, appeals, and what a shop set about them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from rebond.domain.fair_use.kinds import AppealOutcome, RestrictionReason
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class Restriction(ShopRow):
    """What one shopper is not given for a while, beyond what the law gives everybody.

    ``limits`` are values of ``kinds.Limit``. ``mail_mark`` is the fingerprint of the address, so
    that orders as a guest are met too. ``words`` is what the shopper reads; ``evidence`` are the
    numbers of the returns it rests on; ``note`` is for colleagues. It holds from ``starts_at``
    until ``ends_at`` and never before ``told_at``, when its notice had left.
    """

    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="restrictions", db_index=False
    )
    mail_mark = models.CharField(max_length=40, blank=True)
    limits = models.JSONField()
    reason = models.CharField(max_length=24, choices=choices_of(RestrictionReason))
    words = models.TextField()
    evidence = models.JSONField()
    note = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    made_by = models.CharField(max_length=120)
    made_by_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts_at__gt=F("made_at")) & Q(ends_at__gt=F("starts_at")),
                name="restriction_told_first_and_ends",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="restriction_says_why"),
        ]
        indexes = [
            models.Index(fields=["shop", "shopper", "ends_at"], name="restriction_by_shopper"),
            models.Index(fields=["shop", "mail_mark", "ends_at"], name="restriction_by_mark"),
            models.Index(fields=["shop", "-made_at", "-id"], name="restriction_newest"),
        ]

    def state_at(self, moment: datetime) -> str:
        """``lifted``, ``ended``, ``untold``, ``coming`` or ``holds``."""
        if self.lifted_at is not None and self.lifted_at <= moment:
            return "lifted"
        if self.ends_at <= moment:
            return "ended"
        if self.told_at is None:
            return "untold"
        return "coming" if moment < self.starts_at else "holds"

    def can_be_lifted_at(self, moment: datetime) -> bool:
        """Whether there is something left to lift."""
        return self.state_at(moment) in {"untold", "coming", "holds"}


class Appeal(ShopRow):
    """A shopper's wish that a person looks again, in their words, and the answer.

    ``restricted_by`` is who made the restriction; where ``needs_another`` is set, the answer
    comes from somebody else.
    """

    restriction = models.ForeignKey(
        Restriction, models.PROTECT, related_name="appeals", db_index=False
    )
    text = models.TextField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    needs_another = models.BooleanField(default=False)
    restricted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=choices_of(AppealOutcome), blank=True)
    answer = models.TextField(blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "restriction"],
                condition=Q(answered_at__isnull=True),
                name="appeal_one_open",
            ),
            models.CheckConstraint(
                condition=Q(needs_another=False)
                | Q(answered_by__isnull=True)
                | ~Q(answered_by=F("restricted_by")),
                name="appeal_by_another",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | (Q(answered_by__isnull=False) & ~Q(outcome="") & ~Q(answer="")),
                name="appeal_answered_in_full",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "restriction"], name="appeal_by_restriction"),
            models.Index(
                fields=["shop", "due_at"],
                condition=Q(answered_at__isnull=True),
                name="appeal_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.answered_at is None


class FairUseTerms(ShopRow):
    """What a shop set: whether who restricts may answer the appeal."""

    needs_another = models.BooleanField(default=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="fair_use_terms_once"),
        ]
