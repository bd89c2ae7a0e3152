"""Parcels on their way back, their labels, what carriers report of them, and lost ones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.points import lines_of
from rebond.domain.shipping.states import OVER, Charge, ClaimState, LabelState, PointKind
from rebond.domain.shipping.tracking import TrackingStatus
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Parcel(ShopRow):
    """One parcel of a return. ``tracking_key`` is the number without blanks, in lower case.

    ``handed_in_at`` is the carrier's first scan or another proof that it was sent,
    ``delivered_at`` what the carrier says of its end, ``received_at`` what we say ourselves.
    ``last_scan_at`` is the newest report. ``expected_on`` is the day on which its carrier means to
    be here, by what it said last. ``weight_grams`` is what we believe it weighs,
    ``weighed_grams`` what the carrier says; None: unknown. ``inside`` is the parcel of another
    return in whose box these goods lie; None: in one of their own.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="parcels", db_index=False)
    position = models.PositiveIntegerField()
    carrier = models.CharField(max_length=30)
    carrier_name = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    tracking_key = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        max_length=14, choices=choices_of(ParcelState), default=ParcelState.ANNOUNCED
    )
    announced_at = models.DateTimeField(db_default=Now())
    handed_in_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    last_scan_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    weight_grams = models.PositiveIntegerField(null=True)
    weighed_grams = models.PositiveIntegerField(null=True)
    inside = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="guests", db_index=False
    )

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "position"], name="parcel_position"),
            models.UniqueConstraint(
                fields=["shop", "rma", "inside"],
                condition=~Q(state=ParcelState.NONE),
                name="parcel_inside_once",
            ),
            models.CheckConstraint(
                condition=Q(inside=None) | ~Q(inside=F("id")), name="parcel_not_inside_itself"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "tracking_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="parcel_by_tracking",
            ),
            models.Index(fields=["shop", "state", "-announced_at", "-id"], name="parcel_by_state"),
            models.Index(
                fields=["shop", "inside"],
                condition=Q(inside__isnull=False),
                name="parcel_by_box",
            ),
        ]

    @property
    def weight_differs(self) -> bool:
        """Whether the carrier weighed clearly less or more: a fifth of what we believe, and
        200 g at least."""
        if self.weight_grams is None or self.weighed_grams is None:
            return False
        return abs(self.weighed_grams - self.weight_grams) > max(200, self.weight_grams // 5)


class TrackingEvent(ShopRow):
    """One report of a carrier about a number. Rows are only ever added.

    It stands by its number and not by a parcel, because a report may come before we know the
    parcel.
    """

    carrier = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    tracking_key = models.CharField(max_length=80)
    status = models.CharField(max_length=24, choices=choices_of(TrackingStatus))
    happened_at = models.DateTimeField()
    heard_at = models.DateTimeField(db_default=Now())
    place = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=200, blank=True)
    weight_grams = models.PositiveIntegerField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "carrier", "tracking_key", "event_id"], name="tracking_event_once"
            ),
        ]


class Label(ShopRow):
    """A prepaid label of a parcel. Its id is the reference that the carrier keeps.

    ``cost_minor`` is None until the carrier says a price. ``drop_off_code`` is the text of the QR
    code that stands for a printed label where the parcel is handed in; empty: there is none.
    ``pickup_on`` is the day on which the carrier comes for the parcel, between ``pickup_from`` and
    ``pickup_to`` of the clock at the door; None where the parcel is handed in. ``charged_at`` is
    when it costs, as it was when the label was asked for. A parcel has one label that is not over.
    """

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="labels", db_index=False)
    carrier = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=choices_of(LabelState))
    their_reference = models.CharField(max_length=120, blank=True)
    file = models.CharField(max_length=200, blank=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    charged_at = models.CharField(
        max_length=4, choices=choices_of(Charge), default="made", db_default="made"
    )
    code = models.CharField(max_length=60, blank=True)
    drop_off_code = models.CharField(max_length=200, blank=True, default="", db_default="")
    pickup_on = models.DateField(null=True)
    pickup_from = models.TimeField(null=True)
    pickup_to = models.TimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "parcel"],
                condition=~Q(state__in=sorted(OVER)),
                name="label_one_for_each_parcel",
            ),
            models.CheckConstraint(
                condition=Q(cost_minor=None) | Q(cost_minor__gte=0), name="label_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(pickup_on=None, pickup_from=None, pickup_to=None)
                | Q(pickup_on__isnull=False, pickup_from__lt=F("pickup_to")),
                name="label_pickup_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "pickup_on"],
                condition=Q(pickup_on__isnull=False),
                name="label_pickup_day",
            ),
            models.Index(
                fields=["shop", "next_look_at"],
                condition=Q(next_look_at__isnull=False),
                name="label_to_look_up",
            ),
        ]

    @property
    def waits_for_scan(self) -> bool:
        """Whether it costs nothing as yet: it is charged at its first scan, and was not used."""
        parcel = self.parcel
        was_used = parcel.handed_in_at or parcel.received_at
        return self.charged_at == Charge.SCAN and not was_used


