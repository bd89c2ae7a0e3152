"""What the shop owes customers: store credit, gift cards, points; read, given and taken by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.api.v1.credit import shopper_behind
from rebond.domain.gift_cards.actions import issue_card, top_up
from rebond.domain.gift_cards.codes import grouped
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.actions import LONGEST_REASON, block, cash_out, take_back, unblock
from rebond.domain.ledger.kinds import OWED, AccountKind, Part
from rebond.domain.ledger.models import Account, Entry, Transaction
from rebond.domain.loyalty.actions import give_points
from rebond.domain.machines.scopes import Scope
from rebond.domain.shoppers.models import Shopper
from rebond.domain.store_credit.actions import give_credit
from rebond.kernel.money import Money

router = Router(tags=["credit"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_MINOR = 100_000_000
"""What can be given at once, as at the desk: a million of most currencies, or points."""


class OwedKind(StrEnum):
    """What a balance is."""

    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    POINTS = "points"


class GivenAs(StrEnum):
    """Money that is owed or was paid (``cash``), a gesture that is never paid out, or points."""

    CASH = "cash"
    GESTURE = "gesture"
    POINTS = "points"


class CardAs(StrEnum):
    """A card that was sold (``cash``) or given."""

    CASH = "cash"
    GESTURE = "gesture"


class BalanceOut(Schema):
    """One balance in minor units of ``currency`` (points: ``PTS``).

    ``customer`` is the shopper's key at the shop, null for a card that nobody is named on;
    ``card`` the last four signs of a card's code.
    """

    id: str
    kind: str
    customer: str | None
    card: str | None
    currency: str
    balance_minor: int
    held_minor: int
    blocked: bool
    opened_at: str


class BalancesOut(PageOut):
    """A page of balances, newest first."""

    items: list[BalanceOut]


class BalanceFilters(Schema):
    """Which balances; ``customer`` is a shopper's key at the shop."""

    kind: OwedKind | None = None
    customer: str = Field("", max_length=80)
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class MovementOut(Schema):
    """One movement; what went is below zero. ``reference`` is the payment it is about."""

    id: str
    kind: str
    cash_minor: int
    bonus_minor: int
    reference: str
    reason: str
    by: str
    at: str


class MovementsOut(PageOut):
    """A page of movements, newest first."""

    items: list[MovementOut]


class MovementFilters(Schema):
    """From where the movements are listed."""

    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class BecauseIn(Body):
    """Why, in a person's words; it stands in the statement."""

    reason: str = Field(..., min_length=1, max_length=LONGEST_REASON)


class AmountIn(BecauseIn):
    """How much, in minor units of the balance's currency, or points."""

    amount_minor: Number = Field(..., ge=1, le=MOST_MINOR)


class PayoutIn(AmountIn):
    """Cash that was paid out, under the reference of its payment."""

    reference: str = Field(..., min_length=1, max_length=100)


class GiftIn(AmountIn):
    """What a customer gets, named by their key at the shop or their e-mail address."""

    shopper_key: str = Field(..., min_length=1, max_length=254)
    kind: GivenAs


class CardIn(AmountIn):
    """A new card, for a customer where ``shopper_key`` names one."""

    kind: CardAs
    shopper_key: str = Field("", max_length=254)


class CardOut(BalanceOut):
    """A new card. ``code`` is told once: asked again under the same key it is empty."""

    code: str


@router.get(
    "/balances",
    auth=Key(Scope.CREDIT_READ),
    response={200: BalancesOut, **REFUSED},
    operation_id="list_balances",
)
def balances(request: HttpRequest, asked: Annotated[BalanceFilters, Query(...)]) -> HttpResponse:
    """Store credit, gift cards and points, newest first."""
    check_parameters(request, {"kind", "customer"})
    shop = shop_of(request)
    rows = Account.objects.filter(shop=shop, kind__in=sorted(OWED))
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind.value)
    if asked.customer:
        shopper = Shopper.objects.filter(shop=shop, key=asked.customer).first()
        owned: list[UUID] = []
        if shopper is not None:
            cards = GiftCard.objects.filter(shop=shop, shopper=shopper)
            owned = [shopper.pk, *cards.values_list("pk", flat=True)]
        rows = rows.filter(owner__in=owned)
    return listed(
        rows, by="opened_at", cursor=asked.cursor, limit=asked.limit, shape_all=_balances_out
    )


