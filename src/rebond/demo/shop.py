"""Sets up the demo shop: its staff, reasons, policy, real orders, and some returns under way."""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from rebond.cli.importing import run_import
from rebond.demo import parcels
from rebond.demo.contests import play_contests
from rebond.demo.counter import NO_RECEIPT, play_counter
from rebond.demo.desk import play_desk
from rebond.demo.discussions import chipped_bowl, play_discussions
from rebond.demo.exchanges import play_exchanges, price_articles
from rebond.demo.gifts import play_gift
from rebond.demo.keeping import KEEPING_RULES, play_discount, play_donations
from rebond.demo.kept_value import play_kept_value
from rebond.demo.missing import play_missing
from rebond.demo.owner import play_owner
from rebond.demo.repairs import play_repairs
from rebond.demo.warehouse import answers_for, play_warehouse, word_grades
from rebond.domain.orders.models import Order
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import (
    add_photo,
    approve_return,
    cancel_return,
    decline_return,
    request_return,
    set_up_reasons,
)
from rebond.domain.returns.default_reasons import DEFAULT_REASONS
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason, RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Right, Role
from rebond.domain.shops.actions import add_staff, keep_own_role, open_shop
from rebond.domain.shops.models import OwnRole, Shop, Staff
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.grades import USUAL_DISPOSITION, Grade
from rebond.flows.schedule import SCHEDULE
from rebond.kernel.acting import Actor, apart
from rebond.kernel.clock import now, today
from rebond.kernel.worker import Worker

SLUG = "galerie-rebond"
CHOICES = {
    "id": "what a customer may choose",
    "kind": "outcomes",
    "offered": ["refund", "exchange", "replacement", "store_credit", "gift_card", "repair"],
    "credit_bonus_percent": 10,
}
WAYS_BACK = {
    "id": "how it is sent",
    "kind": "methods",
    "allowed": ["drop_off", "prepaid_label", "counter", "own_carrier"],
    "label_fee_minor": 490,
    "drop_off_fee_minor": 390,
}
BY_CONDITION = {
    "id": "by its condition",
    "kind": "refund_by_grade",
    "grade_b_percent": 90,
    "grade_c_percent": 70,
    "grade_d_percent": 30,
    "incomplete_percent": 60,
    "when": {"grounds": ["commercial_return"]},
}
SLICE = Path(__file__).parent / "data" / "online_retail_slice.csv.gz"
STAFF = (
    ("olivia@galerie-rebond.example", "Olivia Martin", Role.OWNER),
    ("ana@galerie-rebond.example", "Ana Lopes", Role.AGENT),
    ("karim@galerie-rebond.example", "Karim Benali", Role.WAREHOUSE),
    ("claire@galerie-rebond.example", "Claire Petit", Role.ACCOUNTANT),
)
Say = Callable[[str], None]


def set_up_demo(say: Say) -> dict[str, Any]:
    """Make what is not there yet and return what to print: log-ins and orders to try.

    Safe to call again: nothing is made twice.
    """
    shop = _shop()
    password = _password()
    for email, name, role in STAFF:
        add_staff(shop, email=email, name=name, role=role, password=password, by="demo")
    if not OwnRole.objects.filter(shop=shop).exists():
        _make_role(shop)
    set_up_reasons(shop, DEFAULT_REASONS)
    word_grades(shop)
    if not PolicyVersion.objects.filter(shop=shop).exists():
        rules = [
            CHOICES,
            WAYS_BACK,
            *KEEPING_RULES,
            BY_CONDITION,
            *GENEROUS["rules"],
            {"kind": "gifts"},
            NO_RECEIPT,
        ]
        publish_policy(shop, {"rules": rules}, note="Demo", by="demo")
    if not Order.objects.filter(shop=shop).exists():
        say("Reading real orders")
        run_import([SLICE], shop_slug=SLUG, shift_to=_sunday(shop), payment_provider="simulator")
    if not Return.objects.filter(shop=shop).exclude(origin="import").exists():
        say("Playing some returns")
        _play(shop)
    play_kept_value(shop)
    price_articles(shop)
    play_exchanges(shop)
    play_warehouse(shop)
    play_desk(shop)
    play_gift(shop, _returnable(shop))
    play_discount(shop, _returnable(shop))
    play_donations(shop, _returnable(shop))
    play_repairs(shop, _returnable(shop))
    play_counter(shop, _returnable(shop))
    play_contests(shop, _returnable(shop))
    play_discussions(shop, _returnable(shop))
    play_owner(shop, _returnable(shop))
    play_missing(shop, _returnable(shop))
    _work()
    return {
        "shop": shop,
        "password": password,
        "staff": [(email, role.value) for email, _, role in STAFF],
        "orders": _to_try(shop),
    }


