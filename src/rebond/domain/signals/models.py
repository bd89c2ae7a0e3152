"""Assessments with their signals, what people found, and marks that link accounts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.policies.facts import LEVELS
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow, Staff
from rebond.domain.signals.judging import CAREFUL_FROM, LOOK_FROM, MOST_POINTS
from rebond.domain.signals.kinds import Category, Found, MarkKind
from rebond.kernel.models import choices_of


class Assessment(ShopRow):
    """How closely a return should be looked at, as it was at one moment.

    Rows are added when something changed; ``is_latest`` marks the one that counts. ``occasion``
    is the name of the event, or ``clock``. ``turn`` counts from 1 for each return.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="assessments", db_index=False)
    turn = models.PositiveIntegerField()
    level = models.CharField(max_length=8, choices=[(level, level) for level in LEVELS])
    points = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=60)
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "turn"], name="assessment_turn"),
            models.UniqueConstraint(
                fields=["shop", "rma"], condition=Q(is_latest=True), name="assessment_one_latest"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "level", "rma"],
                condition=Q(is_latest=True),
                name="assessment_by_level",
            ),
            models.Index(fields=["shop", "at"], name="assessment_by_time"),
        ]


class Signal(ShopRow):
    """What one detector said: its strength and the numbers of its sentence, nothing else."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="signals", db_index=False
    )
    detector = models.CharField(max_length=40)
    strength = models.PositiveSmallIntegerField()
    numbers = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "assessment", "detector"], name="signal_once_per_assessment"
            ),
            models.CheckConstraint(
                condition=Q(strength__gte=1) & Q(strength__lte=3), name="signal_strength"
            ),
        ]


class Verdict(ShopRow):
    """What a person found. A new row changes it; ``is_latest`` marks the one that counts."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="verdicts", db_index=False)
    turn = models.PositiveIntegerField()
    found = models.CharField(max_length=8, choices=choices_of(Found))
    category = models.CharField(max_length=16, choices=choices_of(Category))
    note = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    by_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    is_latest = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "turn"], name="verdict_turn"),
            models.UniqueConstraint(
                fields=["shop", "rma"], condition=Q(is_latest=True), name="verdict_one_latest"
            ),
            models.CheckConstraint(
                condition=Q(found="fraud") & ~Q(category="none")
                | ~Q(found="fraud") & Q(category="none"),
                name="verdict_category_of_fraud",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "found", "rma"],
                condition=Q(is_latest=True),
                name="verdict_by_found",
            )
        ]


class Mark(ShopRow):
    """A fingerprint by which accounts are seen to belong together; it says nothing by itself.

    Keyed with a secret of this installation and the shop, so that it can be compared with marks
    of the same shop only. ``source`` is the bank account it was made of.
    """

    shopper = models.ForeignKey(Shopper, models.PROTECT, related_name="marks", db_index=False)
    kind = models.CharField(max_length=8, choices=choices_of(MarkKind))
    mark = models.CharField(max_length=40)
    source = models.UUIDField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "shopper", "kind", "mark"], name="mark_once_per_shopper"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "kind", "mark"], name="mark_by_value"),
            models.Index(fields=["shop", "source"], name="mark_by_source"),
        ]


class SignalSettings(ShopRow):
    """What a shop set: numbers by detector, detectors switched off, points for each level."""

    numbers = models.JSONField(default=dict)
    off = models.JSONField(default=list)
    look_from = models.PositiveSmallIntegerField(default=LOOK_FROM)
    careful_from = models.PositiveSmallIntegerField(default=CAREFUL_FROM)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="signal_settings_once"),
            models.CheckConstraint(
                condition=Q(look_from__gte=1)
                & Q(careful_from__gte=F("look_from"))
                & Q(careful_from__lte=MOST_POINTS),
                name="signal_settings_levels",
            ),
        ]
