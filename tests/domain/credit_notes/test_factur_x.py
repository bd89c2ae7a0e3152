"""The document for machines inside that for people: valid, repeatable, and tampering shows."""

import hashlib
import io
import subprocess
import sys
from dataclasses import dataclass
from datetime import date

import facturx
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.world import (
    NAME,
    findings,
    order_of,
    received_return,
    small_shop,
)

from rebond.domain.credit_notes import checks, einvoice
from rebond.domain.credit_notes.checks import verdict_on
from rebond.domain.credit_notes.content import (
    CHARGE,
    GOODS,
    Item,
    as_json,
    kept_parts,
    totals_of,
)
from rebond.domain.credit_notes.files import checked_xml, make
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.credit_notes.parties import FRENCH_BUSINESS, PRIVATE, tax_category
from rebond.domain.orders.new import NewLine, tax_inside
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.files import content_of
from rebond.outbound.notifications.models import Message

SELLER = {
    "name": "Galerie",
    "legal_name": "Galerie SARL",
    "email": "bonjour@galerie.example",
    "address": ["12 rue des Lices", "69000 Lyon"],
    "siren": "732 829 320",
    "vat_number": "FR44 732829320",
    "country": "FR",
}
PERSON = {"name": NAME, "address": ["3 rue du Puits", "75005 Paris"], "country": "FR"}
COMPANY = {**PERSON, "name": "Acme SAS", "vat_number": "FR83404833048", "siren": "404833048"}
COMPANY_ABROAD = {**PERSON, "name": "Acme NV", "country": "BE", "vat_number": "BE0123456749"}


def note_of(run_jobs, wanted, *, kept_percent=0, **order):
    rma = received_return(order_of(small_shop(), **order), wanted)
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return CreditNote.objects.get(settlement__rma=rma)


def content_with(items, *, kept=0, buyer=PERSON, buyer_kind=PRIVATE, currency="EUR", paid=True):
    gross = sum(item.gross_minor for item in items) - kept
    totals = totals_of(items, kept_minor=kept, gross_minor=gross)
    rates = {part.rate for item in items for part in item.parts}
    return {
        "format": 2,
        "kind": "credit_note",
        "label": "AV-2026-000007",
        "language": "fr",
        "currency": currency,
        "issued_on": "2026-11-21",
        "issued_at": "2026-11-21T10:00:00+00:00",
        "seller": SELLER,
        "buyer": {"vat_number": "", "siren": "", **buyer},
        "buyer_kind": buyer_kind,
        "order_number": "1001",
        "return_number": "R-1",
        "invoice_number": "FA-2026-1001",
        "invoice_date": "2026-11-12",
        "delivered_on": "2026-11-14",
        "refunded_on": "2026-11-20",
        "reason": "Retour",
        "items": [
            {
                "title": item.title,
                "sku": item.sku,
                "quantity": item.quantity,
                "kind": item.kind,
                "source": item.source,
                "net_minor": item.net_minor,
                "tax_by_rate": dict(item.tax_by_rate),
                "parts": [vars(part) for part in item.parts],
                "gross_minor": item.gross_minor,
            }
            for item in items
        ],
        "kept": [vars(part) for part in kept_parts(items, totals)],
        "kept_label": "Retenu",
        "totals": as_json(totals),
        "tax_categories": {
            rate: tax_category(
                rate,
                seller=SELLER,
                buyer_country=buyer["country"],
                buyer_vat=buyer.get("vat_number", ""),
            )
            for rate in rates
        },
        "oss": None,
        "paid_back": [{"method": "card", "amount_minor": gross, "reference": "r"}] if paid else [],
        "derived": [],
    }


def sold(title, gross, rate, quantity=1, kind=GOODS):
    return Item(title, "SKU-1", quantity, gross, {rate: tax_inside(gross, rate)}, kind)


# --- what the house issues ----------------------------------------------------------------


@pytest.mark.django_db
def test_an_issued_note_holds_its_own_valid_data(run_jobs):
    note = note_of(run_jobs, {"LAMP-01": 1, "MUG-07": 2})

    kept = note.files.get()
    pdf = content_of(kept.file)
    name, inside = facturx.get_facturx_xml_from_pdf(pdf)

    assert (kept.checks, kept.findings) == (["xsd", "en16931"], [])
    assert (name, inside) == ("factur-x.xml", content_of(kept.xml))
    assert hashlib.sha256(pdf).hexdigest() == kept.sha256
    assert hashlib.sha256(inside).hexdigest() == kept.xml_sha256
    assert b"<ram:TypeCode>381</ram:TypeCode>" in inside
    # one of three lamps at 100.00 → 33.33; two mugs → 25.90
    assert b"<ram:GrandTotalAmount>59.23</ram:GrandTotalAmount>" in inside
    assert (note.gross_minor, note.content["invoice_number"]) == (5923, "FA-1001")


@pytest.mark.django_db
def test_a_note_made_again_is_the_same_to_the_byte(run_jobs):
    note = note_of(run_jobs, {"LAMP-01": 2}, kept_percent=25, days_since_delivery=20)

    first, second = make(note), make(note)

    assert first == second
    assert first.pdf == content_of(note.files.get().file)


