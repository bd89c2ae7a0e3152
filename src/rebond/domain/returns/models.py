"""Returns, their lines, reasons, photos, and the links that open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.orders.reading import lock_order
from rebond.domain.policies.facts import DONATION_PROOFS, REPAIR
from rebond.domain.returns.errors import ChangedMeanwhile, IllegalTransition
from rebond.domain.returns.states import (
    NEXT_REQUEST_STATES,
    Goods,
    Ground,
    InspectionState,
    MoneyState,
    ParcelState,
    RequestState,
)
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopManager, ShopRow
from rebond.kernel.models import choices_of
from rebond.kernel.prepared import Prepared
from rebond.kernel.writing import update_columns


class ReasonFamily(models.TextChoices):
    """The three families of reasons."""

    PRODUCT = "product"
    EXPERIENCE = "experience"
    PERSONAL = "personal"


class Reason(ShopRow):
    """Why something comes back, in the shop's own words.

    A reason with a ``parent`` refines it. ``labels`` maps a language to the words shown.
    ``is_in_transit``: it happened on the way to the shopper, at the shop's risk.
    ``codes`` maps another system (``shopify``, ``mirakl``) to its value for this reason.
    """

    code = models.CharField(max_length=40)
    family = models.CharField(max_length=12, choices=ReasonFamily)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_index=False
    )
    position = models.PositiveIntegerField(default=0)
    labels = models.JSONField(default=dict)
    codes = models.JSONField(default=dict)
    categories = models.JSONField(default=list)
    needs_photo = models.BooleanField(default=False)
    is_our_fault = models.BooleanField(default=False)
    is_in_transit = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "code"], name="reason_code_once"),
        ]

    def label(self, language: str) -> str:
        """The words for ``language``, or English, or the code."""
        return self.labels.get(language) or self.labels.get("en") or self.code


class ReturnQuerySet(models.QuerySet["Return"]):
    """Returns, by what people ask for."""

    def locked(self, *, pk: UUID | str, version: int | None = None) -> Return:
        """The return with this id, read after its order was locked.

        The order's row is the lock for all that hangs from the order. It is a
        courtesy: the counters with their constraints decide. Raises ``ChangedMeanwhile``
        where the return is not in ``version`` any more, which is what its changer saw.
        """
        rma_id = pk if isinstance(pk, UUID) else UUID(pk)
        _order_locked.all(rma_id)
        rma = _locked.first(rma_id)
        if rma is None:
            raise Return.DoesNotExist
        if version is not None and rma.version != version:
            raise ChangedMeanwhile(number=rma.number)
        if rma.order is not None:
            rma.order.shop = rma.shop
            if rma.shopper is not None and rma.shopper_id == rma.order.shopper_id:
                rma.order.shopper = rma.shopper
        return rma

    def locked_together(self, pks: Iterable[UUID]) -> dict[UUID, Return]:
        """The returns with these ids, read after all their orders were locked.

        The orders are locked in one sequence for everybody, so that two who need the same ones
        never wait for each other.
        """
        wanted = sorted(set(pks))
        orders = self.filter(pk__in=wanted, order__isnull=False).values_list("order_id", flat=True)
        for order_id in sorted(set(orders)):
            lock_order(order_id)
        return {pk: self.locked(pk=pk) for pk in wanted}

    def standing(self) -> ReturnQuerySet:
        """Returns that still claim their pieces."""
        return self.exclude(
            request_state__in=[
                RequestState.DECLINED,
                RequestState.CANCELLED,
                RequestState.EXPIRED,
            ]
        )

    def requests(self) -> ReturnQuerySet:
        """Returns that somebody asked for; what was split off one was asked for with it."""
        return self.filter(split_from=None)


ReturnManager = ShopManager.from_queryset(ReturnQuerySet)
_order_locked = Prepared(
    lambda rma_id: (
        Order.objects.select_for_update(no_key=True)
        .only("id")
        .filter(pk__in=Return.objects.filter(pk=rma_id).values("order"))
    ),
    UUID,
)
_locked = Prepared(
    lambda rma_id: (
        Return.objects.select_for_update(no_key=True, of=("self",))
        .select_related("shop", "order", "shopper")
        .filter(pk=rma_id)
    ),
    UUID,
)


class Return(ShopRow):
    """A shopper's wish to give things back, from request to resolution.

    Four tracks, each with a state of its own: the request, the parcel, the
    inspection, the money. ``order`` is None only for a return in history that
    matches no known sale. ``terms`` freezes what the policy promised
    (see ``policies.engine.Decision``); ``origin`` says who filed it: ``shopper``,
    ``phone``, ``counter``, ``staff``, ``machine``, ``gift`` or ``import``. ``ground`` is what
    it rests on: the shop's own terms, or the consumer's right to withdraw. ``version`` counts
    changes, for forms that were opened before somebody else acted. ``gift_paid_as`` is not empty
    where the goods were a present: then ``shopper`` is who got it, gets that (``gift_card``,
    ``store_credit``), and the buyer is told nothing; ``gift_shows_value`` says whether its value
    is shown beforehand.
    ``goods`` says what becomes of the articles; only those that are sent back are waited for.
    ``split_from`` is the return that the pieces came with, or were asked for with, where they go
    their own way.
    ``basket`` is one for all returns that were asked for at once, of several orders.
    """

    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="returns", null=True, db_index=False
    )
    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="returns", null=True, db_index=False
    )
    origin = models.CharField(max_length=10, default="shopper")
    ground = models.CharField(max_length=24, choices=choices_of(Ground), default=Ground.COMMERCIAL)
    request_state = models.CharField(max_length=12, choices=choices_of(RequestState))
    parcel_state = models.CharField(
        max_length=14, choices=choices_of(ParcelState), default=ParcelState.NONE
    )
    inspection_state = models.CharField(
        max_length=14, choices=choices_of(InspectionState), default=InspectionState.AWAITING
    )
    money_state = models.CharField(
        max_length=14, choices=choices_of(MoneyState), default=MoneyState.NONE
    )
    language = models.CharField(max_length=10, default="fr")
    comment = models.TextField(blank=True)
    terms = models.JSONField(default=dict)
    decline_reason = models.CharField(max_length=40, blank=True)
    decline_note = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    gift_paid_as = models.CharField(max_length=12, blank=True, default="", db_default="")
    gift_shows_value = models.BooleanField(default=False, db_default=False)
    goods = models.CharField(
        max_length=10,
        choices=choices_of(Goods),
        default=Goods.SENT_BACK,
        db_default=Goods.SENT_BACK.value,
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, related_name="split_off", null=True, db_index=False
    )
    basket = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[ReturnManager[Self]] = ReturnManager()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "number_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="return_number_once",
            ),
            models.CheckConstraint(
                condition=Q(gift_paid_as__in=["", "gift_card", "store_credit"]),
                name="return_gift_kept_here",
            ),
            models.CheckConstraint(
                condition=Q(goods__in=[way.value for way in Goods]), name="return_goods_known"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-requested_at", "-id"], name="return_newest"),
            models.Index(
                fields=["shop", "request_state", "-requested_at", "-id"], name="return_by_state"
            ),
            models.Index(
                fields=["shop", "money_state", "-requested_at", "-id"], name="return_by_money"
            ),
            models.Index(fields=["shop", "order"], name="return_by_order"),
            models.Index(fields=["shop", "shopper"], name="return_by_shopper"),
            models.Index(
                fields=["shop", "split_from"],
                condition=Q(split_from__isnull=False),
                name="return_by_split",
            ),
            models.Index(
                fields=["shop", "basket"],
                condition=Q(basket__isnull=False),
                name="return_by_basket",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_gift(self) -> bool:
        """Whether the goods were a present, and who got it asks."""
        return bool(self.gift_paid_as)

    @property
    def country(self) -> str:
        """Whose law speaks, two letters: the sale's country, else the shop's."""
        return (self.order.country if self.order else "") or self.shop.country

    @property
    def is_withdrawal(self) -> bool:
        """Whether the consumer withdrew from the contract, so that the law alone decides."""
        return self.ground == Ground.WITHDRAWAL

    def move_request(self, state: RequestState, *fields: str) -> None:
        """Change the request's state and save ``fields`` with it.

        Raises ``IllegalTransition`` if there is no such step.
        """
        if state not in NEXT_REQUEST_STATES[RequestState(self.request_state)]:
            raise IllegalTransition(number=self.number, was=self.request_state, asked=str(state))
        self.request_state = state
        self.touch("request_state", *fields)

    @property
    def keeps_goods(self) -> bool:
        """Whether nothing has to be sent back: kept by the shopper, or given away."""
        return self.goods != Goods.SENT_BACK

    @property
    def is_repair(self) -> bool:
        """Whether its pieces are to be repaired and go back to the shopper: no money is paid."""
        return any(line.outcome == REPAIR for line in self.lines.all())

    @property
    def donation(self) -> Donation | None:
        """Where the goods go to a charity: which one, and how far."""
        return self.donations.first() if self.goods == Goods.DONATED else None

    @property
    def send_to(self) -> list[str]:
        """The address of the parcel, line by line: the policy's, or the shop's own."""
        named: list[str] = (self.terms.get("terms") or {}).get("send_to") or []
        return named or list(self.shop.return_address)

    def touch(self, *fields: str) -> None:
        """Save ``fields`` and count the change."""
        self.version += 1
        update_columns(self, *fields, "version")


class Donation(ShopRow):
    """The goods of one return go to a charity instead of the warehouse.

    ``charity`` is its name, then its address, line by line, as the policy named it. ``proof`` is
    what is wanted before the refund; ``proven_at`` when it came, from the start where none is.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="donations", db_index=False)
    charity = models.JSONField(default=list)
    proof = models.CharField(max_length=6)
    note = models.TextField(blank=True)
    proven_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="donation_once"),
            models.CheckConstraint(
                condition=Q(proof__in=list(DONATION_PROOFS)), name="donation_proof_known"
            ),
        ]

    @property
    def name(self) -> str:
        """What the charity is called."""
        return str(self.charity[0]) if self.charity else ""


