"""The file of a document: made once, kept, and read from there ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rebond.domain.credit_notes.actions import keep_file
from rebond.domain.credit_notes.checks import Verdict, verdict_on
from rebond.domain.credit_notes.einvoice import xml_of
from rebond.domain.credit_notes.embedding import as_factur_x
from rebond.domain.credit_notes.models import CreditNote, CreditNoteFile
from rebond.domain.credit_notes.parties import FRENCH_BUSINESS, missing_mentions
from rebond.domain.credit_notes.wording import Print, wording
from rebond.kernel.clock import now
from rebond.kernel.files import content_of
from rebond.kernel.money import exponent_of
from rebond.kernel.typeset import typeset

TEMPLATE = Path(__file__).parent / "templates" / "credit_note.typ"


@dataclass(frozen=True)
class Made:
    """A document as files. ``xml`` is None for a voucher, which corrects no invoice."""

    pdf: bytes
    xml: bytes | None
    verdict: Verdict | None


def file_of(note: CreditNote) -> CreditNoteFile:
    """The kept file of ``note``; it is made when it is asked for the first time."""
    kept = note.files.first()
    if kept is None:
        made = make(note)
        kept = keep_file(note, made.pdf, made.xml, made.verdict)
    return kept


def pdf_of(note: CreditNote) -> bytes:
    """The PDF of ``note``, as it was first made."""
    return content_of(file_of(note).file)


def make(note: CreditNote) -> Made:
    """The files of ``note``, made anew: the same bytes every time.

    The XML goes inside the PDF when its checks found nothing. Otherwise the PDF stands alone and
    the findings say what is wrong: a document that was issued is never lost.
    """
    content = note.content
    xml, verdict = checked_xml(content)
    inside = xml if verdict is not None and verdict.is_valid else None
    pdf = typeset(TEMPLATE, _data(content, Print(label=note.label), inside), made_at=note.issued_at)
    return Made(as_factur_x(pdf) if inside else pdf, xml, verdict)


def duplicate_of(note: CreditNote) -> bytes:
    """A PDF of ``note`` that is marked as a duplicate; without XML, as no second original is."""
    return typeset(
        TEMPLATE, _data(note.content, Print(note.label, "DUPLICATE"), None), made_at=note.issued_at
    )


def preview_of(content: Mapping[str, Any]) -> bytes:
    """The PDF of a draft, marked as one and without a number."""
    return typeset(TEMPLATE, _data(content, Print(mark="DRAFT"), None), made_at=now())


def checked_xml(content: Mapping[str, Any]) -> tuple[bytes | None, Verdict | None]:
    """The XML of a credit note and the verdict on it; nothing for a voucher or an old snapshot."""
    if content["kind"] != "credit_note" or content.get("format", 1) < 2:
        return None, None
    absent = tuple(f"mention: {name}" for name in missing_mentions(content))
    try:
        xml = xml_of(content)
    except (KeyError, ValueError, TypeError) as problem:
        return None, Verdict((), (*absent, f"xml: {problem}"))
    is_french = content["buyer_kind"] == FRENCH_BUSINESS
    found = verdict_on(xml, between_french_businesses=is_french)
    return xml, Verdict(found.ran, (*absent, *found.findings))


def _data(content: Mapping[str, Any], how: Print, xml: bytes | None) -> dict[str, Any]:
    data = {
        "label": how.label,
        "seller": content["seller"]["name"],
        "words": wording(content, how),
        "exponent": exponent_of(content["currency"]),
    }
    return data | {"xml": xml.decode()} if xml else data
