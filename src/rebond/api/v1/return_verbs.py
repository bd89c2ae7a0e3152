"""What a machine does with a return: each verb is a noun that is created.

A verb that changes the return wants ``If-Match`` with the version that was seen, and every one an
``Idempotency-Key``: sent again, the first answer comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, key_of
from rebond.api.bodies import Body, Day, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import ReturnOut, acted_on, find_return, known_return
from rebond.api.v1.returns import WishIn, wishes_in
from rebond.api.versions import seen_version
from rebond.domain.conversations.actions import write_to_shopper
from rebond.domain.discussions.actions import close_return
from rebond.domain.machines.scopes import Scope
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.edits import AmountEdit, EditGround
from rebond.domain.refunds.reductions import LEAST, MOST
from rebond.domain.repairs.actions import reduce_price, send_repair_back, turn_repair
from rebond.domain.repairs.errors import RepairMoved
from rebond.domain.repairs.states import Instead, TurnGround
from rebond.domain.returns.actions import (
    approve_return,
    cancel_return,
    decline_return,
    reopen_return,
)
from rebond.domain.returns.errors import ChangedMeanwhile, NotChangeable
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    change_return,
    choose_method,
    join_parcel,
    leave_parcel,
)
from rebond.domain.shipping.errors import PickupWindowUnknown
from rebond.domain.shipping.methods import PICKUP, chosen_of, may_choose, ways_of
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.pickups import pickup_of, window_of, windows_for
from rebond.domain.shipping.places import points_near
from rebond.domain.shipping.points import kept
from rebond.domain.shipping.ports import PickupWindow
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.shipping.states import OVER
from rebond.domain.warehouse.actions import Finding, finish_work, inspect_return, receive_return
from rebond.domain.warehouse.checklists import Answer
from rebond.domain.warehouse.errors import DetailMissing
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import WorkOrder
from rebond.domain.work.actions import write_note
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
CHANGES = {201: ReturnOut, 412: Problem, 428: Problem, **REFUSED}
# What is missing is seen by the house itself: nobody reports it.
AGrade = Literal["a", "b", "c", "d"]
ADisposition = Literal[
    "restock",
    "refurbish",
    "resell",
    "donate",
    "recycle",
    "destroy",
    "return_to_vendor",
    "quarantine",
]


class NothingIn(Body):
    """Nothing has to be said."""


class DeclineIn(Body):
    """Why; ``note`` is shown to the shopper."""

    reason: DeclineReason
    note: str = Field("", max_length=2000)


class ChangeIn(Body):
    """All that is asked for now, in the place of what was."""

    lines: list[WishIn] = Field(..., min_length=1, max_length=500)
    comment: str = Field("", max_length=2000)


class ReceiptIn(Body):
    """Pieces that arrived, by the id of the return's line."""

    counts: dict[UUID, Number] = Field(..., min_length=1, max_length=500)
    note: str = Field("", max_length=500)


class FindingIn(Body):
    """Some pieces of a line in one state. ``kept_percent`` of their value is not refunded.

    Without ``kept_percent`` the policy's rule for the grade decides, and nothing is kept where
    there is none (`/returns/{number}/grade-shares`). ``is_incomplete``: parts are missing.
    ``answers`` maps the key of each question of the checklist (`/returns/{number}/checklists`).
    """

    line: UUID
    quantity: Number = Field(..., ge=1, le=1_000_000)
    grade: AGrade
    disposition: ADisposition
    is_accepted: YesOrNo = True
    kept_percent: Number | None = Field(None, ge=0, le=100)
    is_incomplete: YesOrNo = False
    note: str = Field("", max_length=1000)
    photo: UUID | None = None
    serials: list[str] = Field(default_factory=list, max_length=1000)
    answers: dict[str, Answer] = Field(default_factory=dict, max_length=20)


class InspectionIn(Body):
    """What was found for every piece that arrived."""

    findings: list[FindingIn] = Field(..., min_length=1, max_length=1000)


