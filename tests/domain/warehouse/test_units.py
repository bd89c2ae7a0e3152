"""Where returned pieces go: each one way, once, and the shelf counts them."""

import pytest
from django.db import IntegrityError, transaction
from tests.world import findings, order_of, received_return, run_jobs, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.warehouse.actions import (
    Finding,
    add_location,
    adjust_stock,
    finish_work,
    inspect_return,
    place_unit,
    redirect_unit,
    send_off,
)
from rebond.domain.warehouse.errors import (
    DestructionBanned,
    DetailMissing,
    LocationTaken,
    NothingToSend,
    StockTooLow,
    UnitMoved,
    WrongPlace,
)
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Balance, Batch, Movement, Unit, WorkOrder
from rebond.insights.verification.shelves import shelf_balances, units_once
from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import claim, perform

pytestmark = pytest.mark.django_db
BY = "staff:Karim"


@pytest.fixture
def shop():
    shop = small_shop()
    keep_products(shop, [NewProduct("LAMP-01", "Paper lamp", stock=4)], by="test")
    return shop


@pytest.fixture
def shelf(shop):
    return add_location(shop, "Aisle 3", Place.SELLABLE, by=BY)


def units_of(shop, grade=Grade.A, *, pieces=2):
    rma = received_return(order_of(shop), {"LAMP-01": pieces})
    found = findings(rma, grade)
    inspect_return(rma.pk, found, by=BY)
    return list(Unit.objects.order_by("ordinal"))


def decided(unit, disposition):
    return redirect_unit(unit.shop, unit.pk, disposition, why="seen again", by=BY)


def stock():
    return Product.objects.get(sku="LAMP-01").stock_on_hand


def sound():
    return [*shelf_balances(), *units_once()] == []


def test_a_restocked_piece_raises_the_stock_of_its_article_once(shop, shelf):
    unit, _ = units_of(shop)

    place_unit(shop, unit.pk, shelf.pk, by=BY)
    run_jobs()
    run_jobs()

    assert Balance.objects.get().pieces == 1
    assert stock() == 5
    assert sound()


def test_a_job_that_runs_twice_counts_once(shop, shelf):
    unit, _ = units_of(shop)
    run_jobs()
    place_unit(shop, unit.pk, shelf.pk, by=BY)
    (job,) = [job for job in claim(20) if "count_sellable" in str(job.arguments)]

    perform(job)
    perform(job)

    assert stock() == 5


def test_a_piece_is_put_away_once(shop, shelf):
    unit, _ = units_of(shop)
    place_unit(shop, unit.pk, shelf.pk, by=BY)

    with pytest.raises(UnitMoved):
        place_unit(shop, unit.pk, shelf.pk, by="staff:Lea")

    assert Movement.objects.count() == 1


def test_a_second_hand_shelf_is_no_stock_of_the_article(shop, shelf):
    unit, _ = units_of(shop, Grade.C)
    outlet = add_location(shop, "Outlet", Place.SECOND_HAND, by=BY)

    with pytest.raises(WrongPlace):
        place_unit(shop, unit.pk, shelf.pk, by=BY)
    place_unit(shop, unit.pk, outlet.pk, by=BY)
    run_jobs()

    assert stock() == 4
    assert sound()


def test_a_refused_piece_is_the_shoppers_and_gets_no_way(shop):
    rma = received_return(order_of(shop, days_since_delivery=20), {"LAMP-01": 1})
    line = rma.lines.get()
    inspect_return(
        rma.pk,
        [Finding(line.pk, 1, Grade.D, Disposition.QUARANTINE, is_accepted=False)],
        by=BY,
    )

    assert not Unit.objects.exists()


def test_a_work_order_ends_with_minutes_parts_and_a_way(shop, shelf):
    unit, _ = units_of(shop, Grade.B)
    work = WorkOrder.objects.get(unit=unit)
    done = {"steps": ["New shade"], "minutes": 12, "parts_minor": 350, "note": "", "by": BY}

    with pytest.raises(DetailMissing):
        finish_work(shop, work.pk, **done, disposition=Disposition.DESTROY)
    finish_work(shop, work.pk, **done, disposition=Disposition.RESTOCK)
    with pytest.raises(UnitMoved):
        finish_work(shop, work.pk, **done, disposition=Disposition.RESTOCK)
    place_unit(shop, unit.pk, shelf.pk, by=BY)

    work.refresh_from_db()
    assert (work.minutes, work.parts_minor, work.currency) == (12, 350, "EUR")
    assert sound()


def test_quarantine_is_left_with_a_reason(shop, shelf):
    unit, _ = units_of(shop)
    decided(unit, Disposition.QUARANTINE)

    with pytest.raises(WrongPlace):
        place_unit(shop, unit.pk, shelf.pk, by=BY)
    with pytest.raises(DetailMissing):
        redirect_unit(shop, unit.pk, Disposition.RESTOCK, why=" ", by=BY)
    decided(unit, Disposition.RESTOCK)
    place_unit(shop, unit.pk, shelf.pk, by=BY)

    assert sound()


