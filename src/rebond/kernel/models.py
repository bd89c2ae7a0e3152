"""Tables that every room uses: what happened, what is to be done, what was counted."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Now

from rebond.kernel.ids import uuid7
from rebond.kernel.writing import as_stored


def choices_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    """What a column may hold, from an enum that knows no framework. People see other words."""
    return [(word.value, word.value) for word in words]


class Row(models.Model):
    """A row with an id made by the application."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Event(Row):
    """What happened, in order. Rows are only ever added.

    ``subject`` is the id of the thing whose timeline this belongs to, and
    ``sequence`` counts that thing's events without a gap.
    """

    shop_id = models.UUIDField()
    subject = models.UUIDField()
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    payload = models.JSONField()
    actor = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "id"], name="event_of_shop"),
            models.UniqueConstraint(
                fields=["shop_id", "subject", "sequence"], name="event_in_sequence"
            ),
        ]
        indexes = [models.Index(fields=["shop_id", "name", "at"], name="event_by_name")]


class Job(Row):
    """Something to be done in the background: one call of one function.

    While a worker holds it, ``run_at`` is the end of its lease: a worker that
    dies leaves a job that becomes due by itself. Scanned across shops. ``lane``: for whose answer
    it waits, if for anybody's (``rebond.kernel.lanes``).
    """

    shop_id = models.UUIDField(null=True)
    path = models.CharField(max_length=200)
    arguments = models.JSONField()
    key = models.CharField(max_length=200, null=True)
    lane = models.CharField(max_length=40, default="", db_default="")
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    is_dead = models.BooleanField(default=False)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="job_key_once")]
        indexes = [
            models.Index(fields=["is_dead", "-priority", "run_at"], name="job_due"),
        ]


class Schedule(models.Model):
    """When a function that runs by the clock is due next. One row per function."""

    path = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField()


class Counter(Row):
    """The last number given in one series of one shop, counted without a gap.

    The number and the document that bears it are written in one transaction; a
    transaction that rolls back gives its number back.
    """

    shop_id = models.UUIDField()
    series = models.CharField(max_length=40)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "id"], name="counter_of_shop"),
            models.UniqueConstraint(fields=["shop_id", "series"], name="counter_one_per_series"),
        ]


def next_number(shop_id: UUID, series: str, *, count: int = 1) -> int:
    """The next number of ``series``, 1 for the first; with ``count`` the first of so many.

    Call inside an action. The counter's row stays locked until the transaction ends, so numbers
    are given in the order in which documents commit.
    """
    last = _raised(shop_id, series, count)
    if last is None:
        Counter.objects.bulk_create(
            [Counter(shop_id=shop_id, series=series, last=0)], ignore_conflicts=True
        )
        last = _raised(shop_id, series, count)
    assert last is not None
    return last - count + 1


def _raised(shop_id: UUID, series: str, count: int) -> int | None:
    """The last number after ``count`` more; None where nothing was counted yet."""
    shop = as_stored(Counter, "shop_id", shop_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_counter SET last = last + %s WHERE shop_id = %s AND series = %s "
            "RETURNING last",
            [count, shop, series],
        )
        found = cursor.fetchone()
    return found[0] if found is not None else None
