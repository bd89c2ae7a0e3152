"""Online Retail II comes in with every trap that is in it, whatever interrupts the reading."""

import csv
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.world import small_shop

from rebond.cli.importing import CannotImport, run_import
from rebond.domain.orders.importing.documents import Document, Refused
from rebond.domain.orders.importing.memory import Memory
from rebond.domain.orders.models import Delivery, ImportRun, Order, OrderCharge, OrderLine, Payment
from rebond.domain.orders.ports import Reading, order_sources
from rebond.domain.products.models import Product
from rebond.domain.refunds.importing import Planner
from rebond.domain.refunds.models import Refund, Settlement, SettlementLine
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.shoppers.models import Shopper
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.models import Event

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
TRAPS = """\
1001,85123A,WHITE LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
1002,22633,HAND WARMER,3,2010-12-01 08:26:00,1.85,,EIRE
1001,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850,United Kingdom
1001,85123a,,2,2010-12-01 08:27:00,2.55,17850,United Kingdom
1001,85123a,,2,2010-12-01 08:27:00,2.55,17850,United Kingdom
1001,22633,,1,2010-12-01 08:27:00,0.0,17850,United Kingdom
1001,m,Manual,3,2010-12-01 08:27:00,0.333,17850,United Kingdom
1001,gift_0001_20,Gift Voucher,1,2010-12-01 08:27:00,20.0,17850,United Kingdom
1003,85123A,white light,4,2010-12-02 09:00:00,2.5,17850,United Kingdom
C1004,85123A ,WHITE LIGHT HOLDER,-5,2010-12-02 09:00:00,2.5,17850,United Kingdom
C1004,D,Discount,-1,2010-12-02 09:00:00,5.0,17850,United Kingdom
C1005,85123A,WHITE LIGHT HOLDER,-99,2010-12-03 09:00:00,2.55,17850,United Kingdom
C1006,21777,RED HEART,-1,2010-12-03 09:01:00,7.95,17850.0,United Kingdom
C1007,22633,HAND WARMER,-1,2010-12-03 09:02:00,1.85,,EIRE
C1008,M,Manual,1,2010-12-03 09:03:00,373.57,,United Kingdom
1009,22633,smashed,-7,2010-12-03 09:04:00,0.0,,United Kingdom
1010,22633,found,7,2010-12-03 09:04:00,0.0,,United Kingdom
A1011,B,Adjust bad debt,1,2010-12-03 09:05:00,-500.5,,United Kingdom
1012,22633,HAND WARMER,many,2010-12-03 09:06:00,1.85,17850,United Kingdom
1012,22633,HAND WARMER,1,2010-12-03 09:06:00,1.85,17850,United Kingdom
1013,90210,NECKLACE,80995,2011-01-05 09:00:00,1.04,16446,Japan
C1014,90210,NECKLACE,-80995,2011-01-05 09:12:00,1.04,16446,Japan
1003,85123A,again,4,2011-01-06 09:00:00,2.5,17850,United Kingdom
"""
TABLES = (Order, OrderLine, OrderCharge, Payment, Delivery, Return, ReturnLine, Refund)
TABLES += (Settlement, SettlementLine, Shopper, Product)
IDS = {"id", "shop_id", "imported_at", "created_at", "settlement_id", "payment_id"}


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def read(shop, tmp_path):
    """Read the traps, or other rows, into the shop."""

    def run(rows: str = TRAPS, name: str = "sales.csv", **options):
        path = tmp_path / name
        path.write_text(f"{HEADER}\n{rows}")
        options = {"shop_slug": shop.slug, "report": tmp_path / "report.csv"} | options
        return run_import([path], **options)[0]

    return run