class WindowIn(Body):
    """A day and its window of time, as ``pickup_windows`` offers them."""

    day: Day
    begins: str = Field(..., pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    ends: str = Field(..., pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


class SendingIn(Body):
    """How the goods travel back; ``point`` is the id of a hand-in place of the shop.

    With ``pickup`` the carrier is asked to come then; only for the method of that name.
    """

    method: Literal["own_carrier", "prepaid_label", "drop_off", "pickup", "counter"]
    point: UUID | None = None
    pickup: WindowIn | None = None


class WindowOut(Schema):
    """When the carrier can come; the times are those of the clock at the door."""

    day: str
    begins: str
    ends: str


class PickupOut(WindowOut):
    """The pickup that was asked for last and how far it is, as a label's state."""

    state: str


class WayOut(Schema):
    """A way back and what it costs the shopper, kept from the refund."""

    method: str
    fee_minor: int


class PointOut(Schema):
    """The place where the goods are handed in, as it was when it was chosen."""

    id: str
    reference: str
    kind: str
    name: str
    street: str
    postcode: str
    town: str
    country: str
    carrier_name: str
    opening_hours: list[str]
    is_step_free: bool | None


class NearOut(PointOut):
    """A place and how far it is from the postcode, in metres; null where nobody knows."""

    metres: int | None


class SendingOut(Schema):
    """How the goods travel back; ``method`` is null until it is chosen."""

    offered: list[WayOut]
    method: str | None
    fee_minor: int
    currency: str
    point: PointOut | None
    pickup: PickupOut | None
    may_change: bool


class ParcelIn(Body):
    """A parcel on its way. ``carrier`` is the key of a carrier that is set up."""

    carrier: str = Field(..., min_length=1, max_length=30)
    carrier_name: str = Field("", max_length=60)
    tracking_number: str = Field("", max_length=80)


class CompanionsOut(Schema):
    """The numbers of the returns that travel in one box with a return, in their order."""

    companions: list[str]


class ParcelOut(Schema):
    """A parcel of a return."""

    id: str
    position: int
    carrier: str
    carrier_name: str
    tracking_number: str
    state: str
    announced_at: str
    handed_in_at: str | None
    expected_on: str | None
    delivered_at: str | None
    received_at: str | None


class RepairResultIn(Body):
    """How the work on one piece ended; ``parts_minor`` in minor units of the shop's currency.

    ``line`` is the return's line of the piece, needed where pieces of several lines are worked on.
    """

    line: UUID | None = None
    is_repaired: YesOrNo
    steps: list[str] = Field(..., min_length=1, max_length=30)
    minutes: Number = Field(0, ge=0, le=100_000)
    parts_minor: Number = Field(0, ge=0, le=10**9)
    note: str = Field("", max_length=1000)


class RepairShipmentIn(Body):
    """The parcel that brings the pieces back to their shopper."""

    carrier: str = Field(..., min_length=1, max_length=60)
    tracking_number: str = Field("", max_length=80)


class RepairTurnIn(Body):
    """What comes instead of the repair, and why; ``note`` is written to the shopper."""

    into: Literal["replacement", "refund"]
    ground: TurnGround
    note: str = Field(..., min_length=1, max_length=2000)


class ReductionLineIn(Body):
    """How much less the pieces of a line are worth with their fault than without, in percent."""

    line: UUID
    lost_percent: Number = Field(..., ge=LEAST, le=MOST)


class ReductionIn(Body):
    """Every line of the return; ``note`` is written to the shopper, who asked for it or agrees."""

    lines: list[ReductionLineIn] = Field(..., min_length=1, max_length=1000)
    note: str = Field(..., min_length=1, max_length=2000)
    is_agreed: YesOrNo


class InsteadIn(Body):
    """Another amount than the one worked out, in minor units of the order's currency, and why.

    ``goodwill`` pays more; the other grounds pay less where the law lets them. ``words`` stand in
    the sum, on the credit note, and in a message to the shopper.
    """

    amount_minor: Number = Field(..., ge=1, le=10**12)
    ground: Literal["loss_of_value", "incomplete", "agreed", "goodwill"]
    words: str = Field(..., min_length=1, max_length=500)


class SettleIn(Body):
    """How the return is settled; without a body, as it was worked out."""

    instead: InsteadIn | None = None


class TextIn(Body):
    """Words."""

    text: str = Field(..., min_length=1, max_length=2000)


class MessageIn(TextIn):
    """Words to the shopper; ``asks`` makes an open request wait for the answer."""

    asks: YesOrNo = False


class NoteOut(Schema):
    """A remark that only the team sees."""

    id: str
    text: str
    by: str
    at: str


class MessageOut(NoteOut):
    """A message; ``side`` is ``shop`` or ``shopper``."""

    side: str


F = TypeVar("F", bound=Callable[..., HttpResponse])
Do = Callable[[Return, int | None], Return]


def _verb(noun: str, scope: Scope, operation_id: str) -> Callable[[F], F]:
    """Post a ``noun`` to a return."""
    return router.post(
        f"/returns/{{number}}/{noun}",
        auth=Key(scope),
        response=CHANGES,
        operation_id=operation_id,
    )


def _change(request: HttpRequest, number: str, noun: str, do: Do) -> HttpResponse:
    """Do it once to the version that the caller saw, and show the return that ``do`` gives."""
    rma = known_return(request, number)

    def change(_: str) -> HttpResponse:
        return acted_on(do(rma, seen_version(request)))

    return once(request, f"POST returns/{rma.pk}/{noun}", change)


@_verb("approvals", Scope.RETURNS_WRITE, "approve_return")
def approve(request: HttpRequest, number: str, body: NothingIn | None = None) -> HttpResponse:
    """Accept the request: the shopper may send the goods."""
    by = actor_of(request)
    return _change(
        request, number, "approvals", lambda rma, seen: approve_return(rma.pk, by=by, version=seen)
    )


@_verb("declines", Scope.RETURNS_WRITE, "decline_return")
def decline(request: HttpRequest, number: str, why: DeclineIn) -> HttpResponse:
    """Turn the request down; its pieces are free again."""
    by = actor_of(request)
    return _change(
        request,
        number,
        "declines",
        lambda rma, seen: decline_return(
            rma.pk, reason=why.reason, note=why.note, by=by, version=seen
        ),
    )


@_verb("cancellations", Scope.RETURNS_WRITE, "cancel_return")
def cancel(request: HttpRequest, number: str, body: NothingIn | None = None) -> HttpResponse:
    """Call the return off, before goods arrived or money moved."""
    by = actor_of(request)
    return _change(
        request,
        number,
        "cancellations",
        lambda rma, seen: cancel_return(rma.pk, by=by, version=seen),
    )


@_verb("changes", Scope.RETURNS_WRITE, "change_return")
def change(request: HttpRequest, number: str, wanted: ChangeIn) -> HttpResponse:
    """Ask for something else before anything was sent; the policy judges it again.

    A label that was made for another parcel is given back.
    """
    by = actor_of(request)

    def do(rma: Return, seen: int | None) -> Return:
        if rma.order is None:
            raise NotChangeable(number=rma.number, why="unknown_sale")
        moment = now()
        return change_return(
            rma.pk,
            wishes_in(wanted.lines),
            policy=policy_for(rma.order, moment),
            asked_at=moment,
            by=by,
            comment=wanted.comment,
            version=seen,
        )

    return _change(request, number, "changes", do)


@_verb("reopenings", Scope.RETURNS_WRITE, "reopen_return")
def reopen(request: HttpRequest, number: str, body: NothingIn | None = None) -> HttpResponse:
    """Take a return up again that was declined, cancelled or closed."""
    by = actor_of(request)
    return _change(
        request, number, "reopenings", lambda rma, seen: reopen_return(rma.pk, by=by, version=seen)
    )


@_verb("closings", Scope.RETURNS_WRITE, "close_return")
def close(request: HttpRequest, number: str, body: NothingIn | None = None) -> HttpResponse:
    """Put the return away: nothing more is to be done."""
    by = actor_of(request)
    return _change(
        request, number, "closings", lambda rma, seen: close_return(rma.pk, by=by, version=seen)
    )


@_verb("receipts", Scope.WAREHOUSE_WRITE, "receive_return")
def receive(request: HttpRequest, number: str, told: ReceiptIn) -> HttpResponse:
    """Book goods in; a line that is not named did not arrive."""
    by = actor_of(request)
    return _change(
        request,
        number,
        "receipts",
        lambda rma, seen: (
            receive_return(rma.pk, told.counts, note=told.note, by=by, version=seen).rma
        ),
    )


@_verb("inspections", Scope.WAREHOUSE_WRITE, "inspect_return")
def inspect(request: HttpRequest, number: str, told: InspectionIn) -> HttpResponse:
    """Grade what came, once, and say where it goes and what is paid for."""
    by = actor_of(request)
    named = {one.photo for one in told.findings if one.photo}
    if named and named - set(known_return(request, number).photos.values_list("pk", flat=True)):
        raise Http404
    found = [
        Finding(
            one.line,
            one.quantity,
            Grade(one.grade),
            Disposition(one.disposition),
            one.is_accepted,
            one.kept_percent,
            one.note,
            one.photo,
            tuple(one.serials),
            one.answers,
            one.is_incomplete,
        )
        for one in told.findings
    ]
    return _change(
        request,
        number,
        "inspections",
        lambda rma, seen: inspect_return(rma.pk, found, by=by, version=seen),
    )


@_verb("settlements", Scope.REFUNDS_WRITE, "settle_return")
def settle(request: HttpRequest, number: str, told: SettleIn | None = None) -> HttpResponse:
    """Decide what is refunded for the return and start it, within the limits of machines."""
    by, machine = actor_of(request), key_of(request)
    wanted = told.instead if told is not None else None
    edit = (
        AmountEdit(wanted.amount_minor, EditGround(wanted.ground), wanted.words) if wanted else None
    )

    def do(rma: Return, seen: int | None) -> Return:
        made = settle_return(rma.pk, by=by, machine=machine, version=seen, edit=edit)
        assert made.rma is not None
        return made.rma

    return _change(request, number, "settlements", do)


@router.post(
    "/returns/{number}/parcels",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: ParcelOut, **REFUSED},
    operation_id="announce_parcel",
)
def announce(request: HttpRequest, number: str, told: ParcelIn) -> HttpResponse:
    """Say that a parcel of the return is on its way."""
    rma = find_return(request, number)

    def do(_: str) -> HttpResponse:
        parcel = announce_parcel(
            rma.pk,
            carrier=told.carrier,
            carrier_name=told.carrier_name,
            tracking_number=told.tracking_number,
            by=actor_of(request),
        )
        parcel.refresh_from_db()  # the moment is the database's
        return JsonResponse(parcel_out(parcel), status=201)

    return once(request, f"POST returns/{rma.pk}/parcels", do)


@router.get(
    "/returns/{number}/companions",
    auth=Key(Scope.RETURNS_READ),
    response={200: CompanionsOut, **REFUSED},
    operation_id="list_companions",
)
def companions(request: HttpRequest, number: str) -> dict[str, Any]:
    """The returns that travel in one box with this one."""
    return _companions_out(find_return(request, number))


@router.put(
    "/returns/{number}/companions/{other}",
    auth=Key(Scope.RETURNS_WRITE),
    response={200: CompanionsOut, **REFUSED},
    operation_id="join_parcel",
)
def join(request: HttpRequest, number: str, other: str) -> dict[str, Any]:
    """Put the goods of this return into the box of the other one, which was announced and not
    handed in; the same wish again changes nothing."""
    rma, host = find_return(request, number), find_return(request, other)
    join_parcel(rma.pk, host.pk, by=actor_of(request))
    return _companions_out(find_return(request, number))


@router.api_operation(
    ["DELETE"],
    "/returns/{number}/companions",
    auth=Key(Scope.RETURNS_WRITE),
    response={200: CompanionsOut, **REFUSED},
    operation_id="leave_parcel",
)
def leave(request: HttpRequest, number: str) -> dict[str, Any]:
    """Take the goods of this return out of the box of another one, before it is handed in."""
    rma = find_return(request, number)
    leave_parcel(rma.pk, by=actor_of(request))
    return _companions_out(find_return(request, number))


@router.get(
    "/returns/{number}/sending",
    auth=Key(Scope.RETURNS_READ),
    response={200: SendingOut, **REFUSED},
    operation_id="get_sending_of_return",
)
def sending(request: HttpRequest, number: str) -> dict[str, Any]:
    """The ways back on offer for the return, and the one that was chosen."""
    return sending_out(find_return(request, number))


@router.put(
    "/returns/{number}/sending",
    auth=Key(Scope.RETURNS_WRITE),
    response={200: SendingOut, **REFUSED},
    operation_id="choose_sending_of_return",
)
def choose_sending(request: HttpRequest, number: str, told: SendingIn) -> dict[str, Any]:
    """Choose how the goods travel back; the same choice again changes nothing.

    A pickup is booked after its way was chosen: where the window is refused, the way stays.
    """
    rma, by = find_return(request, number), actor_of(request)
    wished = _window_in(told.pickup) if told.pickup else None
    booked = pickup_of(rma)
    if wished and booked and booked.state not in OVER and window_of(booked) == wished:
        return sending_out(rma)
    choose_method(rma.pk, method=told.method, point_id=told.point, by=by)
    if wished:
        ask_label(rma.pk, pickup=wished, by=by)
    return sending_out(find_return(request, number))


@router.get(
    "/returns/{number}/points",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[NearOut], **REFUSED},
    operation_id="list_points_of_return",
)
def points(
    request: HttpRequest,
    number: str,
    postcode: Annotated[str, Query(min_length=1, max_length=12)],
) -> list[dict[str, Any]]:
    """Places where the parcel is handed in, the nearest to the postcode first: those of the
    carrier of the shop's labels, else of the shop's list; empty where the way is not on offer."""
    rma = find_return(request, number)
    if not any(way.method == "drop_off" for way in ways_of(rma)):
        return []
    found = points_near(rma, "drop_off", postcode)
    return [{**kept(one.point), "metres": one.metres} for one in found]


