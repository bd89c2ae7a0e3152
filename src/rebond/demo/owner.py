"""What lies on the owner’s table in the demo: a draft policy, a withdrawal, a lower price."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from rebond.domain.credit_notes.actions import DraftWish, write_draft
from rebond.domain.credit_notes.models import CreditNoteDraft
from rebond.domain.orders.models import Order
from rebond.domain.policies.actions import create_draft
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.queries import policy_for
from rebond.domain.repairs.actions import reduce_price
from rebond.domain.returns.actions import approve_return, request_return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.actions import submit_statement
from rebond.domain.withdrawals.models import Statement
from rebond.domain.withdrawals.sealing import Declared
from rebond.kernel.clock import now

OWNER, ANA = "staff:Olivia Martin", "staff:Ana Lopes"
LONGER_DAYS = 90


def play_owner(shop: Shop, orders: list[Order]) -> None:
    """Lay each of them on the table; what lies there is not laid there again.

    ``orders`` are those that can still come back; three after the first eight are taken.
    """
    if not PolicyVersion.objects.filter(shop=shop, published_at=None).exists():
        _draft_a_policy(shop)
    chosen = [order for order in orders[8:20] if order.currency == shop.currency][:3]
    if len(chosen) < 3 or Statement.objects.filter(shop=shop).exists():
        return
    _withdraw(shop, chosen[0])
    _lower_the_price(chosen[1])
    if not CreditNoteDraft.objects.filter(shop=shop).exists():
        _begin_a_note(chosen[2])


def _draft_a_policy(shop: Shop) -> None:
    """A longer window and a flat bonus on credit: something to try on past returns."""
    current = PolicyVersion.objects.filter(shop=shop).order_by("number").last()
    if current is None:
        return
    rules = [_kinder(rule) for rule in current.document["rules"]]
    create_draft(
        shop,
        {**current.document, "rules": rules},
        note="90 jours et 5 £ de plus en avoir",
        by=OWNER,
        based_on=current.number,
    )


def _kinder(rule: dict[str, Any]) -> dict[str, Any]:
    if rule["kind"] == "window" and "days" in rule:
        return {**rule, "days": max(LONGER_DAYS, int(rule["days"]))}
    if rule["kind"] == "outcomes" and "credit_bonus_percent" in rule:
        plain = {key: value for key, value in rule.items() if key != "credit_bonus_percent"}
        return {**plain, "credit_bonus_minor": 500}
    return rule


def _withdraw(shop: Shop, order: Order) -> None:
    """A customer withdraws from a whole order, on the page that the law asks for."""
    said = Declared(
        language="fr",
        name=order.shopper.name or "Camille Roux",
        contract=order.number,
        email=order.shopper.email,
    )
    submit_statement(shop, said, key=uuid5(NAMESPACE_URL, f"demo:{order.pk}"))


def _lower_the_price(order: Order) -> None:
    """A faulty article stays with its customer for less."""
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is None:
        return
    moment = now()
    rma = request_return(
        order,
        [Wish(line.pk, 1, "not_as_described", "Une rayure au dos.")],
        policy=policy_for(order, moment),
        asked_at=moment,
        language="fr",
        by="shopper",
    )
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by=ANA)
    reduce_price(
        rma.pk,
        {one.pk: 30 for one in rma.lines.all()},
        note="Vous gardez l’article et nous vous rendons 30 % de son prix, comme convenu.",
        is_agreed=True,
        by=ANA,
    )


def _begin_a_note(order: Order) -> None:
    """A credit note by hand that waits for its number."""
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is not None:
        part = DraftWish(line.pk, max(1, line.total_minor // 10))
        write_draft(order.pk, [part], reason="Remise oubliée", sends_letter=True, by=OWNER)
