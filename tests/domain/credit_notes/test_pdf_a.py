"""What a checker of PDF/A says of our documents: a known list, and nothing new.

pikepdf checks by allow-lists, so it reports every extension schema, and level A where it looks for
B. Formal proof comes from veraPDF, outside; this is a ratchet, no certificate.
"""

import io

import pikepdf
import pikepdf.pdfa
import pytest
from tests.world import order_of, small_shop

from rebond.domain.credit_notes.actions import DraftWish, issue_draft, write_draft
from rebond.domain.credit_notes.files import pdf_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

XMP = "ISO_19005_3:6.6.2.3.1-1"
EXTENSIONS = {
    *("namespace pdfaExtension", "namespace pdfaSchema", "namespace pdfaProperty"),
    *("namespace fx", "property pdfaExtension:schemas", "property fx:DocumentFileName"),
    *("property fx:DocumentType", "property fx:Version", "property fx:ConformanceLevel"),
    *("namespace xmpTPg", "property xmpTPg:NPages"),
}
KNOWN = {
    # Level A is asked of Typst, and holds all that B asks for.
    ("ISO_19005_3:6.6.4-3", "pdfaid:conformance is 'A', expected 'B'"),
    # Not looked into, so neither right nor wrong.
    ("ISO_19005_3:6.2.11.4.2-2", "/CIDSet on a CIDFontType2 subset is not checked"),
    (
        "ISO_19005_3:6.6.2.3.1-2",
        "the content of structured XMP property xmpMM:History is not checked",
    ),
    # Typst writes an outline whose destinations are references, which ISO 32000 permits.
    ("pikepdf:schema-OutlineItem", "/Dest"),
    # Described in the extension schemas that stand beside them.
    *((XMP, name) for name in EXTENSIONS),
}


@pytest.fixture
def document() -> bytes:
    order = order_of(small_shop())
    wish = DraftWish(order.lines.get(sku="LAMP-01").pk, 100)
    draft = write_draft(order.pk, [wish], reason="why", sends_letter=False, by="staff:Claire")
    return pdf_of(issue_draft(draft.pk, version=1, by="staff:Claire"))


def findings(pdf: bytes) -> set[tuple[str, str]]:
    report = pikepdf.pdfa.validate_written(io.BytesIO(pdf), pikepdf.pdfa.Flavour.PDFA_3B)
    return {(finding.rule, _plain(finding)) for finding in report.findings}


def _plain(finding) -> str:
    """What was found, without the numbers of objects."""
    words = str(finding)
    if finding.rule == XMP:
        return words.partition(": XMP ")[2].partition("=")[0].partition(" is not")[0]
    if finding.rule.startswith("pikepdf:schema"):
        return words.partition(") ")[2].partition(":")[0]
    return words.partition("): ")[2]


def test_nothing_new_is_found(document):
    assert findings(document) == KNOWN


def test_a_document_that_lost_its_colours_is_noticed(document):
    with pikepdf.open(io.BytesIO(document)) as opened:
        del opened.Root.OutputIntents
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = io.BytesIO()
        opened.save(out)

    assert findings(out.getvalue()) - KNOWN