@router.get(
    "/returns/{number}/pickup-windows",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[WindowOut], **REFUSED},
    operation_id="list_pickup_windows_of_return",
)
def pickup_windows(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """When the shop's carrier could come for the parcel, asked now; empty where it does not come
    to the address, or does not answer."""
    rma = find_return(request, number)
    if not any(way.method == PICKUP for way in ways_of(rma)):
        return []
    return [_window_out(one) for one in windows_for(rma) or []]


@router.get(
    "/returns/{number}/parcels",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[ParcelOut], **REFUSED},
    operation_id="list_parcels_of_return",
)
def parcels(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """The parcels of the return, in the order in which they were announced."""
    rma = find_return(request, number)
    return [parcel_out(parcel) for parcel in rma.parcels.order_by("position")]


@router.post(
    "/returns/{number}/notes",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NoteOut, **REFUSED},
    operation_id="write_note",
)
def note(request: HttpRequest, number: str, told: TextIn) -> HttpResponse:
    """Write a remark that only the team sees."""
    rma = find_return(request, number)

    def do(_: str) -> HttpResponse:
        made = write_note(rma.pk, told.text, by=actor_of(request))
        return JsonResponse(_note_out(made), status=201)

    return once(request, f"POST returns/{rma.pk}/notes", do)


