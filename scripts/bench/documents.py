"""Documents: typeset, with XML inside, checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.bench.measure import Measure, per_second


def measures(home: Path, only: str) -> Iterator[Measure]:
    if only not in "credit note PDF Factur-X":
        return
    typeset = import_module("rebond.kernel.typeset").typeset
    moment = import_module("datetime").datetime(2026, 11, 21, tzinfo=import_module("datetime").UTC)
    files = import_module("rebond.domain.credit_notes.files")
    empty = home / "empty.typ"
    empty.write_text(
        '#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))\n'
        '#set text(font: "Figtree", lang: "fr")\n= x\n'
        '#pdf.attach("factur-x.xml", bytes(json(bytes(sys.inputs.data)).xml),'
        ' relationship: "alternative", mime-type: "text/xml", description: "x")\n'
    )
    note = import_module("types").SimpleNamespace(
        label="AV-2026-000001", content=_document(), issued_at=moment
    )
    made = files.make(note)
    if not made.verdict.is_valid:
        raise SystemExit(f"the document of the bench is not in order: {made.verdict.findings}")
    xml = {"xml": made.xml.decode()}
    floor = per_second(lambda: typeset(empty, xml, made_at=moment), 1, rounds=60)
    plain = per_second(lambda: files.duplicate_of(note), 1, rounds=60)
    whole = per_second(lambda: files.make(note), 1, rounds=60)
    against = "an empty page with the same XML"
    yield Measure("credit note PDF", plain, against, floor, "per second")
    yield Measure("credit note Factur-X, checked", whole, against, floor, "per second")
    yield Measure("the same, a minute", whole * 60, "500", 500, "per minute")


def _document() -> dict[str, Any]:
    """A document of four lines and two rates, as the house writes it."""
    content = import_module("rebond.domain.credit_notes.content")
    tax = import_module("rebond.domain.orders.new").tax_inside
    rates = ("0.20", "0.055")
    items = [
        content.Item(f"Article {n}", f"SKU-{n}", 2, 1200 + n, {rate: tax(1200 + n, rate)})
        for n, rate in enumerate(rates * 2)
    ]
    gross = sum(item.gross_minor for item in items) - 300
    totals = content.totals_of(items, kept_minor=300, gross_minor=gross)
    seller = {
        "name": "Galerie",
        "legal_name": "Galerie SARL",
        "email": "b@galerie.example",
        "address": ["12 rue des Lices", "69000 Lyon"],
        "siren": "732829320",
        "vat_number": "FR44732829320",
        "country": "FR",
    }
    buyer = {"name": "Camille Œuvrard", "address": ["75005 Paris"], "country": "FR"}
    category = {"category": "S", "code": "", "reason": ""}
    return {
        "format": 2,
        "kind": "credit_note",
        "label": "AV-2026-000001",
        "language": "fr",
        "currency": "EUR",
        "issued_on": "2026-11-21",
        "seller": seller,
        "buyer": buyer | {"vat_number": "", "siren": ""},
        "buyer_kind": "private",
        "order_number": "1001",
        "return_number": "R-2026-000001",
        "invoice_number": "FA-1001",
        "invoice_date": "2026-11-12",
        "delivered_on": "2026-11-14",
        "refunded_on": "2026-11-20",
        "reason": "",
        "items": [
            asdict(item) | {"net_minor": item.net_minor, "parts": [asdict(p) for p in item.parts]}
            for item in items
        ],
        "kept": [asdict(part) for part in content.kept_parts(items, totals)],
        "kept_label": "Retenu",
        "totals": content.as_json(totals),
        "tax_categories": dict.fromkeys(rates, category),
        "oss": None,
        "paid_back": [{"method": "card", "amount_minor": gross, "reference": ""}],
        "derived": [],
    }
