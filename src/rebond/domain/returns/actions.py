"""The verbs of a return: ask, approve, decline, cancel, reopen, add a photo or a note."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, ProtectedError

from rebond.domain.orders.models import Order, OrderLine, OrderState
from rebond.domain.orders.reading import lines_of, lock_order
from rebond.domain.policies.engine import Decision, Policy, decide
from rebond.domain.policies.facts import DONATE, OUTCOMES, QUESTIONS, REPAIR, Verdict
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.rules.excluded_goods import GROUNDS
from rebond.domain.returns.errors import (
    DuplicateLine,
    IllegalTransition,
    LineNotInOrder,
    NotChangeable,
    NothingSelected,
    OrderCancelled,
    ProofNeeded,
    QuantityExceedsBought,
    RepairNotPossible,
    TextTooLong,
    TooManyPhotos,
    UnknownOutcome,
    UnknownReason,
)
from rebond.domain.returns.events import (
    DonationProven,
    NoteAdded,
    PhotoAdded,
    ReturnApproved,
    ReturnCancelled,
    ReturnChanged,
    ReturnClosed,
    ReturnDeclined,
    ReturnExpired,
    ReturnReopened,
    ReturnRequested,
)
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.gifts import Gift, recipient_of
from rebond.domain.returns.giving import Charity, Wanted, parts_of
from rebond.domain.returns.guarantee import is_defect
from rebond.domain.returns.models import Donation, Note, Photo, Reason, Return, ReturnLine
from rebond.domain.returns.reading import reasons_of
from rebond.domain.returns.states import (
    DeclineReason,
    Goods,
    Ground,
    MoneyState,
    ParcelState,
    RequestState,
)
from rebond.domain.returns.steps import PUT_AWAY
from rebond.domain.returns.wishes import CleanImage, Wish
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.files import keep
from rebond.kernel.models import next_number
from rebond.kernel.writing import insert_all

LONGEST_COMMENT = 2000
MOST_PHOTOS = 10

Checked = list[tuple[Wish, OrderLine, Reason]]


@action
def request_return(
    order: Order,
    wishes: Sequence[Wish],
    *,
    policy: Policy,
    asked_at: datetime,
    language: str,
    by: str,
    origin: str = "shopper",
    comment: str = "",
    gift: Gift | None = None,
    basket: UUID | None = None,
) -> Return:
    """Open a return for ``wishes`` and let ``policy`` decide on it at once.

    The pieces are claimed on the order's lines; what the policy promised is frozen on the
    return. With ``gift``, who got the goods as a present asks, and the buyer learns nothing of
    it. Goods that are given to a charity (``DONATE``) stand in a return of their own, split from
    the one that is answered; it is alone where all are given. Raises ``DonationNotOffered`` where
    the policy names no charity for them, ``OrderCancelled``, ``NothingSelected``,
    ``LineNotInOrder``, ``DuplicateLine``, ``UnknownReason``, ``UnknownOutcome``,
    ``RepairNotPossible`` (of what is not faulty, for a present, or together with another wish),
    ``TextTooLong``, ``TooManyPhotos`` and, when a line asks for more than is left,
    ``QuantityExceedsBought``.
    """
    lock_order(order.pk)
    wanted = check_wishes(order, wishes, comment=comment, may_give=True)
    if gift is not None:
        _check_no_repair(wanted)
    to = recipient_of(order.shop, gift, language=language) if gift is not None else None
    facts = facts_of(
        order, wanted, asked_at=asked_at, policy=policy, gift_to=to, is_gift=to is not None
    )
    decision = decide(policy, facts)
    first: Return | None = None
    for part in parts_of(decision, wanted):
        rma = file_return(
            order,
            part.wanted,
            part.decision,
            asked_at=asked_at,
            language=language,
            by=by,
            origin=origin,
            comment=comment,
            gift=gift,
            gift_to=to,
            charity=part.charity,
            split_from=first,
            basket=basket if first is None else None,
        )
        first = first or rma
    assert first is not None
    return first


def file_return(
    order: Order,
    wanted: Wanted,
    decision: Decision,
    *,
    asked_at: datetime,
    language: str,
    by: str,
    origin: str,
    comment: str = "",
    ground: Ground = Ground.COMMERCIAL,
    gift: Gift | None = None,
    gift_to: Shopper | None = None,
    charity: Charity | None = None,
    split_from: Return | None = None,
    basket: UUID | None = None,
) -> Return:
    """Write the return of ``wanted`` pieces and follow ``decision``, inside an action.

    With ``charity`` the goods go there; ``split_from`` is the rest of the same request.
    The order is locked already. Raises ``QuantityExceedsBought``.
    """
    shop = order.shop
    number = f"R-{asked_at.year}-{next_number(shop.pk, f'return:{asked_at.year}'):06d}"
    rma = Return(
        shop=shop,
        number=number,
        number_key=number.lower(),
        order=order,
        shopper=order.shopper if gift_to is None else gift_to,
        gift_paid_as=gift.paid_as if gift is not None else "",
        gift_shows_value=gift is not None and gift.shows_value,
        origin=origin,
        ground=ground,
        request_state=RequestState.REQUESTED,
        language=language,
        comment=comment,
        goods=_goods_of(decision, wanted, charity),
        terms=freeze(decision),
        requested_at=asked_at,
        basket=basket,
        split_from=split_from,
    )
    insert_all([rma])
    _add_lines(rma, wanted)
    if charity is not None:
        _add_donation(rma, charity)
    record(ReturnRequested(str(rma.pk), number, order.number, origin), shop_id=shop.pk, actor=by)
    _follow_decision(rma, decision)
    return rma


@action
def approve_return(rma_id: UUID, *, by: str, version: int | None = None) -> Return:
    """Let the shopper send the goods. ``version`` is the one that the decider had seen."""
    rma = Return.objects.locked(pk=rma_id, version=version)
    approve(rma, by=by)
    return rma


@action
def decline_return(
    rma_id: UUID, *, reason: DeclineReason, note: str, by: str, version: int | None = None
) -> Return:
    """Turn the request down; its pieces are free again. ``note`` is shown to the shopper."""
    rma = Return.objects.locked(pk=rma_id, version=version)
    rma.decline_note = _fitting("note", note)
    decline(rma, reason, by=by)
    return rma


@action
def cancel_return(rma_id: UUID, *, by: str, version: int | None = None) -> Return:
    """Call the return off. Raises ``IllegalTransition`` once goods arrived or money moves."""
    rma = Return.objects.locked(pk=rma_id, version=version)
    if rma.parcel_state == ParcelState.RECEIVED or rma.money_state != MoneyState.NONE:
        raise IllegalTransition(
            number=rma.number, was=rma.request_state, asked=str(RequestState.CANCELLED)
        )
    rma.closed_at = now()
    rma.move_request(RequestState.CANCELLED, "closed_at")
    _free_pieces(rma)
    record(ReturnCancelled(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)
    return rma


@action
def expire_return(rma_id: UUID, *, by: str) -> Return:
    """Put away a return whose goods nobody sent; it can be taken up again.

    Raises ``IllegalTransition`` unless it is accepted, nothing is on its way and no money moves,
    and for a legal withdrawal: the contract is over, whenever the goods come.
    """
    rma = Return.objects.locked(pk=rma_id)
    on_the_way = rma.parcel_state not in {ParcelState.NONE, ParcelState.ANNOUNCED}
    if on_the_way or rma.money_state != MoneyState.NONE or rma.is_withdrawal:
        raise IllegalTransition(
            number=rma.number, was=rma.request_state, asked=str(RequestState.EXPIRED)
        )
    rma.closed_at = now()
    rma.move_request(RequestState.EXPIRED, "closed_at")
    _free_pieces(rma)
    record(ReturnExpired(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)
    return rma


@action
def reopen_return(rma_id: UUID, *, by: str, version: int | None = None) -> Return:
    """Take a return up again that was declined, cancelled or closed.

    Its pieces are claimed again where they had been freed; raises
    ``QuantityExceedsBought`` when another return took them in the meantime, and
    ``IllegalTransition`` where it was not put away or the shopper has the piece again.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    is_given_back = rma.lines.filter(is_given_back=True).exists()
    if rma.request_state not in PUT_AWAY or is_given_back:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="reopened")
    was_closed = rma.request_state == RequestState.CLOSED
    rma.closed_at, rma.decline_reason, rma.decline_note = None, "", ""
    rma.move_request(
        RequestState.APPROVED if was_closed else RequestState.REQUESTED,
        "closed_at",
        "decline_reason",
        "decline_note",
    )
    if not was_closed:
        lines = rma.lines.select_related("order_line")
        _claim([(line.order_line, line.quantity) for line in lines if line.order_line is not None])
    record(ReturnReopened(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)
    return rma


@action
def add_photo(
    rma_id: UUID, image: CleanImage, *, line_id: UUID | None, taken_by: str, by: str
) -> Photo:
    """Keep a photo with the return, or with one of its lines.

    ``taken_by`` is ``shopper`` or ``warehouse``. Raises ``TooManyPhotos``, and
    ``IllegalTransition`` for a shopper's photo of a return that came to its end.
    """
    rma = Return.objects.locked(pk=rma_id)
    if taken_by == "shopper" and rma.request_state in PUT_AWAY:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="photo")
    if rma.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    line = rma.lines.get(pk=line_id) if line_id else None
    photo = keep_photo(rma, line, image, taken_by)
    record(PhotoAdded(str(rma.pk), rma.number, taken_by), shop_id=rma.shop_id, actor=by)
    return photo