@pytest.mark.django_db
def test_a_pdf_describes_itself_in_one_bag_of_schemas(run_jobs):
    note = note_of(run_jobs, {"LAMP-01": 1})

    with pikepdf.open(io.BytesIO(content_of(note.files.get().file))) as document:
        packet = document.Root.Metadata.read_bytes().decode()
        related = [str(file.AFRelationship) for file in document.Root.AF]

    assert related == ["/Alternative"]
    assert packet.count("<pdfaExtension:schemas>") == 1
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in packet
    assert "<pdfaid:part>3</pdfaid:part>" in packet
    assert packet.count("<pdfaSchema:namespaceURI>urn:factur-x:pdfa") == 1


@pytest.mark.django_db
def test_what_a_shop_left_out_is_shown_to_the_accountant_and_not_mailed(run_jobs):
    shop = small_shop()
    legal = {name: value for name, value in shop.legal.items() if name != "vat_number"}
    type(shop).objects.filter(pk=shop.pk).update(legal=legal)
    shop.refresh_from_db()
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()

    note = CreditNote.objects.get()
    kept = note.files.get()
    letter = Message.objects.get(kind="refunded")

    assert note.number == 1  # the number is not lost
    assert any(finding.startswith("BR-S-02") for finding in kept.findings)
    with pikepdf.open(io.BytesIO(content_of(kept.file))) as document:
        assert "/AF" not in document.Root
    assert letter.attachments == []


def test_without_saxonche_the_schema_is_still_checked(monkeypatch):
    xml = einvoice.xml_of(content_with([sold("Lamp", 1000, "0.20")]))
    monkeypatch.setattr(checks, "can_run_schematron", lambda: False)

    assert verdict_on(xml, between_french_businesses=True).ran == ("xsd",)
    broken = verdict_on(xml.replace(b"<ram:ID>B2</ram:ID>", b""), between_french_businesses=False)
    assert not broken.is_valid


# --- every kind of document ---------------------------------------------------------------

CASES = {
    "one rate": ([sold("Lamp", 12990, "0.20")], {}),
    "three rates": (
        [sold("Lamp", 4800, "0.20"), sold("Mug", 2110, "0.055"), sold("Tea", 999, "0.10", 3)],
        {},
    ),
    "fee kept": ([sold("Lamp", 12990, "0.20", 2), sold("Mug", 2590, "0.055")], {"kept": 1558}),
    "kept whole line": ([sold("Lamp", 1000, "0.20"), sold("Mug", 1000, "0.20")], {"kept": 999}),
    "shipping": (
        [sold("Lamp", 12990, "0.20"), sold("Livraison", 490, "0.20", kind=CHARGE)],
        {},
    ),
    "discount as a negative charge": (
        [sold("Lamp", 12990, "0.20"), Item("Remise", "", 1, -500, {"0.20": -83}, CHARGE)],
        {},
    ),
    "part of a price": ([sold("Lamp", 333, "0.20", kind="amount")], {"paid": False}),
    "free of tax": ([Item("Book", "B", 1, 1500, {"": 0})], {}),
    "two taxes on one line": ([Item("Set", "S", 2, 2951, {"0.20": 300, "0.055": 60})], {}),
    "nothing with a price of nothing": ([sold("Lamp", 1000, "0.20"), sold("Gift", 0, "0.20")], {}),
    "no decimals": ([sold("Lamp", 12990, "0.10")], {"currency": "JPY"}),
    "company in France": (
        [sold("Lamp", 12990, "0.20", 3)],
        {"buyer": COMPANY, "buyer_kind": FRENCH_BUSINESS},
    ),
    "company in France, by hand": (
        [sold("Lamp", 500, "0.20", kind="amount")],
        {"buyer": COMPANY, "buyer_kind": FRENCH_BUSINESS, "paid": False},
    ),
    "company abroad, without tax": (
        [Item("Lamp", "L", 1, 10000, {"": 0})],
        {"buyer": COMPANY_ABROAD, "buyer_kind": "foreign_business"},
    ),
    "export": ([Item("Lamp", "L", 1, 10000, {"0": 0})], {"buyer": {**PERSON, "country": "CH"}}),
    "Germany": ([sold("Lampe", 11900, "0.19")], {"buyer": {**PERSON, "country": "DE"}}),
    "odd signs": ([sold("Lampe \x00\x07 <b> & \ufffe\N{WRAPPED PRESENT}", 1200, "0.20")], {}),
    "many lines": ([sold(f"Thing {n}", 101 + n, "0.20", n % 3 + 1) for n in range(60)], {}),
}


@pytest.mark.once
@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_document_keeps_the_rules(name):
    items, more = CASES[name]
    content = content_with(items, **more)

    xml, verdict = checked_xml(content)

    assert xml is not None and verdict is not None
    assert verdict.findings == ()
    french = content["buyer_kind"] == FRENCH_BUSINESS
    assert verdict.ran == ("xsd", "en16931", *(["fr-ctc"] if french else []))