class ReturnLine(ShopRow):
    """Some pieces of one order line.

    ``order_line`` is None for a line in history that matches no known sale; ``sku`` and
    ``title`` then say what came back. ``outcome`` is what the shopper asked for.
    ``waits_for_goods``: other goods are held for it, so an exchange decides its money.
    ``is_given_back``: the shopper has the pieces again, repaired or as they were, so they are no
    longer claimed. ``accepted_quantity`` is None until the pieces were inspected.
    ``credited_minor`` is the gross credit of a return in history.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="return_lines", null=True, db_index=False
    )
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+", null=True, db_index=False)
    outcome = models.CharField(max_length=16, default="refund")
    waits_for_goods = models.BooleanField(default=False)
    is_given_back = models.BooleanField(default=False, db_default=False)
    comment = models.TextField(blank=True)
    received_quantity = models.PositiveIntegerField(default=0)
    accepted_quantity = models.PositiveIntegerField(null=True)
    credited_minor = models.BigIntegerField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "rma", "position"], name="return_line_position"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_line_some_piece"),
            models.CheckConstraint(
                condition=Q(credited_minor=None) | Q(credited_minor__gte=0),
                name="return_line_credit_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order_line"], name="return_line_by_order_line"),
            models.Index(
                fields=["shop", "sku"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="return_line_by_sku",
            ),
        ]


class Photo(ShopRow):
    """A picture of a line, re-encoded by us. ``taken_by`` is ``shopper`` or ``warehouse``."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="photos", db_index=False)
    line = models.ForeignKey(
        ReturnLine, models.PROTECT, related_name="photos", null=True, db_index=False
    )
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    taken_by = models.CharField(max_length=12)
    added_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        indexes = [
            models.Index(fields=["shop", "rma"], name="photo_by_return"),
            models.Index(fields=["shop", "sha256"], name="photo_by_content"),
        ]


class ReturnLink(ShopRow):
    """A link that opens one return to whoever holds it, until it expires or is revoked."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="links", db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "rma"], name="return_link_by_return")]


class Note(ShopRow):
    """A remark of the staff on a return; shoppers never see it."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="notes", db_index=False)
    text = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "rma", "at"], name="note_by_return")]