@action
def prove_donation(
    rma_id: UUID, note: str, images: Sequence[CleanImage] = (), *, by: str
) -> Donation:
    """Take the shopper's word, or their photo of the receipt, that the goods were given away.

    Raises ``IllegalTransition`` unless an accepted return waits for it, ``ProofNeeded`` where
    what the policy wants is missing, ``TextTooLong`` and ``TooManyPhotos``.
    """
    rma = Return.objects.locked(pk=rma_id)
    donation = rma.donation
    is_awaited = rma.request_state == RequestState.APPROVED and rma.money_state == MoneyState.NONE
    if donation is None or donation.proven_at is not None or not is_awaited:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="donated")
    if not (images if donation.proof == "photo" else note.strip() or images):
        raise ProofNeeded(proof=donation.proof)
    if rma.photos.count() + len(images) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    for image in images:
        keep_photo(rma, None, image, "shopper")
    donation.note, donation.proven_at = _fitting("note", note.strip()), now()
    donation.save(update_fields=["note", "proven_at"])
    rma.touch()
    event = DonationProven(str(rma.pk), rma.number, donation.name)
    record(event, shop_id=rma.shop_id, actor=by)
    return donation


@action
def add_note(rma_id: UUID, text: str, *, by: str) -> Note:
    """Write a remark that only the staff sees."""
    return keep_note(Return.objects.locked(pk=rma_id), text, by=by)


