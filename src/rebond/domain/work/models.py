"""Assignments, mentions, saved views, who is looking, and bulk runs."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rebond.domain.machines.models import ApiKey
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.models import Note, Return
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class Assignment(ShopRow):
    """Who takes care of a return. ``is_open`` is False once the return is over."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="assignments", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="assignment_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "staff", "-at"],
                condition=Q(is_open=True),
                name="assignment_of_staff",
            ),
        ]


class Mention(ShopRow):
    """Somebody of the team was named in a note. ``read_at`` is None until they have seen it."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="mentions", db_index=False)
    rma = models.ForeignKey(Return, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "note", "staff"], name="mention_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "staff", "-at"], condition=Q(read_at=None), name="mention_unread"
            ),
        ]


class SavedView(ShopRow):
    """A view of the queue that somebody made for themselves.

    ``filters`` are keys and values that the queue reads; what it does not know is left out.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "staff", "title"], name="saved_view_once"),
        ]


class Presence(ShopRow):
    """Who had the page of a return open, and when last."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "staff"], name="presence_once"),
        ]


class BulkKind(StrEnum):
    """What is done to each return."""

    APPROVE = "approve"
    DECLINE = "decline"
    ASSIGN = "assign"
    ASK = "ask"
    REMIND = "remind"
    REFUND = "refund"

    @property
    def needs(self) -> Right:
        """The right that somebody needs for it."""
        return Right.REFUND if self is BulkKind.REFUND else Right.DECIDE

    @property
    def scope(self) -> Scope:
        """The scope that a machine's key needs for it."""
        return Scope.REFUNDS_WRITE if self is BulkKind.REFUND else Scope.RETURNS_WRITE


class RunState(StrEnum):
    """How far a run is. Only a running one goes on."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class RowState(StrEnum):
    """What became of one return."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class BulkRun(ShopRow):
    """One thing done to many returns, each in a transaction of its own.

    ``told`` is what was chosen with it: words, a reason, a person's id. ``done`` of ``total`` rows
    are over. Either somebody of ``staff`` began it, or a machine by its ``key``.
    """

    kind = models.CharField(max_length=10, choices=choices_of(BulkKind))
    told = models.JSONField(default=dict)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.ForeignKey(ApiKey, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=choices_of(RunState), default=RunState.RUNNING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="bulk_run_not_over_its_total"
            ),
            models.CheckConstraint(
                condition=Q(staff=None) | Q(key=None), name="bulk_run_one_who_began"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-started_at", "-id"], name="bulk_run_newest")]

    @property
    def is_running(self) -> bool:
        """Whether it goes on by itself."""
        return self.state == RunState.RUNNING

    @property
    def may_go_on(self) -> bool:
        """Whether who began it may still do what it does."""
        kind = BulkKind(self.kind)
        if self.staff is not None:
            return self.staff.may(kind.needs)
        return self.key is not None and self.key.is_good and kind.scope in self.key.scopes

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return self.done * 100 // self.total if self.total else 100


class BulkRow(ShopRow):
    """One return of a run. ``code`` and ``facts`` are those of the refusal, where there is one."""

    run = models.ForeignKey(BulkRun, models.PROTECT, related_name="rows", db_index=False)
    rma = models.ForeignKey(Return, models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=choices_of(RowState), default=RowState.WAITING)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "run", "position"], name="bulk_row_position"),
            models.UniqueConstraint(fields=["shop", "run", "rma"], name="bulk_row_once"),
        ]
