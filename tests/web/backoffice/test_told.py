"""The desk's page about stock that is told to the shop's system."""

import pytest
from tests.world import run_jobs

from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import add_location, adjust_stock
from rebond.domain.warehouse.kinds import Place
from rebond.outbound.stock.actions import link_system
from rebond.outbound.stock.models import Report
from rebond.outbound.stock.queries import system_of

HERE = "/desk/galerie/warehouse/stock/told/"


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.delenv("REBOND_STOCK_SIMULATOR_URL", raising=False)
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def shelf(shop):
    return add_location(shop, "Shelf A", Place.SELLABLE, by="staff:Ana")


def refused(shop, shelf, folder):
    link_system(shop, "csv_file", by="staff:Ana")
    taken = folder / "galerie" / f"stock-shelf-a-{shelf.pk.hex[-8:]}-000000001.csv"
    taken.parent.mkdir()
    taken.write_text("somebody else's")
    for pieces in (5, 2):
        adjust_stock(shop, shelf.pk, "LAMP-01", pieces, why="counted", by="staff:Ana")
    run_jobs()
    taken.unlink()
    return Report.objects.get(number=1)


def test_the_owner_chooses_who_hears_and_sees_what_the_host_has_to_set(shop, at_desk, folder):
    ana = at_desk(shop)

    page = ana.get(HERE).content.decode()
    kept = ana.post(HERE + "system/", {"system": "csv_file"}, follow=True)

    assert "Nobody is told now" in page
    assert "REBOND_STOCK_SIMULATOR_URL" in page
    assert system_of(shop) == "csv_file"
    assert "Nobody is told now" not in kept.content.decode()


def test_what_is_not_set_up_is_refused_in_words(shop, at_desk, folder):
    answer = at_desk(shop).post(HERE + "system/", {"system": "simulator"})

    assert answer.status_code == 409
    assert "REBOND_STOCK_SIMULATOR_URL" in answer.content.decode()
    assert system_of(shop) == ""


def test_the_warehouse_sees_a_refusal_and_tells_again_but_does_not_choose(
    shop, at_desk, shelf, folder
):
    report = refused(shop, shelf, folder)
    karim = at_desk(shop, Role.WAREHOUSE)

    warned = karim.get("/desk/galerie/warehouse/stock/").content.decode()
    page = karim.get(HERE).content.decode()
    assert "refused 1 movement" in warned
    assert "a file of this name is there already" in page
    assert karim.post(HERE + "system/", {"system": ""}).status_code == 403

    again = karim.post(f"{HERE}{report.pk}/again/", follow=True)
    run_jobs()

    assert "told again" in again.content.decode()
    assert set(Report.objects.values_list("state", flat=True)) == {"told"}
    assert "No. " not in karim.get(HERE + "?state=refused").content.decode()


def test_a_refused_movement_is_left_out_with_a_reason(shop, at_desk, shelf, folder):
    report = refused(shop, shelf, folder)
    ana = at_desk(shop)

    without = ana.post(f"{HERE}{report.pk}/leave-out/", {"why": " "})
    kept = ana.post(f"{HERE}{report.pk}/leave-out/", {"why": "sold out"}, follow=True)

    assert without.status_code == 422
    assert "sold out" in kept.content.decode()
    assert ana.post(f"{HERE}{report.pk}/again/").status_code == 409


def test_the_page_costs_the_same_for_many_movements(
    shop, at_desk, shelf, folder, django_assert_max_num_queries
):
    refused(shop, shelf, folder)
    for pieces in range(1, 20):
        adjust_stock(shop, shelf.pk, "MUG-07", pieces, why="counted", by="staff:Ana")
    ana = at_desk(shop)

    with django_assert_max_num_queries(25):
        assert ana.get(HERE).status_code == 200