@action
def set_up_reasons(shop: Shop, tree: Sequence[Mapping[str, object]]) -> int:
    """Give ``shop`` the reasons of ``tree`` that it does not have yet; returns how many.

    Each entry has ``code``, ``family``, ``labels`` and, as needed, ``parent`` (a code that
    comes earlier), ``codes``, ``needs_photo``, ``is_our_fault``,
    ``is_in_transit``.
    """
    known = {reason.code: reason for reason in Reason.objects.filter(shop=shop)}
    fresh = 0
    for position, entry in enumerate(tree):
        code = str(entry["code"])
        if code in known:
            continue
        values = {k: v for k, v in entry.items() if k not in {"code", "parent"}}
        known[code] = Reason.objects.create(
            shop=shop,
            code=code,
            position=position,
            parent=known[str(entry["parent"])] if entry.get("parent") else None,
            **values,
        )
        fresh += 1
    return fresh


def check_wishes(
    order: Order,
    wishes: Sequence[Wish],
    *,
    comment: str = "",
    instead_of: Return | None = None,
    may_give: bool = False,
) -> Checked:
    """Each wish with the order line and the reason it names.

    With ``may_give`` goods may be given to a charity, where the decision offers that.
    The pieces of ``instead_of``, whose wishes these are to replace, count as free. Writes
    nothing. Raises the refusals of ``request_return``, except that the quantity is only
    compared: the claim itself decides.
    """
    if order.state == OrderState.CANCELLED:
        raise OrderCancelled(number=order.number)
    _fitting("comment", comment)
    if not wishes:
        raise NothingSelected
    lines = {line.pk: line for line in lines_of(order)}
    reasons = {reason.code: reason for reason in reasons_of(order.shop_id)}
    held = pieces_held(instead_of)
    checked: Checked = []
    seen: set[UUID] = set()
    known = {*OUTCOMES, DONATE} if may_give else {*OUTCOMES}
    for wish in wishes:
        bought = lines.get(wish.order_line_id)
        if bought is None:
            raise LineNotInOrder(line=str(wish.order_line_id))
        if bought.pk in seen:
            raise DuplicateLine(sku=bought.sku)
        if wish.reason not in reasons or not reasons[wish.reason].is_active:
            raise UnknownReason(reason=wish.reason[:40])
        left = bought.delivered_quantity - bought.returned_quantity + held.get(bought.pk, 0)
        if not 1 <= wish.quantity <= left:
            raise _too_many(bought, wish.quantity)
        if wish.outcome not in known or not set(wish.answers) <= set(QUESTIONS):
            raise UnknownOutcome(outcome=wish.outcome[:40])
        _fitting("comment", wish.comment)
        seen.add(bought.pk)
        checked.append((wish, bought, reasons[wish.reason]))
    _check_repair(checked)
    if sum(len(wish.photos) for wish in wishes) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    return checked


