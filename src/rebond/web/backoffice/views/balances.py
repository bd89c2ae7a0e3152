"""Store credit, gift cards and points: the list, a statement, what is given and taken by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.gift_cards.actions import find_card, issue_card, top_up
from rebond.domain.gift_cards.codes import grouped
from rebond.domain.gift_cards.errors import GiftCardNotUsable
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.actions import block, cash_out, take_back, unblock
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.loyalty.actions import give_points
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Right
from rebond.domain.store_credit.actions import give_credit
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money
from rebond.web.backoffice import guesses
from rebond.web.backoffice.access import DeskRequest, View, at_desk
from rebond.web.backoffice.forms.balances import (
    AmountForm,
    CardForm,
    GiftForm,
    PayoutForm,
    ReasonForm,
)
from rebond.web.backoffice.queries.balances import (
    balances_page,
    find_account,
    owners_of,
    shopper_by_email,
    statement_of,
)
from rebond.web.backoffice.queries.search import cleaned
from rebond.web.backoffice.views.pages import show

Do = Callable[[DeskRequest, Account], HttpResponse]
KINDS = [AccountKind.STORE_CREDIT, AccountKind.GIFT_CARD, AccountKind.POINTS]


@require_GET
@at_desk(Right.SEE_MONEY)
def balances(request: DeskRequest) -> HttpResponse:
    """All balances of one kind, newest first; with ``q`` those that match what was typed."""
    return _list(request)


@require_POST
@at_desk(Right.SEE_MONEY)
def card_check(request: DeskRequest) -> HttpResponse:
    """From the code of a card to its statement. Wrong codes get one answer, and are counted."""
    if not guesses.may_guess(request.staff):
        messages.error(request, _("Too many wrong codes. Please try again in an hour."))
        return _list(request, status=429)
    try:
        card = find_card(request.shop, request.POST.get("code", "")[:60])
    except GiftCardNotUsable as refusal:
        guesses.note_wrong(request.staff)
        return _list(request, refusal=refusal)
    return _to(request, card.account_id)


@require_GET
@at_desk(Right.SEE_MONEY)
def balance(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """One balance: what it is made of, and every movement."""
    return _page(request, find_account(request.shop, account_id))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def new_gift(request: DeskRequest) -> HttpResponse:
    """Give a shopper credit or points by hand."""
    form = GiftForm(_sent(request), currency=request.shop.currency)
    if request.method != "POST":
        return show(request, "balance_gift.html", {"form": form})
    if not form.is_valid():
        return show(request, "balance_gift.html", {"form": form}, status=422)
    wish = form.cleaned_data
    shopper = shopper_by_email(request.shop, wish["email"])
    if shopper is None:
        form.add_error("email", _("No customer of this shop has this address."))
        return show(request, "balance_gift.html", {"form": form}, status=422)
    try:
        booked = _give(request, shopper, wish)
    except RebondError as refusal:
        return show(request, "balance_gift.html", {"form": form}, refusal=refusal)
    messages.success(request, _("It is on their balance."))
    return _to(request, booked.account_id)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def new_card(request: DeskRequest) -> HttpResponse:
    """Issue a gift card; its code stands on the answer's page, this once."""
    form = CardForm(_sent(request), currency=request.shop.currency)
    if request.method != "POST":
        return show(request, "balance_card.html", {"form": form})
    if not form.is_valid():
        return show(request, "balance_card.html", {"form": form}, status=422)
    wish = form.cleaned_data
    shopper = shopper_by_email(request.shop, wish["email"]) if wish["email"] else None
    if wish["email"] and shopper is None:
        form.add_error("email", _("No customer of this shop has this address."))
        return show(request, "balance_card.html", {"form": form}, status=422)
    try:
        made = issue_card(
            request.shop,
            wish["amount"],
            is_cash=wish["kind"] == "cash",
            key=wish["key"],
            reason=wish["reason"],
            by=request.by,
            shopper=shopper,
        )
    except RebondError as refusal:
        return show(request, "balance_card.html", {"form": form}, refusal=refusal)
    shown = {"card": made.card, "code": grouped(made.code), "amount": wish["amount"]}
    return show(request, "balance_card_code.html", shown)


def step(
    form: Callable[..., Any], prefix: str, *, confirmed: bool = False
) -> Callable[[Callable[..., None]], View]:
    """A view that does one thing with a balance by a form of its page; then the page anew."""

    def make(do: Callable[..., None]) -> View:
        @require_POST
        @at_desk(Right.REFUND, confirmed=confirmed)
        @wraps(do)
        def view(request: DeskRequest, account_id: UUID) -> HttpResponse:
            account = find_account(request.shop, account_id)
            of_money = {"currency": account.currency} if form is not ReasonForm else {}
            typed = form(request.POST, prefix=prefix, **of_money)
            if not typed.is_valid():
                return _page(request, account, typed={prefix: typed})
            try:
                do(request, account, typed.cleaned_data)
            except RebondError as refusal:
                return _page(request, account, typed={prefix: typed}, refusal=refusal)
            return _to(request, account.pk)

        return view

    return make