def test_pieces_go_back_to_the_vendor_with_a_numbered_document(shop):
    units = [decided(unit, Disposition.RETURN_TO_VENDOR) for unit in units_of(shop)]
    ids = [unit.pk for unit in units]

    batch = send_off(shop, ids, Disposition.RETURN_TO_VENDOR, recipient="Lampes SA", by=BY)

    assert (batch.number, batch.units.count()) == (1, 2)
    with pytest.raises(UnitMoved):
        send_off(shop, ids, Disposition.RETURN_TO_VENDOR, recipient="Lampes SA", by=BY)
    with pytest.raises(NothingToSend):
        send_off(shop, [], Disposition.DONATE, recipient="Emmaüs", by=BY)
    assert Batch.objects.count() == 1
    assert sound()


def test_nothing_is_destroyed_without_an_exception_and_its_evidence(shop):
    unit = decided(units_of(shop)[0], Disposition.DESTROY)
    told = {"recipient": "Incinérateur", "by": BY}

    for missing in ({}, {"derogation": "dangerous"}, {"derogation": "cheaper", "evidence": "no"}):
        with pytest.raises(DestructionBanned):
            send_off(shop, [unit.pk], Disposition.DESTROY, **told, **missing)
    batch = send_off(
        shop,
        [unit.pk],
        Disposition.DESTROY,
        **told,
        derogation="dangerous",
        evidence="Recall 2026-14, lab report 7",
    )

    assert batch.derogation == "dangerous"
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(shop=shop, pk=batch.pk).update(evidence="")


def test_stock_is_corrected_by_hand_with_a_reason_and_never_below_zero(shop, shelf):
    adjust_stock(shop, shelf.pk, "LAMP-01", 3, why="counted", by=BY)

    with pytest.raises(DetailMissing):
        adjust_stock(shop, shelf.pk, "LAMP-01", 1, why=" ", by=BY)
    with pytest.raises(StockTooLow):
        adjust_stock(shop, shelf.pk, "LAMP-01", -4, why="broken", by=BY)
    adjust_stock(shop, shelf.pk, "LAMP-01", -1, why="broken", by=BY)
    run_jobs()

    assert Balance.objects.get().pieces == 2
    assert stock() == 6
    assert sound()


def test_what_is_promised_stays_counted(shop, shelf):
    adjust_stock(shop, shelf.pk, "LAMP-01", 5, why="counted", by=BY)
    run_jobs()
    Product.objects.filter(shop=shop).update(stock_held=8)

    adjust_stock(shop, shelf.pk, "LAMP-01", -5, why="burnt", by=BY)
    run_jobs()

    assert stock() == 8


def test_two_places_have_two_names(shop, shelf):
    with pytest.raises(LocationTaken):
        add_location(shop, " Aisle 3 ", Place.SECOND_HAND, by=BY)


def test_movements_are_never_changed(shop, shelf):
    adjust_stock(shop, shelf.pk, "LAMP-01", 3, why="counted", by=BY)

    with pytest.raises(Exception, match="only ever added"), transaction.atomic():
        Movement.objects.filter(shop=shop).update(pieces=4)


# --- rows that break the promises ---------------------------------------------------------


def test_verify_names_a_balance_that_is_not_its_movements(shop, shelf):
    adjust_stock(shop, shelf.pk, "LAMP-01", 3, why="counted", by=BY)
    Balance.objects.filter(shop=shop).update(pieces=2)

    assert "2 of LAMP-01, movements 3" in next(shelf_balances())


def test_verify_names_a_movement_without_a_balance(shop, shelf):
    adjust_stock(shop, shelf.pk, "LAMP-01", 3, why="counted", by=BY)
    Balance.objects.filter(shop=shop).delete()

    assert "stands in no balance" in next(shelf_balances())


def test_verify_names_a_piece_that_moved_and_still_waits(shop, shelf):
    unit, _ = units_of(shop)
    place_unit(shop, unit.pk, shelf.pk, by=BY)
    Unit.objects.filter(shop=shop, pk=unit.pk).update(state="waiting")

    assert "moved 1 times" in next(units_once())


def test_verify_names_more_pieces_than_were_found(shop):
    unit, _ = units_of(shop)
    unit.pk, unit.ordinal, unit._state.adding = uuid7(), 7, True
    unit.save(force_insert=True)

    assert any("3 units of 2 pieces" in each for each in units_once())


def test_verify_names_a_piece_whose_work_is_over(shop):
    unit, _ = units_of(shop, Grade.B)
    WorkOrder.objects.filter(shop=shop, unit=unit).delete()

    assert any("work order says otherwise" in each for each in units_once())


def test_the_database_moves_a_piece_once(shop, shelf):
    unit, _ = units_of(shop)
    made = place_unit(shop, unit.pk, shelf.pk, by=BY)
    made.pk, made._state.adding = uuid7(), True
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
