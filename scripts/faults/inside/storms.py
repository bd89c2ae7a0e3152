"""Many processes with connections of their own on one database, behind a gate."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from django.db import connection, connections, transaction
from scripts.faults.crowd import crowd
from scripts.faults.inside.look import balance, facts

from rebond.domain.credit_notes import actions as documents
from rebond.domain.credit_notes import writing
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.gift_cards.actions import redeem_card
from rebond.domain.orders.models import Order, Payment
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.privacy.actions import erase_person, hand_out_copy
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.reserving import reserve
from rebond.domain.returns.actions import approve_return, decline_return, request_return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import join_parcel, leave_parcel
from rebond.domain.shipping.models import Parcel
from rebond.domain.shoppers.models import DataRequest
from rebond.domain.shops.models import Shop
from rebond.flows.schedule import SCHEDULE
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.kernel.money import Money
from rebond.kernel.worker import Worker

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


def write_over_midnight(many: int, seconds: float) -> dict[str, Any]:
    """Each writer issues documents without a pause until ``seconds`` after the clock's year ends.

    Returns the numbers by series in the order in which they were issued, each with its local year.
    """
    zone = ZoneInfo(Shop.objects.get().time_zone)
    here = now().astimezone(zone)
    until = datetime(here.year + 1, 1, 1, tzinfo=zone) + timedelta(seconds=seconds)
    if not timedelta(0) < until - here < timedelta(minutes=2):
        raise SystemExit(f"it is {here}: no year ends soon")

    def act(who: int) -> int:
        order = Order.objects.get(number=f"S-{who}")
        line, written = order.lines.get(), 0
        while now() < until:
            _write_one(order, line.pk, who)
            written += 1
        return written

    seen = _together(many, act)
    notes = CreditNote.objects.order_by("series", "number")
    rows = notes.values_list("series", "number", "issued_at", "label")
    seen["rows"] = [
        (series, number, at.astimezone(zone).year, label) for series, number, at, label in rows
    ]
    return seen


def pack_crosswise(many: int, each: int, seed: int, returns: list[str]) -> dict[str, Any]:
    """Each puts goods into each other's boxes, takes them out, by chance."""

    def act(who: int) -> list[tuple[str, int]]:
        chance, told = random.Random(f"{seed}:{who}"), Counter[str]()
        for _ in range(each):
            one, other = (UUID(name) for name in chance.sample(returns, 2))
            by = f"shopper:{who}"
            leaves = chance.randrange(3) == 0
            do = (
                partial(leave_parcel, one, by=by)
                if leaves
                else partial(join_parcel, one, other, by=by)
            )
            told[_said(do)] += 1
        return sorted(told.items())

    return _together(many, act) | {"nested": _boxes_in_boxes(), "deadlocks": _deadlocks()}


def leave_while_paid(asked: dict[str, str], mailbox: str, seconds: int) -> dict[str, Any]:
    """One erases the person as soon as it may be, one hands out their copy, one pays the refund."""

    def erase() -> str:
        until, said = time.monotonic() + seconds, ""
        while said != "took" and time.monotonic() < until:
            said = _said(lambda: erase_person(UUID(asked["erase"]), by="staff:Ana"))
            time.sleep(0.05)
        return said

    def copy() -> str:
        time.sleep(0.5)
        made: list[DataRequest] = []
        said = _said(lambda: made.append(hand_out_copy(UUID(asked["copy"]), by="staff:Ana")))
        is_torn = made and not _is_whole(content_of(made[0].file) or b"", mailbox)
        return "torn" if is_torn else said

    def pay() -> str:
        Worker(threads=1, schedule=SCHEDULE).run_until_idle()
        return "took"

    return _together(3, lambda who: (erase, copy, pay)[who]())


def _is_whole(copy: bytes, mailbox: str) -> bool:
    """Whether a copy names the person and holds their order and return."""
    with ZipFile(BytesIO(copy)) as archive:
        tables = json.loads(archive.read("data.json"))["data"]
    names = [mailbox.lower() in str(row).lower() for row in tables["shoppers.Shopper"]["rows"]]
    return all(names) and {"orders.Order", "returns.Return"} <= set(tables)


def _boxes_in_boxes() -> int:
    """Parcels inside a box that lies in another one."""
    return Parcel.objects.filter(inside__inside__isnull=False).count()


def _deadlocks() -> int:
    """How often the server had to end one of two who waited for each other."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


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
