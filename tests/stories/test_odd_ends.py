"""Ends of a return that are rare, and where money, documents or people must not get stuck."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from tests.world import (
    LAMP,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.credit_notes.files import pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.orders.models import ChargeKind, Order, OrderCharge, Payment
from rebond.domain.orders.new import NewLine
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.returns.actions import add_photo, cancel_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.redraw import redrawn
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.errors import InspectionIncomplete
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import Inspection
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db
PAYS_AT_RECEIPT = {
    "rules": [
        {**rule, "pays_at": "receipt"} if rule["kind"] == "release" else rule
        for rule in GENEROUS["rules"]
    ]
}


def finish(rma: Return, run_jobs) -> Return:
    """Do what follows, pay by hand what waits for it, and do what follows from that."""
    run_jobs()
    for refund in Refund.objects.filter(settlement__rma=rma, state="requires_action"):
        pay_by_hand(refund.pk, reference="VIR-7", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    rma.refresh_from_db()
    return rma


def inspected(order: Order, wanted: dict[str, int], run_jobs, *, kept_percent: int = 0) -> Return:
    rma = received_return(order, wanted)
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    return finish(rma, run_jobs)


def of(rma: Return) -> Settlement:
    return rma.settlements.get()


@pytest.mark.parametrize("arrived", [0, 1])
def test_a_parcel_that_lacks_pieces_is_not_paid_before_it_was_looked_at(arrived, run_jobs):
    shop = small_shop(policy=PAYS_AT_RECEIPT)
    rma = requested_return(order_of(shop), {"LAMP-01": 3})
    line = rma.lines.get()

    receive_return(rma.pk, {line.pk: arrived}, note="", by="staff:Karim")
    run_jobs()
    assert not rma.settlements.exists()

    rma.refresh_from_db()
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    assert [s.gross_minor for s in rma.settlements.all()] == ([3333] if arrived else [])


def test_a_parcel_that_is_whole_is_paid_at_receipt_and_only_then(run_jobs):
    shop = small_shop(policy=PAYS_AT_RECEIPT)
    rma = received_return(order_of(shop), {"LAMP-01": 3})

    run_jobs()
    assert of(rma).gross_minor == 10000
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    assert of(rma).gross_minor == 10000


def test_a_share_kept_of_one_piece_is_not_rounded_away_by_the_others(run_jobs):
    order = order_of(
        small_shop(),
        lines=[NewLine("PEN-1", "Pen", 7, 7000)],
        shipping_minor=0,
        days_since_delivery=20,
    )
    rma = received_return(order, {"PEN-1": 7})
    line = rma.lines.get().pk
    worn = Finding(line, 1, Grade.C, Disposition.RESELL, is_accepted=True, kept_percent=5)
    fine = Finding(line, 6, Grade.A, Disposition.RESTOCK, is_accepted=True)

    inspect_return(rma.pk, [worn, fine], by="staff:Karim")
    finish(rma, run_jobs)

    assert (of(rma).gross_minor, of(rma).kept_minor) == (6950, 50)


def test_the_document_says_the_tax_that_was_decided_and_shown(run_jobs):
    rma = received_return(
        order_of(small_shop(), days_since_delivery=20), {"LAMP-01": 1, "MUG-07": 1}
    )
    worn = [
        replace(found, kept_percent=50 if line.sku == "LAMP-01" else 0)
        for found, line in zip(findings(rma), rma.lines.all(), strict=True)
    ]

    inspect_return(rma.pk, worn, by="staff:Karim")
    finish(rma, run_jobs)

    note, settlement = CreditNote.objects.get(), of(rma)
    on_paper = {row["rate"]: row["tax_minor"] for row in note.content["totals"]["by_rate"]}
    assert note.tax_minor == settlement.tax_minor == sum(on_paper.values())
    assert on_paper == settlement.breakdown["tax_by_rate_minor"]
    assert note.gross_minor == settlement.gross_minor == 2961


@pytest.mark.parametrize(("price", "kept_percent"), [(0, 0), (1000, 100)])
def test_a_return_worth_nothing_comes_to_its_end(price, kept_percent, run_jobs):
    lines = [NewLine("GIFT-1", "Gift", 1, price), LAMP]
    rma = inspected(
        order_of(small_shop(), lines=lines, days_since_delivery=20),
        {"GIFT-1": 1},
        run_jobs,
        kept_percent=kept_percent,
    )

    assert of(rma).gross_minor == 0
    assert rma.request_state == "closed"
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_a_reduction_of_the_whole_order_does_not_stop_its_last_return(run_jobs):
    order = order_of(small_shop(), lines=[NewLine("VASE-1", "Vase", 2, 10000)], shipping_minor=0)
    OrderCharge.objects.create(
        shop=order.shop,
        order=order,
        position=1,
        kind=ChargeKind.FEE,
        title="Coupon",
        amount_minor=-1000,
    )
    Payment.objects.filter(order=order).update(captured_minor=9000)
    Order.objects.filter(pk=order.pk).update(total_minor=9000, tax_minor=0)
    order.refresh_from_db()

    paid = [of(inspected(order, {"VASE-1": 1}, run_jobs)).gross_minor for _ in range(2)]

    assert sum(paid) == 9000
    assert CreditNote.objects.count() == 2
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_an_invoice_without_a_date_still_gets_its_document(run_jobs):
    order = order_of(small_shop())
    Order.objects.filter(pk=order.pk).update(invoice_date=None)
    order.refresh_from_db()

    inspected(order, {"LAMP-01": 1}, run_jobs)

    assert pdf_of(CreditNote.objects.get()).startswith(b"%PDF")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_picture_whose_metadata_are_damaged_is_still_a_picture():
    exif, upload = Image.Exif(), BytesIO()
    exif[0x0112], exif[0x010E] = 6, "lamp"
    Image.new("RGB", (60, 40)).save(upload, "JPEG", exif=exif)
    whole = upload.getvalue()
    at = whole.index(b"Exif\0\0")
    for place in range(at + 6, at + 40):
        for sign in range(0, 256, 5):
            damaged = whole[:place] + bytes([sign]) + whole[place + 1 :]
            _, width, height = redrawn(damaged)
            assert {width, height} == {60, 40}


def test_a_shopper_adds_no_photo_to_a_return_that_is_over():
    rma = requested_return(order_of(small_shop()))
    cancel_return(rma.pk, by="shopper")
    picture = CleanImage(b"jpeg", 1, 1, "0" * 64)

    with pytest.raises(IllegalTransition):
        add_photo(rma.pk, picture, line_id=None, taken_by="shopper", by="shopper")


def test_pieces_of_another_return_cannot_be_graded_along():
    order = order_of(small_shop())
    one, other = received_return(order, {"LAMP-01": 1}), received_return(order, {"LAMP-01": 1})

    with pytest.raises(InspectionIncomplete):
        inspect_return(one.pk, findings(one) + findings(other), by="staff:Karim")

    assert not Inspection.objects.exists()


def test_a_fee_on_goods_kept_whole_does_not_eat_the_shipping(run_jobs):
    order = order_of(
        small_shop(),
        lines=[NewLine("X-1", "Worn", 1, 1000)],
        shipping_minor=490,
        days_since_delivery=20,
    )
    rma = received_return(order)
    rma.terms["terms"]["restocking_fee_percent"] = 10
    rma.save()

    inspect_return(rma.pk, findings(rma, kept_percent=100), by="staff:Karim")
    run_jobs()

    assert (of(rma).gross_minor, of(rma).kept_minor) == (490, 1000)


@pytest.mark.parametrize(("role", "sees"), [(Role.WAREHOUSE, False), (Role.AGENT, True)])
def test_the_subject_of_a_letter_tells_no_sum_to_who_may_not_see_money(
    role, sees, run_jobs, client
):
    order = order_of(small_shop())
    rma = inspected(order, {"LAMP-01": 1}, run_jobs)
    client.force_login(staff_of(order.shop, role).user)

    page = client.get(f"/desk/galerie/returns/{rma.number}/").content.decode()

    assert ("33,33" in page) is sees