@router.get(
    "/balances/{balance_id}",
    auth=Key(Scope.CREDIT_READ),
    response={200: BalanceOut, **REFUSED},
    operation_id="read_balance",
)
def read(request: HttpRequest, balance_id: UUID) -> dict[str, Any]:
    """One balance as it stands now."""
    return _balance_out(_found(request, balance_id))


@router.get(
    "/balances/{balance_id}/movements",
    auth=Key(Scope.CREDIT_READ),
    response={200: MovementsOut, **REFUSED},
    operation_id="list_balance_movements",
)
def movements(
    request: HttpRequest, balance_id: UUID, asked: Annotated[MovementFilters, Query(...)]
) -> HttpResponse:
    """Everything that moved the balance, newest first."""
    check_parameters(request, set())
    shop, account = shop_of(request), _found(request, balance_id)
    own = Prefetch("entries", Entry.objects.filter(shop=shop, account=account))
    rows = Transaction.objects.filter(shop=shop, account=account).prefetch_related(own)
    return listed(rows, by="at", cursor=asked.cursor, limit=asked.limit, shape=_movement_out)


@router.post(
    "/balances/{balance_id}/additions",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="add_to_balance",
)
def add(request: HttpRequest, balance_id: UUID, wanted: AmountIn) -> HttpResponse:
    """A gesture on store credit or points; money that was paid on a card.

    Needs an ``Idempotency-Key``, as do the other calls that change a balance.
    """

    def do(account: Account, name: str) -> None:
        details = {"key": name, "reason": wanted.reason, "by": actor_of(request)}
        amount = Money(wanted.amount_minor, account.currency)
        if account.kind == AccountKind.GIFT_CARD:
            top_up(GiftCard.objects.get(shop=account.shop, account=account), amount, **details)
            return
        shopper = Shopper.objects.get(shop=account.shop, pk=account.owner)
        if account.kind == AccountKind.POINTS:
            give_points(shopper, amount.minor, **details)
        else:
            give_credit(shopper, amount, is_cash=False, **details)

    return _changed(request, balance_id, "additions", do)


@router.post(
    "/balances/{balance_id}/corrections",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="correct_balance",
)
def correct(request: HttpRequest, balance_id: UUID, wanted: AmountIn) -> HttpResponse:
    """Take back what was given by mistake, as far as it is free."""

    def do(account: Account, name: str) -> None:
        amount = Money(wanted.amount_minor, account.currency)
        take_back(account.pk, amount, key=name, reason=wanted.reason, by=actor_of(request))

    return _changed(request, balance_id, "corrections", do)


@router.post(
    "/balances/{balance_id}/payouts",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="pay_balance_out",
)
def pay_out(request: HttpRequest, balance_id: UUID, wanted: PayoutIn) -> HttpResponse:
    """Note that cash of the balance was paid out. A bonus never is."""

    def do(account: Account, _: str) -> None:
        cash_out(
            account.pk,
            Money(wanted.amount_minor, account.currency),
            reference=wanted.reference,
            reason=wanted.reason,
            by=actor_of(request),
        )

    return _changed(request, balance_id, "payouts", do)


@router.post(
    "/balances/{balance_id}/blocks",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="block_balance",
)
def stop(request: HttpRequest, balance_id: UUID, wanted: BecauseIn) -> HttpResponse:
    """Let nothing more be used; what is held already stands."""

    def do(account: Account, _: str) -> None:
        block(account.pk, reason=wanted.reason, by=actor_of(request))

    return _changed(request, balance_id, "blocks", do)


@router.post(
    "/balances/{balance_id}/releases",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="unblock_balance",
)
def free(request: HttpRequest, balance_id: UUID, wanted: BecauseIn) -> HttpResponse:
    """Let a blocked balance be used again."""

    def do(account: Account, _: str) -> None:
        unblock(account.pk, reason=wanted.reason, by=actor_of(request))

    return _changed(request, balance_id, "releases", do)


