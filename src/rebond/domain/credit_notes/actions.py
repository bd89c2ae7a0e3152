"""The verbs of documents: issue one, keep its file, hand it on; write a draft and issue that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rebond.domain.credit_notes.checks import Verdict
from rebond.domain.credit_notes.errors import (
    CreditsExceedInvoice,
    DraftChanged,
    DraftClosed,
    MoneyNotSent,
    NotDocumentable,
    NothingToCredit,
    NotToTransmit,
    PiecesExceedInvoice,
    ReasonNeeded,
)
from rebond.domain.credit_notes.events import (
    BookkeepingChanged,
    CreditNotePrinted,
    CreditNoteTransmitted,
    DocumentWaived,
    DraftDiscarded,
    HeadsWritten,
)
from rebond.domain.credit_notes.models import (
    Bookkeeping,
    CreditNote,
    CreditNoteDraft,
    CreditNoteFile,
    DraftLine,
    DraftState,
    Transmission,
    TransmissionState,
    WithoutDocument,
)
from rebond.domain.credit_notes.room import Standing, standing_of
from rebond.domain.credit_notes.sheets import sheet_of_draft, sheet_of_settlement
from rebond.domain.credit_notes.snapshot import language_for, price_of, sent
from rebond.domain.credit_notes.writing import issue, locked_order
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.files import keep


@dataclass(frozen=True)
class DraftWish:
    """What somebody wants to credit of one line or charge, found by its id.

    ``quantity`` 0 credits a part of the price without a piece.
    """

    source: UUID
    gross_minor: int
    quantity: int = 0


@action
def issue_credit_note(settlement_id: UUID, *, by: str) -> CreditNote:
    """Give the settlement its document: the next number of its series, never changed again.

    A settlement has one document; asked again, the same one is returned. Where the shop issued
    no invoice it is a refund voucher, in a series of its own. Raises ``MoneyNotSent`` while
    not all of the settlement's money is on its way, ``NotDocumentable`` where somebody said why
    it has none, and ``CreditsExceedInvoice``.
    """
    order_id = Settlement.objects.values_list("order_id", flat=True).get(pk=settlement_id)
    order = locked_order(order_id)
    settlement = (
        Settlement.objects.select_related("rma")
        .prefetch_related("lines__order_line", "charges__charge", "refunds__payment")
        .get(pk=settlement_id)
    )
    existing = settlement.credit_notes.first()
    if existing is not None:
        return existing
    if settlement.without_document.exists():
        raise NotDocumentable(settlement=str(settlement_id))
    if sum(refund.amount_minor for refund in sent(settlement)) < settlement.gross_minor:
        raise MoneyNotSent(settlement=str(settlement_id))
    standing = standing_of(order)
    sheet = sheet_of_settlement(order, settlement, standing)
    return issue(sheet, standing, settlement=settlement, by=by)


@action
def leave_without_document(settlement_id: UUID, *, reason: str, by: str) -> WithoutDocument:
    """Say why a settlement has no document of its own: another one documents it already.

    Raises ``NotDocumentable`` where it has a document or was left before, ``ReasonNeeded``.
    """
    order_id = Settlement.objects.values_list("order_id", flat=True).get(pk=settlement_id)
    locked_order(order_id)
    settlement = Settlement.objects.get(pk=settlement_id)
    if settlement.credit_notes.exists() or settlement.without_document.exists():
        raise NotDocumentable(settlement=str(settlement_id))
    if not reason.strip():
        raise ReasonNeeded
    left = WithoutDocument.objects.create(
        shop_id=settlement.shop_id,
        settlement=settlement,
        reason=reason.strip()[:500],
        by=by,
        at=now(),
    )
    subject = str(settlement.rma_id or settlement.order_id)
    event = DocumentWaived(subject, str(settlement_id), left.reason)
    record(event, shop_id=settlement.shop_id, actor=by)
    return left


@action
def keep_file(
    note: CreditNote, pdf: bytes, xml: bytes | None, verdict: Verdict | None
) -> CreditNoteFile:
    """Keep the document's file and what its checks found; the first one made stays."""
    existing = note.files.first()
    if existing is not None:
        return existing
    made = CreditNoteFile.objects.create(
        shop_id=note.shop_id,
        credit_note=note,
        file=keep(pdf, shop_id=note.shop_id, folder="documents", suffix=".pdf"),
        sha256=hashlib.sha256(pdf).hexdigest(),
        xml=keep(xml, shop_id=note.shop_id, folder="documents", suffix=".xml") if xml else "",
        xml_sha256=hashlib.sha256(xml).hexdigest() if xml else "",
        checks=list(verdict.ran) if verdict else [],
        findings=list(verdict.findings) if verdict else [],
        made_at=now(),
    )
    event = CreditNotePrinted(str(note.pk), note.label, len(made.findings))
    record(event, shop_id=note.shop_id, actor="system")
    return made


