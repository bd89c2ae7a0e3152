"""Stock told to the shop's system: each movement once, in order at each place, whatever fails."""

import csv
import io
import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from tests.world import findings, order_of, received_return, run_jobs, small_shop

from rebond.domain.warehouse.actions import add_location, adjust_stock, inspect_return, place_unit
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Unit
from rebond.kernel.clock import now
from rebond.kernel.companies import Account
from rebond.kernel.models import Event
from rebond.outbound.stock import jobs
from rebond.outbound.stock.actions import begin_try, end_try, leave_out, link_system, tell_again
from rebond.outbound.stock.errors import (
    NobodyIsTold,
    ReportEnded,
    SystemNotSetUp,
    UnknownSystem,
    WhyMissing,
)
from rebond.outbound.stock.models import Report, ReportState
from rebond.outbound.stock.ports import Heard, Hearing
from rebond.simulator.stockroom import Stockroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def shelf(shop):
    return add_location(shop, "Étagère A", Place.SELLABLE, by="staff:Ana")


@pytest.fixture
def room(monkeypatch):
    made = Stockroom(("127.0.0.1", 0))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setenv("REBOND_STOCK_SIMULATOR_URL", made.url)
    monkeypatch.setenv("REBOND_STOCK_SIMULATOR_TIMEOUT", "0.4")
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    return tmp_path


def moved(shelf, pieces, sku="LAMP-01"):
    return adjust_stock(shelf.shop, shelf.pk, sku, pieces, why="counted", by="staff:Ana")


def heard(room):
    return [(one["location"], one["number"], one["pieces"]) for one in room.changes.values()]


def states():
    return list(Report.objects.order_by("made_at", "id").values_list("state", flat=True))


def test_nobody_is_told_before_a_system_is_chosen(shop, shelf):
    moved(shelf, 3)

    assert not Report.objects.exists()


def test_a_movement_is_told_once_with_what_stands_afterwards(shop, shelf, room):
    moved(shelf, 1)
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 3)
    run_jobs()
    jobs.send_due()
    run_jobs()

    told = list(room.changes.values())
    assert [(one["number"], one["pieces"], one["standing"]) for one in told] == [(1, 3, 4)]
    assert (told[0]["sku"], told[0]["place"], told[0]["return_number"]) == (
        "LAMP-01",
        "sellable",
        "",
    )
    assert room.calls == 1
    report = Report.objects.get()
    assert (report.state, report.system, report.reference) == ("told", "simulator", "chg_1")


def test_a_returned_piece_is_told_with_the_number_of_its_return(shop, shelf, room):
    link_system(shop, "simulator", by="staff:Ana")
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Ana")

    place_unit(shop, Unit.objects.get().pk, shelf.pk, by="staff:Ana")
    run_jobs()

    assert [one["return_number"] for one in room.changes.values()] == [rma.number]


def test_each_place_has_its_own_line_and_numbers(shop, shelf, room):
    other = add_location(shop, "Outlet", Place.SECOND_HAND, by="staff:Ana")
    link_system(shop, "simulator", by="staff:Ana")

    for pieces in (5, -2, 4):
        moved(shelf, pieces)
    moved(other, 7)
    run_jobs()

    assert [one for one in heard(room) if one[0] == "Étagère A"] == [
        ("Étagère A", 1, 5),
        ("Étagère A", 2, -2),
        ("Étagère A", 3, 4),
    ]
    assert [one for one in heard(room) if one[0] == "Outlet"] == [("Outlet", 1, 7)]


FAULTS = (
    *("429", "not_let_in", "500_before", "timeout_before", "500_after", "timeout_after"),
    *("reset_after", "cut_after", "garbage", "slow", "drip"),
)


@pytest.mark.parametrize("mode", FAULTS)
def test_whatever_fails_the_system_has_each_movement_once_and_in_order(shop, shelf, room, mode):
    room.plan(mode, seconds=1)
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    moved(shelf, -2)
    run_jobs()
    first = Report.objects.get(number=1)

    assert states() == ["waiting", "waiting"]
    assert (first.attempts, first.answer != "") == (1, True)
    assert all(number == 1 for _, number, _ in heard(room))  # the second waits behind the first

    with time_machine.travel(now() + timedelta(seconds=10)):
        run_jobs()

    assert heard(room) == [("Étagère A", 1, 5), ("Étagère A", 2, -2)]
    assert states() == ["told", "told"]