@step(AmountForm, "more")
def give_more(request: DeskRequest, account: Account, wish: dict[str, Any]) -> None:
    """A gesture on credit or points; money on a card."""
    amount: Money = wish["amount"]
    details = {"key": wish["key"], "reason": wish["reason"], "by": request.by}
    if account.kind == AccountKind.GIFT_CARD:
        card = GiftCard.objects.get(shop=request.shop, account=account)
        top_up(card, amount, **details)
    else:
        shopper = Shopper.objects.get(shop=request.shop, pk=account.owner)
        if account.kind == AccountKind.POINTS:
            give_points(shopper, amount.minor, **details)
        else:
            give_credit(shopper, amount, is_cash=False, **details)
    messages.success(request, _("It is on their balance."))


@step(PayoutForm, "payout", confirmed=True)
def pay_out(request: DeskRequest, account: Account, wish: dict[str, Any]) -> None:
    """Note that cash of the balance was paid out."""
    reference, reason = wish["reference"], wish["reason"]
    cash_out(account.pk, wish["amount"], reference=reference, reason=reason, by=request.by)
    messages.success(request, _("The payout is noted."))


@step(AmountForm, "correction")
def correct(request: DeskRequest, account: Account, wish: dict[str, Any]) -> None:
    """Take back what was given by mistake."""
    key, reason = wish["key"], wish["reason"]
    take_back(account.pk, wish["amount"], key=key, reason=reason, by=request.by)
    messages.success(request, _("It is taken back."))


@step(ReasonForm, "block")
def block_balance(request: DeskRequest, account: Account, wish: dict[str, Any]) -> None:
    """Let nothing more be used."""
    block(account.pk, reason=wish["reason"], by=request.by)
    messages.success(request, _("It is blocked."))


@step(ReasonForm, "unblock")
def unblock_balance(request: DeskRequest, account: Account, wish: dict[str, Any]) -> None:
    """Let it be used again."""
    unblock(account.pk, reason=wish["reason"], by=request.by)
    messages.success(request, _("It can be used again."))


def _give(request: DeskRequest, shopper: Shopper, wish: dict[str, Any]) -> Transaction:
    details = {"key": wish["key"], "reason": wish["reason"], "by": request.by}
    if wish["kind"] == "points":
        return give_points(shopper, wish["amount"].minor, **details)
    return give_credit(shopper, wish["amount"], is_cash=wish["kind"] == "cash", **details)


def _list(
    request: DeskRequest, *, status: int = 200, refusal: RebondError | None = None
) -> HttpResponse:
    text = cleaned(request.GET.get("q", ""))
    wanted = request.GET.get("kind", "")
    kind = AccountKind(wanted) if wanted in KINDS else KINDS[0]
    people = Right.SEE_PEOPLE in request.rights
    cursor = request.GET.get("at", "")
    page = balances_page(request.shop, kind, text=text, cursor=cursor, people=people)
    listed = {
        "page": page,
        "owners": owners_of(request.shop, page.rows),
        "kind": kind.value,
        "kinds": [one.value for one in KINDS],
        "q": text,
    }
    return show(request, "balances.html", listed, status=status, refusal=refusal)


def _page(
    request: DeskRequest,
    account: Account,
    *,
    typed: dict[str, Any] | None = None,
    refusal: RebondError | None = None,
) -> HttpResponse:
    forms = {
        "more": AmountForm(prefix="more", currency=account.currency),
        "payout": PayoutForm(prefix="payout", currency=account.currency),
        "correction": AmountForm(prefix="correction", currency=account.currency),
        "block": ReasonForm(prefix="block"),
        "unblock": ReasonForm(prefix="unblock"),
    }
    statement = statement_of(account, cursor=request.GET.get("at", ""))
    page = {
        "seen": statement,
        "account": account,
        "page": statement.page,
        "forms": forms | (typed or {}),
        "opened": next(iter(typed), "") if typed else "",
    }
    status = 422 if typed and refusal is None else 200
    return show(request, "balance.html", page, status=status, refusal=refusal)


def _to(request: DeskRequest, account_id: UUID) -> HttpResponse:
    return redirect("backoffice:balance", slug=request.shop.slug, account_id=account_id)


def _sent(request: DeskRequest) -> Any:
    return request.POST if request.method == "POST" else None
