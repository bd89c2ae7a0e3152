"""Whatever a file of orders holds: it is read to its end, row by row, or refused as a whole."""

import csv
import gzip
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO
from itertools import count

import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tests.world import small_shop

from rebond.cli.importing import CannotImport, run_import
from rebond.domain.orders.importing import own_format
from rebond.domain.orders.importing.documents import Document, rows_in
from rebond.domain.orders.importing.own_format import COLUMNS
from rebond.domain.orders.models import Order, OrderLine
from rebond.insights.verification.promises import PROMISES

NUMBERS = count(1)
GOOD = {
    "order_number": "1001",
    "ordered_at": "2026-03-02T09:00:00+01:00",
    "currency": "EUR",
    "sku": "LAMP-01",
    "quantity": "2",
    "unit_price": "19.99",
    "tax_rate": "0.20",
    "country": "FR",
}
# What other programs write, and what nobody should.
ODD = (
    *("", " ", "\x00", "a\x00b", "\ufeff", "\u202e", "0", "-0", "-1", "1.5", "1e3", "1e999999999"),
    *("1e-999999999", "NaN", "sNaN", "Infinity", "٣", "１２", "1_000", "1,5", "9" * 13, "9" * 400),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31"),
    *("2026-02-30", "2026-W10-1", "20260302", "24:00", "EUR", "€€€", "ＥＵＲ", "XXX", "eur", "ıſß"),
    *("sale", "credit", "CREDIT", "goods", "fee", "voucher", "shipping", "0.99999999", "1", "-0.2"),
    *("0.000000000000000000001", "=1+1", "'; DROP TABLE x; --", "x" * 300, "é" * 41, "2147483648"),
)
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.sampled_from(list(GOOD.values())))
ROWS = st.builds(
    lambda number, wrong: GOOD | {"order_number": number} | wrong,
    st.sampled_from(["1001", "1002", "1003"]),
    st.dictionaries(st.sampled_from(COLUMNS), CELLS, max_size=3),
)
TYPED = st.one_of(
    CELLS,
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.decimals(),
    st.datetimes(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14))])),
    st.dates(),
    st.binary(max_size=5),
    st.lists(st.integers(), max_size=2),
)
tough = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def take(db, tmp_path):
    """Reads a file of these bytes into a shop of its own; returns the shop and what became of it,
    None where the file was refused as a whole."""

    def run(content: bytes, ending: str):
        number = next(NUMBERS)
        shop = small_shop(f"hostile-{number}")
        path = tmp_path / f"{number}{ending}"
        path.write_bytes(content)
        try:
            [done] = run_import(
                [path], shop_slug=shop.slug, report=tmp_path / f"{number}-report.csv"
            )
        except CannotImport as refused:
            assert str(refused)
            return shop, None
        return shop, done

    return run


def adds_up(shop, done) -> None:
    """Each row was taken or refused with its reason, and what was taken keeps every promise."""
    figures = done.figures
    taken = figures.get("sale_rows", 0) + figures.get("credit_rows", 0)
    assert taken + figures.get("refused_rows", 0) == done.rows
    with done.report.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) >= figures.get("refused_rows", 0)
    orders = Order.objects.filter(shop=shop)
    assert orders.count() == figures.get("orders", 0)
    assert sum(order.total_minor for order in orders) == figures.get("sold_minor", 0)
    for line in OrderLine.objects.filter(shop=shop):
        assert line.quantity > 0 and line.total_minor >= 0


def as_csv(rows) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


@tough
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
@example(rows=[GOOD])
@example(rows=[GOOD | {"title": "a\x00b", "name": "\x00", "sku": "S\x00"}])
@example(rows=[GOOD | {"title": "x" * 100_000}, GOOD | {"order_number": "1002"}])
@example(rows=[GOOD | {"unit_price": "1e12", "quantity": "1"}] * 5)
@example(rows=[GOOD | {"order_number": "A"}, GOOD | {"order_number": "B", "takes_back": "A"}])
@example(rows=[GOOD | {"ordered_at": "0001-01-01T00:00:00+14:00"}])
@example(rows=[GOOD | {"ordered_at": "9999-12-31T23:59:59-14:00"}])
@example(rows=[GOOD | {"quantity": "2000000000", "unit_price": "999999999999"}])
def test_every_row_of_a_csv_file_is_taken_or_refused_with_its_reason(rows, take):
    shop, done = take(as_csv(rows), ".csv")

    assert done is not None
    assert done.rows == len(rows)
    adds_up(shop, done)