def _shop() -> Shop:
    return open_shop(
        SLUG,
        "Galerie Rebond",
        email="bonjour@galerie-rebond.example",
        by="demo",
        country="FR",
        languages=["fr", "en"],
        currency="GBP",
        payment_provider="simulator",
        legal={
            "legal_name": "Galerie Rebond SARL",
            "address": ["12 rue des Lices", "69000 Lyon", "France"],
            "siren": "000 000 000",
            "vat_number": "FR00 000000000",
        },
        return_address=["Galerie Rebond – Retours", "12 rue des Lices", "69000 Lyon", "France"],
    )


def _password() -> str:
    """One password for all demo accounts, made at the first start and kept beside the database."""
    path = Path(settings.ENVIRONMENT.home) / "demo.json"
    if path.exists():
        return str(json.loads(path.read_text())["password"])
    password = f"demo-{secrets.token_hex(4)}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"password": password}, file)
    return password


def _sunday(shop: Shop) -> Any:
    """The day up to which orders are moved, fixed at the first start."""
    path = Path(settings.ENVIRONMENT.home) / "demo.json"
    kept = json.loads(path.read_text())
    if "shift_to" not in kept:
        kept["shift_to"] = today(shop.time_zone).isoformat()
        path.write_text(json.dumps(kept))
    return type(today(shop.time_zone)).fromisoformat(kept["shift_to"])


def _returnable(shop: Shop) -> list[Order]:
    """Recent orders of a few lines, delivered, with everything still there."""
    recent = today(shop.time_zone) - timedelta(days=24)
    return list(
        Order.objects.filter(
            shop=shop,
            deliveries__delivered_on__range=(recent, today(shop.time_zone)),
            total_minor__range=(1500, 45_000),
        )
        .annotate(
            pieces=Count("lines", distinct=True),
            gone=Count("lines", filter=Q(lines__returned_quantity__gt=0), distinct=True),
            mine=Count("returns", distinct=True),
        )
        .filter(pieces__gte=2, pieces__lte=8, gone=0, mine=0)
        .order_by("-ordered_at")[:60]
    )


def _to_try(shop: Shop) -> list[tuple[str, str, str]]:
    """Two orders for the visitor: paid through the rehearsal provider, and paid by transfer.

    The first is of a customer with another one, so that both can be sent back at once.
    """
    orders = _returnable(shop)
    many = Counter(order.shopper_id for order in orders)
    orders.sort(key=lambda order: many[order.shopper_id] < 2)
    chosen = []
    for provider in ("simulator", "paper"):
        for order in orders:
            if order.payments.filter(provider=provider).exists():
                chosen.append((order.number, order.shopper.email, provider))
                _reads_mail(order.shopper)
                break
    return chosen


def _reads_mail(shopper: Shopper) -> None:
    """Let the made-up address of a customer count as theirs: codes are sent to it."""
    Shopper.objects.filter(shop_id=shopper.shop_id, pk=shopper.pk).update(
        derived=[name for name in shopper.derived if name != "email"]
    )


def _play(shop: Shop) -> None:
    """Returns in every state, made through the same actions as the screens."""
    orders = [o for o in _returnable(shop) if o.payments.filter(provider="simulator").exists()]
    keep_free = 4
    parcels.set_up_labels(shop)
    parcels.set_up_points(shop)
    scripts: list[Callable[[Shop, Order], None]] = [
        _waiting,
        _waiting,
        _approved,
        _announced,
        _received,
        _refunded,
        _refunded,
        _declined,
        _cancelled,
        _partly,
        _received,
        _refunded,
        _coming,
        _lost,
        _light,
        _labelled,
        _mixed,
        _mixed_paid,
        _kept,
    ]
    for script, order in zip(scripts, orders[keep_free:], strict=False):
        script(shop, order)
        _work()


def _ask(
    shop: Shop,
    order: Order,
    reason: str,
    *,
    lines: int = 1,
    comment: str = "",
    outcomes: Sequence[str] = ("refund",),
) -> Return:
    wanted = [line for line in order.lines.order_by("position") if line.total_minor > 0]
    wishes = [
        Wish(line.pk, min(2, line.quantity), reason, outcome=outcome)
        for line, outcome in zip(wanted[:lines], cycle(outcomes), strict=False)
    ]
    return request_return(
        order,
        wishes,
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
        comment=comment,
    )


def _waiting(shop: Shop, order: Order) -> None:
    _ask(shop, order, "damaged", comment="Le coin est cassé, je peux envoyer une photo.")