@action
def write_draft(
    order_id: UUID,
    wishes: Sequence[DraftWish],
    *,
    reason: str,
    sends_letter: bool,
    by: str,
) -> CreditNoteDraft:
    """Begin a credit note by hand. It has no number, and nothing of the order changes.

    Raises ``NothingToCredit``, ``ReasonNeeded``, ``PiecesExceedInvoice`` and
    ``CreditsExceedInvoice``.
    """
    order = locked_order(order_id)
    moment = now()
    sources = _checked(order, wishes, standing_of(order), reason)
    draft = CreditNoteDraft.objects.create(
        shop_id=order.shop_id,
        order=order,
        reason=reason.strip()[:500],
        language=language_for(order, ""),
        sends_letter=sends_letter,
        made_by=by,
        made_at=moment,
        changed_at=moment,
    )
    _write_lines(draft, wishes, sources)
    return draft


@action
def change_draft(
    draft_id: UUID,
    wishes: Sequence[DraftWish],
    *,
    reason: str,
    sends_letter: bool,
    version: int,
) -> CreditNoteDraft:
    """Write an open draft anew. Raises ``DraftChanged``, ``DraftClosed`` and those of
    ``write_draft``.
    """
    order, draft = _open_draft(draft_id, version)
    sources = _checked(order, wishes, standing_of(order), reason)
    draft.reason, draft.sends_letter = reason.strip()[:500], sends_letter
    draft.version, draft.changed_at = draft.version + 1, now()
    draft.save(update_fields=["reason", "sends_letter", "version", "changed_at"])
    draft.lines.all().delete()
    _write_lines(draft, wishes, sources)
    return draft


@action
def discard_draft(draft_id: UUID, *, by: str) -> None:
    """Give a draft up; no number was ever taken. Raises ``DraftClosed``."""
    order, draft = _open_draft(draft_id, None)
    draft.state, draft.changed_at = DraftState.DISCARDED, now()
    draft.save(update_fields=["state", "changed_at"])
    event = DraftDiscarded(str(draft.pk), order.number)
    record(event, shop_id=draft.shop_id, actor=by)


@action
def issue_draft(draft_id: UUID, *, version: int, by: str) -> CreditNote:
    """Make the draft a document: only now it takes a number, in this very transaction.

    Raises ``DraftChanged``, ``DraftClosed``, ``PiecesExceedInvoice`` and
    ``CreditsExceedInvoice`` where less is left by now than the draft wants.
    """
    order, draft = _open_draft(draft_id, version)
    lines = list(draft.lines.select_related("order_line", "charge").order_by("id"))
    wishes = [
        DraftWish(line.order_line_id or line.charge_id, line.gross_minor, line.quantity)  # type: ignore[arg-type]
        for line in lines
    ]
    standing = standing_of(order)
    _checked(order, wishes, standing, draft.reason)
    sheet = sheet_of_draft(order, draft, lines, standing)
    note = issue(sheet, standing, settlement=None, by=by)
    draft.state, draft.credit_note, draft.changed_at = DraftState.ISSUED, note, note.issued_at
    draft.save(update_fields=["state", "credit_note", "changed_at"])
    return note


@action
def note_handed_over(note_id: UUID, *, platform: str, reference: str, by: str) -> Transmission:
    """A document between businesses reached the platform. Raises ``NotToTransmit``."""
    note = CreditNote.objects.get(pk=note_id)
    row = Transmission.objects.select_for_update(no_key=True).filter(
        shop_id=note.shop_id, credit_note=note
    )
    transmission = row.first()
    if transmission is None:
        raise NotToTransmit(label=note.label)
    if transmission.state == TransmissionState.HANDED_OVER:
        return transmission
    transmission.state, transmission.handed_at = TransmissionState.HANDED_OVER, now()
    transmission.platform, transmission.reference = platform[:30], reference.strip()[:200]
    transmission.handed_by, transmission.problem = by[:120], ""
    transmission.save()
    event = CreditNoteTransmitted(str(note.pk), note.label, platform, transmission.reference)
    record(event, shop_id=note.shop_id, actor=by)
    return transmission


