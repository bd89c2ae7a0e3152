"""Returns over the API: from the wish to the money, each verb a noun that is created."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.api.clients import code, machine, post
from tests.domain.shipping.test_methods import POINTS, labelled, policy
from tests.domain.shipping.test_pickups import called, wanted  # noqa: F401
from tests.world import findings, order_of, received_return, requested_return, small_shop

from rebond.domain.machines.scopes import Scope
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import replace_points
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.point_files import points_in
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Inspection

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def order(shop):
    return order_of(shop)


def wish(order, **more):
    line = str(order.lines.get(sku="LAMP-01").pk)
    lines = [{"order_line": line, "quantity": 1, "reason": "changed_mind"}]
    return {"order": order.number, "lines": lines} | more


def filed(client, order, key="k1"):
    answer = post(client, "returns", wish(order), key=key)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_return_goes_its_whole_way_over_the_api(order, run_jobs):
    client = machine(order.shop)

    rma = filed(client, order)
    page, line = f"returns/{rma['number']}", rma["lines"][0]["id"]
    parcel = post(
        client, f"{page}/parcels", {"carrier": "manual", "tracking_number": "1Z999"}, key="k2"
    )
    rma = client.get(f"/api/v1/{page}").json()
    received = post(
        client, f"{page}/receipts", {"counts": {line: 1}}, key="k3", version=rma["version"]
    )
    found = {"line": line, "quantity": 1, "grade": "a", "disposition": "restock"}
    inspected = post(
        client,
        f"{page}/inspections",
        {"findings": [found]},
        key="k4",
        version=received.headers["ETag"],
    )
    settled = post(client, f"{page}/settlements", key="k5", version=inspected.headers["ETag"])
    run_jobs()

    assert parcel.status_code == 201, parcel.content
    assert (received.status_code, inspected.status_code) == (201, 201), inspected.content
    assert settled.status_code == 201, settled.content
    assert Settlement.objects.get(rma__number=rma["number"]).decided_by == "api:till"
    told = client.get(f"/api/v1/{page}").json()
    assert told["inspection_state"] == "compliant"
    assert told["lines"][0]["accepted_quantity"] == 1
    assert [one["state"] for one in client.get(f"/api/v1/{page}/parcels").json()] == ["received"]


def test_the_same_key_files_one_return(order):
    client = machine(order.shop)

    first, second = (post(client, "returns", wish(order), key="k1") for _ in range(2))

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert Return.objects.filter(shop=order.shop).count() == 1


def test_without_a_key_of_its_own_nothing_is_filed(order):
    answer = post(machine(order.shop), "returns", wish(order))

    assert code(answer) == (400, "idempotency_key_needed")
    assert not Return.objects.filter(shop=order.shop).exists()


def waiting(order):
    rma = requested_return(order, {"LAMP-01": 1})
    Return.objects.filter(pk=rma.pk).update(request_state="requested", decided_at=None)
    rma.refresh_from_db()
    return rma


def test_a_verb_wants_the_version_that_was_seen(order):
    client, rma = machine(order.shop), waiting(order)
    page = f"returns/{rma.number}/approvals"

    blind = post(client, page, key="k1")
    stale = post(client, page, key="k2", version=rma.version - 1)
    good = post(client, page, key="k3", version=rma.version)

    assert code(blind) == (428, "version_needed")
    assert code(stale) == (412, "changed_meanwhile")
    assert (good.status_code, good.json()["request_state"]) == (201, "approved")
    assert good.headers["ETag"] == f'"{good.json()["version"]}"'


def test_declined_reopened_cancelled(order):
    client, rma = machine(order.shop), waiting(order)
    page = f"returns/{rma.number}"

    declined = post(
        client, f"{page}/declines", {"reason": "other", "note": "No"}, key="k1", version="*"
    ).json()
    reopened = post(client, f"{page}/reopenings", key="k2", version="*").json()
    cancelled = post(client, f"{page}/cancellations", key="k3", version="*").json()
    refused = post(client, f"{page}/closings", key="k4", version="*")

    assert (declined["request_state"], declined["decline_note"]) == ("declined", "No")
    assert reopened["request_state"] == "requested"
    assert cancelled["request_state"] == "cancelled"
    assert code(refused) == (409, "illegal_transition")


def test_notes_and_messages_are_written_and_read(order):
    client, rma = machine(order.shop), waiting(order)
    page = f"returns/{rma.number}"

    post(client, f"{page}/notes", {"text": "Ask the dock"}, key="k1")
    post(client, f"{page}/messages", {"text": "A photo, please?", "asks": True}, key="k2")

    assert [one["text"] for one in client.get(f"/api/v1/{page}/notes").json()] == ["Ask the dock"]
    told = client.get(f"/api/v1/{page}/messages").json()
    assert [(one["side"], one["text"]) for one in told] == [("shop", "A photo, please?")]
    assert client.get(f"/api/v1/{page}").json()["request_state"] == "needs_info"


def test_an_unchanged_return_is_not_sent_again(order):
    client, rma = machine(order.shop), waiting(order)
    first = client.get(f"/api/v1/returns/{rma.number}")

    again = client.get(
        f"/api/v1/returns/{rma.number}", headers={"if-none-match": first.headers["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


def test_a_list_is_walked_to_its_end_and_every_return_comes_once(shop):
    for number in range(7):
        requested_return(order_of(shop, number=f"20{number}"), {"LAMP-01": 1})
    client, seen, cursor = machine(shop), [], ""

    while True:
        page = client.get(
            "/api/v1/returns", {"limit": 3, "cursor": cursor, "fields": "number"}
        ).json()
        seen += [item["number"] for item in page["items"]]
        assert all(set(item) == {"number"} for item in page["items"])
        if not (cursor := page["older"]):
            break

    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"requst_state": "approved"}, "unknown_parameter"),
        ({"fields": "number,secret"}, "unknown_field"),
        ({"cursor": "nonsense"}, "cursor_unreadable"),
        ({"request_state": "lost"}, "invalid_body"),
    ],
)
def test_what_a_list_does_not_know_is_refused(shop, query, expected):
    assert code(machine(shop).get("/api/v1/returns", query)) == (422, expected)


def test_a_list_is_narrowed(shop):
    first, second = order_of(shop, number="301"), order_of(shop, number="302")
    one, other = requested_return(first, {"LAMP-01": 1}), waiting(second)
    client = machine(shop)

    def numbers(**query):
        found = client.get("/api/v1/returns", query).json()["items"]
        return [item["number"] for item in found]

    assert numbers(order="301") == [one.number]
    assert numbers(request_state="requested") == [other.number]
    assert numbers(shopper_key=first.shopper.key) == [one.number]
    assert numbers(requested_from="2999-01-01T00:00:00Z") == []


def test_a_long_list_asks_no_more_than_a_short_one(shop):
    client = machine(shop)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/api/v1/returns", {"limit": 60}).status_code == 200
        return len(seen)

    requested_return(order_of(shop, number="401"), {"LAMP-01": 1})
    queries()
    few = queries()
    for number in range(20):
        requested_return(order_of(shop, number=f"5{number:02}"), {"LAMP-01": 1})

    assert queries() == few


def test_a_photo_of_another_return_is_no_evidence(order):
    client, rma = machine(order.shop), requested_return(order, {"LAMP-01": 1})
    line = str(rma.lines.get().pk)
    found = {
        "line": line,
        "quantity": 1,
        "grade": "a",
        "disposition": "restock",
        "photo": str(rma.pk),
    }

    answer = post(
        client, f"returns/{rma.number}/inspections", {"findings": [found]}, key="k1", version="*"
    )

    assert code(answer) == (404, "not_found")


def test_while_a_withdrawal_is_possible_a_machine_keeps_nothing_without_evidence(order):
    client, rma = machine(order.shop), received_return(order, {"LAMP-01": 1})
    found = {
        "line": str(rma.lines.get().pk),
        "quantity": 1,
        "grade": "c",
        "disposition": "resell",
        "kept_percent": 30,
        "note": "Worn",
    }

    answer = post(
        client, f"returns/{rma.number}/inspections", {"findings": [found]}, key="k1", version="*"
    )

    assert code(answer) == (422, "evidence_needed")
    assert answer.json()["facts"] == {"sku": "LAMP-01", "article": "C. conso. L221-23"}
    assert not Inspection.objects.exists()


def test_a_key_for_the_warehouse_moves_no_money(order):
    client = machine(order.shop, scopes=[Scope.WAREHOUSE_WRITE])
    rma = requested_return(order, {"LAMP-01": 1})

    answer = post(client, f"returns/{rma.number}/settlements", key="k1", version="*")

    assert code(answer) == (403, "scope_missing")


def test_the_reasons_of_the_shop_are_told(shop):
    told = machine(shop).get("/api/v1/return-reasons").json()

    assert {"changed_mind"} <= {reason["code"] for reason in told}


def test_a_machine_chooses_how_the_goods_travel_back():
    shop = labelled(
        small_shop("till", policy=policy("prepaid_label", "own_carrier", label_fee_minor=490))
    )
    rma = requested_return(order_of(shop))
    client, page = machine(shop), f"/api/v1/returns/{rma.number}/sending"

    before = client.get(page).json()
    chosen = client.put(page, {"method": "prepaid_label"}, content_type="application/json")
    refused = client.put(page, {"method": "counter"}, content_type="application/json")

    assert before["method"] is None and before["may_change"]
    assert before["offered"][0] == {"method": "prepaid_label", "fee_minor": 490}
    assert (chosen.json()["method"], chosen.json()["fee_minor"]) == ("prepaid_label", 490)
    assert code(refused) == (409, "method_not_offered")


def test_a_machine_reads_the_places_and_chooses_one(db):
    shop = labelled(small_shop(policy=policy("drop_off", "own_carrier")))
    replace_points(shop, points_in(POINTS), by="Ana")
    rma = requested_return(order_of(shop))
    client, page = machine(shop), f"/api/v1/returns/{rma.number}/"

    (place,) = client.get(page + "points?postcode=13007").json()
    told = {"method": "drop_off", "point": place["id"]}
    chosen = client.put(page + "sending", told, content_type="application/json").json()

    assert (place["name"], place["metres"]) == ("Tabac du Port", 0)
    assert chosen["point"]["reference"] == "R1"
    assert client.get(page + "points").status_code == 422
    assert client.get(page + f"points?postcode={'7' * 13}").status_code == 422


def test_a_machine_books_a_pickup_among_the_times_the_carrier_offers(called):  # noqa: F811
    rma = wanted()
    client, page = machine(rma.shop), f"/api/v1/returns/{rma.number}/"

    def book(window):
        told = {"method": "pickup", "pickup": window}
        return client.put(page + "sending", told, content_type="application/json")

    offered = client.get(page + "pickup-windows").json()
    past = book({"day": "2020-01-06", "begins": "09:00", "ends": "13:00"})
    turned = book({"day": offered[0]["day"], "begins": "13:00", "ends": "09:00"})
    first, again, other = book(offered[0]), book(offered[0]), book(offered[1])

    assert code(past) == code(turned) == (422, "pickup_window_unknown")
    assert first.json()["pickup"] == offered[0] | {"state": "asked"}
    assert again.json()["pickup"] == first.json()["pickup"]
    assert code(other) == (409, "method_fixed")
    assert Label.objects.count() == 1


def to_give(order):
    body = wish(order)
    return {**body, "lines": [{**line, "outcome": "donate"} for line in body["lines"]]}


def test_what_becomes_of_the_goods_is_said_and_asked_for():
    shop = small_shop(
        policy={
            "rules": [
                {"kind": "donate", "charity": ["Emmaüs"], "donation_proof": "word"},
                *GENEROUS["rules"],
            ]
        }
    )
    order = order_of(shop)
    client = machine(shop)

    given = post(client, "returns", to_give(order), key="k1").json()
    filed(client, order, key="k2")

    assert given["goods"] == "donated"
    rows = client.get("/api/v1/returns?goods=donated").json()["items"]
    assert [row["number"] for row in rows] == [given["number"]]


def test_goods_that_go_to_a_charity_have_no_way_back_to_choose():
    rules = policy("prepaid_label", "own_carrier", label_fee_minor=490)
    rules["rules"].insert(0, {"kind": "donate", "charity": ["Emmaüs"], "donation_proof": "none"})
    order = order_of(labelled(small_shop("giver", policy=rules)))
    client = machine(order.shop)
    given = post(client, "returns", to_give(order), key="k1").json()
    page = f"/api/v1/returns/{given['number']}/sending"

    refused = client.put(page, {"method": "own_carrier"}, content_type="application/json")

    assert (given["goods"], client.get(page).json()["offered"]) == ("donated", [])
    assert code(refused) == (409, "method_not_offered")


def test_a_donation_that_the_policy_does_not_offer_is_refused(order):
    answer = post(machine(order.shop), "returns", to_give(order), key="k1")

    assert code(answer) == (409, "donation_not_offered")
    assert not Return.objects.exists()


def test_a_return_is_changed_before_anything_was_sent(order):
    client = machine(order.shop)
    rma = filed(client, order)
    lines = [{**wish(order)["lines"][0], "quantity": 2}]
    page = f"returns/{rma['number']}/changes"

    changed = post(client, page, {"lines": lines}, key="k2", version=rma["version"])
    again = post(client, page, {"lines": lines}, key="k2", version=rma["version"])
    late = post(client, page, {"lines": lines}, key="k3", version=rma["version"])

    assert changed.status_code == 201, changed.content
    assert changed.json()["lines"][0]["quantity"] == 2
    assert again.json() == changed.json()
    assert late.status_code == 412


def test_what_is_on_its_way_is_not_changed(order):
    client = machine(order.shop)
    rma = filed(client, order)
    post(client, f"returns/{rma['number']}/parcels", {"carrier": "manual"}, key="k2")

    answer = post(
        client,
        f"returns/{rma['number']}/changes",
        {"lines": wish(order)["lines"]},
        key="k3",
        version="*",
    )

    assert code(answer) == (409, "not_changeable")


def test_a_grade_is_contested_over_the_api_and_read(order):
    client = machine(order.shop)
    old = order_of(order.shop, number="1002", days_since_delivery=20)
    rma = received_return(old, {"LAMP-01": 1})
    page = f"returns/{rma.number}/contests"

    early = post(client, page, {"text": "It is as new"}, key="k1")
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    made = post(client, page, {"text": "It is as new"}, key="k2")
    listed = client.get(f"/api/v1/{page}").json()

    assert code(early) == (409, "not_contestable")
    assert made.status_code == 201
    assert listed == [made.json()]
    assert listed[0]["outcome"] is None


def test_papers_for_customs_are_listed_and_read_over_a_border(order):
    client = machine(order.shop)
    rma = filed(client, order)
    page = f"/api/v1/returns/{rma['number']}/customs-papers"

    within = client.get(page).json()
    type(order.shopper).objects.filter(pk=order.shopper_id).update(country="CH")
    abroad = client.get(page).json()
    paper = client.get(f"{page}/invoice")

    assert within["papers"] == []
    assert abroad["papers"] == ["cn23", "invoice"]
    assert (abroad["value_minor"], abroad["incomplete"]) == (3333, ["Paper lamp"])
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
