"""The verbs of a withdrawal: receive the statement, find its order, make it a return, answer it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from rebond.domain.orders.models import Order, OrderLine, OrderState
from rebond.domain.orders.reading import lock_order
from rebond.domain.policies.engine import Decision, Policy
from rebond.domain.policies.facts import Terms, Verdict
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.policies.retired import usual_terms
from rebond.domain.policies.rules import refund_by_grade
from rebond.domain.returns.actions import file_return
from rebond.domain.returns.errors import (
    LineNotInOrder,
    NothingSelected,
    OrderCancelled,
    QuantityExceedsBought,
)
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Ground
from rebond.domain.returns.wishes import Wish
from rebond.domain.shoppers.models import email_key
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.assessing import assess, order_of, pieces_left, wanted_pieces
from rebond.domain.withdrawals.errors import (
    AlreadyAssessed,
    AnswerNeeded,
    OrderNeeded,
    OrderUnknown,
    StatementDiffers,
)
from rebond.domain.withdrawals.events import (
    WithdrawalAccepted,
    WithdrawalAnswered,
    WithdrawalMatched,
    WithdrawalSubmitted,
)
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.domain.withdrawals.sealing import Declared, digest_of, local_time, text_of
from rebond.domain.withdrawals.states import AnswerReason, CaseState, Question, legal_basis
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.models import next_number

SPOKEN = {"fr", "en"}
LONGEST_NOTE = 2000


@action
def submit_statement(
    shop: Shop,
    said: Declared,
    *,
    key: UUID,
    corrects: Statement | None = None,
    is_flood: bool = False,
) -> Statement:
    """Receive a statement of withdrawal, whatever it says: nothing is judged here.

    The moment is the server's. The same ``key`` with the same words is the same statement;
    with other words raises ``StatementDiffers``, so that nothing said is ever changed.
    """
    made = Statement.objects.filter(shop=shop, key=key).first()
    if made is not None:
        return _same(made, said)
    try:
        with transaction.atomic():
            return _receive(shop, said, key, corrects, is_flood)
    except IntegrityError:
        return _same(Statement.objects.get(shop=shop, key=key), said)


@action
def take_up_statement(statement_id: UUID) -> WithdrawalCase:
    """Find the order of a statement by itself, and open the return where the law leaves no doubt.

    Whatever is not certain stays for a person: this never says no.
    """
    case = _locked(statement_id)
    if case.state != CaseState.SUBMITTED:
        return case
    order = order_of(case.statement)
    if order is None:
        case.question = Question.ORDER
        case.save(update_fields=["question"])
        return case
    _match(case, order, by="system")
    _accept_by_itself(case, order)
    return case


@action
def match_statement(statement_id: UUID, number: str, *, by: str) -> WithdrawalCase:
    """Say which order a statement is about. Raises ``OrderUnknown``, ``AlreadyAssessed``."""
    case = _open(statement_id)
    order = (
        Order.objects.select_related("shopper", "shop")
        .filter(shop_id=case.shop_id, number_key=number.strip().lstrip("#").strip().lower())
        .first()
    )
    if order is None:
        raise OrderUnknown(number=number[:40])
    _match(case, order, by=by)
    return case


@action
def accept_withdrawal(statement_id: UUID, pieces: Mapping[UUID, int], *, by: str) -> Return:
    """Make a statement a return of ``pieces`` (order line → how many), as the law wants it.

    Raises ``AlreadyAssessed``, ``OrderNeeded``, ``OrderCancelled``, ``NothingSelected``,
    ``LineNotInOrder`` and ``QuantityExceedsBought``.
    """
    case = _open(statement_id)
    if case.order is None:
        raise OrderNeeded(reference=case.statement.reference)
    return _accept(case, case.order, pieces, by=by)


@action
def answer_withdrawal(
    statement_id: UUID, reason: AnswerReason, *, note: str, by: str
) -> WithdrawalCase:
    """Write to the consumer why no return follows: a reason, its article, a person's words.

    ``note`` is in the consumer's language and may not be empty. Raises ``AlreadyAssessed`` and
    ``AnswerNeeded``.
    """
    case = _open(statement_id)
    if not note.strip():
        raise AnswerNeeded(reference=case.statement.reference)
    country = case.order.country if case.order is not None else ""
    case.answer_reason, case.answer_note = reason, note.strip()[:LONGEST_NOTE]
    case.answer_basis = legal_basis(reason, country)
    _finish(case, by=by)
    event = WithdrawalAnswered(str(case.statement_id), case.statement.reference, reason.value)
    record(event, shop_id=case.shop_id, actor=by)
    return case


def _receive(
    shop: Shop, said: Declared, key: UUID, corrects: Statement | None, is_flood: bool
) -> Statement:
    moment = now()
    local = local_time(moment, shop.time_zone)
    year = local[:4]
    reference = f"W-{year}-{next_number(shop.pk, f'withdrawal:{year}'):06d}"
    text = text_of(shop, said)
    statement = Statement.objects.create(
        shop=shop,
        key=key,
        reference=reference,
        language=said.language,
        name=said.name,
        contract=said.contract,
        email=said.email,
        email_key=email_key(said.email),
        note=said.note,
        order_id=said.order_id,
        pieces=[dict(piece) for piece in said.pieces],
        text=text,
        submitted_at=moment,
        local_time=local,
        sha256=digest_of(reference, said, text, local),
        corrects=corrects,
        is_flood=is_flood,
    )
    WithdrawalCase.objects.create(
        shop=shop, statement=statement, submitted_at=moment, is_flood=is_flood
    )
    event = WithdrawalSubmitted(str(statement.pk), reference)
    record(event, shop_id=shop.pk, actor="shopper")
    return statement


def declared_in(statement: Statement) -> Declared:
    """What was declared, as it can be compared and sealed again."""
    return Declared(
        language=statement.language,
        name=statement.name,
        contract=statement.contract,
        email=statement.email,
        note=statement.note,
        order_id=statement.order_id,
        pieces=tuple(statement.pieces),
    )


def _same(made: Statement, said: Declared) -> Statement:
    again = digest_of(made.reference, said, text_of(made.shop, said), made.local_time)
    before = digest_of(
        made.reference, declared_in(made), text_of(made.shop, declared_in(made)), made.local_time
    )
    if again != before:
        raise StatementDiffers(reference=made.reference)
    return made


def _locked(statement_id: UUID) -> WithdrawalCase:
    statement = Statement.objects.only("id", "shop_id").get(pk=statement_id)
    cases = WithdrawalCase.objects.select_for_update(no_key=True, of=("self",))
    return cases.select_related("statement__shop", "shop", "order__shop", "order__shopper").get(
        shop_id=statement.shop_id, statement_id=statement_id
    )


def _open(statement_id: UUID) -> WithdrawalCase:
    case = _locked(statement_id)
    if case.state == CaseState.ASSESSED:
        raise AlreadyAssessed(reference=case.statement.reference)
    return case


def _match(case: WithdrawalCase, order: Order, *, by: str) -> None:
    found = assess(order, case.submitted_at)
    case.order, case.state = order, CaseState.MATCHED
    case.last_day, case.is_late = found.last_day, found.is_late
    case.question = found.question or ""
    case.save(update_fields=["order", "state", "last_day", "is_late", "question"])
    event = WithdrawalMatched(str(case.statement_id), case.statement.reference, order.number)
    record(event, shop_id=case.shop_id, actor=by)


def _accept_by_itself(case: WithdrawalCase, order: Order) -> None:
    """Open the return, or say what a person has to look at."""
    if case.question:
        return
    wanted = wanted_pieces(case.statement, order)
    left = {line.pk: (line, count) for line, count in pieces_left(order)}
    if wanted is None:
        case.question = Question.PIECES
    elif not wanted or any(pk not in left or count > left[pk][1] for pk, count in wanted.items()):
        case.question = Question.GONE
    elif any(not left[pk][0].is_returnable for pk in wanted):
        case.question = Question.EXCEPTION
    else:
        _accept(case, order, wanted, by="law")
        return
    case.save(update_fields=["question"])


def _accept(case: WithdrawalCase, order: Order, pieces: Mapping[UUID, int], *, by: str) -> Return:
    lock_order(order.pk)
    if order.state == OrderState.CANCELLED:
        raise OrderCancelled(number=order.number)
    wanted = _wanted(order, pieces)
    language = case.statement.language
    rma = file_return(
        order,
        wanted,
        _as_the_law_has_it(order, wanted, policy_in_force(order.shop, case.submitted_at)),
        asked_at=case.submitted_at,
        language=language if language in SPOKEN else "en",
        by=by,
        origin="shopper",
        comment=case.statement.note,
        ground=Ground.WITHDRAWAL,
    )
    case.rma = rma
    _finish(case, by=by)
    event = WithdrawalAccepted(
        str(case.statement_id), case.statement.reference, str(rma.pk), rma.number
    )
    record(event, shop_id=case.shop_id, actor=by)
    return rma


def _finish(case: WithdrawalCase, *, by: str) -> None:
    case.state, case.question = CaseState.ASSESSED, ""
    case.assessed_by, case.assessed_at = by, now()
    case.save()


def _wanted(order: Order, pieces: Mapping[UUID, int]) -> list[tuple[Wish, OrderLine, None]]:
    """Each line with its pieces and no reason: a withdrawal needs none."""
    lines = {line.pk: line for line in order.lines.select_related("product")}
    if not any(pieces.values()):
        raise NothingSelected
    wanted = []
    for line_id, count in pieces.items():
        bought = lines.get(line_id)
        if bought is None:
            raise LineNotInOrder(line=str(line_id))
        if not count:
            continue
        if not 1 <= count <= bought.delivered_quantity - bought.returned_quantity:
            raise QuantityExceedsBought(
                sku=bought.sku,
                bought=bought.delivered_quantity,
                already_returned=bought.returned_quantity,
                asked=count,
            )
        wanted.append((Wish(line_id, count, ""), bought, None))
    return wanted


def _as_the_law_has_it(
    order: Order, wanted: list[tuple[Wish, OrderLine, None]], policy: Policy
) -> Decision:
    """Yes, without any fee; delivery comes back with the whole order.

    Only the moment of payment and who pays the way back are the shop's, and the legal day pays
    whatever the shop waits for. Source: C. conso. L221-23, L221-24; Dir. 2011/83/EU arts 13, 14.
    """
    own = usual_terms(policy, is_foreign_currency=order.currency != order.shop.currency)
    left = sum(line.delivered_quantity - line.returned_quantity for line in order.lines.all())
    terms = Terms(
        restocking_fee_percent=0,
        refunds_shipping=left == sum(wish.quantity for wish, _, _ in wanted),
        shopper_pays_return=own.shopper_pays_return,
        pays_at=own.pays_at,
        pays_early_up_to_minor=own.pays_early_up_to_minor,
        share_claims={str(bought.pk): True for _, bought, _ in wanted},
        **_shares(policy, [str(bought.pk) for _, bought, _ in wanted]),
    )
    return Decision(Verdict.APPROVE, (), terms, policy.version)


def _shares(policy: Policy, lines: list[str]) -> dict[str, Any]:
    """What a rule for everything proposes by grade: a claim that a person makes, with evidence."""
    for use in policy.uses:
        if use.rule.key == refund_by_grade.RULE.key and use.reach.is_always:
            return {
                "grade_shares": {line: use.settings.shares for line in lines},
                "graded_by": dict.fromkeys(lines, use.id),
            }
    return {}