def test_what_was_taken_keeps_every_promise(take):
    odd = [GOOD | {"order_number": f"N{n}", "title": cell} for n, cell in enumerate(ODD)]
    odd += [GOOD | {"order_number": f"P{n}", "unit_price": cell} for n, cell in enumerate(ODD)]
    odd += [GOOD | {"order_number": f"D{n}", "ordered_at": cell} for n, cell in enumerate(ODD)]

    shop, done = take(as_csv(odd), ".csv")

    adds_up(shop, done)
    assert done.figures["orders"] > len(ODD)
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


@tough
@given(content=st.binary(max_size=60), column=st.sampled_from(COLUMNS), packed=st.booleans())
@example(content=b'"', column="sku", packed=False)
@example(content=b"\xff\xfe", column="sku", packed=True)
def test_any_bytes_below_the_header_are_rows(content, column, packed, take):
    body = as_csv([GOOD]) + column.encode() + b"," + content

    shop, done = take(gzip.compress(body) if packed else body, ".csv.gz" if packed else ".csv")

    if done is not None:
        adds_up(shop, done)


@tough
@given(
    content=st.binary(max_size=80),
    ending=st.sampled_from([".csv", ".csv.gz", ".parquet"]),
    begins_well=st.booleans(),
)
@example(content=b"", ending=".csv", begins_well=False)
@example(content=b"", ending=".csv.gz", begins_well=False)
@example(content=b"PAR1" + b"\x00" * 8 + b"PAR1", ending=".parquet", begins_well=False)
def test_any_file_is_read_or_refused(content, ending, begins_well, take):
    whole = {
        ".csv": as_csv([GOOD]),
        ".csv.gz": gzip.compress(as_csv([GOOD])),
        ".parquet": b"PAR1\x15\x04",
    }
    begun = whole[ending][: len(whole[ending]) // 2] if begins_well else b""

    shop, done = take(begun + content, ending)

    if done is not None:
        adds_up(shop, done)


@given(rows=st.lists(st.dictionaries(st.sampled_from(COLUMNS), TYPED, max_size=4), max_size=5))
def test_cells_of_any_type_make_documents_or_refusals(rows):
    cells = [(n, *(None if (GOOD | row).get(c) is None else (GOOD | row)[c] for c in COLUMNS))
             for n, row in enumerate(rows, start=1)]  # fmt: skip

    pieces = list(own_format.documents(cells, zone="Europe/Paris"))

    assert sum(map(rows_in, pieces)) == len(rows)
    for piece in pieces:
        assert not isinstance(piece, Document) or piece.at.tzinfo is not None


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("ordered_at", [datetime(2026, 3, 2), None]),
        ("ordered_at", [date(2026, 3, 2), date(1, 1, 1)]),
        ("quantity", [2, -(2**63)]),
        ("quantity", [True, False]),
        ("unit_price", [float("nan"), 19.99]),
        ("unit_price", [Decimal("19.990000000000000000"), Decimal("-1")]),
        ("sku", [b"\x00\xff", b"LAMP"]),
        ("title", [["a"], []]),
        ("delivered_on", [datetime(2026, 3, 2, tzinfo=UTC), None]),
        ("tax_rate", [0.2, float("inf")]),
    ],
)
def test_a_parquet_column_of_another_type_is_read(column, cells, take, tmp_path):
    table = {name: [value, value] for name, value in GOOD.items()}
    table["order_number"] = ["1001", "1002"]
    file = tmp_path / "made.parquet"
    parquet.write_table(pyarrow.table(table | {column: cells}), file)

    shop, done = take(file.read_bytes(), ".parquet")

    assert done.rows == 2
    adds_up(shop, done)