def test_an_answer_that_comes_twice_is_one(shop, shelf, room):
    room.plan("twice")
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    moved(shelf, 1)
    run_jobs()

    assert states() == ["told", "told"]
    assert len(room.changes) == 2


def test_a_refusal_stops_its_place_until_somebody_tells_it_again(shop, shelf, room):
    other = add_location(shop, "Outlet", Place.SECOND_HAND, by="staff:Ana")
    room.plan("refuse", code="unknown_sku")
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    moved(shelf, 1)
    run_jobs()
    moved(other, 2)
    run_jobs()

    refused = Report.objects.get(location=shelf, number=1)
    assert (refused.state, refused.answer) == ("refused", "unknown_sku")
    assert heard(room) == [("Outlet", 1, 2)]
    assert Event.objects.filter(name="stock.report_refused", subject=refused.pk).count() == 1

    with time_machine.travel(now() + timedelta(days=2)):
        jobs.send_due()
        run_jobs()
        assert len(room.changes) == 1
        tell_again(shop, refused.pk)
        run_jobs()

    assert heard(room)[1:] == [("Étagère A", 1, 5), ("Étagère A", 2, 1)]


def test_a_refused_movement_is_left_out_with_a_reason_and_the_line_goes_on(shop, shelf, room):
    room.plan("refuse")
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    moved(shelf, 1)
    run_jobs()
    refused = Report.objects.get(number=1)

    with pytest.raises(WhyMissing):
        leave_out(shop, refused.pk, why=" ", by="staff:Ana")
    leave_out(shop, refused.pk, why="sold out long ago", by="staff:Ana")
    run_jobs()

    assert heard(room) == [("Étagère A", 2, 1)]
    assert states() == ["left_out", "told"]
    with pytest.raises(ReportEnded):
        tell_again(shop, refused.pk)


def test_what_waits_may_arrive_yet_and_is_not_left_out(shop, shelf, room):
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)

    with pytest.raises(ReportEnded):
        leave_out(shop, Report.objects.get().pk, why="no", by="staff:Ana")


def test_a_try_that_died_with_its_process_is_taken_up_by_the_clock(shop, shelf, room):
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    report = Report.objects.get()
    lost = begin_try(report.pk)

    run_jobs()
    assert not room.changes

    with time_machine.travel(now() + timedelta(minutes=3)):
        jobs.send_due()
        run_jobs()
    end_try(report.pk, lost.number, "simulator", Hearing(Heard.NO_ANSWER))

    report.refresh_from_db()
    assert (report.state, len(room.changes)) == ("told", 1)


def test_a_late_yes_counts_and_a_late_no_does_not(shop, shelf, room):
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    report = Report.objects.get()
    lost = begin_try(report.pk)
    with time_machine.travel(now() + timedelta(minutes=3)):
        begin_try(report.pk)

    end_try(report.pk, lost.number, "simulator", Hearing(Heard.REFUSED, words="no"))
    report.refresh_from_db()
    assert report.state == ReportState.WAITING
    end_try(report.pk, lost.number, "simulator", Hearing(Heard.TAKEN, reference="chg_9"))
    report.refresh_from_db()
    assert (report.state, report.reference) == ("told", "chg_9")


def test_a_silent_system_is_asked_once_an_hour_in_the_end(shop, shelf, monkeypatch):
    monkeypatch.setenv("REBOND_STOCK_SIMULATOR_URL", "http://127.0.0.1:9")
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    moment = now()
    for _ in range(7):
        with time_machine.travel(moment, tick=False):
            run_jobs()
        moment = Report.objects.get().next_at

    report = Report.objects.get()
    assert (report.state, report.attempts) == ("waiting", 7)
    assert report.next_at - now() > timedelta(minutes=100)


def test_turned_off_what_waits_stays_and_goes_on_with_the_next_system(shop, shelf, room, folder):
    room.plan("500_before")
    link_system(shop, "simulator", by="staff:Ana")
    moved(shelf, 5)
    run_jobs()
    link_system(shop, "", by="staff:Ana")
    moved(shelf, 1)

    with time_machine.travel(now() + timedelta(minutes=1)):
        run_jobs()
        assert (states(), room.changes) == (["waiting"], {})
        with pytest.raises(NobodyIsTold):
            tell_again(shop, Report.objects.get().pk)
        link_system(shop, "csv_file", by="staff:Ana")
        jobs.send_due()
        run_jobs()

    assert Report.objects.get().system == "csv_file"


