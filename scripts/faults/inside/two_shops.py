"""Two shops, their people, shoppers and keys: what attacks are fired at."""

from __future__ import annotations

import resource
import time
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.urls import get_resolver
from PIL import Image
from tests.world import (
    PASSWORD,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.audit.jobs import write_shop_head
from rebond.domain.audit.models import FIRST, AuditEntry
from rebond.domain.bank_transfers.models import Transfer
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.machines.actions import make_key
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order, Payment
from rebond.domain.proofs import mailboxes
from rebond.domain.proofs.actions import use_code
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.refunds.links import way_token
from rebond.domain.refunds.models import (
    Approval,
    LimitChange,
    MoneyLimit,
    Refund,
    Settlement,
)
from rebond.domain.returns.actions import add_photo, cancel_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Photo, Return
from rebond.domain.shoppers.models import DataRequest
from rebond.domain.shops.access import Role, rights_of
from rebond.domain.shops.actions import change_place
from rebond.domain.shops.models import Shop, Staff, User
from rebond.domain.shops.passwords import link_for
from rebond.domain.sign_in import totp
from rebond.domain.sign_in.models import DeskSession
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import now
from rebond.kernel.models import Job, next_number
from rebond.kernel.money import Money
from rebond.kernel.worker import Worker
from rebond.outbound.notifications.models import Message
from rebond.outbound.webhooks.actions import add_endpoint
from rebond.outbound.webhooks.queries import event_names

ORDERS = 12
FURTHER_ON = 500
NAMES = {
    Role.OWNER: "Olga Owner",
    Role.MANAGER: "Mona Manager",
    Role.AGENT: "Agnes Agent",
    Role.WAREHOUSE: "Walid Warehouse",
    Role.ACCOUNTANT: "Anton Accountant",
    Role.ANALYST: "Annick Analyst",
    Role.READ_ONLY: "Rita Reader",
}


def build() -> dict[str, Any]:
    """The attacker's shop and the victim's; returns what each has, and the captured sums."""
    facts = {slug: _shop(slug, mark) for slug, mark in (("attacker", "A"), ("victim", "B"))}
    sums = {one.reference: one.captured_minor for one in Payment.objects.all()}
    return facts | {"payments": sums, "names": NAMES, "password": PASSWORD}


def _shop(slug: str, mark: str) -> dict[str, Any]:
    shop = small_shop(slug)
    for role, name in NAMES.items():
        staff_of(shop, role, name=name)
    orders = [
        order_of(
            shop,
            number=f"{mark}-{n}",
            provider="simulator",
            email=f"shopper{n % 2}@client.example",
            name=f"Shopper {mark}{n}",
        )
        for n in range(1, ORDERS + 1)
    ]
    if slug == "victim":  # numbers begin anew in each shop: the other's shall be nobody's here
        Shop.objects.filter(pk=shop.pk).update(credit_note_series="VV")
        shop.refresh_from_db()
        for _ in range(FURTHER_ON):
            next_number(shop.pk, f"return:{now().year}")
        more = received_return(orders[3], {"LAMP-01": 1})
        inspect_return(more.pk, findings(more), by="staff:Walid")
    requested = requested_return(orders[0], {"LAMP-01": 1})
    picture = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "JPEG")
    add_photo(
        requested.pk, clean_image(picture.getvalue()), line_id=None, taken_by="shopper", by="test"
    )
    received = received_return(orders[1], {"LAMP-01": 1})
    inspect_return(received.pk, findings(received), by="staff:Walid")
    received_return(orders[2], {"LAMP-01": 1})
    _key, text = make_key(shop, title="all", scopes=list(Scope), by="test", per_minute=100_000)
    scoped = {
        scope.value: make_key(
            shop, title=scope.value, scopes=[scope.value], by="test", per_minute=100_000
        )[1]
        for scope in Scope
    }
    card = issue_card(
        shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Olga"
    )
    add_endpoint(shop, f"https://hooks.{slug}.example/in", [], known=event_names(), by="test")
    return {"slug": slug, "key": text, "scoped": scoped, "card": card.code}


