"""The warehouse's pages, without JavaScript too."""

import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import findings, order_of, received_return, requested_return

from rebond.domain.returns.models import Photo
from rebond.domain.shipping.actions import announce_parcel, join_parcel, leave_parcel
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import add_location, inspect_return, redirect_unit
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import (
    Batch,
    Inspection,
    LooseParcel,
    Movement,
    Scan,
    Unit,
    WorkOrder,
)

HERE = "/desk/galerie/warehouse"


@pytest.fixture
def karim(shop, at_desk):
    return at_desk(shop, Role.WAREHOUSE, name="Karim Benali")


def scan(client, code="", command="code", **more):
    told = {"key": str(uuid4()), "code": code, "command": command, **more}
    return client.post(f"{HERE}/receiving/scans/", told, follow=True)


def pieces(shop, grade=Grade.A, *, number="1001", count=2):
    rma = received_return(order_of(shop, number=number), {"LAMP-01": count})
    inspect_return(rma.pk, findings(rma, grade), by="staff:Ana")
    return list(Unit.objects.filter(inspection__line__rma=rma).order_by("ordinal"))


def test_a_parcel_is_received_without_a_script(shop, order, karim):
    rma = requested_return(order, {"LAMP-01": 2})

    opened = scan(karim, rma.number)
    counted = scan(karim, "LAMP-01")
    told = scan(karim, command="book_in")

    assert "Now scan its articles" in opened.content.decode()
    assert "1 / 2" in counted.content.decode()
    assert "Booked in" in told.content.decode()
    assert rma.lines.get().received_quantity == 1


@pytest.fixture
def shared(shop, order):
    """Two returns of one shopper in one parcel."""
    host = requested_return(order, {"LAMP-01": 1})
    guest = requested_return(order_of(shop, number="1002"), {"MUG-07": 1})
    announce_parcel(
        host.pk, carrier="own_carrier", carrier_name="DHL", tracking_number="J1", by="shopper"
    )
    join_parcel(guest.pk, host.pk, by="shopper")
    return host, guest


def test_a_parcel_of_two_returns_is_scanned_until_both_are_booked_in(shared, karim):
    pages = [scan(karim, "J1").content.decode()]
    first = Scan.objects.order_by("id").last().rma
    scan(karim, first.lines.get().sku)
    scan(karim, command="book_in")
    pages.append(scan(karim, "J1").content.decode())
    second = Scan.objects.order_by("id").last().rma
    scan(karim, second.lines.get().sku)
    scan(karim, command="book_in")

    assert {first, second} == set(shared)
    assert "The same parcel also holds" in pages[0]
    assert second.number in pages[0]
    assert [rma.lines.get().received_quantity for rma in shared] == [1, 1]


def receipt_of(rma):
    return f"/desk/galerie/returns/{rma.number}/receipt/"