@pytest.mark.once
def test_the_last_of_three_credits_takes_the_residue_and_all_are_valid():
    line = NewLine("MUG", "Mug", 3, 2997)
    tax = tax_inside(line.total_minor, "0.20")
    taxes = [167, 167, tax - 334]

    documents = [content_with([Item("Mug", "MUG", 1, 999, {"0.20": t})]) for t in taxes]

    # 29.97 = 24.97 + 5.00 → 8.32 + 1.67 twice, then 8.33 + 1.66
    assert [d["totals"]["net_minor"] for d in documents] == [832, 832, 833]
    assert all(checked_xml(d)[1].is_valid for d in documents)


AMOUNTS = st.integers(1, 250_000)
RATES = st.sampled_from(["", "0.021", "0.055", "0.10", "0.20"])


@st.composite
def documents(draw):
    items = [
        sold(f"Thing {n}", draw(AMOUNTS), draw(RATES), draw(st.integers(1, 9)))
        for n in range(draw(st.integers(1, 5)))
    ]
    if draw(st.booleans()):
        items.append(sold("Shipping", draw(st.integers(1, 2000)), "0.20", kind=CHARGE))
    whole = sum(item.gross_minor for item in items)
    kept = draw(st.sampled_from([0, 0, whole // 10, whole // 3]))
    is_company = draw(st.booleans())
    return content_with(
        items,
        kept=kept,
        buyer=COMPANY if is_company else PERSON,
        buyer_kind=FRENCH_BUSINESS if is_company else PRIVATE,
        paid=draw(st.booleans()),
    )


@pytest.mark.once
@settings(max_examples=60)
@given(documents())
def test_any_document_keeps_the_rules(content):
    xml, verdict = checked_xml(content)

    assert xml is not None and verdict is not None
    assert verdict.findings == ()


# --- tampering ----------------------------------------------------------------------------


@dataclass
class Tampered:
    old: bytes
    new: bytes
    rule: str


CONTENT = content_with(
    [sold("Lamp", 12990, "0.20"), sold("Mug", 2590, "0.055")],
    buyer=COMPANY,
    buyer_kind=FRENCH_BUSINESS,
)
TAMPERED = [
    Tampered(b"GrandTotalAmount>155.80", b"GrandTotalAmount>155.81", "BR-CO-15"),
    Tampered(b"TaxBasisTotalAmount>132.80", b"TaxBasisTotalAmount>132.79", "BR-CO-13"),
    Tampered(b"DuePayableAmount>0.00", b"DuePayableAmount>9.00", "BR-CO-16"),
    Tampered(b'currencyID="EUR">23.00', b'currencyID="EUR">23.01', "BR-CO-14"),
    Tampered(b"CalculatedAmount>21.65", b"CalculatedAmount>19.65", "BR-CO-17"),
    Tampered(b"LineTotalAmount>132.80", b"LineTotalAmount>132.81", "BR-CO-10"),
    Tampered(b"<ram:ChargeAmount>108.25", b"<ram:ChargeAmount>-108.25", "BR-27"),
    Tampered(b">FA-2026-1001<", b">FA 2026?1001<", "BR-FR-02"),
    Tampered(b'"0002">732829320', b'"0002">7328293', "BR-FR-10"),
]


@pytest.mark.once
@pytest.mark.parametrize("wrong", TAMPERED, ids=lambda wrong: wrong.rule)
def test_a_changed_figure_breaks_its_rule(wrong):
    xml = einvoice.xml_of(CONTENT)
    assert xml.count(wrong.old) >= 1, wrong.old

    verdict = verdict_on(xml.replace(wrong.old, wrong.new, 1), between_french_businesses=True)

    assert [f for f in verdict.findings if f.startswith(wrong.rule)], verdict.findings


@pytest.mark.once
@pytest.mark.parametrize("lost", ["invoice_number", "invoice_date"])
def test_a_note_without_its_invoice_is_found_out(lost):
    _, verdict = checked_xml(CONTENT | {lost: ""})

    assert f"mention: {lost}" in verdict.findings


@pytest.mark.once
def test_all_positive_and_of_the_type_that_turns_the_sense():
    xml = einvoice.xml_of(CONTENT)

    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert b">-" not in xml


MANY_THREADS = """
import sys, threading
from pathlib import Path
from rebond.domain.credit_notes import checks
xml = Path(sys.argv[1]).read_bytes()
met, began = set(), checks._sheet
def told(name):
    met.add(threading.get_ident())
    return began(name)
checks._sheet = told
def check():
    for _ in range(2):
        assert checks.verdict_on(xml, between_french_businesses=False).is_valid
threads = [threading.Thread(target=check) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(met), threading.get_ident() in met)
"""


def test_one_thread_alone_meets_the_rules_and_the_process_ends_well(tmp_path):
    """Where several did, a stopping worker died in the engine of the rules."""
    xml = tmp_path / "note.xml"
    xml.write_bytes(einvoice.xml_of(content_with([sold("Lamp", 1000, "0.20")])))

    ran = subprocess.run(
        [sys.executable, "-c", MANY_THREADS, str(xml)], capture_output=True, text=True, timeout=120
    )

    assert (ran.returncode, ran.stdout.strip()) == (0, "1 False"), ran.stderr[-500:]