@router.get(
    "/returns/{number}/notes",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[NoteOut], **REFUSED},
    operation_id="list_notes",
)
def notes(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """The remarks of the team, oldest first."""
    rma = find_return(request, number)
    return [_note_out(one) for one in rma.notes.order_by("at", "id")]


@router.post(
    "/returns/{number}/messages",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: MessageOut, **REFUSED},
    operation_id="write_message",
)
def message(request: HttpRequest, number: str, told: MessageIn) -> HttpResponse:
    """Write to the shopper; they get it by mail and answer on the page of their return."""
    rma = find_return(request, number)

    def do(_: str) -> HttpResponse:
        made = write_to_shopper(rma.pk, told.text, by=actor_of(request), asks=told.asks)
        return JsonResponse(_note_out(made) | {"side": str(made.side)}, status=201)

    return once(request, f"POST returns/{rma.pk}/messages", do)


@router.get(
    "/returns/{number}/messages",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[MessageOut], **REFUSED},
    operation_id="list_messages",
)
def messages(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What shop and shopper wrote to each other, oldest first."""
    rma = find_return(request, number)
    rows = rma.conversation.order_by("at", "id")
    return [_note_out(one) | {"side": str(one.side)} for one in rows]


@_verb("repair-results", Scope.WAREHOUSE_WRITE, "finish_repair")
def finish_repair(request: HttpRequest, number: str, told: RepairResultIn) -> HttpResponse:
    """Close the work order of one piece in repair; with the last, the repair's state follows.

    Pieces that cannot be repaired beside others that are go on in a return of their own.
    """
    by = actor_of(request)

    def do(rma: Return, seen: int | None) -> Return:
        if seen is not None and seen != rma.version:
            raise ChangedMeanwhile(number=rma.number)
        work = _work_on(rma, told.line)
        way = Disposition.REPAIR if told.is_repaired else Disposition.QUARANTINE
        finish_work(
            rma.shop,
            work.pk,
            steps=told.steps,
            minutes=told.minutes,
            parts_minor=told.parts_minor,
            note=told.note,
            disposition=way,
            by=by,
        )
        return find_return(request, number)

    return _change(request, number, "repair-results", do)


def _work_on(rma: Return, line: UUID | None) -> WorkOrder:
    """The oldest open work order of the return, or of one of its lines.

    Raises ``RepairMoved`` where none is open, ``DetailMissing`` where it is not clear which.
    """
    open_work = WorkOrder.objects.filter(
        shop=rma.shop_id, unit__inspection__line__rma=rma, ended_at=None
    ).select_related("unit__inspection")
    found = open_work.order_by("opened_at", "id")
    mine = [one for one in found if line in (None, one.unit.inspection.line_id)]
    if not mine:
        raise RepairMoved(number=rma.number, was="", asked="finished")
    if len({one.unit.inspection.line_id for one in mine}) > 1:
        raise DetailMissing()
    return mine[0]


@_verb("repair-shipments", Scope.WAREHOUSE_WRITE, "send_repair_back")
def send_back(request: HttpRequest, number: str, told: RepairShipmentIn) -> HttpResponse:
    """The repaired pieces go back to their shopper; the return is closed without a refund."""
    by = actor_of(request)

    def do(rma: Return, seen: int | None) -> Return:
        send_repair_back(
            rma.pk, carrier=told.carrier, tracking_number=told.tracking_number, by=by, version=seen
        )
        return find_return(request, number)

    return _change(request, number, "repair-shipments", do)


@_verb("repair-turns", Scope.RETURNS_WRITE, "turn_repair")
def turn(request: HttpRequest, number: str, told: RepairTurnIn) -> HttpResponse:
    """A replacement or the money comes instead of the repair."""
    by = actor_of(request)

    def do(rma: Return, seen: int | None) -> Return:
        turn_repair(
            rma.pk, Instead(told.into), ground=told.ground, note=told.note, by=by, version=seen
        )
        return find_return(request, number)

    return _change(request, number, "repair-turns", do)


@_verb("price-reductions", Scope.REFUNDS_WRITE, "reduce_price")
def reduce(request: HttpRequest, number: str, told: ReductionIn) -> HttpResponse:
    """Give a part of the price back for faulty goods that their shopper keeps.

    The same share of what the pieces cost, never more than is left of the line, within the limits
    of machines. The guarantee goes on; a piece whose repair failed then waits to be sent back.
    """
    by, machine = actor_of(request), key_of(request)
    percents = {one.line: one.lost_percent for one in told.lines}

    def do(rma: Return, seen: int | None) -> Return:
        reduce_price(
            rma.pk,
            percents,
            note=told.note,
            is_agreed=told.is_agreed,
            by=by,
            machine=machine,
            version=seen,
        )
        return find_return(request, number)

    return _change(request, number, "price-reductions", do)


def sending_out(rma: Return) -> dict[str, Any]:
    """What ``SendingOut`` describes."""
    chosen = chosen_of(rma)
    return {
        "offered": [{"method": one.method, "fee_minor": one.fee_minor} for one in ways_of(rma)],
        "method": chosen.method if chosen else None,
        "fee_minor": chosen.fee_minor if chosen else 0,
        "currency": rma.order.currency if rma.order else rma.shop.currency,
        "point": (chosen.point or None) if chosen else None,
        "pickup": _pickup_out(rma),
        "may_change": may_choose(rma),
    }


def _pickup_out(rma: Return) -> dict[str, Any] | None:
    label = pickup_of(rma)
    window = window_of(label) if label else None
    return _window_out(window) | {"state": str(label.state)} if label and window else None


def _window_in(told: WindowIn) -> PickupWindow:
    try:
        return PickupWindow.from_key(f"{told.day.isoformat()}/{told.begins}/{told.ends}")
    except ValueError as problem:
        raise PickupWindowUnknown from problem


def _window_out(window: PickupWindow) -> dict[str, Any]:
    hours = {"begins": f"{window.begins:%H:%M}", "ends": f"{window.ends:%H:%M}"}
    return {"day": window.day.isoformat(), **hours}


def _companions_out(rma: Return) -> dict[str, Any]:
    return {"companions": [one.number for one in companions_of(rma)]}


def parcel_out(parcel: Parcel) -> dict[str, Any]:
    """What ``ParcelOut`` describes."""
    moments = {
        name: getattr(parcel, name).isoformat() if getattr(parcel, name) else None
        for name in ("handed_in_at", "expected_on", "delivered_at", "received_at")
    }
    return {
        "id": str(parcel.pk),
        "position": parcel.position,
        "carrier": parcel.carrier,
        "carrier_name": parcel.carrier_name,
        "tracking_number": parcel.tracking_number,
        "state": str(parcel.state),
        "announced_at": parcel.announced_at.isoformat(),
        **moments,
    }


def _note_out(made: Any) -> dict[str, Any]:
    return {"id": str(made.pk), "text": made.text, "by": made.by, "at": made.at.isoformat()}