def known(slug: str) -> dict[str, Any]:
    """What stands in the shop now: an id for each parameter of an address, orders, returns."""
    shop = Shop.objects.get(slug=slug)
    photo = Photo.objects.get(shop=shop)
    note = CreditNote.objects.filter(shop=shop).order_by("id").last()
    return {
        "ids": _ids(shop),
        "orders": list(
            Order.objects.filter(shop=shop).order_by("id").values_list("number", flat=True)
        ),
        "lines": [
            str(line.pk)
            for order in Order.objects.filter(shop=shop).order_by("id")
            for line in order.lines.order_by("position")[:1]
        ],
        "returns": {
            rma.order.number: {"number": rma.number, "link": token_for(rma), "version": rma.version}
            for rma in Return.objects.filter(shop=shop).select_related("order")
        },
        "photo": str(photo.pk),
        "label": note.label if note else "",
    }


def counts(slug: str) -> dict[str, Any]:
    """What an attack would change: rows that only the shop's own people make."""
    shop = Shop.objects.get(slug=slug)
    of_shop = {
        model._meta.label: model._default_manager.filter(shop=shop).count()
        for model in apps.get_models()
        if any(field.name == "shop" for field in model._meta.fields)
    }
    passing = {"proofs.Tries", "machines.GivenAnswer", "audit.AuditEntry"}
    return {name: many for name, many in of_shop.items() if name not in passing}


def money(slug: str) -> dict[str, Any]:
    """Sums refunded, reserved and decided in the shop, in minor units."""
    payments = Payment.objects.filter(order__shop__slug=slug)
    return {
        "reserved": sum(one.refund_reserved_minor for one in payments),
        "refunds": Refund.objects.filter(shop__slug=slug).count(),
        "settlements": Settlement.objects.filter(shop__slug=slug).count(),
    }


def version_of(slug: str, number: str) -> dict[str, Any]:
    """A return's states."""
    rma = Return.objects.get(shop__slug=slug, number=number)
    return {"request": rma.request_state, "money": rma.money_state, "version": rma.version}


def code_of(slug: str) -> str:
    """The one-time code that was mailed last."""
    code = OneTimeCode.objects.filter(shop__slug=slug).latest("asked_at")
    return mailboxes.code_of(code.shop_id, code.pk)


def code_works_later(slug: str) -> bool:
    """Whether the code that was mailed last opens anything at this moment."""
    code = OneTimeCode.objects.filter(shop__slug=slug).latest("asked_at")
    return use_code(code.shop, code.pk, mailboxes.code_of(code.shop_id, code.pk), moment=now())


def people(slug: str) -> dict[str, str]:
    """The id of each place in the shop, by its role."""
    return {one.role: str(one.pk) for one in Staff.objects.filter(shop__slug=slug)}


def roles(slug: str) -> dict[str, str]:
    """Who works in the shop, with their role."""
    places = Staff.objects.filter(shop__slug=slug, is_active=True).select_related("user")
    return {one.user.name: one.role for one in places}


def give_role(slug: str, of: str, role: str) -> None:
    """The owner gives somebody another role."""
    place = Staff.objects.select_related("shop").get(shop__slug=slug, user__name=of)
    change_place(
        place.shop, place.pk, role=Role(role), own_role=None, is_active=True, by="staff:Olga"
    )


def refunds(slug: str) -> dict[str, Any]:
    """Each refund of the shop that the provider knows, by its reference there."""
    rows = Refund.objects.filter(shop__slug=slug).exclude(provider_reference="")
    return {
        one.provider_reference: {"id": str(one.pk), "state": one.state, "minor": one.amount_minor}
        for one in rows
    }


def last_letter(to: str) -> str:
    """The text of the letter that was written last to somebody of the desk."""
    Worker(threads=1, schedule={}).run_until_idle()
    return Message.objects.filter(to_address=to).latest("made_at").text


