"""What was received, what was found, and where each piece went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value

from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Photo, Return, ReturnLine
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shops.models import ShopRow
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.kinds import Derogation, Heard, Place, UnitState
from rebond.kernel.models import choices_of


class Receipt(ShopRow):
    """One time that goods of a return arrived. ``counts`` maps a return line's id to pieces."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="receipts", db_index=False)
    counts = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [
            models.Index(fields=["shop", "rma"], name="receipt_by_return"),
            models.Index(fields=["shop", "at"], name="receipt_by_day"),
        ]


class Checklist(ShopRow):
    """How pieces of one category are looked at: what each grade means, what is asked.

    ``category`` is the catalogue's word, "" for every category without a checklist of its own.
    ``grades`` maps a grade to ``{"words": {language: text}, "picture": name of a file or ""}``.
    ``questions`` are ``{"key", "words": {language: text}, "at_best"}`` in their order; a "no"
    leaves at best the grade ``at_best``, "" any.
    """

    category = models.CharField(max_length=80, blank=True)
    grades = models.JSONField(default=dict)
    questions = models.JSONField(default=list)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "category"], name="checklist_once"),
        ]


class Inspection(ShopRow):
    """What we found: some pieces of a line, all in one state.

    ``is_accepted`` says whether these pieces are paid for. ``answers`` are the questions of the
    checklist as they were asked: ``{"key", "words": {language: text}, "answer"}``.
    ``rule`` is the id of the policy's rule for this grade and ``rule_percent`` what it keeps; a
    person may keep another share, ``kept_percent``. ``serials`` are the serial numbers read from
    these pieces, accepted or not, one for each at most.
    """

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections", db_index=False)
    quantity = models.PositiveIntegerField()
    grade = models.CharField(max_length=10, choices=choices_of(Grade))
    disposition = models.CharField(max_length=16, choices=choices_of(Disposition))
    is_accepted = models.BooleanField()
    kept_percent = models.PositiveSmallIntegerField(default=0)
    is_incomplete = models.BooleanField(default=False, db_default=False)
    rule = models.CharField(max_length=60, blank=True, default="", db_default="")
    rule_percent = models.PositiveSmallIntegerField(null=True)
    answers = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    serials = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    note = models.CharField(max_length=1000, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", null=True, db_index=False)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=1), name="inspection_some_piece"),
            models.CheckConstraint(
                condition=Q(kept_percent__lte=100), name="inspection_kept_share"
            ),
            models.CheckConstraint(
                condition=Q(rule="", rule_percent=None) | (~Q(rule="") & Q(rule_percent__lte=100)),
                name="inspection_share_of_its_rule",
            ),
        ]
        indexes = [models.Index(fields=["shop", "line"], name="inspection_by_line")]


class LooseParcel(ShopRow):
    """A parcel nobody announced. ``code`` is what its label says; matched to a return or order.

    ``slip`` is the return slip that it bore. ``awaits_return`` says that its order is known and
    that no return was made from it yet.
    """

    code = models.CharField(max_length=120)
    rma = models.ForeignKey(Return, models.PROTECT, related_name="+", null=True, db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", null=True, db_index=False)
    slip = models.ForeignKey(
        ReturnSlip, models.PROTECT, related_name="+", null=True, db_index=False
    )
    awaits_return = models.BooleanField(default=False, db_default=False)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    matched_by = models.CharField(max_length=120, blank=True)
    matched_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "slip"],
                condition=Q(awaits_return=True),
                name="loose_parcel_once_for_each_slip",
            ),
            models.CheckConstraint(
                condition=Q(awaits_return=False) | Q(rma=None, order__isnull=False),
                name="loose_parcel_awaits_for_its_order",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "matched_at", "at"], name="loose_parcel_open"),
            models.Index(
                fields=["shop", "order"],
                condition=Q(awaits_return=True),
                name="loose_parcel_to_file",
            ),
        ]