def _approved(shop: Shop, order: Order) -> None:
    parcels.choose(_yes(_ask(shop, order, "changed_mind", lines=2)), "drop_off", "LO-401")


def _mixed(shop: Shop, order: Order) -> None:
    wish = _ask(shop, order, "changed_mind", lines=2, outcomes=("store_credit", "refund"))
    parcels.choose(_yes(wish), "counter", "GR-LYON")


def _mixed_paid(shop: Shop, order: Order) -> None:
    rma = _ask(shop, order, "changed_mind", lines=2, outcomes=("refund", "gift_card"))
    _receive(_yes(rma))
    inspect_return(rma.pk, _findings(rma, Grade.A), by="staff:Karim Benali")


def _announced(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "colour"))
    announce_parcel(
        rma.pk,
        carrier="own_carrier",
        carrier_name="La Poste",
        tracking_number="6A12345678901",
        by="shopper",
    )


def _kept(shop: Shop, order: Order) -> None:
    _yes(_ask(shop, order, "damaged", comment="Arrivé fendu."))


def _coming(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "changed_mind"))
    parcels.send(rma, ("in_transit", 2, "Lille"), ("out_for_delivery", 0, "Lyon"), days_left=0)


def _lost(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "colour"))
    parcels.send(rma, ("in_transit", 12, "Nantes"), ("lost", 1, "Orly"))


def _light(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "quality"))
    parcels.send(rma, ("in_transit", 1, "Dijon"), grams=1500, days_left=2)


def _labelled(shop: Shop, order: Order) -> None:
    parcels.take_label(parcels.choose(_yes(_ask(shop, order, "quality")), "prepaid_label"))


def _received(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "quality", lines=2))
    _receive(rma)


def _refunded(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "ordered_by_mistake", lines=2))
    _receive(rma)
    inspect_return(rma.pk, _findings(rma, Grade.A), by="staff:Karim Benali")


def _partly(shop: Shop, order: Order) -> None:
    rma = _yes(_ask(shop, order, "quality", lines=2))
    _receive(rma)
    findings = _findings(rma, Grade.B)
    photo = add_photo(
        rma.pk,
        clean_image(chipped_bowl()),
        line_id=findings[0].line_id,
        taken_by="warehouse",
        by="staff:Karim Benali",
    )
    worn = Finding(
        findings[0].line_id,
        findings[0].quantity,
        Grade.D,
        USUAL_DISPOSITION[Grade.D],
        is_accepted=False,
        note="Traces d’usage importantes",
        photo_id=photo.pk,
        answers=answers_for(Grade.D),
    )
    inspect_return(rma.pk, [worn, *findings[1:]], by="staff:Karim Benali")


def _declined(shop: Shop, order: Order) -> None:
    rma = _ask(shop, order, "damaged")
    decline_return(
        rma.pk,
        reason=DeclineReason.OTHER,
        note="Sur la photo, l’article n’est pas celui de cette commande.",
        by="staff:Ana Lopes",
    )


def _cancelled(shop: Shop, order: Order) -> None:
    cancel_return(_ask(shop, order, "changed_mind").pk, by="shopper")


def _yes(rma: Return) -> Return:
    if rma.request_state == RequestState.REQUESTED:
        with _as("Ana Lopes"):
            approve_return(rma.pk, by="staff:Ana Lopes")
    return rma


def _receive(rma: Return) -> None:
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    with _as("Karim Benali"):
        receive_return(rma.pk, counts, note="", by="staff:Karim Benali")


def _make_role(shop: Shop) -> None:
    """A role of the shop's own: the counter decides and receives, and sees no amounts."""
    with _as("Olivia Martin"):
        keep_own_role(
            shop,
            None,
            title="Comptoir",
            based_on=Role.AGENT,
            rights=[Right.SEE, Right.DECIDE, Right.RECEIVE],
            by="staff:Olivia Martin",
        )


def _as(name: str) -> AbstractContextManager[None]:
    """What is done inside is done at the desk by the person with this name."""
    staff = Staff.objects.get(user__name=name)
    return apart(Actor("staff", str(staff.pk), "192.0.2.0/24"))


def _findings(rma: Return, grade: Grade) -> list[Finding]:
    return [
        Finding(
            line.pk,
            line.quantity,
            grade,
            USUAL_DISPOSITION[grade],
            is_accepted=True,
            answers=answers_for(grade),
        )
        for line in rma.lines.order_by("position")
    ]


def _work() -> None:
    Worker(threads=1, schedule=SCHEDULE).run_until_idle()
