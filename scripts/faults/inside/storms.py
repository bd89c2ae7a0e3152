"""Many processes with connections of their own on one database, behind a gate."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from scripts.faults.crowd import crowd
from scripts.faults.inside.look import balance, facts

from rebond.domain.credit_notes import actions as documents
from rebond.domain.credit_notes import writing
from rebond.domain.gift_cards.actions import redeem_card
from rebond.domain.orders.models import Order, Payment
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.reserving import reserve
from rebond.domain.returns.actions import approve_return, decline_return, request_return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money

ROLLED_BACK = 0.2


def approve_and_refund(many: int, rma: str) -> dict[str, Any]:
    """Each approves the return, then refunds it."""

    def act(who: int) -> str:
        said = _said(lambda: approve_return(UUID(rma), by=f"staff:{who}"))
        return f"{said} {_said(lambda: settle_return(UUID(rma), by=f'staff:{who}'))}"

    return _together(many, act)


def approve_or_decline(many: int, rma: str) -> dict[str, Any]:
    """A third of them declines the return, the others approve it."""

    def act(who: int) -> str:
        if who % 3 == 2:
            reason, by = DeclineReason.OTHER, f"staff:{who}"
            told = _said(lambda: decline_return(UUID(rma), reason=reason, note="No.", by=by))
            return f"decline {told}"
        return f"approve {_said(lambda: approve_return(UUID(rma), by=f'staff:{who}'))}"

    return _together(many, act)


def reserve_alone(many: int, minor: int) -> dict[str, Any]:
    """Each holds money of the only payment, with no lock on its order."""

    def act(_who: int) -> str:
        payment = Payment.objects.get()
        with transaction.atomic():
            return "took" if reserve(payment, minor) else "refused"

    return _together(many, act)


def redeem(many: int, shop: str, code: str, account: str, minor: int) -> dict[str, Any]:
    """Each redeems the card for a purchase of its own."""
    of_shop = Shop.objects.get(slug=shop)
    amount = Money(minor, "EUR")

    def act(who: int) -> str:
        return _said(
            lambda: redeem_card(of_shop, code, amount, reference=f"cart-{who}", by="checkout")
        )

    return _together(many, act) | {"left": balance(account)}


def ask_for_both(many: int, order: str, line: str) -> dict[str, Any]:
    """Each opens a return of both pieces of the order's line."""
    bought = Order.objects.select_related("shop").get(pk=order)
    policy = policy_in_force(bought.shop, now())

    def act(who: int) -> str:
        wish = [Wish(UUID(line), 2, "changed_mind")]
        return _said(
            lambda: request_return(
                bought, wish, policy=policy, asked_at=now(), language="fr", by=f"shopper:{who}"
            )
        )

    return _together(many, act)


def write_documents(many: int, each: int, seed: int) -> dict[str, Any]:
    """Each writer issues ``each`` documents by hand; a fifth is rolled back and tried again."""

    def act(who: int) -> int:
        chance = random.Random(f"{seed}:{who}")

        def sometimes_fail(step: str) -> None:
            if step == "document.issuing" and chance.random() < ROLLED_BACK:
                raise InterruptedError(step)

        writing.crash.point = sometimes_fail
        order = Order.objects.get(number=f"S-{who}")
        line = order.lines.get()
        return sum(_write_one(order, line.pk, who) for _ in range(each))

    return _together(many, act)


def _write_one(order: Order, line: UUID, who: int) -> int:
    """How often the document was rolled back before it was written."""
    draft = documents.write_draft(
        order.pk,
        [documents.DraftWish(line, 100 + who, 1)],
        reason="storm",
        sends_letter=False,
        by=f"writer:{who}",
    )
    rolled_back = 0
    while True:
        try:
            documents.issue_draft(draft.pk, version=1, by=f"writer:{who}")
            return rolled_back
        except InterruptedError:
            rolled_back += 1


def _together(many: int, act: Callable[[int], Any]) -> dict[str, Any]:
    """What each said, and what stands in the database afterwards."""
    connections.close_all()

    def prepare(_who: int) -> None:
        connection.ensure_connection()

    return {"told": crowd(many, prepare, lambda who, _: act(who)), "found": facts()}


def _said(do: Callable[[], object]) -> str:
    """``took``, or the code of a refusal; anything else is a bug and breaks the process."""
    try:
        do()
    except RebondError as refusal:
        return refusal.code
    return "took"