class StockLabel(ShopRow):
    """A prepaid label that the shop has laid in. ``taken_by`` is the label it became."""

    carrier_name = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=80)
    tracking_key = models.CharField(max_length=80)
    file = models.CharField(max_length=200)
    laid_in_at = models.DateTimeField(db_default=Now())
    taken_by = models.ForeignKey(Label, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "tracking_key"], name="stock_label_once"),
            models.UniqueConstraint(fields=["shop", "taken_by"], name="stock_label_taken_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "id"], condition=Q(taken_by=None), name="stock_label_free"
            ),
        ]


class ReturnSlip(ShopRow):
    """The sheet that lies in an outgoing parcel, should anything come back. One for each order.

    ``code`` is what it says in bars, without hyphens; see ``slip_codes``. No return needs to exist.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "order"], name="slip_one_for_each_order"),
            models.UniqueConstraint(fields=["shop", "code"], name="slip_code_once"),
        ]


class ReturnPoint(ShopRow):
    """A place where shoppers hand a parcel in, or goods over; rows are replaced as a whole.

    ``reference`` is the carrier's or the shop's own code. ``latitude`` and ``longitude`` are
    degrees (WGS 84), both or none. ``opening_hours`` are lines to be read. ``is_step_free`` says
    whether a wheelchair gets in; None: not known.
    """

    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=choices_of(PointKind))
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postcode = models.CharField(max_length=12)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    carrier_name = models.CharField(max_length=60, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    opening_hours = models.JSONField(default=list)
    is_step_free = models.BooleanField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "reference"], name="point_once"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="point_on_earth",
            ),
        ]


class PointSearch(ShopRow):
    """What a carrier told of its places near a postcode, for a while.

    ``asked_at`` is the last question, ``told_at`` the last answer; None: there was none yet.
    ``postcode`` is without blanks, in capitals.
    """

    carrier = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "carrier", "country", "postcode"], name="search_once"
            ),
        ]


class CarrierPoint(ShopRow):
    """A place that a carrier told in a search, with what ``points.ToldPoint`` says.

    Its id is made of the search and the reference, so that it stays when it is told again.
    """

    search = models.ForeignKey(
        PointSearch, models.DO_NOTHING, related_name="points", db_index=False
    )
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=choices_of(PointKind))
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postcode = models.CharField(max_length=12)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    carrier_name = models.CharField(max_length=60, blank=True)
    metres = models.PositiveIntegerField(null=True)
    hours = models.JSONField(default=list)
    is_step_free = models.BooleanField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "search", "reference"], name="told_point_once"),
        ]

    @property
    def opening_hours(self) -> list[str]:
        """Lines to be read, in the language of who reads now."""
        return lines_of(self.hours)


class ChosenMethod(ShopRow):
    """How the goods of a return travel back, as the shopper chose it.

    ``method`` is one of ``policies.facts.METHODS``; ``fee_minor`` is kept from the refund, once.
    ``point`` is a copy of the ``ReturnPoint`` or ``CarrierPoint`` that was chosen (see
    ``points.kept``), or empty.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="chosen_methods", db_index=False)
    method = models.CharField(max_length=16)
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    point = models.JSONField(default=dict)
    chosen_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="chosen_method_once"),
            models.CheckConstraint(
                condition=Q(fee_minor__gte=0), name="chosen_method_fee_not_negative"
            ),
        ]


class ParcelClaim(ShopRow):
    """A parcel that counts as lost. ``paid_minor`` is what the carrier paid for it."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="claims", db_index=False)
    state = models.CharField(max_length=10, choices=choices_of(ClaimState))
    why = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)
    paid_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "parcel"],
                condition=Q(state=ClaimState.OPEN),
                name="claim_one_open",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=None) | Q(paid_minor__gte=0), name="claim_paid_not_negative"
            ),
        ]


class SendingReminder(ShopRow):
    """A reminder that the goods of a return are still waited for; ``turn`` 1 or 2."""

    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="sending_reminders", db_index=False
    )
    turn = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "turn"], name="sending_reminder_once"),
            models.CheckConstraint(
                condition=Q(turn__gte=1) & Q(turn__lte=2), name="sending_reminder_turn"
            ),
        ]


class ShippingTerms(ShopRow):
    """How a shop's parcels come back. ``label_carrier`` is the plug that makes prepaid labels;
    empty: none. A parcel without a scan for ``lost_after_days`` counts as lost. Goods that nobody
    sent are asked for ``remind_after_days`` after the return was accepted and, where that is not
    a legal withdrawal, no longer waited for after ``expire_after_days``; 0: never.
    ``label_charge`` is when the shop's contract charges a label; empty: as its plug says."""

    label_carrier = models.CharField(max_length=30, blank=True)
    lost_after_days = models.PositiveSmallIntegerField(default=10)
    remind_after_days = models.PositiveSmallIntegerField(default=7)
    expire_after_days = models.PositiveSmallIntegerField(default=0)
    label_charge = models.CharField(
        max_length=4, choices=choices_of(Charge), blank=True, default="", db_default=""
    )

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="shipping_terms_once"),
            models.CheckConstraint(
                condition=Q(lost_after_days__gte=2, lost_after_days__lte=90),
                name="shipping_lost_after",
            ),
            models.CheckConstraint(
                condition=Q(remind_after_days__lte=60)
                & (
                    Q(expire_after_days=0)
                    | Q(expire_after_days__gte=21, expire_after_days__lte=365)
                ),
                name="shipping_waits_long_enough",
            ),
        ]
