"""Return slips at the desk: ticked orders, the parcel that comes back with one."""

from uuid import uuid4

import pytest
from tests.world import LAMP, order_of

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.models import LooseParcel

SLIPS = "/desk/galerie/parcels/return-slips/"
HERE = "/desk/galerie/warehouse"


@pytest.fixture
def karim(shop, at_desk):
    return at_desk(shop, Role.WAREHOUSE, name="Karim Benali")


def scan(client, code, **more):
    told = {"key": str(uuid4()), "code": code, "command": "code", **more}
    return client.post(f"{HERE}/receiving/scans/", told, follow=True)


def test_who_packs_ticks_orders_and_prints(shop, order, karim):
    order_of(shop, number="1002")
    listed = karim.get("/desk/galerie/orders/").content.decode()

    one = karim.post(SLIPS, {"pick": ["1001"], "listed": ["1002", "1001"]})
    whole = karim.post(SLIPS, {"whole": "1", "listed": ["1002", "1001"]})

    assert 'name="pick" form="slips" value="1002"' in listed
    assert one.headers["Content-Type"] == whole.headers["Content-Type"] == "application/pdf"
    assert one.content.startswith(b"%PDF-")
    assert ReturnSlip.objects.count() == 2


def test_nothing_ticked_is_said_on_the_list(shop, order, karim):
    answer = karim.post(SLIPS, {"listed": ["1001"]})

    assert answer.status_code == 422
    assert "Please tick 1 to 200 orders." in answer.content.decode()


def test_who_only_reads_prints_nothing(shop, order, at_desk):
    reader = at_desk(shop, Role.READ_ONLY)

    assert b'name="pick"' not in reader.get("/desk/galerie/orders/").content
    assert reader.post(SLIPS, {"pick": ["1001"]}).status_code == 403


def test_an_unannounced_parcel_becomes_a_return(shop, order, at_desk):
    ana = at_desk(shop)
    slip = make_slips(shop, ["1001"], by="test")[0]
    heard = scan(ana, printed(slip.code)).content.decode()
    parcel = LooseParcel.objects.get()
    form = f"/desk/galerie/orders/1001/return/?parcel={parcel.pk}"
    home = ana.get(f"{HERE}/").content.decode()
    page = ana.get(form).content.decode()

    line = order.lines.get(sku=LAMP.sku)
    filed = ana.post(
        form,
        {
            f"line-{line.pk}-quantity": "1",
            f"line-{line.pk}-reason": "changed_mind",
            "where": "phone",
            "outcome": "refund",
            "token": "t1",
        },
    )

    assert form in heard and form in home
    assert printed(slip.code) in page
    rma = Return.objects.get(order=order)
    parcel.refresh_from_db()
    assert (parcel.rma, parcel.awaits_return) == (rma, False)
    assert filed.headers["Location"] == f"/desk/galerie/returns/{rma.number}/receipt/"
    assert form not in ana.get(f"{HERE}/").content.decode()


def test_who_may_not_decide_sees_the_parcel_and_no_way_to_file(shop, order, karim):
    slip = make_slips(shop, ["1001"], by="test")[0]
    scan(karim, printed(slip.code))

    home = karim.get(f"{HERE}/").content.decode()

    assert printed(slip.code) in home
    assert "?parcel=" not in home


@pytest.mark.parametrize("count", [3, 30])
def test_the_home_asks_the_same_number_of_questions(
    shop, at_desk, django_assert_num_queries, count, django_assert_max_num_queries
):
    ana = at_desk(shop)
    for number in range(count):
        order_of(shop, number=f"9{number:03}")
    for slip in make_slips(shop, [f"9{n:03}" for n in range(count)], by="test"):
        scan(ana, printed(slip.code))

    with django_assert_max_num_queries(25):
        page = ana.get(f"{HERE}/")

    assert page.content.decode().count("?parcel=") == min(count, 20)