class Scan(ShopRow):
    """One thing that a station said, taken once: ``key`` is made by the station.

    ``station`` names the device; the return it opened last is what its next codes belong to.
    A piece counts for its return as soon as it is scanned, and is booked in with ``receipt``.
    ``made_at`` is the device's clock, ``at`` ours.
    """

    key = models.UUIDField()
    station = models.CharField(max_length=40)
    code = models.CharField(max_length=120, blank=True)
    heard = models.CharField(max_length=14, choices=choices_of(Heard))
    rma = models.ForeignKey(Return, models.PROTECT, related_name="scans", null=True, db_index=False)
    line = models.ForeignKey(
        ReturnLine, models.PROTECT, related_name="+", null=True, db_index=False
    )
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, related_name="scans", null=True, db_index=False
    )
    parcel = models.ForeignKey(
        LooseParcel, models.PROTECT, related_name="+", null=True, db_index=False
    )
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "key"], name="scan_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "station", "-id"], name="scan_of_station"),
            models.Index(fields=["shop", "rma", "receipt"], name="scan_of_return"),
            models.Index(
                fields=["shop", "rma"],
                condition=Q(receipt=None, heard="piece"),
                name="scan_unbooked",
            ),
        ]


class Location(ShopRow):
    """A place where pieces stand to be sold."""

    name = models.CharField(max_length=60)
    place = models.CharField(max_length=12, choices=choices_of(Place))

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "name"], name="location_name_once"),
        ]


class Balance(ShopRow):
    """Pieces of one stock code at one location: the sum of its movements, never below zero."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="balances", db_index=False)
    sku = models.CharField(max_length=64)
    pieces = models.BigIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "location", "sku"], name="balance_once"),
            models.CheckConstraint(condition=Q(pieces__gte=0), name="balance_not_negative"),
        ]


class Batch(ShopRow):
    """Pieces that left together: back to the vendor, given, recycled or destroyed.

    ``derogation`` and its ``evidence`` stand only where goods were destroyed.
    """

    number = models.PositiveBigIntegerField()
    disposition = models.CharField(max_length=16, choices=choices_of(Disposition))
    recipient = models.CharField(max_length=200)
    derogation = models.CharField(max_length=20, choices=choices_of(Derogation), blank=True)
    evidence = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="batch_number_once"),
            models.CheckConstraint(
                condition=~Q(disposition="destroy") | (~Q(derogation="") & ~Q(evidence="")),
                name="batch_destroyed_with_evidence",
            ),
        ]


class Unit(ShopRow):
    """One accepted piece and where it goes. ``ordinal`` counts the pieces of its inspection.

    ``batch`` is set where it left the house, a ``Movement`` where it went on a shelf.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="units", db_index=False)
    ordinal = models.PositiveIntegerField()
    sku = models.CharField(max_length=64)
    serial = models.CharField(max_length=80, blank=True)
    disposition = models.CharField(max_length=16, choices=choices_of(Disposition))
    state = models.CharField(max_length=10, choices=choices_of(UnitState))
    why = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="units", null=True, db_index=False
    )
    since = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "inspection", "ordinal"], name="unit_ordinal_once"
            ),
            models.CheckConstraint(
                condition=(Q(state="gone") & ~Q(batch=None)) | (~Q(state="gone") & Q(batch=None)),
                name="unit_gone_with_its_batch",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "since"], name="unit_by_state"),
            models.Index(fields=["shop", "batch"], name="unit_by_batch"),
        ]


class WorkOrder(ShopRow):
    """Refurbishing one unit. ``steps`` are ``{"text", "done"}``; parts cost in minor units.

    ``ended_at`` is None while somebody works on it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="work", db_index=False)
    steps = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(default=0)
    parts_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "unit"], condition=Q(ended_at=None), name="work_order_one_open"
            ),
            models.CheckConstraint(
                condition=Q(parts_minor__gte=0) & ~Q(currency=""), name="work_order_parts"
            ),
        ]
        indexes = [models.Index(fields=["shop", "ended_at", "opened_at"], name="work_order_open")]


class Movement(ShopRow):
    """Pieces put on a shelf or taken from it. Rows are only ever added.

    ``unit`` is the returned piece that was put away, None for a change by hand with its ``why``.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="movements", db_index=False)
    sku = models.CharField(max_length=64)
    pieces = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="moves", null=True, db_index=False)
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "unit"], condition=~Q(unit=None), name="movement_unit_once"
            ),
            models.CheckConstraint(condition=~Q(pieces=0), name="movement_some_piece"),
            models.CheckConstraint(
                condition=(Q(unit=None) & ~Q(why="")) | (~Q(unit=None) & Q(pieces=1)),
                name="movement_of_a_unit_or_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "location", "sku"], name="movement_of_balance"),
            models.Index(fields=["shop", "-at", "-id"], name="movement_newest"),
        ]