def person_token(email: str) -> str:
    """How addresses of the desk name somebody."""
    link = link_for(User.objects.get(email=email))
    return link.strip("/").split("/")[-2]


def set_password(email: str) -> None:
    """Give somebody the password back that all have here."""
    user = User.objects.get(email=email)
    user.set_password(PASSWORD)
    user.save()


def age_sessions() -> None:
    """Let the last confirmation of everybody at the desk lie an hour back."""
    DeskSession.objects.update(confirmed_at=now() - timedelta(hours=1))


def shut_out(slug: str, of: str, is_active: bool) -> None:
    """Take somebody's place away, or give it back."""
    place = Staff.objects.select_related("shop").get(shop__slug=slug, user__name=of)
    change_place(place.shop, place.pk, role=Role(place.role), is_active=is_active, by="staff:Olga")


def letters_to_strangers(slug: str) -> list[str]:
    """Addresses of letters that go neither to a shopper nor to the shop's people."""
    Worker(threads=1, schedule={}).run_until_idle()
    sent = Message.objects.filter(shop__slug=slug).exclude(to_address="")
    return sorted(
        {one.to_address for one in sent if not one.to_address.endswith(f"@{slug}.example")}
    )


def pages() -> list[dict[str, Any]]:
    """Every address of the installation with the rights that it asks for."""
    return list(_walk(get_resolver().url_patterns, ""))


def rights() -> dict[str, list[str]]:
    """What each role may do."""
    return {role.value: sorted(right.value for right in rights_of(role)) for role in Role}


def _walk(patterns: Any, before: str) -> Any:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route)
        else:
            rights = getattr(pattern.callback, "any_of", None)
            yield {"route": route, "name": pattern.name, "any_of": list(rights or [])}


def _ids(shop: Shop) -> dict[str, str]:
    """For ``photo_id`` the first photo of the shop, and so on for each table with uuids."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        if not any(field.name == "shop" for field in model._meta.fields):
            continue
        row = model._default_manager.filter(shop=shop).first()
        if row is not None and isinstance(row.pk, UUID):
            found[f"{model.__name__.lower()}_id"] = str(row.pk)
    aliases = {"endpoint_id": "endpoint_id", "key_id": "apikey_id", "note_id": "creditnote_id"}
    return found | {name: found[of] for name, of in aliases.items() if of in found}


def without_factors(email: str) -> None:
    """Take somebody's second factors away, as the host would."""
    user = User.objects.get(email=email)
    user.factors.all().delete()
    user.recovery_codes.all().delete()


