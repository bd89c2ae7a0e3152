"""Trials of a policy: what was asked for, how far it got, what came out."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Base(StrEnum):
    """What the tried policy is held against."""

    THEN = "then"
    IN_FORCE = "in_force"


class TrialState(StrEnum):
    """How far a trial is. Only a running one goes on."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Stage(StrEnum):
    """What is being looked at, in this order."""

    COUNTING = "counting"
    RETURNS = "returns"
    ORDERS = "orders"


class Trial(ShopRow):
    """One policy tried on one period.

    ``number`` and ``revision`` name the draft, ``document`` is what it said when the trial began.
    ``first_day`` and ``last_day`` are both inside. ``stage`` and ``cursor`` say where to go on
    after a stop or a crash; ``done`` counts what has been looked at, of ``total``, and is what
    fences off a worker that comes back too late. ``tally`` is what was counted so far
    (``report.Tallies``).
    """

    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    base = models.CharField(max_length=10, choices=choices_of(Base))
    first_day = models.DateField()
    last_day = models.DateField()
    with_orders = models.BooleanField(default=True)
    with_simulated = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=choices_of(TrialState), default=TrialState.RUNNING
    )
    stage = models.CharField(max_length=10, choices=choices_of(Stage), default=Stage.COUNTING)
    cursor = models.JSONField(default=list)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveBigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="trial_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["shop", "number", "revision", "-id"], name="trial_newest")]

    @property
    def is_running(self) -> bool:
        """Whether it goes on by itself."""
        return self.state == TrialState.RUNNING

    @property
    def percent(self) -> int:
        """How much of it is done; 0 while nobody has counted yet."""
        return min(100, self.done * 100 // self.total) if self.total else 0