def reported(done) -> list[tuple[int, str]]:
    with done.report.open() as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def everything(slug: str = "galerie") -> dict[str, list]:
    """All rows without their ids; what they refer to by number, so that two runs compare."""
    numbers = {str(order.pk): order.number for order in Order.objects.all()}
    numbers |= {str(rma.pk): rma.number for rma in Return.objects.all()}
    numbers |= {str(who.pk): who.key for who in Shopper.objects.all()}
    numbers |= {str(what.pk): what.sku for what in Product.objects.all()}
    numbers |= {
        str(line.pk): f"{line.order.number}/{line.position}"
        for line in OrderLine.objects.select_related("order")
    }
    return {
        table.__name__: sorted(
            repr([(k, numbers.get(str(v), v)) for k, v in row.items() if k not in IDS])
            for row in table.objects.filter(shop__slug=slug).values()
        )
        for table in TABLES
    }


def test_a_sale_becomes_an_order_with_all_that_belongs_to_it(read):
    read(payment_provider="simulator")

    order = Order.objects.get(number="1001")
    assert order.lines.count() == 5  # equal lines are real, and a line at price 0 stays
    assert [c.amount_minor for c in order.charges.order_by("position")] == [1800, 100]
    assert order.total_minor == 1530 + 510 + 510 + 0 + 2000 + 1800 + 100  # 3 x 0.333 is 1.00
    assert order.payments.get().captured_minor == order.total_minor
    assert order.payments.get().provider in {"simulator", "paper"}
    assert order.deliveries.get().derived == ["delivered_on"]
    assert order.lines.get(position=5).is_returnable is False  # a voucher
    assert {line.taxes[0]["rate"] for line in order.lines.all()} == {"0.175"}
    assert order.shopper.email == "client-17850@client.example"
    assert order.shopper.derived == ["email"]
    assert Product.objects.get(sku="85123A").title == "WHITE LIGHT HOLDER"
    assert Product.objects.filter(sku__iexact="85123A").count() == 1
    assert Order.objects.get(number="1002").shopper.key == "order:1002"


def test_a_credit_takes_from_the_newest_sale_first(read):
    read()

    rma = Return.objects.get(number="C1004")
    lines = list(rma.lines.order_by("position").select_related("order_line__order"))
    assert [(line.order_line.order.number, line.quantity) for line in lines[:2]] == [
        ("1003", 4),
        ("1001", 1),
    ]
    assert [line.credited_minor for line in lines] == [1000, 250, 500]
    assert lines[2].order_line is None
    assert lines[2].outcome == "charge"
    assert rma.order.number == "1003"
    assert Refund.objects.get(settlement__rma=rma, payment__order__number="1003").is_outside
    assert Payment.objects.get(order__number="1003").refunded_outside_minor == 1000


def test_what_no_sale_explains_is_kept_and_named(read):
    done = read()

    assert sorted(reported(done)) == [
        (13, "credit_partly_matched"),
        (14, "credit_unmatched"),
        (15, "credit_without_customer"),
        (16, "charge_on_credit"),
        (17, "stock_correction"),
        (18, "stock_correction"),
        (19, "bad_debt"),
        (20, "bad_quantity"),
        (21, "document_incomplete"),
        (24, "order_exists"),
    ]
    assert sum(line.credited_minor for line in Return.objects.get(number="C1005").lines.all()) == (
        25245
    )
    assert Return.objects.get(number="C1006").order is None
    assert done.figures["orders"] == Order.objects.count() == 4
    assert done.rows == 23


def test_the_import_keeps_every_promise(read):
    read()

    assert [breach for promise in PROMISES for breach in promise.breaches()] == []
    assert Event.objects.filter(name="orders.imported").count() == 1


def test_a_file_that_was_read_is_not_read_again(read):
    read()
    before = everything()

    again = read()

    assert again.was_finished
    assert everything() == before
    assert Event.objects.filter(name="orders.imported").count() == 1


@pytest.mark.parametrize("chunks", range(1, 12))
def test_a_stopped_import_goes_on_as_if_it_had_not(chunks, read):
    whole = read(rows_in_chunk=1)
    expected, rows = everything("galerie"), reported(whole)
    small_shop("twin")
    counted = itertools.count(1)

    def stop(progress):
        if next(counted) == chunks:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(shop_slug="twin", rows_in_chunk=1, progress=stop)
    with whole.report.open("a") as file:
        file.write("what a killed process wrote beyond its last transaction\n")
    again = read(shop_slug="twin", rows_in_chunk=1)

    assert again.taken_up_at > 0
    assert everything("twin") == expected
    assert reported(again) == rows