def code_of_app(secret: str, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return totp.code_of(secret, totp.step_at(now()) + later)


def idle_sessions(days: int) -> None:
    """Let everybody's last use of the desk lie so many days back."""
    then = now() - timedelta(days=days)
    DeskSession.objects.update(begun_at=then, confirmed_at=then, last_used_at=then)


def invitation(email: str) -> str:
    """The link of somebody who was invited."""
    return link_for(User.objects.get(email=email))


def data_requests(slug: str) -> list[dict[str, Any]]:
    """What was asked about data in the shop."""
    rows = DataRequest.objects.filter(shop__slug=slug).order_by("asked_at")
    return [{"id": str(one.pk), "kind": one.kind, "state": one.state} for one in rows]


def shopper_of(slug: str, order: str) -> str:
    """The e-mail address that an order's customer has now."""
    return Order.objects.get(shop__slug=slug, number=order).shopper.email


def waiting(slug: str) -> list[str]:
    """Refunds that wait for a second person."""
    rows = Approval.objects.filter(shop__slug=slug, is_granted=None)
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def spent_today(slug: str) -> int:
    """What the keys of the shop decided to refund today, the most of any of them."""
    spent: dict[UUID, int] = {}
    for one in Settlement.objects.filter(shop__slug=slug).exclude(decided_by_key=None):
        spent[one.decided_by_key_id] = spent.get(one.decided_by_key_id, 0) + one.gross_minor
    return max(spent.values(), default=0)


def limits(slug: str) -> dict[str, int]:
    """The limits on money that hold in the shop."""
    rows = MoneyLimit.objects.filter(shop__slug=slug)
    return {f"{one.role} {one.kind}": one.amount_minor for one in rows}


def forget_limits(slug: str) -> int:
    """Take all limits on money away, as two people would."""
    gone: int = MoneyLimit.objects.filter(shop__slug=slug).delete()[0]
    return gone


def limit_changes(slug: str) -> list[str]:
    """Higher limits that wait for a second person."""
    rows = LimitChange.objects.filter(shop__slug=slug, is_granted=None)
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def redrawn_largest() -> dict[str, float]:
    """Seconds and megabytes for the largest picture that is taken, and for many in one file."""
    told = {}
    for name, picture in (("largest", _largest()), ("frames", _frames())):
        began = time.monotonic()
        clean_image(picture)
        told[f"{name} seconds"] = round(time.monotonic() - began, 1)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return told | {"megabytes": used // 1024}


def _largest() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (7000, 5700), "teal").save(out, "PNG")
    return out.getvalue()


def _frames() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (64, 48), (n % 256, 0, 0)) for n in range(2000)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def rewritten_audit(slug: str) -> int:
    """Rewrite the chain of the shop from its first entry on, every hash anew and right.

    Whoever can do this has the database in their hands; the head outside is what is left.
    """
    shop = Shop.objects.get(slug=slug)
    write_shop_head(str(shop.pk))
    table, before = AuditEntry._meta.db_table, FIRST
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    entries = list(AuditEntry.objects.filter(shop=shop).order_by("number"))
    entries[0].verb = "nothing.happened"
    for entry in entries:
        entry.hash = before = entry.sealed_after(before)
    AuditEntry.objects.bulk_update(entries, ["verb", "hash"])
    return len(entries)


def ways(slug: str, order: str) -> list[str]:
    """The tokens of the links for refunds of ``order`` that could not reach the shopper."""
    rows = Refund.objects.filter(shop__slug=slug, settlement__order__number=order)
    return [way_token(one) for one in rows if one.waits_for_a_way]


def transfers(slug: str) -> list[str]:
    """The last digits of each account that money of the shop is to go to."""
    rows = Transfer.objects.filter(shop__slug=slug).select_related("account")
    return sorted(one.account.iban[-4:] for one in rows)


def jobs_with_foreign_ids() -> dict[str, Any]:
    """How many jobs there are, and those whose arguments name a row of another shop."""
    owners: dict[str, UUID] = {}
    for model in apps.get_models():
        if any(field.name == "shop" for field in model._meta.fields) and model is not Job:
            for pk, shop_id in model._default_manager.values_list("pk", "shop_id"):
                owners[str(pk)] = shop_id
    jobs = list(Job.objects.exclude(shop_id=None))
    foreign = [
        f"{job.path}({argument})"
        for job in jobs
        for argument in job.arguments
        if owners.get(str(argument), job.shop_id) not in {job.shop_id, None}
    ]
    return {"looked at": len(jobs), "foreign": foreign}


def photo_to_erase(slug: str) -> dict[str, str]:
    """A return that was called off, with a photo, of somebody who has nothing else."""
    shop, email = Shop.objects.get(slug=slug), "erased@client.example"
    order = order_of(shop, number="ERASE-1", email=email, name="Erik")
    rma = requested_return(order, {"LAMP-01": 1})
    picture = BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "JPEG")
    photo = add_photo(
        rma.pk, clean_image(picture.getvalue()), line_id=None, taken_by="shopper", by="test"
    )
    cancel_return(rma.pk, by="shopper")
    name = str(Photo.objects.get(pk=photo.pk).file)
    return {"email": email, "photo": str(photo.pk), "link": token_for(rma), "file": name}


def letters_of(slug: str, kind: str) -> int:
    """How many letters of a kind the shop has written."""
    return Message.objects.filter(shop__slug=slug, kind=kind).count()