def fields_of(page):
    """The fields of the form that books goods in, as a browser would send them."""
    form = page[page.index('<form class="floor"') :]
    tags = re.findall(r"<input[^>]*>", form)
    pairs = [
        (re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags
    ]
    return {name[1]: value[1] for name, value in pairs if name and value}


def test_one_form_books_in_all_returns_of_a_parcel(shared, karim):
    host, guest = shared
    page = karim.get(receipt_of(guest)).content.decode()
    assert host.number in page and "2 returns are in this parcel" in page

    answer = karim.post(receipt_of(guest), fields_of(page) | {"note": "wet box"})

    assert answer.url.endswith(f"/returns/{guest.number}/")
    assert [rma.lines.get().received_quantity for rma in shared] == [1, 1]
    assert [rma.receipts.get().note for rma in shared] == ["wet box", "wet box"]
    told = karim.get(answer.url).content.decode()
    assert f"2 pieces received. Booked in with it: {host.number}." in told


def test_the_form_of_a_parcel_sent_twice_books_in_once(shared, karim):
    host, _ = shared
    fields = fields_of(karim.get(receipt_of(host)).content.decode())

    answers = [karim.post(receipt_of(host), fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [rma.receipts.count() for rma in shared] == [1, 1]


def test_a_return_of_which_nothing_came_stays_expected(shared, karim):
    host, guest = shared
    fields = fields_of(karim.get(receipt_of(host)).content.decode())

    answer = karim.post(receipt_of(host), fields | {f"count-{guest.lines.get().pk}": "0"})

    guest.refresh_from_db()
    assert (guest.parcel_state, guest.inspection_state) == ("announced", "awaiting")
    assert [rma.lines.get().received_quantity for rma in shared] == [1, 0]
    told = karim.get(answer.url).content.decode()
    assert f"Nothing of {guest.number} was counted: still expected." in told


def test_a_wrong_number_for_one_return_books_in_none(shared, karim):
    host, guest = shared
    fields = fields_of(karim.get(receipt_of(host)).content.decode())

    answer = karim.post(receipt_of(host), fields | {f"count-{guest.lines.get().pk}": "2"})

    assert answer.status_code == 422
    assert [rma.receipts.count() for rma in shared] == [0, 0]


def test_a_return_that_left_the_parcel_meanwhile_is_named_and_none_is_booked_in(shared, karim):
    host, guest = shared
    fields = fields_of(karim.get(receipt_of(host)).content.decode())
    leave_parcel(guest.pk, by="shopper")

    answer = karim.post(receipt_of(host), fields)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert guest.number in page
    assert [rma.receipts.count() for rma in shared] == [0, 0]
    assert f"version-{guest.pk}" not in fields_of(page)


def test_a_return_that_joined_after_the_form_was_opened_is_not_booked_in_unseen(shared, karim):
    host, guest = shared
    fields = fields_of(karim.get(receipt_of(host)).content.decode())
    seen = {name: value for name, value in fields.items() if str(guest.pk) not in name}

    answer = karim.post(receipt_of(host), seen)

    assert answer.url == receipt_of(guest)
    assert [rma.lines.get().received_quantity for rma in shared] == [1, 0]


def test_the_form_of_a_parcel_asks_no_more_for_more_returns(
    shop, shared, karim, django_assert_max_num_queries
):
    host, _ = shared
    with CaptureQueriesContext(connection) as two:
        karim.get(receipt_of(host))
    for number in ("1003", "1004", "1005"):
        join_parcel(requested_return(order_of(shop, number=number)).pk, host.pk, by="shopper")

    with django_assert_max_num_queries(len(two)):
        assert karim.get(receipt_of(host)).content.decode().count('class="floor-of"') == 5


def test_the_same_form_sent_twice_counts_once(shop, order, karim):
    rma = requested_return(order, {"LAMP-01": 2})
    scan(karim, rma.number)
    key = str(uuid4())

    for _ in range(2):
        page = scan(karim, "LAMP-01", key=key)

    assert "1 / 2" in page.content.decode()
    assert Scan.objects.filter(key=key).count() == 1


@pytest.mark.parametrize("wrong", [{"key": "no"}, {"command": "sell"}, {"code": "x" * 501}])
def test_nonsense_is_not_taken(shop, order, karim, wrong):
    assert scan(karim, **wrong).status_code == 400
    assert not Scan.objects.exists()


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-40T00:00:00Z", "2026-01-01T10:00:00"])
def test_a_clock_that_makes_no_sense_does_not_stop_a_scan(shop, order, karim, moment):
    assert scan(karim, "what", made_at=moment).status_code == 200
    assert Scan.objects.get().made_at.tzinfo is not None


def test_only_the_page_with_the_camera_may_run_webassembly(shop, order, karim):
    with_camera = karim.get(f"{HERE}/receiving/").headers["Content-Security-Policy"]
    without = karim.get(f"{HERE}/").headers["Content-Security-Policy"]

    assert "'wasm-unsafe-eval'" in with_camera
    assert "'unsafe-eval'" not in with_camera
    assert "wasm" not in without


def test_a_parcel_nobody_announced_finds_its_return(shop, order, karim):
    rma = requested_return(order)
    scan(karim, "LP-9")
    scan(karim, command="set_aside", last_code="LP-9")
    parcel = LooseParcel.objects.get()

    unknown = karim.post(f"{HERE}/parcels/{parcel.pk}/", {"number": "4711"})
    found = karim.post(f"{HERE}/parcels/{parcel.pk}/", {"number": rma.number})

    assert unknown.status_code == 422
    assert "LP-9" in unknown.content.decode()
    assert found.headers["Location"].endswith(f"/returns/{rma.number}/")


def test_a_piece_is_put_away_and_shows_in_the_stock(shop, karim):
    unit, other = pieces(shop)
    shelf = add_location(shop, "Aisle 3", Place.SELLABLE, by="test")

    for _ in range(2):
        karim.post(f"{HERE}/pieces/{unit.pk}/place/", {"location": shelf.pk})

    assert Movement.objects.count() == 1
    assert "Aisle 3" in karim.get(f"{HERE}/stock/").content.decode()
    page = karim.get(f"{HERE}/pieces/").content.decode()
    assert str(other.pk) in page
    assert str(unit.pk) not in page


def test_a_work_order_is_closed_with_its_figures(shop, karim):
    pieces(shop, Grade.B, count=1)
    work = WorkOrder.objects.get()
    told = {"steps": "cleaned\nnew box", "minutes": "7", "parts": "1,20", "disposition": "restock"}

    refused = karim.post(f"{HERE}/work/{work.pk}/", {**told, "minutes": "seven"})
    karim.post(f"{HERE}/work/{work.pk}/", told)

    assert refused.status_code == 422
    work.refresh_from_db()
    assert (len(work.steps), work.minutes, work.parts_minor) == (2, 7, 120)


def test_pieces_leave_with_a_document_that_can_be_printed(shop, karim):
    units = pieces(shop)
    for unit in units:
        way = {"disposition": "return_to_vendor", "why": "faulty batch", "view": "shelf"}
        karim.post(f"{HERE}/pieces/{unit.pk}/way/", way)
    sent = {
        "unit": [unit.pk for unit in units],
        "disposition": "return_to_vendor",
        "recipient": "Lampes SA",
    }

    page = karim.post(f"{HERE}/batches/", sent, follow=True).content.decode()

    assert "Lampes SA" in page
    assert page.count("LAMP-01") == 2


def test_destroying_is_refused_with_the_law(shop, karim):
    unit = pieces(shop)[0]
    redirect_unit(shop, unit.pk, Disposition.DESTROY, why="burnt", by="test")
    sent = {"unit": [unit.pk], "disposition": "destroy", "recipient": "Plant"}

    answer = karim.post(f"{HERE}/batches/", sent)

    assert answer.status_code == 422
    assert "2024/1781" in answer.content.decode()
    assert not Batch.objects.exists()


def test_serial_numbers_go_with_their_pieces(shop, order, karim):
    rma = received_return(order, {"LAMP-01": 2})
    line = rma.lines.get()
    typed = {
        "version": rma.version,
        f"{line.pk}-0-quantity": "2",
        f"{line.pk}-0-grade": "a",
        f"{line.pk}-0-accepted": "on",
        f"{line.pk}-0-serials": "SN1, SN2",
    }

    too_many = karim.post(
        f"/desk/galerie/returns/{rma.number}/inspection/",
        {**typed, f"{line.pk}-0-serials": "SN1 SN2 SN3"},
    )
    karim.post(f"/desk/galerie/returns/{rma.number}/inspection/", typed)

    assert too_many.status_code == 422
    assert list(Unit.objects.order_by("ordinal").values_list("serial", flat=True)) == ["SN1", "SN2"]


def test_a_document_that_calls_itself_a_picture_is_refused(shop, order, karim):
    rma = received_return(order, {"LAMP-01": 1})
    line = rma.lines.get()
    file = io.BytesIO(b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF")
    file.name = "lamp.jpg"

    answer = karim.post(
        f"/desk/galerie/returns/{rma.number}/inspection/",
        {
            "version": rma.version,
            f"{line.pk}-0-quantity": "1",
            f"{line.pk}-0-grade": "a",
            f"{line.pk}-0-accepted": "on",
            f"{line.pk}-0-photo": file,
        },
    )

    assert answer.status_code == 422
    assert not Photo.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    "page", ["", "pieces/", "pieces/?view=leave", "pieces/?view=work", "stock/"]
)
def test_a_page_asks_the_same_number_of_questions_however_much_it_shows(
    shop, karim, page, django_assert_max_num_queries
):
    asked = []
    shelf = add_location(shop, "Aisle 3", Place.SELLABLE, by="test")
    for round_, grades in enumerate([[Grade.A, Grade.B, Grade.D], [Grade.A, Grade.B, Grade.D] * 4]):
        for n, grade in enumerate(grades):
            first, *_ = pieces(shop, grade, number=f"{round_}-{n}")
            if grade == Grade.A:
                karim.post(f"{HERE}/pieces/{first.pk}/place/", {"location": shelf.pk})
            scan(karim, f"LP{n}", command="set_aside")
        with django_assert_max_num_queries(60) as questions:
            assert karim.get(f"{HERE}/{page}").status_code == 200
        asked.append(len(questions))

    assert asked[0] == asked[1]


def test_while_a_withdrawal_is_possible_the_inspection_asks_for_evidence(karim, shop):
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    page = f"/desk/galerie/returns/{rma.number}/inspection/"
    name = f"{rma.lines.get().pk}-0"
    typed = {
        f"{name}-quantity": "1",
        f"{name}-grade": "c",
        f"{name}-disposition": "resell",
        f"{name}-accepted": "on",
        f"{name}-kept": "30",
        f"{name}-note": "Worn",
    }

    shown = karim.get(page)
    sent = karim.post(page, typed | {"version": rma.version})

    assert "L221-23" in shown.content.decode()
    assert sent.status_code == 422
    assert "L221-23" in sent.content.decode()
    assert not Inspection.objects.exists()