def test_of_two_who_read_the_same_file_one_stops(read):
    def overtake(progress):
        ImportRun.objects.update(rows_done=progress.rows_done + 1)

    with pytest.raises(CannotImport):
        read(rows_in_chunk=1, progress=overtake)

    assert Order.objects.count() == 1


def test_two_files_that_overlap_count_once(shop, tmp_path):
    rows = TRAPS.splitlines()
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("\n".join([HEADER, *rows[:11]]) + "\n")
    second.write_text("\n".join([HEADER, *rows[8:]]) + "\n")
    split = tmp_path / "report.csv"

    done = run_import([first, second], shop_slug=shop.slug, report=split)

    assert done[0].rows_left_out == 3
    assert Order.objects.count() == 4
    assert Return.objects.get(number="C1004").lines.count() == 3


def test_dates_move_by_whole_weeks_and_say_so(read):
    read(shift_to=date(2026, 11, 20))

    newest = Order.objects.order_by("-ordered_at").first()
    assert newest.ordered_at.date() == date(2026, 11, 18)  # a Wednesday, as in the file
    assert "ordered_at" in newest.derived


@pytest.mark.once
def test_a_killed_process_leaves_nothing_half_done(tmp_path):
    rows = _many_rows(600)
    whole = _home(tmp_path / "whole", rows)
    shutil.copytree(tmp_path / "whole", tmp_path / "killed")
    killed = {**whole, "REBOND_HOME": str(tmp_path / "killed")}
    _import(whole).wait()

    for seconds in (0.15, 0.25, 0.05):
        process = _import(killed, "--chunk-rows", "1")
        assert process.stderr.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert 0 < _figures(killed)[0][0] < len(rows)
    _import(killed).wait()

    assert _figures(killed) == _figures(whole)


OPEN_SHOP = """
from rebond.cli.boot import set_up
set_up()
from rebond.domain.shops.actions import open_shop
open_shop("galerie", "Galerie", email="a@galerie.example", by="test")
"""


def _many_rows(invoices: int) -> list[str]:
    rows = []
    for n in range(invoices):
        at = f"2011-{1 + n // 60:02}-{1 + n % 28:02} 10:00:00"
        rows += [f"{5000 + n},{20000 + n % 7},THING,{1 + n % 5},{at},1.25,{n % 11},France"] * 2
        if n % 3 == 2:
            rows.append(f"C{5000 + n},{20000 + n % 5},THING,-{1 + n % 4},{at},1.25,{n % 11},France")
    return sorted(rows, key=lambda row: row.split(",")[4])


