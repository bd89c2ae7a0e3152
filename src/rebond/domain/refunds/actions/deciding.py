"""Deciding what goes back: for a return, or straight from an order."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.conversations.actions import tell
from rebond.domain.discussions.queries import check_not_discussed
from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import Order
from rebond.domain.refunds.approvals import Decider
from rebond.domain.refunds.editing import edited
from rebond.domain.refunds.edits import AmountEdit, ground_words
from rebond.domain.refunds.errors import ExchangeOpen, ReasonNeeded, RestockExceedsPieces
from rebond.domain.refunds.events import GoodsRestocked
from rebond.domain.refunds.models import Settlement, SettlementLine, TaskKind
from rebond.domain.refunds.quoting import quote_of_wish
from rebond.domain.refunds.settling import decide, worked_out
from rebond.domain.refunds.tasks import open_task
from rebond.domain.refunds.ways import ChosenWay
from rebond.domain.refunds.wished import wished_way
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Staff
from rebond.domain.warehouse.reading import read_findings_of
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.events import record

LAW = "law"
"""Who decides on the legal day; nothing stands in its way."""


@action
def settle_return(
    rma_id: UUID,
    *,
    by: str,
    staff: Staff | None = None,
    machine: ApiKey | None = None,
    version: int | None = None,
    way: ChosenWay | None = None,
    edit: AmountEdit | None = None,
) -> Settlement:
    """Decide what ``rma`` is paid, set the money aside and start its refunds.

    Without a ``way`` each line goes the one that the shopper chose and the terms offer.
    ``staff`` is who decides, for their limits; None for the house itself, which after a
    withdrawal keeps nothing for a loss of value: only a person may. ``machine`` is the key that
    decides in a person's place, with limits of its own. ``edit`` pays another amount than the
    one worked out; its words are written to the shopper unless a second person is asked first.
    Raises the refusals of ``editing.edited`` and
    ``DiscussionOpen`` while the shopper is asked, ``AlreadySettled``, ``ExchangeOpen``,
    ``RepairOpen``, ``IllegalTransition`` unless the return is approved, ``NothingAccepted``,
    ``QuoteRefused``, and ``NoRefundablePayment``, ``PaymentDisputed`` or ``RefundExceedsPaid``
    when the payments cannot take it.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    read_findings_of(rma)
    if any(line.waits_for_goods for line in rma.lines.all()):
        raise ExchangeOpen(number=rma.number)
    if rma.is_gift:
        way = wished_way(rma)
    if by != LAW:
        check_not_discussed(rma)
    worked = worked_out(rma, by_person=staff is not None)
    found = edited(rma, worked, edit) if edit is not None else None
    settlement = decide(
        worked.order,
        rma,
        worked.answer if found is None else found.answer,
        origin="return",
        by=by,
        who=staff or machine,
        chosen=wished_way(rma) if way is None else way,
        tells_shopper=not rma.is_gift,
        reason=edit.words.strip() if edit is not None else "",
        edit=found.note if found is not None else None,
    )
    if edit is not None and rma.shopper is not None and not settlement.approvals.exists():
        clause = ground_words(edit.ground, rma.language, rma.country)
        tell(rma, edit.words, by=by, clause=clause)
    crash.point("settlement.deciding")
    return settlement


@action
def refund_order(
    order_id: UUID,
    wish: OrderRefund,
    *,
    by: str,
    who: Decider = None,
    request_key: str | None = None,
) -> Settlement:
    """Give back part or all of an order without a return.

    The same ``request_key`` twice is one refund: the second time returns the first. Raises
    ``ReasonNeeded`` without a word on why, ``RestockExceedsPieces``, ``QuoteRefused`` (more than
    what is left, nothing chosen …) and the refusals of ``settle_return`` about payments and the
    shopper's consent. ``who`` decides, for their limits; None for the house itself.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    made = order.settlements.filter(request_key=request_key).first() if request_key else None
    if made is not None:
        return made
    if not wish.reason.strip():
        raise ReasonNeeded
    _check_restock(order, wish.pieces)
    answer = quote_of_wish(order, wish)
    settlement = decide(
        order,
        None,
        answer,
        origin="order",
        by=by,
        who=who,
        chosen=wish.way,
        reason=wish.reason.strip(),
        tells_shopper=wish.tells_shopper,
        request_key=request_key,
    )
    _restock(order, settlement, wish.pieces, by=by)
    crash.point("settlement.deciding")
    return settlement


@action
def note_blocked(rma_id: UUID, *, code: str) -> None:
    """Ask a person about a refund that is due and could not be decided; ``code`` says why."""
    rma = Return.objects.locked(pk=rma_id)
    if rma.order is None or rma.settlements.filter(called_off_at=None).exists():
        return
    open_task(TaskKind.BLOCKED, rma.pk, order=rma.order, rma=rma, code=code)


def _check_restock(order: Order, pieces: tuple[WantedPieces, ...]) -> None:
    titles = {line.pk: line.sku for line in order.lines.all()}
    for piece in pieces:
        if not 0 <= piece.restocked <= piece.quantity:
            raise RestockExceedsPieces(
                sku=titles.get(piece.order_line_id, ""),
                asked=piece.restocked,
                possible=piece.quantity,
            )


def _restock(
    order: Order, settlement: Settlement, pieces: tuple[WantedPieces, ...], *, by: str
) -> None:
    skus = {line.pk: line.sku for line in order.lines.all()}
    for piece in pieces:
        if not piece.restocked:
            continue
        place = piece.restocked_at.strip()[:60]
        SettlementLine.objects.filter(
            shop_id=order.shop_id, settlement=settlement, order_line_id=piece.order_line_id
        ).update(restocked_quantity=piece.restocked, restocked_at=place)
        event = GoodsRestocked(
            str(order.pk),
            str(piece.order_line_id),
            skus[piece.order_line_id],
            piece.restocked,
            place,
        )
        record(event, shop_id=order.shop_id, actor=by)