@router.post(
    "/credit/gifts",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: BalanceOut, **REFUSED},
    operation_id="give_credit",
)
def give(request: HttpRequest, wanted: GiftIn) -> HttpResponse:
    """Give a customer store credit in the shop's currency, or points.

    Needs an ``Idempotency-Key``.
    """
    shop, shopper = shop_of(request), shopper_behind(request, wanted.shopper_key)

    def do(name: str) -> HttpResponse:
        details = {"key": name, "reason": wanted.reason, "by": actor_of(request)}
        if wanted.kind is GivenAs.POINTS:
            booked = give_points(shopper, wanted.amount_minor, **details)
        else:
            amount = Money(wanted.amount_minor, shop.currency)
            booked = give_credit(shopper, amount, is_cash=wanted.kind is GivenAs.CASH, **details)
        return JsonResponse(_balance_out(_found(request, booked.account_id)), status=201)

    return once(request, "POST credit/gifts", do)


@router.post(
    "/gift-cards",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: CardOut, **REFUSED},
    operation_id="issue_gift_card",
)
def issue(request: HttpRequest, wanted: CardIn) -> HttpResponse:
    """Issue a gift card in the shop's currency; its code is in the first answer alone.

    Needs an ``Idempotency-Key``.
    """
    shop = shop_of(request)
    shopper = shopper_behind(request, wanted.shopper_key) if wanted.shopper_key else None

    def do(name: str) -> HttpResponse:
        made = issue_card(
            shop,
            Money(wanted.amount_minor, shop.currency),
            is_cash=wanted.kind is CardAs.CASH,
            key=name,
            reason=wanted.reason,
            by=actor_of(request),
            shopper=shopper,
        )
        shown = _balance_out(_found(request, made.card.account_id))
        answer = JsonResponse(shown | {"code": grouped(made.code)}, status=201)
        kept = JsonResponse(shown | {"code": ""}).content.decode()
        answer.kept_body = kept  # type: ignore[attr-defined]
        return answer

    return once(request, "POST gift-cards", do)


def _changed(
    request: HttpRequest, balance_id: UUID, verb: str, do: Callable[[Account, str], None]
) -> HttpResponse:
    """The balance after ``do``, which is done once under the caller's key."""
    account = _found(request, balance_id)

    def change(name: str) -> HttpResponse:
        do(account, name)
        return JsonResponse(_balance_out(_found(request, balance_id)), status=201)

    return once(request, f"POST balances/{balance_id}/{verb}", change)


def _found(request: HttpRequest, balance_id: UUID) -> Account:
    found = Account.objects.filter(
        shop=shop_of(request), pk=balance_id, kind__in=sorted(OWED)
    ).first()
    if found is None:
        raise Http404
    return found


def _balance_out(account: Account) -> dict[str, Any]:
    return _balances_out([account])[0]


def _balances_out(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    """The balances with whose they are: two queries for all of them."""
    owners = [account.owner for account in accounts]
    cards = GiftCard.objects.select_related("shopper").filter(pk__in=owners)
    by_card = {card.pk: card for card in cards}
    people = Shopper.objects.in_bulk(owners)
    shown = []
    for account in accounts:
        card = by_card.get(account.owner)
        person = card.shopper if card is not None else people.get(account.owner)
        shown.append(
            {
                "id": str(account.pk),
                "kind": account.kind,
                "customer": person.key if person is not None else None,
                "card": card.last_four if card is not None else None,
                "currency": account.currency,
                "balance_minor": account.balance_minor,
                "held_minor": account.held_minor,
                "blocked": account.blocked_at is not None,
                "opened_at": account.opened_at.isoformat(),
            }
        )
    return shown


def _movement_out(row: Transaction) -> dict[str, Any]:
    own = row.entries.all()
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "cash_minor": sum(entry.amount_minor for entry in own if entry.part == Part.CASH),
        "bonus_minor": sum(entry.amount_minor for entry in own if entry.part == Part.BONUS),
        "reference": row.reference,
        "reason": row.reason,
        "by": row.actor,
        "at": row.at.isoformat(),
    }
