"""The promise every source of orders makes. A new file in the folder is tested by being there."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.world import small_shop

from rebond.cli.importing import CannotImport, run_import
from rebond.domain.orders.importing.documents import Document, Refused, rows_in
from rebond.domain.orders.models import Order
from rebond.domain.orders.ports import Reading, order_sources
from rebond.domain.returns.models import Return

EVERY = pytest.mark.parametrize("key", order_sources.keys())
READING = Reading(zone="Europe/Paris")
OWN = """\
order_number,kind,ordered_at,currency,customer,email,sku,title,line_kind,quantity,unit_price,tax_rate,takes_back
1001,sale,2026-03-02T10:00:00,EUR,c1,camille@client.example,MUG,Blue mug,,2,10.005,0.20,
1001,sale,2026-03-02T10:00:00,EUR,c1,camille@client.example,POST,Shipping,shipping,1,4.90,0.20,
1002,sale,2026-03-03T10:00:00,EUR,,guest@client.example,MUG,Blue mug,,1,10,0.055,
R1,credit,2026-03-09T10:00:00,EUR,,guest@client.example,MUG,Blue mug,,1,10,0.055,1002
1003,sale,2026-03-10T10:00:00,EUR,c1,camille@client.example,,No code,,1,10,,
1003,sale,2026-03-10T10:00:00,EUR,c1,camille@client.example,CUP,Cup,,1,10,,
"""
RETAIL = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,22633,HAND WARMER,2,2010-12-01 08:26:00,1.85,17850,United Kingdom
C1002,22633,HAND WARMER,-1,2010-12-02 08:26:00,1.85,17850,United Kingdom
1003,22633,HAND WARMER,?,2010-12-02 08:26:00,1.85,17850,United Kingdom
"""


def _csv(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "file.csv"
        path.write_text(text)
        return path

    return make


def _parquet(folder: Path) -> Path:
    arrow_csv = pytest.importorskip("pyarrow.csv")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = folder / "file.parquet"
    parquet.write_table(arrow_csv.read_csv(_csv(OWN)(folder)), path)
    return path


# A file that each plug reads: two sales or more, one credit, one row that cannot be read.
FILES = {"csv": _csv(OWN), "parquet": _parquet, "online_retail": _csv(RETAIL)}


@pytest.fixture
def file(key, tmp_path) -> Path:
    return FILES[key](tmp_path)


def test_every_plug_has_a_file_to_be_tried_with():
    assert set(FILES) == set(order_sources.keys())


@EVERY
def test_it_says_who_it_is(key):
    plug = order_sources[key]()

    assert plug.key == key
    assert plug.title


@EVERY
def test_exactly_one_source_understands_the_file(key, file):
    assert [k for k in order_sources.keys() if order_sources[k]().understands(file)] == [key]  # noqa: SIM118


@EVERY
def test_every_row_stands_in_one_piece(key, file):
    pieces = list(order_sources[key]().rows(file, READING))

    rows = [
        row.row
        for piece in pieces
        for row in (piece.rows if isinstance(piece, Refused) else piece.lines)
    ]
    assert sum(map(rows_in, pieces)) == len(rows) == len(set(rows))
    assert {type(piece) for piece in pieces} == {Document, Refused}
    assert any(piece.is_credit for piece in pieces)


@EVERY
def test_reading_again_gives_the_same_in_the_same_order(key, file):
    plug = order_sources[key]()

    assert list(plug.rows(file, READING)) == list(plug.rows(file, READING))


@EVERY
def test_moments_carry_their_zone_and_money_is_whole(key, file):
    for piece in order_sources[key]().rows(file, READING):
        if isinstance(piece, Document):
            assert piece.at.tzinfo
            assert all(isinstance(line.total_minor, int) for line in piece.lines)
            assert all(line.quantity > 0 for line in piece.lines)


@EVERY
@pytest.mark.django_db
def test_its_file_comes_into_a_shop(key, file, tmp_path):
    small_shop()

    done = run_import([file], shop_slug="galerie", report=tmp_path / "report.csv")

    assert done[0].source == key
    assert Order.objects.count() == done[0].figures["orders"] > 0
    assert Return.objects.get().order is not None


@pytest.mark.django_db
def test_a_credit_of_a_guest_finds_the_sale_that_it_names(tmp_path):
    small_shop()

    run_import([_csv(OWN)(tmp_path)], shop_slug="galerie", report=tmp_path / "report.csv")

    rma = Return.objects.get(number="R1")
    assert rma.order.number == "1002"
    assert rma.shopper == rma.order.shopper
    assert Order.objects.get(number="1001").total_minor == 2001 + 490  # 2 x 10.005 is 20.01


@pytest.mark.django_db
def test_without_pyarrow_the_error_says_what_to_install(tmp_path, monkeypatch):
    small_shop()
    path = tmp_path / "file.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with pytest.raises(CannotImport, match=r'pip install "rebond\[parquet\]"'):
        run_import([path], shop_slug="galerie")


@pytest.mark.django_db
def test_a_file_that_nobody_knows_is_refused_by_its_columns(tmp_path):
    small_shop()

    with pytest.raises(CannotImport, match="name, colour"):
        run_import([_csv("name,colour\n")(tmp_path)], shop_slug="galerie")
