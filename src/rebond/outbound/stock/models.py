"""Which system of the shop hears of its stock, and each movement that it is told."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow
from rebond.domain.warehouse.models import Location, Movement
from rebond.kernel.models import choices_of


class ReportState(StrEnum):
    """Where a report stands. Refused: the line of its place stops until a person decides."""

    WAITING = "waiting"
    TOLD = "told"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


OPEN = (ReportState.WAITING, ReportState.REFUSED)
"""States that hold up what stands behind."""


class Link(ShopRow):
    """Who is told, one row for each shop. ``system`` is the key of a plug, "" for nobody."""

    system = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="stock_link_once"),
        ]


class Report(ShopRow):
    """One movement for the shop's system. ``number`` counts 1, 2, 3 … for each location.

    ``body`` is what each try says, to the letter, and the id its key. ``attempts`` counts tries;
    ``next_at`` is the next one, or, while one is under way, when it is
    thought lost. ``answer`` is what the system last said, or why there was no answer; ``system``
    and ``reference``, its own name for it, are set once it was told. ``why`` stands where
    somebody left it out.
    """

    movement = models.ForeignKey(Movement, models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=choices_of(ReportState), default=ReportState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "movement"], name="stock_report_once"),
            models.UniqueConstraint(
                fields=["shop", "location", "number"], name="stock_report_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="stock_report_counts_from_1"),
            models.CheckConstraint(
                condition=~Q(state="told") | ~Q(system="") & Q(ended_at__isnull=False),
                name="stock_report_told_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="left_out") | ~Q(why="") & Q(ended_at__isnull=False),
                name="stock_report_left_out_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "location", "number"],
                condition=Q(state__in=("waiting", "refused")),
                name="stock_report_in_line",
            ),
            models.Index(
                fields=["shop", "next_at"], condition=Q(state="waiting"), name="stock_report_due"
            ),
            models.Index(fields=["shop", "-made_at", "-id"], name="stock_report_newest"),
            models.Index(fields=["shop", "state", "-made_at", "-id"], name="stock_report_by_state"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be told."""
        return self.state in OPEN