def refile(rma: Return, wanted: Checked, decision: Decision, *, comment: str, by: str) -> None:
    """Put ``wanted`` in the place of what a locked return asked for, inside an action.

    A line that stays keeps its id and its photos; photos of one that goes stay with the return.
    Follows ``decision``, which is no refusal: what was accepted may have to be looked at again.
    Raises ``QuantityExceedsBought``, ``NotChangeable`` where other rows stand on a line that goes.
    """
    was = _pieces_by_sku(rma)
    old = {line.order_line_id: line for line in rma.lines.order_by("position")}
    last = max((line.position for line in old.values()), default=0)
    fresh = []
    for wish, bought, reason in wanted:
        line = old.pop(bought.pk, None)
        if line is None:
            fresh.append((wish, bought, reason))
            continue
        _claim_again(line, bought, wish.quantity)
        line.quantity, line.reason = wish.quantity, reason
        line.outcome, line.comment = wish.outcome, wish.comment
        line.save(update_fields=["quantity", "reason", "outcome", "comment"])
    _drop_lines(rma, list(old.values()))
    if fresh:
        _add_lines(rma, fresh, after=last)
    rma.comment, rma.terms = comment, freeze(decision)
    rma.goods = _goods_of(decision, wanted)
    rma.touch("comment", "terms", "goods")
    before = rma.request_state
    if decision.verdict is Verdict.APPROVE and before != RequestState.APPROVED:
        approve(rma, by="policy")
    elif decision.verdict is not Verdict.APPROVE and before != RequestState.REQUESTED:
        rma.move_request(RequestState.REQUESTED)
    event = ReturnChanged(str(rma.pk), rma.number, was, _pieces_by_sku(rma))
    record(event, shop_id=rma.shop_id, actor=by)


def pieces_held(rma: Return | None) -> dict[UUID, int]:
    """How many pieces of each order line ``rma`` claims; empty for None."""
    if rma is None:
        return {}
    rows = rma.lines.exclude(order_line=None).values_list("order_line_id", "quantity")
    return {line_id: quantity for line_id, quantity in rows if line_id is not None}


def holds_repair(rma: Return) -> bool:
    """Whether pieces of ``rma`` are here that are to go back to the shopper."""
    here = rma.parcel_state == ParcelState.RECEIVED
    return here and rma.lines.filter(outcome=REPAIR, is_given_back=False).exists()