def _home(folder: Path, rows: list[str]) -> dict[str, str]:
    folder.mkdir()
    (folder / "sales.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    environment = {**os.environ, "REBOND_HOME": str(folder)}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    for words in (["-m", "rebond", "migrate", "--quiet"], ["-c", OPEN_SHOP]):
        command = [sys.executable, *words]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return environment


def _import(environment: dict[str, str], *more: str) -> subprocess.Popen:
    file = str(Path(environment["REBOND_HOME"], "sales.csv"))
    words = ["import", "orders", file, "--shop", "galerie", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "rebond", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _figures(environment: dict[str, str]) -> list[tuple]:
    home = Path(environment["REBOND_HOME"])
    with sqlite3.connect(home / "rebond.sqlite3") as database:
        runs = database.execute("SELECT rows_done, is_finished FROM orders_importrun").fetchone()
        lines = database.execute(
            "SELECT o.number, l.position, l.quantity, l.returned_quantity FROM orders_orderline l"
            " JOIN orders_order o ON o.id = l.order_id ORDER BY 1, 2"
        ).fetchall()
        back = database.execute(
            "SELECT r.number, l.position, l.quantity, l.credited_minor, o.number"
            " FROM returns_returnline l JOIN returns_return r ON r.id = l.rma_id"
            " LEFT JOIN orders_orderline s ON s.id = l.order_line_id"
            " LEFT JOIN orders_order o ON o.id = s.order_id ORDER BY 1, 2"
        ).fetchall()
        money = database.execute(
            "SELECT COUNT(*), SUM(amount_minor) FROM refunds_refund UNION ALL"
            " SELECT COUNT(*), SUM(refunded_outside_minor) FROM orders_payment"
        ).fetchall()
    report = next((home / "reports").glob("*.csv")).read_text()
    return [runs, lines, back, money, report]


# --- the whole of it, where it is at hand ---------------------------------------------------

DATA = Path(os.environ.get("REBOND_DATA", "/nowhere"), "online_retail")
OLD, NEW = DATA / "online_retail_2009_2010.parquet", DATA / "online_retail_2010_2011.parquet"


@pytest.fixture(scope="module")
def pieces():
    source = order_sources["online_retail"]()
    until = source.begins(NEW)
    return [
        *source.rows(OLD, Reading(zone="Europe/London", until=until)),
        *source.rows(NEW, Reading(zone="Europe/London")),
    ]


@pytest.mark.once
@pytest.mark.timeout(300)
@pytest.mark.skipif(not NEW.exists(), reason="REBOND_DATA does not hold online_retail")
def test_the_figures_of_the_data_card_come_out(pieces):
    seen = Counter()
    people, codes = set(), set()
    sums = {True: Decimal(0), False: Decimal(0)}
    for piece in pieces:
        is_credit = piece.is_credit
        refused = piece.rows if isinstance(piece, Refused) else piece.remarks
        numbers = {row.facts["number"] for row in refused} or {piece.number}
        seen["invoices"] += len(numbers)
        seen["credits"] += is_credit * len(numbers)
        rows = piece.rows if isinstance(piece, Document) else len(piece.rows)
        seen["rows"] += rows
        seen["credit_rows"] += rows * is_credit
        is_back = isinstance(piece, Document) and is_credit
        sums[is_credit] += -piece.exact if is_back else piece.exact
        codes |= {row.facts["sku"] for row in refused}
        if isinstance(piece, Document):
            codes |= {line.sku for line in piece.lines}
            people |= {piece.customer} - {""}
            seen["without_customer"] += rows * (not piece.customer)
        else:
            seen["without_customer"] += rows
            seen["corrections"] += sum(
                row.reason == "stock_correction" and row.facts["quantity"] < 0 for row in refused
            )

    assert seen == {
        "rows": 1_044_847,
        "invoices": 53_628,
        "credits": 8_292,
        "credit_rows": 19_165,
        "without_customer": 235_287,
        "corrections": 3_393,
    }
    assert (len(people), len(codes)) == (5_942, 5_305)
    assert sums[False].quantize(Decimal("0.01")) == Decimal("20375047.78")
    assert sums[True].quantize(Decimal("0.01")) == Decimal("-1465303.66")


@pytest.mark.once
@pytest.mark.timeout(300)
@pytest.mark.skipif(not NEW.exists(), reason="REBOND_DATA does not hold online_retail")
def test_credits_find_their_sales_as_the_data_card_counts(pieces):
    planner = Planner(Memory("0" * 32, "paper", "en"), set(), source="online_retail")
    said, sold_back, known = Counter(), set(), 0
    for piece in pieces:
        chunk = planner.chunk([piece], after=0, figures={})
        said.update(remark.reason for remark in chunk.remarks)
        sold_back |= set(chunk.history.returned)
        known += chunk.figures.get("credit_lines", 0)
        assert all(pieces > 0 for pieces in chunk.history.returned.values())

    assert known == 17_641
    assert said["credit_partly_matched"] == 116
    assert said["credit_unmatched"] == 1_590
    assert known - 116 - 1_590 == 15_935
    assert len(sold_back) == 15_762
