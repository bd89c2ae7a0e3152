"""Reactions about documents."""

import json
from uuid import UUID

from rebond.domain.credit_notes.actions import (
    issue_credit_note,
    note_handed_over,
    note_not_handed_over,
    say_heads,
)
from rebond.domain.credit_notes.errors import MoneyNotSent, NotDocumentable
from rebond.domain.credit_notes.events import CreditNoteIssued, CreditNotePrinted, HeadsWritten
from rebond.domain.credit_notes.files import file_of
from rebond.domain.credit_notes.heads import Chained, as_lines, heads_now, write_heads
from rebond.domain.credit_notes.models import (
    Bookkeeping,
    CreditNote,
    CreditNoteFile,
    TransmissionState,
)
from rebond.domain.credit_notes.parties import bare
from rebond.domain.credit_notes.ports import NotTaken, Outgoing, platforms
from rebond.domain.refunds.events import RefundSucceeded
from rebond.domain.shops.models import Shop
from rebond.kernel import crash, egress
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now
from rebond.kernel.files import content_of
from rebond.kernel.jobs import behind, later, one_action
from rebond.kernel.lanes import in_lane


@one_action
def document_settlement(event: RefundSucceeded) -> None:
    """Issue the document once all the settlement's money is on its way."""
    try:
        issue_credit_note(UUID(event.settlement_id), by="system")
        crash.point("document.issued")
    except (MoneyNotSent, NotDocumentable):
        return


@behind
def print_credit_note(event: CreditNoteIssued) -> None:
    """Make, check and keep the file, so that nobody waits for it."""
    file_of(CreditNote.objects.get(pk=event.credit_note_id))


@in_lane("platforms")
def hand_to_platform(event: CreditNotePrinted) -> None:
    """Hand a document between businesses to the shop's platform, with no transaction open.

    One that its checks found fault with stays here until somebody looked at it.
    """
    note = CreditNote.objects.select_related("shop").get(pk=event.credit_note_id)
    waiting = note.transmissions.filter(state=TransmissionState.WAITING).first()
    kept = file_of(note)
    if waiting is None or waiting.platform not in platforms:
        return
    platform = platforms[waiting.platform]()
    if platform.is_manual:
        return
    if not kept.is_valid:
        note_not_handed_over(note.pk, problem=kept.findings[0])
        return
    outgoing = outgoing_of(note, kept)
    outside_transaction()
    try:
        reference = platform.send(outgoing)
    except NotTaken as problem:
        note_not_handed_over(note.pk, problem=str(problem))
        return
    note_handed_over(note.pk, platform=platform.key, reference=reference, by="system")


def write_all_heads() -> None:
    """By the clock: give the heads of every shop a job of their own."""
    for shop_id in Shop.objects.order_by("slug").values_list("pk", flat=True):
        later("rebond.domain.credit_notes.jobs.write_shop_heads", shop_id, shop_id=shop_id)


def write_shop_heads(shop_id: str) -> None:
    """Write the heads of one shop's notes outside the database, and say so where they moved."""
    write_heads_of(CreditNote, UUID(shop_id))


def write_heads_of(chain: type[Chained], shop_id: UUID) -> None:
    """Write the heads of one shop's documents of ``chain``, and say so where they moved."""
    moved = write_heads(heads_now(chain, shop_id, at=now()))
    if moved:
        say_heads(shop_id, as_lines(moved))


@in_lane("heads")
def post_heads(event: HeadsWritten) -> None:
    """Post the heads to the address that the shop named, with no transaction open.

    Anything but an answer of 2xx is tried again, as other work is.
    """
    books = Bookkeeping.objects.filter(shop_id=event.shop_id).first()
    if books is None or not books.heads_url:
        return
    outside_transaction()
    heads = [json.loads(line) for line in event.heads.splitlines()]
    reply = egress.request("POST", books.heads_url, json={"heads": heads})
    if not 200 <= reply.status < 300:
        raise HeadsNotTaken(reply.status)


class HeadsNotTaken(OSError):
    """The other side answered, but not with success."""


def outgoing_of(note: CreditNote, kept: CreditNoteFile) -> Outgoing:
    """The document as a platform takes it."""
    return Outgoing(
        key=str(note.pk),
        shop=note.shop.slug,
        label=note.label,
        issued_on=note.issued_on,
        seller_siren=bare(note.content["seller"].get("siren", "")),
        buyer_siren=note.content["buyer"].get("siren", ""),
        currency=note.currency,
        gross_minor=note.gross_minor,
        pdf=content_of(kept.file),
        xml=content_of(kept.xml) if kept.xml else b"",
    )