def test_only_a_system_that_is_set_up_is_chosen(shop, monkeypatch):
    monkeypatch.delenv("REBOND_STOCK_FOLDER", raising=False)
    with pytest.raises(UnknownSystem):
        link_system(shop, "fax", by="staff:Ana")
    with pytest.raises(SystemNotSetUp) as refused:
        link_system(shop, "csv_file", by="staff:Ana")

    assert refused.value.facts["settings"] == "REBOND_STOCK_FOLDER"


def test_files_are_numbered_whole_and_read_as_a_table(shop, shelf, folder):
    link_system(shop, "csv_file", by="staff:Ana")
    moved(shelf, 5)
    moved(shelf, -2)
    run_jobs()

    home = folder / "galerie"
    names = sorted(path.name for path in home.iterdir())
    tail = shelf.pk.hex[-8:]
    assert names == [f"stock-etagere-a-{tail}-{n:09d}.csv" for n in (1, 2)]
    rows = [next(csv.DictReader(io.StringIO((home / name).read_text()))) for name in names]
    assert [(row["number"], row["pieces"], row["standing"]) for row in rows] == [
        ("1", "5", "5"),
        ("2", "-2", "3"),
    ]
    assert (rows[0]["location"], rows[0]["sku"]) == ("Étagère A", "LAMP-01")
    assert {row["key"] for row in rows} == {str(one.pk) for one in Report.objects.all()}


def test_a_file_is_never_written_over(shop, shelf, folder):
    link_system(shop, "csv_file", by="staff:Ana")
    moved(shelf, 5)
    taken = folder / "galerie" / f"stock-etagere-a-{shelf.pk.hex[-8:]}-000000001.csv"
    taken.parent.mkdir()
    taken.write_text("somebody else's")
    run_jobs()

    assert taken.read_text() == "somebody else's"
    assert Report.objects.get().state == "refused"
    taken.unlink()
    tell_again(shop, Report.objects.get().pk)
    run_jobs()
    assert "LAMP-01" in taken.read_text()
    assert [path.name for path in taken.parent.iterdir()] == [taken.name]


def test_a_file_written_before_the_process_died_counts_as_told(shop, shelf, folder):
    link_system(shop, "csv_file", by="staff:Ana")
    moved(shelf, 5)
    report = Report.objects.get()
    wanted = begin_try(report.pk)
    jobs.stock_systems["csv_file"](Account(shop.slug)).tell(wanted.change)

    with time_machine.travel(now() + timedelta(minutes=3)):
        jobs.send_due()
        run_jobs()

    report.refresh_from_db()
    assert report.state == "told"
    assert len(list((folder / "galerie").iterdir())) == 1


def test_a_folder_that_cannot_be_written_to_is_tried_again(shop, shelf, folder):
    (folder / "galerie").write_text("a file where the folder should be")
    link_system(shop, "csv_file", by="staff:Ana")
    moved(shelf, 5)
    run_jobs()

    report = Report.objects.get()
    assert (report.state, report.attempts, bool(report.answer)) == ("waiting", 1, True)
    assert json.loads(report.body)["pieces"] == 5


def test_shops_are_told_apart(shop, shelf, folder):
    twin = small_shop("atelier")
    theirs = add_location(twin, "Étagère A", Place.SELLABLE, by="staff:Ana")
    link_system(shop, "csv_file", by="staff:Ana")
    moved(theirs, 1)
    moved(shelf, 1)
    run_jobs()

    assert [path.name for path in folder.iterdir()] == ["galerie"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_movements_of_many_hands_at_one_place_are_numbered_without_a_gap(shop, shelf, folder):
    link_system(shop, "csv_file", by="staff:Ana")
    moved(shelf, 1)

    def hands(sku):
        try:
            for _ in range(5):
                moved(shelf, 2, sku)
        finally:
            connection.close()

    threads = [threading.Thread(target=hands, args=(f"MUG-0{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_jobs()

    told = list(Report.objects.order_by("number").values_list("number", "state"))
    assert told == [(number, "told") for number in range(1, 22)]
    standing = [json.loads(one.body)["standing"] for one in Report.objects.order_by("number")]
    assert sum(standing) == 1 + 4 * (2 + 4 + 6 + 8 + 10)
