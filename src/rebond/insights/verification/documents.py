"""The promises about documents: dense, chained, within their invoice. See `promises.py`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum, Window
from django.db.models.functions import Lag

from rebond.domain.audit.models import SERIES as AUDIT
from rebond.domain.credit_notes.content import hash_of
from rebond.domain.credit_notes.heads import written_heads
from rebond.domain.credit_notes.models import (
    CreditNote,
    CreditNoteLine,
    CreditRoom,
    Transmission,
    WithoutDocument,
)
from rebond.domain.credit_notes.parties import FRENCH_BUSINESS
from rebond.domain.exchanges.models import SaleDocument
from rebond.domain.orders.models import OrderCharge, OrderLine
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.insights.verification.marks import BEGINNING, Mark, Series, marks, set_marks
from rebond.insights.verification.table import Breaches, promise, sum_of
from rebond.kernel.models import Counter, Event, Job

DOCUMENT_JOB = "rebond.domain.credit_notes.jobs.document_settlement"


@promise("I12", "documents are numbered without a gap, in the order in which they were issued")
def dense_numbers() -> Breaches:
    """Every series counts 1, 2, 3 … up to its counter, and the clock never runs back in it."""
    found = CreditNote.objects.values("shop_id", "series").annotate(
        many=Count("id"), first=Min("number"), last=Max("number")
    )
    last_of = {}
    for row in found.order_by().iterator():
        last_of[(row["shop_id"], f"document:{row['series']}")] = row["last"]
        if row["many"] != row["last"] or row["first"] != 1:
            yield f"series {row['series']}: {row['many']} documents, last number {row['last']}"
    for counter in Counter.objects.filter(series__startswith="document:").iterator():
        last = last_of.pop((counter.shop_id, counter.series), 0)
        if counter.last != last:
            yield f"series {counter.series}: counter {counter.last}, last document {last}"
    for (shop, series), last in last_of.items():
        yield f"series {series} of shop {shop}: documents up to {last}, but no counter"
    yield from _out_of_order()


def _out_of_order() -> Breaches:
    def of_last(name: str) -> Window:
        chain = [F("shop"), F("series")]
        return Window(Lag(name), partition_by=chain, order_by=F("number").asc())

    notes = CreditNote.objects.annotate(before_at=of_last("issued_at"), before=of_last("label"))
    late = notes.filter(issued_at__lt=F("before_at")).values_list("pk", "label", "before")
    for pk, label, before in late.iterator():
        yield f"document {label} ({pk}): issued before {before}"


@promise("I13", "every refund has its document, and no document says more than its invoice")
def documents() -> Breaches:
    """A settlement whose money went has one document of its amount, or a visible job for it.

    Where another document credits the same already, somebody said so.
    """
    sent = sum_of(
        Refund.objects.filter(
            shop=OuterRef("shop"), settlement=OuterRef("pk"), state=RefundState.SUCCEEDED
        ),
        "settlement",
        "amount_minor",
    )
    left = WithoutDocument.objects.filter(shop=OuterRef("shop"), settlement=OuterRef("pk"))
    missing = (
        Settlement.objects.exclude(origin="import")
        .filter(~Exists(left), credit_notes=None, gross_minor__gt=0)
        .annotate(sent=sent)
        .filter(sent__gte=F("gross_minor"))
    )
    for settlement in missing.iterator():
        if not _is_coming(settlement):
            yield f"settlement {settlement.pk}: paid, but no document and no job that makes one"
    both = WithoutDocument.objects.filter(settlement__credit_notes__isnull=False)
    for row in both.iterator():
        yield f"settlement {row.settlement_id}: has a document and a reason for having none"
    differing = CreditNote.objects.exclude(settlement=None).exclude(
        gross_minor=F("settlement__gross_minor"), currency=F("settlement__currency")
    )
    for note in differing.iterator():
        yield f"document {note.label} ({note.pk}): {note.gross_minor} is not its settlement's sum"
    yield from _lines_unlike_documents()
    yield from _beyond_invoice()


def _lines_unlike_documents() -> Breaches:
    """The one set of lines of a document sums to it."""
    lines = CreditNoteLine.objects.filter(shop=OuterRef("shop"), credit_note=OuterRef("pk"))
    wrong = CreditNote.objects.annotate(
        lines_gross=sum_of(lines, "credit_note", "gross_minor"),
        lines_tax=sum_of(lines, "credit_note", "tax_minor"),
    ).exclude(gross_minor=F("lines_gross"), tax_minor=F("lines_tax"))
    for note in wrong.iterator():
        yield (
            f"document {note.label} ({note.pk}): {note.gross_minor} with tax {note.tax_minor}, "
            f"lines {note.lines_gross} with tax {note.lines_tax}"
        )
    strange = CreditNoteLine.objects.exclude(
        Q(order_line__order=F("credit_note__order")) | Q(charge__order=F("credit_note__order"))
    )
    for line in strange.iterator():
        yield f"line {line.pk} of document {line.credit_note_id}: of another order"


def _beyond_invoice() -> Breaches:
    over = (
        CreditNote.objects.values("order")
        .annotate(credited=Sum("gross_minor"), cost=Max("order__total_minor"))
        .filter(credited__gt=F("cost"))
    )
    for row in over.order_by().iterator():
        yield f"order {row['order']}: credited {row['credited']}, cost {row['cost']}"
    yield from _beyond_price(OrderLine, "order_line", "total_minor")
    yield from _beyond_price(OrderCharge, "charge", "amount_minor")
    yield from _miscounted()


def _beyond_price(model: type[OrderLine | OrderCharge], name: str, cost: str) -> Breaches:
    of_row = CreditNoteLine.objects.filter(shop=OuterRef("shop"), **{name: OuterRef("pk")})
    sums = model.objects.filter(Exists(of_row)).annotate(
        credited=sum_of(of_row, name, "gross_minor")
    )
    wrong = sums.filter(credited__gt=F(cost), **{f"{cost}__gte": 0})
    for pk, price, credited in wrong.values_list("pk", cost, "credited").iterator():
        yield f"{name} {pk}: cost {price}, credited {credited}"


def _miscounted() -> Breaches:
    """The counters that decide are the sums of what was credited."""
    notes = sum_of(
        CreditNote.objects.filter(shop=OuterRef("shop"), order=OuterRef("order")),
        "order",
        "gross_minor",
    )
    lines = sum_of(
        CreditNoteLine.objects.filter(shop=OuterRef("shop"), order_line=OuterRef("order_line")),
        "order_line",
        "gross_minor",
    )
    charges = sum_of(
        CreditNoteLine.objects.filter(shop=OuterRef("shop"), charge=OuterRef("charge")),
        "charge",
        "gross_minor",
    )
    whole = CreditRoom.objects.filter(order_line=None, charge=None).annotate(found=notes)
    of_lines = CreditRoom.objects.exclude(order_line=None).annotate(found=lines)
    of_charges = CreditRoom.objects.exclude(charge=None).annotate(found=charges)
    for rows in (whole, of_lines, of_charges):
        for room in rows.exclude(credited_minor=F("found")).iterator():
            yield f"counter {room.pk}: says {room.credited_minor}, credited {room.found}"


def _from_the_marks() -> Breaches:
    return _chains(_standing(marks()))


@promise("I13b", "no document was changed after it was issued", resume=_from_the_marks)
def unbroken_chain() -> Breaches:
    """Each document's hash is that of its content and of the document before it, and its columns
    say what its content says.
    """
    return _chains({})


def _chains(known: Mapping[Series, Mark]) -> Breaches:
    """Walk each chain from its mark, and set the marks anew where nothing was found."""
    is_sound, ends = True, dict(known)
    every = CreditNote.objects.order_by().values_list("shop_id", "series").distinct()
    for shop, series in sorted(every):
        number, head = known.get((str(shop), series), BEGINNING)
        notes = CreditNote.objects.filter(shop_id=shop, series=series, number__gt=number)
        for note in notes.order_by("number").iterator():
            found = list(_out_of_place(note, head))
            yield from found
            is_sound = is_sound and not found
            number, head = note.number, note.hash
        ends[(str(shop), series)] = Mark(number, head)
    if is_sound:
        set_marks(ends)


def _standing(known: Mapping[Series, Mark]) -> dict[Series, Mark]:
    """The marks whose document is still there with its hash; the other chains are walked whole."""
    return {
        (shop, series): mark
        for (shop, series), mark in known.items()
        if CreditNote.objects.filter(
            shop_id=shop, series=series, number=mark.number, hash=mark.hash
        ).exists()
    }


def _out_of_place(note: CreditNote, previous: str) -> Breaches:
    if note.hash != hash_of(previous, note.content) or note.previous_hash != previous:
        yield f"document {note.label} ({note.pk}): its content or its place was changed"
    if not _is_as_written(note):
        yield f"document {note.label} ({note.pk}): its columns are not its content"


def _is_as_written(note: CreditNote) -> bool:
    content, totals = note.content, note.content["totals"]
    return (
        (content["label"], content["kind"], content["currency"])
        == (note.label, note.kind, note.currency)
        and content["issued_on"] == note.issued_on.isoformat()
        and content["invoice_number"] == note.invoice_number
        and (totals["net_minor"], totals["tax_minor"], totals["gross_minor"])
        == (note.net_minor, note.tax_minor, note.gross_minor)
        and note.label == f"{note.series}-{note.number:06d}"
    )


@promise("I13c", "the chains still hold the heads that were written outside the database")
def heads_hold() -> Breaches:
    """The document of each head that was ever written stands in its chain with the same hash."""
    heads = [head for head in written_heads() if head.series != AUDIT]
    heads.sort(key=lambda head: (head.shop_id, head.series))
    for (shop, series), written in groupby(heads, key=lambda head: (head.shop_id, head.series)):
        found = {
            number: hashed
            for chain in (CreditNote, SaleDocument)
            for number, hashed in chain.objects.filter(shop_id=shop, series=series)
            .values_list("number", "hash")
            .iterator()
        }
        for head in written:
            if head.number not in found:
                yield f"document {head.label} of {head.shop}: was there on {head.at}, and is gone"
            elif found[head.number] != head.hash:
                yield f"document {head.label} of {head.shop}: chain rewritten since {head.at}"


@promise("I13d", "a document between businesses in France is on its way to a platform")
def transmissions() -> Breaches:
    """Each such credit note has its row; the document is never only mailed."""
    way = Transmission.objects.filter(shop=OuterRef("shop"), credit_note=OuterRef("pk"))
    forgotten = CreditNote.objects.filter(
        ~Exists(way), buyer_kind=FRENCH_BUSINESS, kind="credit_note"
    )
    for note in forgotten.iterator():
        yield f"document {note.label} ({note.pk}): between businesses, but not to be transmitted"


def _is_coming(settlement: Settlement) -> bool:
    """Whether a reaction that makes the document waits, or was laid aside where people see it."""
    events = Event.objects.filter(
        shop_id=settlement.shop_id,
        subject=settlement.rma_id or settlement.order_id,
        name="refund.succeeded",
        payload__settlement_id=str(settlement.pk),
    ).values_list("pk", flat=True)
    return Job.objects.filter(key__in=[f"{event}:{DOCUMENT_JOB}" for event in events]).exists()
