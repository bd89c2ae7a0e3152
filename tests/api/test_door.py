"""Every address of the API: who may come in, and whose things they see.

The rules are read from the document that describes the API; an address without a rule here fails.
"""

import json

import pytest
from tests.api.clients import code, machine, post
from tests.world import (
    EMAIL,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.api.description import WITHOUT_KEY
from rebond.api.urls import api
from rebond.domain.credit_notes.actions import DraftWish, write_draft
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.enquiries.actions import NewEnquiry, receive_enquiry
from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.machines.scopes import Scope
from rebond.domain.no_receipt.actions import Brought, file_without_receipt
from rebond.domain.non_deliveries.actions import Told, report_missing
from rebond.domain.non_deliveries.states import Tracking
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.privacy.actions import ask_about_data
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.actions import pay_by_hand, settle_return
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.models import Reason
from rebond.domain.shipping.actions import ask_label, set_shipping_terms
from rebond.domain.shipping.models import ParcelClaim
from rebond.domain.shoppers.models import RequestKind
from rebond.domain.shops.access import Right, Role
from rebond.domain.shops.actions import keep_own_role
from rebond.domain.shops.models import Shop
from rebond.domain.store_credit.actions import give_credit
from rebond.domain.warehouse.actions import add_location, adjust_stock, inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.kinds import Place
from rebond.domain.withdrawals.actions import submit_statement
from rebond.domain.withdrawals.sealing import Declared
from rebond.insights.trials.actions import Wanted, start_trial
from rebond.kernel.clock import now, today
from rebond.kernel.ids import uuid7
from rebond.kernel.money import Money
from rebond.outbound.stock.actions import link_system
from rebond.outbound.stock.models import Report
from rebond.outbound.webhooks.actions import add_endpoint
from rebond.outbound.webhooks.models import Delivery
from rebond.outbound.webhooks.queries import event_names

pytestmark = pytest.mark.django_db

# Legal questions tell nothing about a shop: they need no key.
OPEN = {"quote", "legal_answer"}
QUERIES = {"list_points_of_return": {"postcode": "75001"}}
"""What a question needs beside its path."""
BODIES = {
    "create_return": {
        "order": "9001",
        "lines": [
            {
                "order_line": "01a3d2b8-0000-7000-8000-000000000000",
                "quantity": 1,
                "reason": "changed_mind",
            }
        ],
    },
    "create_order": {
        "number": "W-1",
        "ordered_at": "2026-11-01T10:00:00+01:00",
        "currency": "EUR",
        "shopper": {"email": "a@client.example", "name": "A", "country": "FR"},
        "lines": [{"sku": "LAMP-01", "title": "Lamp", "quantity": 1, "total_minor": 100}],
        "payments": [{"provider": "paper", "reference": "p", "captured_minor": 100}],
    },
    "draft_policy": {"document": {}},
    "create_webhook_endpoint": {"url": "https://client.example/"},
    "file_without_receipt": {"sku": "LAMP-01", "grade": "a", "email": "a@client.example"},
    "keep_checklist": {"questions": [{"words": {"en": "Complete?"}}]},
    "decline_return": {"reason": "other"},
    "start_return_run": {"kind": "remind", "returns": ["R-1"]},
    "create_return_basket": {
        "orders": [
            {
                "order": "9001",
                "lines": [
                    {
                        "order_line": "01a3d2b8-0000-7000-8000-000000000000",
                        "quantity": 1,
                        "reason": "changed_mind",
                    }
                ],
            }
        ]
    },
    "make_portal_link": {"order": "9001"},
    "send_enquiry": {"email": "a@client.example", "text": "Hello"},
    "answer_enquiry": {"text": "Hello"},
    "turn_enquiry": {"number": "R-1"},
    "report_non_delivery": {
        "order": "9001",
        "lines": [{"order_line": "01a3d2b8-0000-7000-8000-000000000000", "quantity": 1}],
    },
    "announce_delivery": {"announced_on": "2030-01-02"},
    "end_contract": {"ground": "shop_cannot"},
    "make_return_slips": {"orders": ["9001"]},
    "contest_grade": {"text": "It is as new"},
    "set_customer_tier": {"tier": "vip"},
    "open_discussion": {
        "points": [
            {"line": "01a3d2b8-0000-7000-8000-000000000000", "quantity": 1, "kept_percent": 30}
        ],
        "text": "A stain",
        "clause": "L221-23",
        "photos": ["01a3d2b8-0000-7000-8000-000000000000"],
    },
    "answer_discussion": {"reply": "accept"},
    "send_pieces_back": {"carrier": "Colissimo"},
    "change_return": {
        "lines": [
            {
                "order_line": "01a3d2b8-0000-7000-8000-000000000000",
                "quantity": 1,
                "reason": "changed_mind",
            }
        ]
    },
    "receive_return": {"counts": {"01a3d2b8-0000-7000-8000-000000000000": 1}},
    "inspect_return": {
        "findings": [
            {
                "line": "01a3d2b8-0000-7000-8000-000000000000",
                "quantity": 1,
                "grade": "a",
                "disposition": "restock",
            }
        ]
    },
    "announce_parcel": {"carrier": "manual"},
    "choose_sending_of_return": {"method": "own_carrier"},
    "finish_repair": {"is_repaired": True, "steps": ["New cable"]},
    "send_repair_back": {"carrier": "Colissimo"},
    "turn_repair": {"into": "refund", "ground": "too_dear", "note": "No part is made any more"},
    "reduce_price": {
        "lines": [{"line": "01a3d2b8-0000-7000-8000-000000000000", "lost_percent": 20}],
        "note": "A scratch",
        "is_agreed": True,
    },
    "write_note": {"text": "Hello"},
    "write_message": {"text": "Hello"},
    "change_webhook_endpoint": {"url": "https://client.example/"},
    "replay_webhook_range": {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"},
    "replace_policy_draft": {"document": {}, "revision": 1},
    "publish_policy": {"revision": 1},
    "capture_credit": {"reference": "c1"},
    "give_credit": {
        "shopper_key": "a@client.example",
        "kind": "gesture",
        "amount_minor": 1,
        "reason": "x",
    },
    "issue_gift_card": {"kind": "cash", "amount_minor": 1, "reason": "x"},
    "add_to_balance": {"amount_minor": 1, "reason": "x"},
    "correct_balance": {"amount_minor": 1, "reason": "x"},
    "pay_balance_out": {"amount_minor": 1, "reason": "x", "reference": "V"},
    "block_balance": {"reason": "x"},
    "unblock_balance": {"reason": "x"},
    "pay_by_hand": {"reference": "V"},
    "end_payout_doubt": {"was_paid": False},
    "send_payout_another_way": {
        "way": "store_credit",
        "consent": {"channel": "phone", "given_by": "a@client.example"},
    },
    "match_withdrawal": {"order": "9001"},
    "accept_withdrawal": {
        "lines": [{"order_line": "01a3d2b8-0000-7000-8000-000000000000", "quantity": 1}]
    },
    "answer_withdrawal": {"reason": "too_late", "note": "Too late"},
    "write_credit_note_draft": {
        "lines": [{"source": "01a3d2b8-0000-7000-8000-000000000000", "gross_minor": 1}],
        "reason": "x",
    },
    "change_credit_note_draft": {
        "lines": [{"source": "01a3d2b8-0000-7000-8000-000000000000", "gross_minor": 1}],
        "reason": "x",
        "version": 1,
    },
    "issue_credit_note_draft": {"version": 1},
    "agree_exchange": {
        "lines": [
            {"line": "01a3d2b8-0000-7000-8000-000000000000", "sku": "LAMP-02", "quantity": 1}
        ],
        "consent": {"channel": "phone", "given_by": "a@client.example"},
    },
    "settle_exchange_difference": {"amount_minor": 1, "way": "card"},
    "say_what_became_of_label": {"was_made": False},
    "lay_in_label": {"tracking_number": "X1", "pdf": "JVBERi0x"},
    "end_parcel_claim": {"answer": "found"},
    "start_policy_trial": {"first": "2026-01-01", "last": "2026-01-31"},
    "discard_policy_draft": {"revision": 1},
    "roll_back_policy": {"note": "x"},
    "note_credit_note_transmission": {"reference": "P-1"},
    "change_staff": {"role": "agent"},
    "invite_staff": {"email": "a@client.example", "name": "A", "role": "agent"},
    "create_role": {"title": "Till", "based_on": "agent", "rights": ["see"]},
    "change_role": {"title": "Till", "based_on": "agent", "rights": ["see"]},
    "note_data_request": {"kind": "copy", "email": "a@client.example", "note": "By phone"},
    "refuse_data_request": {"answer": "Somebody else"},
    "add_reason": {"labels": {"fr": "Bruit", "en": "Noise"}, "family": "product"},
    "change_reason": {"labels": {"fr": "Bruit", "en": "Noise"}, "family": "product"},
    "order_reasons": {"codes": ["late"]},
    "keep_products": {"products": [{"sku": "A"}]},
    "leave_stock_report_out": {"why": "Counted by hand"},
}


def operations():
    """Every operation of the API: its name, method, path and what it needs."""
    document = api.get_openapi_schema()
    prefix = "/api/v1"
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield pytest.param(
                told["operationId"],
                method,
                path if path.startswith(prefix) else prefix + path,
                id=f"{method} {path}",
            )


def scope_of(name):
    for router in (one for _, one in api._routers):
        for view in router.path_operations.values():
            for operation in view.operations:
                if (operation.operation_id or operation.view_func.__name__) == name:
                    keys = [auth for auth in operation.auth_callbacks or []]
                    return keys[0].scope if keys else None
    raise AssertionError(f"{name} is in no router")


def ask(client, method, path, name):
    headers = {"idempotency-key": "k1", "if-match": "*"}
    if method == "get":
        return client.get(path, QUERIES.get(name, {}))
    return client.generic(
        method.upper(),
        path,
        json.dumps(BODIES.get(name, {})),
        content_type="application/json",
        headers=headers,
    )


def filled(path, **values):
    for key, value in values.items():
        path = path.replace("{" + key + "}", str(value))
    return path


@pytest.mark.parametrize(("name", "method", "path"), operations())
def test_a_key_without_the_scope_stays_outside(client, name, method, path):
    if name in OPEN:
        return
    needed = scope_of(name)
    assert needed is not None, f"{name} lets everybody in"
    shop = small_shop()
    others = [scope for scope in Scope if scope is not needed]
    somewhere = filled(
        path,
        number=1 if "/policies/" in path else "R-1",
        refund_id="01a3d2b8-0000-7000-8000-000000000000",
        endpoint_id="01a3d2b8-0000-7000-8000-000000000000",
        delivery_id="01a3d2b8-0000-7000-8000-000000000000",
        import_id="01a3d2b8-0000-7000-8000-000000000000",
        run_id="01a3d2b8-0000-7000-8000-000000000000",
        row_id="01a3d2b8-0000-7000-8000-000000000000",
        enquiry_id="01a3d2b8-0000-7000-8000-000000000000",
        non_delivery_id="01a3d2b8-0000-7000-8000-000000000000",
        report_id="01a3d2b8-0000-7000-8000-000000000000",
        balance_id="01a3d2b8-0000-7000-8000-000000000000",
        payout_id="01a3d2b8-0000-7000-8000-000000000000",
        draft_id="01a3d2b8-0000-7000-8000-000000000000",
        staff_id="01a3d2b8-0000-7000-8000-000000000000",
        role_id="01a3d2b8-0000-7000-8000-000000000000",
        request_id="01a3d2b8-0000-7000-8000-000000000000",
        reason_id="01a3d2b8-0000-7000-8000-000000000000",
        product_id="01a3d2b8-0000-7000-8000-000000000000",
        kind="refunded",
        language="fr",
        exchange_id="01a3d2b8-0000-7000-8000-000000000000",
        label_id="01a3d2b8-0000-7000-8000-000000000000",
        claim_id="01a3d2b8-0000-7000-8000-000000000000",
        trial_id="01a3d2b8-0000-7000-8000-000000000000",
        reference="x",
        label="x",
        form="cn23",
    )

    assert code(ask(machine(shop, scopes=others), method, somewhere, name)) == (
        403,
        "scope_missing",
    )
    assert code(ask(client, method, somewhere, name)) == (401, "key_refused")


@pytest.fixture
def things(run_jobs, monkeypatch, tmp_path):
    """What another shop has, by the name of the parameter that would lead there."""
    shop = small_shop("autre")
    rma = received_return(order_of(shop, number="9001"), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Ana")
    settle_return(rma.pk, by="test")
    run_jobs()
    refund = Refund.objects.get(shop=shop)
    pay_by_hand(refund.pk, reference="V", paid_on=today(shop.time_zone), by="staff:Ana")
    run_jobs()
    add_endpoint(shop, "https://client.example/hook", [], known=event_names(), by="test")
    waiting = requested_return(order_of(shop, number="9002"), {"LAMP-01": 1})
    theirs = machine(shop)
    taken = theirs.post(
        "/api/v1/order-imports",
        "{}",
        content_type="application/x-ndjson",
        headers={"idempotency-key": "k1"},
    )
    delivery = Delivery.objects.filter(shop=shop).first()
    rule = {"kind": "no_receipt", "cap_minor": 10_000}
    publish_policy(shop, {"rules": [*GENEROUS["rules"], rule]}, note="", by="test")
    loose = file_without_receipt(
        shop,
        Brought("LAMP-01", 1, Grade.A, "zoe@client.example"),
        policy=policy_in_force(shop, now()),
        at=now(),
        by="test",
    )
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    link_system(shop, "csv_file", by="test")
    shelf = add_location(shop, "Aisle 1", Place.SELLABLE, by="test")
    adjust_stock(shop, shelf.pk, "LAMP-01", 1, why="Found", by="test")
    asked = receive_enquiry(shop, NewEnquiry("z@client.example", "Hello", "en"), by="test")
    sold = order_of(shop, number="9003")
    gone = Told({sold.lines.first().pk: 1}, Tracking.NOTHING)
    lamp = sold.lines.get(sku="LAMP-01").pk
    draft = write_draft(sold.pk, [DraftWish(lamp, 100)], reason="x", sends_letter=False, by="test")
    credit = give_credit(
        sold.shopper, Money(100, "EUR"), is_cash=True, key="x", reason="x", by="test"
    )
    withdrawn = submit_statement(shop, Declared("fr", "Zoé", "?", EMAIL), key=uuid7())
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    label = ask_label(waiting.pk, by="test")
    lost = ParcelClaim.objects.create(
        shop=shop, parcel=label.parcel, state="open", why="silent", opened_at=now(), currency="EUR"
    )
    give = {"family": "lamp", "price_minor": 4000, "stock": 3}
    keep_products(
        shop,
        [NewProduct("LAMP-01", "Lamp", **give), NewProduct("LAMP-02", "Lamp", **give)],
        by="test",
    )
    other = requested_return(order_of(shop, number="9004"), {"LAMP-01": 1})
    wish = Instead(other.lines.get().pk, "LAMP-02", 1)
    swapped = agree_exchange(other.pk, [wish], Yes(Channel.PHONE, "Zoé"), by="test")
    tried = start_trial(shop, 1, Wanted(today(shop.time_zone), today(shop.time_zone)), by="test")
    return {
        "label_id": label.pk,
        "claim_id": lost.pk,
        "exchange_id": swapped.pk,
        "trial_id": tried.pk,
        "draft_id": draft.pk,
        "reason_id": Reason.objects.filter(shop=shop).first().pk,
        "product_id": Product.objects.get(shop=shop, sku="LAMP-01").pk,
        "request_id": ask_about_data(
            shop, RequestKind.COPY, EMAIL, by="test", language="fr", note="By phone"
        ).pk,
        "staff_id": staff_of(shop, Role.AGENT).pk,
        "role_id": keep_own_role(
            shop, None, title="Till", based_on=Role.AGENT, rights=[Right.SEE], by="test"
        ).pk,
        "balance_id": credit.account_id,
        "payout_id": refund.pk,
        "withdrawals": withdrawn.reference,
        "row_id": loose.pk,
        "non_delivery_id": report_missing(sold.pk, gone, by="test").pk,
        "enquiry_id": asked.pk,
        "returns": waiting.number,
        "orders": "9002",
        "policies": 1,
        "credit-notes": CreditNote.objects.get(shop=shop).label,
        "refund_id": Settlement.objects.get(shop=shop).pk,
        "endpoint_id": delivery.endpoint_id,
        "delivery_id": delivery.pk,
        "report_id": Report.objects.get(shop=shop).pk,
        "import_id": taken.json()["id"],
        "run_id": post(
            machine(shop),
            "return-runs",
            {"kind": "remind", "returns": [rma.number]},
            key="run",
        ).json()["id"],
        "form": "cn23",
        "key": waiting.shopper.key,
        "other": waiting.number,
    }


@pytest.mark.parametrize(
    ("name", "method", "path"), [one for one in operations() if "{" in one.values[2]]
)
def test_what_belongs_to_another_shop_does_not_exist(things, name, method, path):
    mine = small_shop("mienne")
    room = path.removeprefix("/api/v1/").split("/")[0]
    if room in {"policies", "letters"}:
        return  # each shop has its own under the same address: version 1, the letter "refunded"
    known = {"number": things.get(room), "label": things["credit-notes"]} | things
    known["reference"] = things.get(room, "held")
    client = machine(mine)

    there = ask(client, method, filled(path, **known), name)
    nowhere = ask(
        client,
        method,
        filled(
            path,
            number="R-0000",
            label="none",
            reference="none",
            form="cn23",
            key="none",
            other="R-0000",
            **dict.fromkeys(
                [name for name in things if name.endswith("_id")],
                "01a3d2b8-0000-7000-8000-000000000000",
            ),
        ),
        name,
    )

    assert "{" not in filled(path, **known), f"{name}: say above what another shop has there"
    if there.status_code != 422 or nowhere.status_code != 422:
        assert code(there) == code(nowhere)
        assert there.status_code == 404
    else:
        raise AssertionError(f"{name}: give it a body above that is well formed")


def test_lists_show_nothing_of_another_shop(things):
    client = machine(small_shop("mienne"))

    for page in ("returns", "orders", "parcels", "credit-notes", "stock/balances"):
        assert client.get(f"/api/v1/{page}").json()["items"] == [], page
    assert client.get("/api/v1/webhook-endpoints").json() == []


def test_a_return_is_not_filed_from_an_order_of_another_shop(things):
    body = {
        "order": "9001",
        "lines": [
            {
                "order_line": "01a3d2b8-0000-7000-8000-000000000000",
                "quantity": 1,
                "reason": "late",
            }
        ],
    }

    assert code(post(machine(small_shop("mienne")), "returns", body, key="k1"))[0] == 404


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [one for one in operations() if one.values[1] == "post" and one.values[0] not in WITHOUT_KEY],
)
def test_what_writes_is_refused_without_a_key_of_its_own(things, name, method, path):
    shop = Shop.objects.get(slug="autre")
    room = path.removeprefix("/api/v1/").split("/")[0]
    known = {"number": things.get(room), "label": things["credit-notes"]} | things
    known["reference"] = things.get(room, "held")

    answer = machine(shop).post(
        filled(path, **known),
        json.dumps(BODIES.get(name, {})),
        content_type="application/json",
        headers={"if-match": "*"},
    )

    # What its body names may be missed first: nothing was written all the same.
    assert code(answer) == (400, "idempotency_key_needed") or answer.status_code in {404, 415}
