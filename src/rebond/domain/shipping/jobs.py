"""What follows by itself: labels bought and looked up, carriers asked, silence noticed."""

from datetime import date, datetime, timedelta
from uuid import UUID

from rebond.domain.returns.actions import expire_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.events import ReturnCancelled, ReturnDeclined, ReturnExpired
from rebond.domain.shipping.actions import (
    call_off_label,
    claim_label_looks,
    open_claim,
    remind_to_send,
    send_label,
    settle_label,
    settle_void,
    start_void,
    take_scans,
)
from rebond.domain.shipping.actions.labels import Looking
from rebond.domain.shipping.errors import LabelNotVoidable
from rebond.domain.shipping.events import LabelAsked, LabelReady
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.pickups import CALLED_OFF, pickups_to_call_off
from rebond.domain.shipping.ports import Ability, LabelOutcome, carriers, with_ability
from rebond.domain.shipping.queries import (
    Unsent,
    parcels_to_ask_about,
    reminders_of,
    silent_parcels,
    terms_of,
    unsent_returns,
)
from rebond.domain.shipping.states import LabelState
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now, today
from rebond.kernel.companies import Account
from rebond.kernel.jobs import RetryLater, ahead, later, one_action
from rebond.kernel.lanes import in_lane

LAST_CALL = timedelta(days=3)
CALL_OFF_AGAIN = timedelta(minutes=5)


@in_lane("carriers")
@ahead
def buy_label(event: LabelAsked) -> None:
    """Ask the carrier for the label, once, with no transaction open.

    A worker that slept too long does not ask: the label is looked up by then.
    """
    label_id = UUID(event.label_id)
    label = Label.objects.select_related("parcel__rma").get(pk=label_id)
    is_over = label.pickup_on is not None and label.parcel.rma.request_state in CALLED_OFF
    if label.carrier not in carriers or is_over:
        call_off_label(label_id, by="system")
        return
    sending = send_label(label_id)
    if sending is None:
        return
    plug = carriers[sending.carrier](Account(sending.shop))
    outside_transaction()
    if not sending.is_too_late(now()):
        settle_label(label_id, plug.buy_label(sending.order))


@in_lane("carriers")
def void_label(label_id: str, by: str) -> None:
    """Give a label back to its carrier. Asking twice for the same does no harm.

    A pickup is called off until the carrier has answered, or its day is over: nobody should wait
    at a door for nothing.
    """
    label = Label.objects.select_related("shop").get(pk=label_id)
    if label.state != LabelState.VOIDING or label.carrier not in carriers:
        return
    plug = carriers[label.carrier](Account(label.shop.slug))
    outside_transaction()
    answer = plug.void_label(label.their_reference)
    is_ahead = label.pickup_on is not None and label.pickup_on >= today(label.shop.time_zone)
    if answer.outcome is LabelOutcome.NO_ANSWER and is_ahead:
        raise RetryLater(CALL_OFF_AGAIN)
    settle_void(label.pk, answer, by=by)


def call_off_pickups(
    event: ReturnCancelled | ReturnExpired | ReturnDeclined | LabelReady,
) -> None:
    """Call pickups off whose return has ended; also one whose booking was confirmed only then."""
    for label in pickups_to_call_off(UUID(event.return_id)):
        try:
            start_void(label.shop_id, label.pk, by="system")
        except LabelNotVoidable:
            continue


@in_lane("carriers")
def look_labels_up() -> None:
    """Find out what became of labels whose answer never came."""
    for looking in claim_label_looks():
        _look_up(looking)


def ask_carriers() -> None:
    """Ask carriers that can be asked how far parcels are; one that fails stops no other."""
    asked = with_ability(Ability.POLL)
    for parcel in parcels_to_ask_about(asked):
        later("rebond.domain.shipping.jobs.ask_carrier", parcel.pk, shop_id=parcel.shop_id)


@in_lane("carriers")
def ask_carrier(parcel_id: str) -> None:
    """Ask how far one parcel is."""
    parcel = Parcel.objects.select_related("shop").get(pk=parcel_id)
    if parcel.carrier not in carriers:
        return
    plug = carriers[parcel.carrier](Account(parcel.shop.slug))
    outside_transaction()
    scans = plug.scans_of(parcel.tracking_number)
    if scans:
        take_scans(parcel.shop_id, parcel.carrier, scans)


def claim_silent_parcels() -> None:
    """Count parcels as lost that nobody has scanned for too long."""
    for parcel, silent_since in silent_parcels(now()):
        open_claim(parcel.pk, silent_since=silent_since, by="system")


def ask_for_goods() -> None:
    """By the clock: remind of goods that nobody sent, and end the wait where it has an end."""
    moment = now()
    for shop in Shop.objects.order_by("slug"):
        unsent = unsent_returns(shop, terms_of(shop), moment)
        told = reminders_of(shop, [one.rma.pk for one in unsent])
        for one in unsent:
            _ask_for(one, told.get(one.rma.pk, {}), moment, today(shop.time_zone))


def _ask_for(one: Unsent, told: dict[int, datetime], moment: datetime, day: date) -> None:
    """Nobody's return ends before they had ``LAST_CALL`` to read that it would."""
    is_near = one.ends_on is not None and one.ends_on - LAST_CALL <= day
    is_over = one.ends_on is not None and one.ends_on < day
    if is_over and told and max(told.values()) <= moment - LAST_CALL:
        later("rebond.domain.shipping.jobs.stop_waiting", one.rma.pk, shop_id=one.rma.shop_id)
        return
    turn = 2 if is_near and 1 in told else 1
    if turn not in told:
        ends_on = max(one.ends_on, day + LAST_CALL) if one.ends_on else None
        remind_to_send(one.rma.pk, turn=turn, ends_on=ends_on, by="system")


@one_action
def stop_waiting(return_id: str) -> None:
    """Put away a return whose goods nobody sent."""
    try:
        expire_return(UUID(return_id), by="system")
    except IllegalTransition:
        return


def _look_up(looking: Looking) -> None:
    if looking.carrier not in carriers:
        return
    plug = carriers[looking.carrier](Account(looking.shop))
    outside_transaction()
    settle_label(looking.label_id, plug.find_label(looking.label_id))