@action
def note_not_handed_over(note_id: UUID, *, problem: str) -> None:
    """The platform did not take the document; it goes on waiting, and says why."""
    note = CreditNote.objects.only("id", "shop_id").get(pk=note_id)
    Transmission.objects.filter(
        shop_id=note.shop_id, credit_note=note, state=TransmissionState.WAITING
    ).update(problem=problem[:300])


@action
def say_heads(shop_id: UUID, lines: str) -> None:
    """Say that the heads of the shop's chains moved; they stand in the file already."""
    record(HeadsWritten(str(shop_id), lines), shop_id=shop_id, actor="system")


@action
def set_bookkeeping(shop: Shop, values: Mapping[str, Any], *, by: str) -> Bookkeeping:
    """Set the shop's accounts, size, platform and where heads go; ``values`` by field."""
    books, _ = Bookkeeping.objects.get_or_create(shop=shop)
    for name, value in values.items():
        setattr(books, name, value)
    books.save()
    record(BookkeepingChanged(str(books.pk)), shop_id=shop.pk, actor=by)
    return books


def _open_draft(draft_id: UUID, version: int | None) -> tuple[Order, CreditNoteDraft]:
    """The draft and its order, both held; the version is the one that somebody looked at."""
    order_id = CreditNoteDraft.objects.values_list("order_id", flat=True).get(pk=draft_id)
    order = locked_order(order_id)
    draft = CreditNoteDraft.objects.select_for_update(no_key=True).get(pk=draft_id)
    if not draft.is_open:
        raise DraftClosed(state=draft.state)
    if version is not None and version != draft.version:
        raise DraftChanged
    return order, draft


def _checked(
    order: Order, wishes: Sequence[DraftWish], standing: Standing, reason: str
) -> dict[UUID, OrderLine | OrderCharge]:
    """The lines and charges that are wished for, once each wish fits into what is left."""
    if not reason.strip():
        raise ReasonNeeded
    sources: dict[UUID, OrderLine | OrderCharge] = {line.pk: line for line in order.lines.all()}
    sources |= {charge.pk: charge for charge in order.charges.all()}
    if not wishes or any(w.source not in sources or w.gross_minor <= 0 for w in wishes):
        raise NothingToCredit(order=order.number)
    for wish in wishes:
        _check(order, wish, sources[wish.source], standing)
    left = order.total_minor - standing.used_minor(with_promised=True)
    asked = sum(wish.gross_minor for wish in wishes)
    if asked > left:
        raise CreditsExceedInvoice(
            order=order.number,
            what="",
            left_minor=max(0, left),
            asked_minor=asked,
            currency=order.currency,
        )
    return sources


def _check(
    order: Order, wish: DraftWish, source: OrderLine | OrderCharge, standing: Standing
) -> None:
    used = standing.used(wish.source, with_promised=True)
    left = price_of(source) - used.gross_minor
    if wish.gross_minor > left:
        raise CreditsExceedInvoice(
            order=order.number,
            what=source.title,
            left_minor=max(0, left),
            asked_minor=wish.gross_minor,
            currency=order.currency,
        )
    if isinstance(source, OrderLine) and wish.quantity > source.quantity - used.quantity:
        raise PiecesExceedInvoice(
            title=source.title, left=max(0, source.quantity - used.quantity), asked=wish.quantity
        )


def _write_lines(
    draft: CreditNoteDraft,
    wishes: Sequence[DraftWish],
    sources: Mapping[UUID, OrderLine | OrderCharge],
) -> None:
    rows = []
    for wish in wishes:
        source = sources[wish.source]
        is_line = isinstance(source, OrderLine)
        rows.append(
            DraftLine(
                shop_id=draft.shop_id,
                draft=draft,
                order_line=source if isinstance(source, OrderLine) else None,
                charge=source if isinstance(source, OrderCharge) else None,
                quantity=wish.quantity if is_line else 0,
                gross_minor=wish.gross_minor,
            )
        )
    DraftLine.objects.bulk_create(rows)
