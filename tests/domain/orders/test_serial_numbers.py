"""The serial numbers that were sold are kept, and compared with what comes back."""

import json
from dataclasses import replace

import pytest
from tests.world import order_of, received_return, small_shop

from rebond.cli.importing import run_import
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.orders.new import NewLine, NewOrder, NewShopper
from rebond.domain.orders.serials import plain_serial
from rebond.domain.orders.told import as_told, order_told
from rebond.domain.signals.gathering import gather
from rebond.domain.warehouse.actions import Finding, inspect_return
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.clock import now

HEAD = "order_number,ordered_at,currency,sku,quantity,unit_price,payment_provider,serials\n"
CAMERA = NewLine("CAM-01", "Camera", 2, 20_000, serials=("AB-100", "AB-101"))


def imported(folder, *rows):
    small_shop()
    file = folder / "orders.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    run_import([file], shop_slug="galerie", report=folder / "report.csv")
    return dict(OrderLine.objects.values_list("order__number", "serials"))


def graded(order, pieces, grade=Grade.A, *, accepted=True, **more):
    """A return of the first line of ``order``, seen with serial numbers."""
    rma = received_return(order, {order.lines.get().sku: pieces})
    found = Finding(
        rma.lines.get().pk, pieces, grade, Disposition.RESTOCK, is_accepted=accepted, **more
    )
    inspect_return(rma.pk, [found], by="staff:Karim")
    return rma


def other_serials(rma):
    return gather(rma.shopper, order=rma.order, rma=rma, moment=now()).other_serials


def test_they_come_with_a_file(db, tmp_path):
    assert imported(
        tmp_path,
        "1001,2026-03-02T10:00:00,EUR,CAM,2,10,paper,AB-100; AB-101",
        "1002,2026-03-02T10:00:00,EUR,CAM,1,10,paper,",
    ) == {"1001": ["AB-100", "AB-101"], "1002": []}


@pytest.mark.parametrize("cell", ["A;B;C", "X" * 81])
def test_more_than_pieces_or_too_long_is_refused(db, tmp_path, cell):
    assert not imported(tmp_path, f"1001,2026-03-02T10:00:00,EUR,CAM,2,10,paper,{cell}")

    assert "bad_serials" in (tmp_path / "report.csv").read_text(encoding="utf-8")
    assert not Order.objects.exists()


def test_they_are_told_and_read_again(db):
    order = order_of(small_shop(), lines=[CAMERA])
    told = NewOrder(
        number="1002",
        ordered_at=order.ordered_at,
        currency="EUR",
        shopper=NewShopper("lea@client.example"),
        lines=(CAMERA,),
    )

    assert order.lines.get().serials == ["AB-100", "AB-101"]
    assert order_told(json.loads(json.dumps(as_told(told)))) == told


def test_what_is_compared_is_letters_and_digits():
    assert plain_serial(" ab-1 00/x ") == "AB100X"


def test_the_piece_that_was_sold_says_nothing(db):
    order = order_of(small_shop(), lines=[CAMERA], days_since_delivery=20)

    assert other_serials(graded(order, 2, serials=("ab100", "AB 101"))) == 0


def test_another_number_is_seen_also_on_a_piece_that_is_refused(db):
    order = order_of(small_shop(), lines=[CAMERA], days_since_delivery=20)

    rma = graded(order, 1, Grade.B, accepted=False, note="Not ours", serials=("ZZ-9",))

    assert Inspection.objects.get(line__rma=rma).serials == ["ZZ-9"]
    assert other_serials(rma) == 1


def test_where_not_all_numbers_are_known_nothing_is_said(db):
    order = order_of(
        small_shop(), lines=[replace(CAMERA, serials=("AB-100",))], days_since_delivery=20
    )

    assert other_serials(graded(order, 1, serials=("ZZ-9",))) == 0
