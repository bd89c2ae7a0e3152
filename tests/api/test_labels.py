"""Prepaid labels over the API: asked for once, printed, given back, laid into the stock."""

from base64 import b64encode

import pytest
from tests.api.clients import code, machine, post
from tests.domain.shipping.test_parcels import depot  # noqa: F401  (a fixture)
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.shipping.actions import set_shipping_terms
from rebond.domain.shipping.models import Label, ParcelClaim, StockLabel
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
PDF = b64encode(b"%PDF-1.7 a label").decode()


@pytest.fixture
def shop():
    shop = small_shop()
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    return shop


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop))


def test_a_label_is_asked_for_once_printed_and_given_back(shop, rma, depot):  # noqa: F811
    client, page = machine(shop), f"returns/{rma.number}/labels"

    made = post(client, page, key="l1")
    again = post(client, page, key="l1")
    other = post(client, page, key="l2")
    run_jobs()

    assert (made.status_code, again.content) == (201, made.content)
    assert code(other) == (409, "label_already_there")
    (told,) = client.get(f"/api/v1/{page}").json()
    assert (told["state"], told["cost_minor"], told["currency"]) == ("ready", 590, "EUR")
    assert told["tracking_number"] == "SIM000000001FR"
    printed = client.get(f"/api/v1/labels/{told['id']}/pdf")
    assert printed["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")

    assert post(client, f"labels/{told['id']}/voids", key="v1").json()["state"] == "voiding"
    run_jobs()
    assert client.get(f"/api/v1/{page}").json()[0]["state"] == "void"
    assert code(client.get(f"/api/v1/labels/{told['id']}/pdf"))[0] == 404
    assert code(post(client, f"labels/{told['id']}/voids", key="v2")) == (409, "label_not_voidable")


def test_somebody_says_what_became_of_a_label(shop, rma):
    told = post(machine(shop), f"returns/{rma.number}/labels", key="l1").json()
    Label.objects.filter(pk=told["id"]).update(state="unclear")
    client, page = machine(shop), f"labels/{told['id']}/answers"
    made = {"was_made": True, "tracking_number": "8R123", "pdf": PDF}

    assert code(post(client, page, made | {"pdf": "%%%"}, key="a")) == (
        422,
        "label_file_unreadable",
    )
    assert post(client, page, made, key="b").json()["state"] == "ready"
    assert code(post(client, page, made, key="c")) == (409, "label_already_there")


def test_labels_are_laid_into_the_stock_one_by_one(shop):
    client = machine(shop)
    label = {"tracking_number": "8R 123", "pdf": PDF}

    assert post(client, "stock-labels", label, key="a").json() == {"left": 1}
    assert post(client, "stock-labels", label, key="a").json() == {"left": 1}
    assert code(post(client, "stock-labels", label, key="b")) == (409, "label_already_there")
    no_page = label | {"tracking_number": "8R124", "pdf": b64encode(b"GIF89a").decode()}
    assert code(post(client, "stock-labels", no_page, key="c")) == (422, "label_file_unreadable")
    assert client.get("/api/v1/stock-labels").json() == {"left": 1}
    assert StockLabel.objects.count() == 1


def test_a_lost_parcel_ends_with_what_its_carrier_paid(shop, rma):
    client = machine(shop)
    parcel = Label.objects.get(
        pk=post(client, f"returns/{rma.number}/labels", key="l").json()["id"]
    ).parcel
    claim = ParcelClaim.objects.create(
        shop=shop, parcel=parcel, state="open", why="silent", opened_at=now(), currency="EUR"
    )
    page = f"parcel-claims/{claim.pk}/endings"

    assert [one["state"] for one in client.get("/api/v1/parcel-claims").json()] == ["open"]
    assert code(post(client, page, {"answer": "paid"}, key="a")) == (422, "claim_answer_unclear")
    ended = post(client, page, {"answer": "paid", "paid_minor": 2500}, key="b").json()
    assert (ended["state"], ended["paid_minor"]) == ("paid", 2500)
    assert code(post(client, page, {"answer": "found"}, key="c")) == (409, "claim_over")