def give_back(rma: Return) -> None:
    """Free the pieces of a locked return that its shopper has again, inside an action."""
    _free_pieces(rma)
    rma.lines.update(is_given_back=True)


def let_keep(rma: Return) -> None:
    """Leave the pieces of a locked return with its shopper, inside an action.

    Accepted from here on, and nothing is waited for; the pieces can be claimed again.
    """
    give_back(rma)
    rma.goods, rma.decided_at = Goods.KEPT, rma.decided_at or now()
    if rma.request_state == RequestState.APPROVED:
        rma.touch("goods", "decided_at")
    else:
        rma.move_request(RequestState.APPROVED, "goods", "decided_at")


def close(rma: Return, *, by: str) -> None:
    """Close ``rma`` inside an action of a room above."""
    rma.closed_at = now()
    rma.move_request(RequestState.CLOSED, "closed_at")
    record(ReturnClosed(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)


def _follow_decision(rma: Return, decision: Decision) -> None:
    if decision.verdict is Verdict.APPROVE:
        approve(rma, by="policy")
    elif decision.verdict is Verdict.DECLINE:
        declined = next(f for f in decision.findings if f.verdict is Verdict.DECLINE)
        decline(rma, DECLINE_REASONS.get(declined.code, DeclineReason.OTHER), by="policy")


DECLINE_REASONS = {
    "window_over": DeclineReason.WINDOW_CLOSED,
    "window_over_dispatch": DeclineReason.WINDOW_CLOSED,
    "window_over_order": DeclineReason.WINDOW_CLOSED,
    "season_over": DeclineReason.WINDOW_CLOSED,
    "final_sale": DeclineReason.FINAL_SALE,
    "not_returnable": DeclineReason.NOT_RETURNABLE,
    **dict.fromkeys(GROUNDS, DeclineReason.NOT_RETURNABLE),
}


def keep_note(rma: Return, text: str, *, by: str) -> Note:
    """Write a remark on a locked return, inside an action. Raises ``TextTooLong``."""
    note = Note.objects.create(
        shop_id=rma.shop_id, rma=rma, text=_fitting("note", text), by=by, at=now()
    )
    record(NoteAdded(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)
    return note


def approve(rma: Return, *, by: str) -> None:
    """Approve a locked return, inside an action."""
    rma.decided_at = now()
    rma.move_request(RequestState.APPROVED, "decided_at")
    record(ReturnApproved(str(rma.pk), rma.number), shop_id=rma.shop_id, actor=by)


def decline(rma: Return, reason: DeclineReason, *, by: str) -> None:
    """Decline a locked return, inside an action."""
    rma.decided_at = rma.closed_at = now()
    rma.decline_reason = reason
    rma.move_request(
        RequestState.DECLINED, "decided_at", "closed_at", "decline_reason", "decline_note"
    )
    _free_pieces(rma)
    record(ReturnDeclined(str(rma.pk), rma.number, reason.value), shop_id=rma.shop_id, actor=by)


def _check_repair(checked: Checked) -> None:
    """A repair is asked for faulty pieces, in a request of its own."""
    is_mixed = len({wish.outcome == REPAIR for wish, _, _ in checked}) > 1
    for wish, bought, reason in checked:
        if wish.outcome != REPAIR:
            continue
        if not is_defect(reason):
            raise RepairNotPossible(sku=bought.sku, why="no_fault")
        if is_mixed:
            raise RepairNotPossible(sku=bought.sku, why="mixed")


def _check_no_repair(checked: Checked) -> None:
    """The guarantee is the buyer's: who got a present has no contract with the shop."""
    for wish, bought, _ in checked:
        if wish.outcome == REPAIR:
            raise RepairNotPossible(sku=bought.sku, why="present")


def _goods_of(decision: Decision, wanted: Wanted, charity: Charity | None = None) -> Goods:
    if any(wish.outcome == REPAIR for wish, _, _ in wanted):
        return Goods.SENT_BACK
    if charity is not None:
        return Goods.DONATED
    return Goods.KEPT if decision.terms.keeps_goods else Goods.SENT_BACK


def _add_donation(rma: Return, charity: Charity) -> None:
    Donation.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        charity=list(charity.name_and_address),
        proof=charity.proof,
        proven_at=rma.requested_at if charity.proof == "none" else None,
    )


def _pieces_by_sku(rma: Return) -> str:
    """What it is about, for its history: ``2 × SHIRT, 1 × CUP``."""
    rows = rma.lines.order_by("position").values_list("quantity", "sku")
    return ", ".join(f"{quantity} × {sku}" for quantity, sku in rows)[:500]


def _claim_again(line: ReturnLine, bought: OrderLine, quantity: int) -> None:
    """Claim more pieces for a line, or free some."""
    if quantity > line.quantity:
        _claim([(bought, quantity - line.quantity)])
    elif quantity < line.quantity:
        _free(bought.pk, line.quantity - quantity)


def _drop_lines(rma: Return, lines: Sequence[ReturnLine]) -> None:
    for line in lines:
        assert line.order_line_id is not None
        _free(line.order_line_id, line.quantity)
        line.photos.update(line=None)
        try:
            line.delete()
        except ProtectedError as problem:
            raise NotChangeable(number=rma.number, why="exchange") from problem


def _add_lines(rma: Return, wanted: Wanted, *, after: int = 0) -> None:
    _claim([(bought, wish.quantity) for wish, bought, _ in wanted])
    lines = [
        ReturnLine(
            shop_id=rma.shop_id,
            rma=rma,
            position=position,
            order_line=bought,
            sku=bought.sku,
            title=bought.title,
            quantity=wish.quantity,
            reason=reason,
            outcome=wish.outcome,
            comment=wish.comment,
        )
        for position, (wish, bought, reason) in enumerate(wanted, start=after + 1)
    ]
    insert_all(lines)
    for line, (wish, _, _) in zip(lines, wanted, strict=True):
        for image in wish.photos:
            keep_photo(rma, line, image, "shopper")


def _claim(pieces: Sequence[tuple[OrderLine, int]]) -> None:
    """Take the pieces of each line, in one statement for all lines that give as many."""
    for quantity in sorted({asked for _, asked in pieces}):
        lines = [bought for bought, asked in pieces if asked == quantity]
        free = OrderLine.objects.filter(
            pk__in=[bought.pk for bought in lines],
            delivered_quantity__gte=F("returned_quantity") + quantity,
        )
        if free.update(returned_quantity=F("returned_quantity") + quantity) != len(lines):
            raise _too_many(_too_little_left(lines, quantity), quantity)


def _too_little_left(lines: Sequence[OrderLine], quantity: int) -> OrderLine:
    """The first of ``lines`` with less than ``quantity`` left; the claim took from the others."""
    for bought in lines:
        before = bought.returned_quantity
        bought.refresh_from_db(fields=["delivered_quantity", "returned_quantity"])
        left = bought.delivered_quantity - bought.returned_quantity
        if bought.returned_quantity != before + quantity and left < quantity:
            return bought
    return lines[0]


def _free_pieces(rma: Return) -> None:
    for line in rma.lines.filter(is_given_back=False).exclude(order_line=None):
        assert line.order_line_id is not None
        _free(line.order_line_id, line.quantity)


def _free(bought_id: UUID, quantity: int) -> None:
    OrderLine.objects.filter(pk=bought_id).update(
        returned_quantity=F("returned_quantity") - quantity
    )


def _too_many(bought: OrderLine, asked: int) -> QuantityExceedsBought:
    return QuantityExceedsBought(
        sku=bought.sku,
        bought=bought.delivered_quantity,
        already_returned=bought.returned_quantity,
        asked=asked,
    )


def keep_photo(rma: Return, line: ReturnLine | None, image: CleanImage, taken_by: str) -> Photo:
    """Keep a picture with ``rma``, inside an action."""
    return Photo.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        line=line,
        file=keep(image.jpeg, shop_id=rma.shop_id, folder="photos", suffix=".jpg"),
        width=image.width,
        height=image.height,
        sha256=image.sha256,
        taken_by=taken_by,
    )


def _fitting(field: str, text: str) -> str:
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field=field, limit=LONGEST_COMMENT)
    return text
