"""What the accountant takes away adds up, balances, and is what was issued."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from tests.world import findings, order_of, received_return, small_shop

from rebond.cli.commands import export
from rebond.cli.main import main
from rebond.domain.credit_notes.actions import (
    DraftWish,
    issue_draft,
    set_bookkeeping,
    write_draft,
)
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewLine
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.shoppers.models import Shopper
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.accounting import archive as tools
from rebond.insights.accounting.archive import archive
from rebond.insights.accounting.books import COLUMNS, BookedLine, Document, entries_of
from rebond.insights.accounting.period import Period
from rebond.kernel.clock import today
from rebond.kernel.files import content_of

DAY = datetime(2026, 11, 10, 12, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def refunded(shop, number, wanted, run_jobs, *, kept_percent=0, **order):
    rma = received_return(order_of(shop, number=number, **order, days_since_delivery=20), wanted)
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference=f"V-{number}", paid_on=today(shop.time_zone), by="staff:Ana")
    run_jobs()
    return CreditNote.objects.get(settlement__rma=rma)


def by_hand(order, source, amount):
    draft = write_draft(
        order.pk,
        [DraftWish(source.pk, amount)],
        reason="why",
        sends_letter=False,
        by="staff:Claire",
    )
    return issue_draft(draft.pk, version=1, by="staff:Claire")


@pytest.fixture
def shop(db, run_jobs):
    """A month: a refund with two rates, one with a fee kept, credits by hand, one of October."""
    shop = small_shop()
    with time_machine.travel(DAY - timedelta(days=20)):
        refunded(shop, "900", {"MUG-07": 1}, run_jobs)
    with time_machine.travel(DAY):
        refunded(shop, "1001", {"LAMP-01": 1, "MUG-07": 2}, run_jobs)
        refunded(shop, "1002", {"LAMP-01": 3}, run_jobs, kept_percent=15)
        order = Order.objects.get(number="1001")
        by_hand(order, order.lines.get(sku="LAMP-01"), 1234)
        by_hand(order, order.charges.get(), 490)
        run_jobs()
    return shop


def opened(shop, period=NOVEMBER):
    return zipfile.ZipFile(io.BytesIO(b"".join(archive(shop, period))))


def rows_of(target, name):
    return list(csv.DictReader(io.StringIO(target.read(name).decode())))


def entries(target):
    (name,) = [n for n in target.namelist() if "FEC" in n]
    text = target.read(name).decode("iso8859-15")
    head, *lines = [line.split("\t") for line in text.split("\r\n") if line]
    assert tuple(head) == COLUMNS
    return name, [dict(zip(head, line, strict=True)) for line in lines]


def money(text):
    return Decimal(text.replace(",", "."))


def test_the_archive_holds_every_document_and_says_what_each_file_is(shop):
    target = opened(shop)
    notes = CreditNote.objects.filter(issued_on__month=11)

    manifest = json.loads(target.read("manifest.json"))
    listed = {row["name"]: row["sha256"] for row in manifest["files"]}
    names = set(target.namelist())

    assert names == set(listed) | {"manifest.json", "SHA256SUMS"}
    for name, sha in listed.items():
        assert hashlib.sha256(target.read(name)).hexdigest() == sha
    assert notes.count() == manifest["documents"] == 4
    for note in notes:
        kept = note.files.get()
        assert target.read(f"documents/{note.label}.pdf") == content_of(kept.file)
        assert target.read(f"documents/{note.label}.xml") == content_of(kept.xml)
    assert manifest["sums_minor"]["EUR"]["gross"] == sum(note.gross_minor for note in notes)
    sums = target.read("SHA256SUMS").decode().splitlines()
    assert f"{listed['journal.csv']}  journal.csv" in sums
    assert target.testzip() is None


def test_the_entries_balance_and_sum_to_the_documents(shop):
    name, lines = entries(opened(shop))
    notes = CreditNote.objects.filter(issued_on__month=11)

    debit = sum(money(line["Debit"]) for line in lines)
    credit = sum(money(line["Credit"]) for line in lines)
    by_number: dict[str, Decimal] = {}
    for line in lines:
        number = line["EcritureNum"]
        by_number.setdefault(number, Decimal(0))
        by_number[number] += money(line["Debit"]) - money(line["Credit"])

    def balance(account, journal):
        found = [li for li in lines if li["CompteNum"] == account and li["JournalCode"] == journal]
        return sum(money(li["Debit"]) - money(li["Credit"]) for li in found)

    assert name == "732829320FEC20261130.txt"
    assert debit == credit > 0
    assert set(by_number.values()) == {Decimal(0)}
    assert balance("44571", "AV") * 100 == sum(note.tax_minor for note in notes)
    assert -balance("411", "AV") * 100 == sum(note.gross_minor for note in notes)
    sales = sum(balance(account, "AV") for account in ("707", "709", "7085"))
    assert sales * 100 == sum(note.net_minor for note in notes)
    # by hand: 4.90 of shipping holds 0.82; 12.34 after 33.33 with 5.56 of 100.00 with 16.67:
    # 45.67 holds 7.61, so 2.05 are left for it
    assert balance("7085", "AV") == Decimal("4.08")
    assert balance("709", "AV") == Decimal("10.29")
    paid = sum(note.gross_minor for note in notes if note.settlement_id)
    assert -balance("467", "RB") * 100 == balance("411", "RB") * 100 == paid


def test_goods_taken_in_exchange_are_sold_and_no_money_is_booked_for_them(db, run_jobs):
    """A lamp of 33.33 goes for another lamp: credited, sold, and nothing paid back."""
    shop = small_shop()
    lamp = {"family": "lamp", "tax_rate": "0.20"}
    keep_products(shop, [NewProduct("LAMP-01", **lamp), NewProduct("LAMP-02", **lamp)], by="test")
    with time_machine.travel(DAY):
        rma = received_return(order_of(shop, number="1001"), {"LAMP-01": 1})
        yes = Yes(Channel.LINK, "Camille")
        agree_exchange(rma.pk, [Instead(rma.lines.get().pk, "LAMP-02", 1)], yes, by="shopper")
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        run_jobs()
        target = opened(shop)
    _, lines = entries(target)
    balances: dict[str, Decimal] = {}
    for line in lines:
        moved = money(line["Debit"]) - money(line["Credit"])
        balances[line["CompteNum"]] = balances.get(line["CompteNum"], Decimal(0)) + moved

    assert {line["JournalCode"] for line in lines} == {"AV", "FE"}
    assert balances == {"707": Decimal(0), "44571": Decimal(0), "411": Decimal(0)}
    (sale,) = rows_of(target, "sales.csv")
    assert (sale["gross"], sale["vat"], sale["order"]) == ("33.33", "5.56", "1001-E1")
    assert [row["net"] for row in rows_of(target, "e-reporting.csv")] == ["0.00"]
    assert f"documents/{sale['document']}.pdf" in target.namelist()
    assert json.loads(target.read("manifest.json"))["exchanged"] == 1


def test_the_accountant_names_other_accounts(shop):
    set_bookkeeping(shop, {"accounts": {"sales": "707100", "vat": "445711"}}, by="staff:Olivia")

    _, lines = entries(opened(shop))

    accounts = {line["CompteNum"] for line in lines}
    assert {"707100", "445711", "411", "467"} <= accounts
    assert not {"707", "44571"} & accounts


def test_the_journal_is_in_the_order_of_the_refunds_and_sums_to_the_documents(shop):
    rows = rows_of(opened(shop), "journal.csv")

    assert [row["refunded_on"] for row in rows] == sorted(row["refunded_on"] for row in rows)
    assert sum(Decimal(row["gross"]) for row in rows) * 100 == sum(
        note.gross_minor for note in CreditNote.objects.filter(issued_on__month=11)
    )
    assert {row["by_hand"] for row in rows} == {"", "yes"}
    assert {row["vat_rate"] for row in rows} == {"0.20", "0.055"}


def test_daily_totals_are_negative_on_the_day_of_the_document(shop, run_jobs):
    with time_machine.travel(DAY):
        business = order_of(shop, number="1003", email="acme@client.example")
        Shopper.objects.filter(pk=business.shopper_id).update(vat_number="FR83404833048")
        by_hand(business, business.lines.get(sku="LAMP-01"), 5000)
        run_jobs()

    rows = rows_of(opened(shop), "e-reporting.csv")

    private = CreditNote.objects.filter(issued_on__month=11, buyer_kind="private")
    assert {(row["day"], row["category"]) for row in rows} == {("2026-11-10", "TLB1")}
    assert sum(Decimal(row["net"]) for row in rows) * 100 == -sum(n.net_minor for n in private)
    assert sum(Decimal(row["vat"]) for row in rows) * 100 == -sum(n.tax_minor for n in private)


def test_a_sale_of_the_one_stop_shop_is_corrected_in_the_quarter_of_the_credit(db, run_jobs):
    # a sale to Germany in the third quarter, 119.00 at 19 %, back on 10 November
    shop = small_shop()
    set_bookkeeping(shop, {"is_oss": True}, by="staff:Olivia")
    with time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=UTC)):
        order = order_of(
            shop,
            lines=[NewLine("LAMPE", "Lampe", 1, 11900, tax_rate="0.19")],
            shipping_minor=0,
        )
        Order.objects.filter(pk=order.pk).update(country="DE")
        Shopper.objects.filter(pk=order.shopper_id).update(country="DE", language="de")
    with time_machine.travel(DAY):
        note = by_hand(Order.objects.get(pk=order.pk), order.lines.get(), 11900)
        run_jobs()

    (row,) = rows_of(opened(shop), "oss.csv")

    assert note.content["oss"] == {
        "member_state": "DE",
        "corrected_period": "2026-Q3",
        "return_period": "2026-Q4",
        "due_on": "2027-01-31",
    }
    assert (row["return_period"], row["corrected_period"]) == ("2026-Q4", "2026-Q3")
    assert (row["member_state"], row["vat"], row["net"]) == ("DE", "-19.00", "-100.00")
    assert rows_of(opened(shop), "e-reporting.csv")[0]["category"] == "TNT1"


def test_a_text_that_a_spreadsheet_would_run_is_defused(db, run_jobs):
    shop = small_shop()
    with time_machine.travel(DAY):
        order = order_of(shop, number="=HYPERLINK(1)", invoice="@SUM(1)\t\r\nx")
        by_hand(order, order.lines.get(sku="LAMP-01"), 100)
        run_jobs()

    rows = rows_of(opened(shop), "journal.csv")

    assert rows[0]["order"] == "'=HYPERLINK(1)"
    assert rows[0]["invoice"].startswith("'@SUM(1)")


def test_a_file_that_was_exchanged_stops_the_archive(shop, settings):
    note = CreditNote.objects.filter(issued_on__month=11).first()
    (settings.MEDIA_ROOT / note.files.get().file).write_bytes(b"%PDF another")

    with pytest.raises(ValueError, match="SHA-256"):
        opened(shop)


def test_an_empty_period_gives_an_empty_archive_that_says_so(shop):
    target = opened(shop, Period(date(2025, 1, 1), date(2025, 1, 31)))

    assert json.loads(target.read("manifest.json"))["documents"] == 0


def test_a_period_is_of_days_of_the_shop(shop, run_jobs):
    # 23:30 in Paris on 30 November is 22:30 UTC; 00:30 in Paris on 1 December is still November UTC
    order = order_of(shop, number="7")
    with time_machine.travel(datetime(2026, 11, 30, 22, 30, tzinfo=UTC)):
        inside = by_hand(order, order.lines.get(sku="LAMP-01"), 100)
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)):
        after = by_hand(order, order.lines.get(sku="LAMP-01"), 100)
    run_jobs()

    names = opened(shop).namelist()

    assert f"documents/{inside.label}.pdf" in names
    assert f"documents/{after.label}.pdf" not in names


def test_the_command_writes_the_same_archive(shop, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(export, "set_up", lambda: None)
    target = tmp_path / "out.zip"
    words = ["export", "accounting", "--shop", shop.slug, "--to-file", str(target)]

    code = main([*words, "--from", "2026-11-01", "--to", "2026-11-30"])

    assert code == 0
    assert "4 documents" in capsys.readouterr().out
    assert target.read_bytes() == b"".join(archive(shop, NOVEMBER))
    assert main([*words[:3], "nobody", "--from", "2026-11-01", "--to", "2026-11-30"]) == 2
    assert main([*words, "--from", "2026-12-01", "--to", "2026-11-30"]) == 2


def test_one_document_after_the_other_leaves_the_memory(shop):
    pieces = [len(piece) for piece in archive(shop, NOVEMBER)]

    assert len(pieces) == 5
    assert max(pieces) < 200_000
    assert tools.IN_MEMORY < 10_000_000


AMOUNT = st.integers(-50_000, 500_000)


@given(
    st.lists(
        st.tuples(st.sampled_from(["goods", "charge", "amount"]), AMOUNT, st.integers(0, 20)),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.tuples(st.sampled_from(["card", "store_credit"]), st.integers(1, 9_999))),
)
@pytest.mark.once
def test_entries_balance_whatever_is_credited(lines, paid):
    booked = [
        BookedLine(kind, gross, {"0.20": gross * percent // 120}) for kind, gross, percent in lines
    ]
    document = Document("AV-2026-1", date(2026, 11, 1), None, "1001", booked, paid)

    made = entries_of(document, {})

    for journal in ("AV", "RB"):
        own = [entry for entry in made if entry.journal == journal]
        assert sum(e.debit_minor for e in own) == sum(e.credit_minor for e in own)
    assert all(entry.debit_minor >= 0 and entry.credit_minor >= 0 for entry in made)
