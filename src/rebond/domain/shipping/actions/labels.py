"""Prepaid labels: asked for, sent for, settled, looked up, given back. None is bought twice.

``ASKED`` is written before anything goes out. The worker that moves it to ``SENT`` calls the
carrier once; an answer that never came leaves it to be looked up under our reference, and it is
sent again only where the carrier says that it has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.actions.sharing import gather, locked_with_basket
from rebond.domain.shipping.announcing import announced, box_of, follow_known
from rebond.domain.shipping.boxes import drop_box, number_box
from rebond.domain.shipping.customs import declaration_of
from rebond.domain.shipping.errors import (
    LabelAlreadyThere,
    LabelNotVoidable,
    LabelStockEmpty,
    NoLabelOffered,
    NotToBeSent,
)
from rebond.domain.shipping.events import LabelAsked, LabelFailed, LabelReady, LabelVoided
from rebond.domain.shipping.models import Label, Parcel, ShippingTerms, StockLabel
from rebond.domain.shipping.moving import locked_parcel
from rebond.domain.shipping.pickups import door_of, place_of, refuse_pickup, window_of
from rebond.domain.shipping.ports import (
    Ability,
    LabelAnswer,
    LabelOrder,
    LabelOutcome,
    PickupWindow,
    carriers,
)
from rebond.domain.shipping.queries import labels_to_look_up
from rebond.domain.shipping.sharing import contents_of
from rebond.domain.shipping.states import DOUBTFUL, OVER, LabelState
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.files import keep
from rebond.kernel.jobs import later

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(days=1),
)
A_CALL_TAKES_AT_MOST = timedelta(minutes=2)
MOST_LABELS = 10
LONGEST_CODE = 200
VOID = "rebond.domain.shipping.jobs.void_label"


@dataclass(frozen=True)
class Sending:
    """A label that this worker, and no other, may ask the carrier for."""

    carrier: str
    shop: str
    order: LabelOrder
    sent_at: datetime

    def is_too_late(self, moment: datetime) -> bool:
        """Whether others may have looked it up by now, so that asking could buy a second one."""
        return moment > self.sent_at + A_CALL_TAKES_AT_MOST / 2


@dataclass(frozen=True)
class Looking:
    """A label whose fate is to be found out."""

    label_id: UUID
    carrier: str
    shop: str


@action
def ask_label(rma_id: UUID, *, by: str, pickup: PickupWindow | None = None) -> Label:
    """Ask for a prepaid label for one more parcel of the return; with ``pickup``, which has to be
    the chosen way, for the carrier to come for it. A return has one pickup at a time.

    Raises ``NotToBeSent`` unless the return is approved and not yet received, ``NoLabelOffered``
    where the shop names no carrier for labels, ``LabelAlreadyThere`` while an earlier label of
    the return is not settled or was not handed in, ``LabelStockEmpty``, ``PickupWindowUnknown``
    where a pickup was chosen and no day to come is given, ``MethodNotOffered`` for a window where
    none was chosen.
    """
    rma, siblings = locked_with_basket(rma_id)
    if rma.request_state != RequestState.APPROVED or rma.parcel_state == ParcelState.RECEIVED:
        raise NotToBeSent(number=rma.number, state=rma.request_state)
    terms = ShippingTerms.objects.filter(shop_id=rma.shop_id).first()
    carrier = terms.label_carrier if terms else ""
    if carrier not in carriers:
        raise NoLabelOffered(carrier=carrier)
    mine = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma)
    if mine.count() >= MOST_LABELS or mine.exclude(state__in=OVER | {LabelState.READY}).exists():
        raise LabelAlreadyThere(number=rma.number)
    refuse_pickup(rma, pickup, carriers[carrier].can)
    is_stock = Ability.STOCK in carriers[carrier].can
    stock = _take_from_stock(rma) if is_stock else None
    parcel = announced(
        rma,
        carrier=carrier,
        carrier_name=stock.carrier_name if stock else carriers[carrier].title,
        number=stock.tracking_number if stock else "",
        by=by,
    )
    label = Label.objects.create(
        shop_id=rma.shop_id,
        parcel=parcel,
        carrier=carrier,
        state=LabelState.READY if stock else LabelState.ASKED,
        file=stock.file if stock else "",
        currency=rma.shop.currency,
        charged_at=(terms.label_charge if terms else "") or carriers[carrier].charged_at,
        pickup_on=pickup.day if pickup else None,
        pickup_from=pickup.begins if pickup else None,
        pickup_to=pickup.ends if pickup else None,
        asked_at=now(),
        settled_at=now() if stock else None,
    )
    event = LabelReady if stock else LabelAsked
    record(event(str(rma.pk), rma.number, str(label.pk)), shop_id=rma.shop_id, actor=by)
    if stock is not None:
        _mark_taken(stock, label)
    gather(parcel, siblings, by=by)
    return label


def _take_from_stock(rma: Return) -> StockLabel:
    free = StockLabel.objects.filter(shop_id=rma.shop_id, taken_by=None).order_by("id").first()
    if free is None:
        raise LabelStockEmpty(carrier="manual")
    return free


def _mark_taken(stock: StockLabel, label: Label) -> None:
    """Only one label may become of a stocked one; who comes second is told that there is none."""
    won = StockLabel.objects.filter(shop_id=stock.shop_id, pk=stock.pk, taken_by=None).update(
        taken_by=label
    )
    if not won:
        raise LabelStockEmpty(carrier="manual")


@action
def send_label(label_id: UUID) -> Sending | None:
    """Take the label to be asked for; None where another worker has it or it is settled."""
    won = Label.objects.filter(pk=label_id, state=LabelState.ASKED).update(
        state=LabelState.SENT, sent_at=now(), next_look_at=now() + A_CALL_TAKES_AT_MOST
    )
    if not won:
        return None
    label = Label.objects.select_related("shop", "parcel__rma__shopper").get(pk=label_id)
    assert label.sent_at is not None
    return Sending(label.carrier, label.shop.slug, _order_of(label), label.sent_at)


@action
def settle_label(label_id: UUID, answer: LabelAnswer) -> str:
    """Take over what the carrier said, once; returns the label's state.

    A label whose fate is not known is looked up later, and after the last look, or where the
    carrier cannot be asked, it waits for a person. One that the carrier certainly has not is
    asked for again.
    """
    label, parcel = _locked_label(label_id)
    if label.state not in DOUBTFUL:
        return label.state
    if answer.outcome is LabelOutcome.MADE and answer.pdf and answer.tracking_number:
        _ready(label, parcel, answer)
    elif answer.outcome is LabelOutcome.REFUSED:
        _refused(label, parcel, answer.code)
    elif answer.outcome is LabelOutcome.NOT_THERE and not _may_be_missing(label):
        _ask_again(label, parcel)
    else:
        _in_doubt(label, answer.code)
    return label.state


@action
def claim_label_looks(limit: int = 100) -> list[Looking]:
    """The labels, of all shops, that are to be looked up now."""
    due = labels_to_look_up(now(), limit)
    for label in due:
        label.next_look_at = now() + A_CALL_TAKES_AT_MOST * 2
        label.save(update_fields=["next_look_at"])
    return [Looking(label.pk, label.carrier, label.shop.slug) for label in due]


@action
def say_what_became(
    shop_id: UUID, label_id: UUID, *, was_made: bool, tracking_number: str, pdf: bytes, by: str
) -> str:
    """Settle a label that waits for a person: it was made and here it is, or it was not made.

    Raises ``LabelAlreadyThere`` when it is settled, ``NoLabelOffered`` without a number and PDF.
    """
    label, parcel = _locked_label(label_id, shop_id=shop_id)
    if label.state != LabelState.UNCLEAR:
        raise LabelAlreadyThere(number=parcel.rma.number)
    if not was_made:
        _refused(label, parcel, "not_made", by=by)
    elif tracking_number and pdf.startswith(b"%PDF-"):
        answer = LabelAnswer(
            LabelOutcome.MADE, label.their_reference, tracking_number.strip()[:80], pdf
        )
        _ready(label, parcel, answer, by=by)
    else:
        raise NoLabelOffered(carrier=label.carrier)
    return label.state


@action
def start_void(shop_id: UUID, label_id: UUID, *, by: str) -> None:
    """Begin to give a label back. Raises ``LabelNotVoidable`` once the parcel was handed in, for
    a label that is not ready, and where its carrier takes none back."""
    label, parcel = _locked_label(label_id, shop_id=shop_id)
    can = carriers[label.carrier].can if label.carrier in carriers else frozenset()
    if label.state != LabelState.READY or parcel.handed_in_at or Ability.VOID not in can:
        raise LabelNotVoidable(state=label.state)
    label.state = LabelState.VOIDING
    label.save(update_fields=["state"])
    later(VOID, label.pk, by, shop_id=shop_id)


@action
def settle_void(label_id: UUID, answer: LabelAnswer, *, by: str) -> str:
    """Take over what became of giving a label back: it is void, or stands as before."""
    label, parcel = _locked_label(label_id)
    if label.state != LabelState.VOIDING:
        return label.state
    is_void = answer.outcome is LabelOutcome.NOT_THERE
    label.state = LabelState.VOID if is_void else LabelState.READY
    label.code = answer.code[:60]
    label.save(update_fields=["state", "code"])
    if is_void:
        drop_box(parcel)
        event = LabelVoided(str(parcel.rma_id), parcel.rma.number, str(label.pk))
        record(event, shop_id=label.shop_id, actor=by)
    return label.state


@action
def call_off_label(label_id: UUID, *, by: str) -> str:
    """End a label that was never sent for: its carrier is not there any more, or its return."""
    label, parcel = _locked_label(label_id)
    if label.state == LabelState.ASKED:
        code = "not_set_up" if label.carrier not in carriers else "called_off"
        _refused(label, parcel, code, by=by)
    return label.state


def _locked_label(label_id: UUID, **which: UUID) -> tuple[Label, Parcel]:
    parcel_id = Label.objects.values_list("parcel_id", flat=True).get(pk=label_id, **which)
    parcel = locked_parcel(parcel_id)
    return Label.objects.get(pk=label_id), parcel


def _ready(label: Label, parcel: Parcel, answer: LabelAnswer, *, by: str = "") -> None:
    label.state, label.settled_at, label.next_look_at = LabelState.READY, now(), None
    label.their_reference, label.code = answer.reference[:120], ""
    # A code that was cut off would open nothing.
    label.drop_off_code = answer.drop_off_code if len(answer.drop_off_code) <= LONGEST_CODE else ""
    label.file = keep(answer.pdf, shop_id=label.shop_id, folder="labels", suffix=".pdf")
    if answer.cost is not None:
        label.cost_minor, label.currency = answer.cost.minor, answer.cost.currency
    label.save()
    parcel.tracking_number = answer.tracking_number[:80]
    parcel.tracking_key = parcel.tracking_number.lower()
    parcel.save(update_fields=["tracking_number", "tracking_key"])
    day = label.pickup_on.isoformat() if label.pickup_on else ""
    event = LabelReady(str(parcel.rma_id), parcel.rma.number, str(label.pk), day)
    record(event, shop_id=label.shop_id, actor=by or f"carrier:{label.carrier}")
    follow_known(parcel, by=f"carrier:{label.carrier}")
    number_box(parcel, by=f"carrier:{label.carrier}")


def _refused(label: Label, parcel: Parcel, code: str, *, by: str = "") -> None:
    label.state, label.settled_at, label.next_look_at = LabelState.REFUSED, now(), None
    label.code = code[:60]
    label.save()
    drop_box(parcel)
    event = LabelFailed(str(parcel.rma_id), parcel.rma.number, str(label.pk), label.code)
    record(event, shop_id=label.shop_id, actor=by or f"carrier:{label.carrier}")


def _ask_again(label: Label, parcel: Parcel) -> None:
    label.state, label.next_look_at = LabelState.ASKED, None
    label.save(update_fields=["state", "next_look_at"])
    event = LabelAsked(str(parcel.rma_id), parcel.rma.number, str(label.pk))
    record(event, shop_id=label.shop_id, actor="system")


def _may_be_missing(label: Label) -> bool:
    """Whether the carrier may have the label and not find it yet."""
    if label.carrier not in carriers or label.sent_at is None:
        return True
    return now() < label.sent_at + carriers[label.carrier].lists_after


def _in_doubt(label: Label, code: str) -> None:
    can = carriers[label.carrier].can if label.carrier in carriers else frozenset()
    gives_up = Ability.FIND not in can or label.looks >= len(PAUSES)
    label.state = LabelState.UNCLEAR if gives_up else LabelState.UNKNOWN
    label.next_look_at = None if gives_up else now() + PAUSES[label.looks]
    label.looks += 1
    label.code = code[:60]
    label.save(update_fields=["state", "next_look_at", "looks", "code"])


def _order_of(label: Label) -> LabelOrder:
    rma = label.parcel.rma
    lines = list(rma.send_to)
    declared = declaration_of(rma)
    return LabelOrder(
        label_id=label.pk,
        return_number=rma.number,
        sender=door_of(rma),
        recipient=place_of(lines[0] if lines else "", lines[1:], label.shop.country, ""),
        weight_grams=label.parcel.weight_grams,
        currency=declared.currency if declared else label.shop.currency,
        pickup=window_of(label),
        goods=declared.goods if declared else (),
        box_mm=box_of(rma) if len(contents_of(label.parcel)) == 1 else None,
    )
