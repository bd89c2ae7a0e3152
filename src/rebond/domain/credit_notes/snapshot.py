"""Puts together what a document says: made once from the order and what is credited of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from rebond.domain.credit_notes.content import (
    AMOUNT,
    CHARGE,
    GOODS,
    Item,
    Totals,
    as_json,
    kept_parts,
    tax_of_part,
)
from rebond.domain.credit_notes.models import Bookkeeping, CreditNoteDraft, DocumentKind, DraftLine
from rebond.domain.credit_notes.parties import (
    EUROPEAN_UNION,
    PRIVATE,
    kind_of_buyer,
    siren_in,
    tax_category,
)
from rebond.domain.credit_notes.room import Standing, Used
from rebond.domain.credit_notes.words import PRINTABLE, say
from rebond.domain.law.topics.oss import TaxPeriod
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.ways import EXCHANGE, Way
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import local_date
from rebond.kernel.money import allocate

QUARTER = 3

Source = OrderLine | OrderCharge


@dataclass(frozen=True)
class Sheet:
    """What a document is about, before it has a number.

    ``sources`` are the order's lines and charges in the order of ``items``. ``paid_back`` names
    what went back and how; it is empty for a note by hand, which moves no money.
    """

    order: Order
    items: list[Item]
    sources: list[Source]
    totals: Totals
    language: str
    reason: str = ""
    return_number: str = ""
    paid_back: list[dict[str, Any]] = field(default_factory=list)
    refunded_on: date | None = None

    @property
    def kind(self) -> DocumentKind:
        """A credit note corrects an invoice; without one it is a refund voucher."""
        if self.order.invoice_number:
            return DocumentKind.CREDIT_NOTE
        return DocumentKind.REFUND_VOUCHER


def items_of_settlement(
    settlement: Settlement, standing: Standing
) -> tuple[list[Item], list[Source]]:
    """The positions of a settlement, in the order of the sale, and what they are of."""
    items: list[Item] = []
    sources: list[Source] = []
    for line in sorted(settlement.lines.all(), key=lambda line: line.order_line.position):
        bought = line.order_line
        taxes = line.taxes or {"": 0}
        if not settlement.kept_minor:
            taxes = _residual(bought, line.gross_minor, taxes, standing)
        items.append(
            Item(
                bought.title,
                bought.sku,
                line.quantity,
                line.gross_minor,
                taxes,
                kind=GOODS if line.quantity else AMOUNT,
                source=str(bought.pk),
            )
        )
        sources.append(bought)
    for part in settlement.charges.all():
        charge = part.charge
        items.append(
            Item(
                charge.title,
                "",
                1,
                part.gross_minor,
                {charge.tax_rate: part.tax_minor},
                kind=CHARGE,
                source=str(charge.pk),
            )
        )
        sources.append(charge)
    if not items:
        return _spread(settlement, standing)
    return items, sources


def _spread(settlement: Settlement, standing: Standing) -> tuple[list[Item], list[Source]]:
    """An amount that was paid for nothing in particular, spread over what is left of the sale."""
    sources = sources_of(settlement.order)
    used = {source.pk: standing.used(source.pk, with_promised=False) for source in sources}
    left = [max(0, price_of(source) - used[source.pk].gross_minor) for source in sources]
    parts = allocate(settlement.gross_minor + settlement.kept_minor, left)
    items, kept = [], []
    for source, part in zip(sources, parts, strict=True):
        if not part:
            continue
        taxes = tax_after(used[source.pk], source, part)
        items.append(Item(source.title, "", 1, part, taxes, AMOUNT, str(source.pk)))
        kept.append(source)
    return items, kept


def _residual(
    bought: OrderLine, gross_minor: int, taxes: Mapping[str, int], standing: Standing
) -> Mapping[str, int]:
    """The credit that completes a line takes the tax that is left, so that all sum to the invoice.

    Other credits of the line may have been rounded by hand in between.
    """
    used = standing.used(bought.pk, with_promised=False)
    if not used.gross_minor or used.gross_minor + gross_minor != bought.total_minor:
        return taxes
    left = {rate: tax - used.taxes.get(rate, 0) for rate, tax in stored_taxes(bought).items()}
    is_plain = set(left) == set(taxes) and all(0 <= tax <= gross_minor for tax in left.values())
    return left if is_plain else taxes


def items_of_draft(
    lines: Sequence[DraftLine], standing: Standing
) -> tuple[list[Item], list[Source]]:
    """The positions of a draft, with the tax that the sale stored, and what they are of."""
    items: list[Item] = []
    sources: list[Source] = []
    for line in lines:
        source: Source | None = line.order_line or line.charge
        assert source is not None
        used = standing.used(source.pk, with_promised=True)
        taxes = tax_after(used, source, line.gross_minor)
        kind = CHARGE if line.charge_id else (GOODS if line.quantity else AMOUNT)
        quantity = line.quantity if kind == GOODS else 1
        sku = source.sku if isinstance(source, OrderLine) else ""
        items.append(
            Item(source.title, sku, quantity, line.gross_minor, taxes, kind, str(source.pk))
        )
        sources.append(source)
    return items, sources


def sources_of(order: Order) -> list[Source]:
    """The lines and charges of a sale, as they stand on its invoice."""
    return [*order.lines.order_by("position"), *order.charges.order_by("position")]


def stored_taxes(source: Source) -> dict[str, int]:
    """The tax of a line or charge by rate, as it was sold."""
    if isinstance(source, OrderCharge):
        return {source.tax_rate: source.tax_minor}
    found: dict[str, int] = {}
    for tax in source.taxes:
        rate = str(tax.get("rate") or "")
        found[rate] = found.get(rate, 0) + int(tax.get("total_minor") or 0)
    return found or {"": 0}


def tax_after(used: Used, source: Source, part_minor: int) -> dict[str, int]:
    """The tax by rate of the next ``part_minor`` of a line or charge, after what is ``used``."""
    return tax_of_part(
        stored_taxes(source),
        price_of(source),
        before_minor=used.gross_minor,
        before=used.taxes,
        part_minor=part_minor,
    )


def price_of(source: Source) -> int:
    """What was charged for a line or charge."""
    return source.total_minor if isinstance(source, OrderLine) else source.amount_minor


def language_for(order: Order, wanted: str) -> str:
    """The customer's own language where documents speak it, else ``wanted``, else the shop's."""
    for language in (order.shopper.language, wanted, order.shop.language):
        plain = (language or "").partition("-")[0].lower()
        if plain in PRINTABLE:
            return plain
    return PRINTABLE[0]


def sent(settlement: Settlement) -> list[Refund]:
    """The refunds of the settlement whose money is on its way."""
    return [r for r in settlement.refunds.all() if r.state == RefundState.SUCCEEDED]


def paid_back(settlement: Settlement) -> list[dict[str, Any]]:
    """What went back, how, and under which reference."""
    return [
        {
            "method": _method(refund),
            "amount_minor": refund.amount_minor,
            "reference": refund.provider_reference,
        }
        for refund in sent(settlement)
    ]


def _method(refund: Refund) -> str:
    """How the money went: another way than the payment's where the shopper agreed to it."""
    own = refund.provider == refund.payment.provider and not refund.destination
    other = {Way.STORE_CREDIT, Way.GIFT_CARD, Way.BANK, EXCHANGE}
    if not own and refund.provider in other:
        return refund.provider
    return refund.payment.method if own else Way.BANK.value


def refunded_on(settlement: Settlement, zone: str) -> date | None:
    """The day on which the last of the money went."""
    days = [
        refund.paid_on or local_date(refund.settled_at, zone)
        for refund in sent(settlement)
        if refund.settled_at is not None
    ]
    return max(days, default=None)


def draft_language(draft: CreditNoteDraft) -> str:
    """The language that the draft was written in."""
    return draft.language if draft.language in PRINTABLE else PRINTABLE[0]


def content_of(sheet: Sheet, *, issued_on: date, books: Bookkeeping | None) -> dict[str, Any]:
    """Everything that is printed, except number and moment, which are taken at the issue."""
    order, shop, shopper = sheet.order, sheet.order.shop, sheet.order.shopper
    seller, buyer = seller_of(shop), buyer_of(shopper, order)
    buyer_kind = kind_of_buyer(
        seller_country=shop.country,
        country=buyer["country"],
        postcode=shopper.postcode,
        vat_number=shopper.vat_number,
        is_business=shopper.is_business,
    )
    rates = {row.rate for row in sheet.totals.by_rate}
    rates |= {part.rate for item in sheet.items for part in item.parts}
    delivered = order.deliveries.exclude(delivered_on=None).order_by("position").first()
    return {
        "format": 2,
        "kind": sheet.kind.value,
        "currency": order.currency,
        "language": sheet.language,
        "seller": seller,
        "buyer": buyer,
        "buyer_kind": buyer_kind,
        "order_number": order.number,
        "return_number": sheet.return_number,
        "invoice_number": order.invoice_number,
        "invoice_date": order.invoice_date.isoformat() if order.invoice_date else "",
        "sold_on": local_date(order.ordered_at, shop.time_zone).isoformat(),
        "delivered_on": delivered.delivered_on.isoformat()
        if delivered and delivered.delivered_on
        else "",
        "refunded_on": sheet.refunded_on.isoformat() if sheet.refunded_on else "",
        "reason": sheet.reason,
        "items": [as_row(item) for item in sheet.items],
        "kept": [asdict(part) for part in kept_parts(sheet.items, sheet.totals)],
        "kept_label": say("Kept", sheet.language),
        "totals": as_json(sheet.totals),
        "tax_categories": {
            rate: tax_category(
                rate,
                seller=seller,
                buyer_country=buyer["country"],
                buyer_vat=shopper.vat_number,
            )
            for rate in sorted(rates)
        },
        "oss": _one_stop_shop(sheet, buyer_kind, buyer["country"], issued_on, books),
        "paid_back": sheet.paid_back,
        "derived": [name for name in order.derived if name in {"vat", "invoice"}],
    }


def seller_of(shop: Shop) -> dict[str, Any]:
    """The seller as documents name it."""
    return {"name": shop.name, "email": shop.email, "country": shop.country, **shop.legal}


def buyer_of(shopper: Shopper, order: Order) -> dict[str, Any]:
    """The buyer of ``order`` as documents name them."""
    return {
        "name": shopper.name or shopper.email,
        "address": list(shopper.address),
        "country": shopper.country or order.country,
        "vat_number": shopper.vat_number,
        "siren": siren_in(shopper.vat_number),
    }


def as_row(item: Item) -> dict[str, Any]:
    """A position as it is kept in a document."""
    return {
        "title": item.title,
        "sku": item.sku,
        "quantity": item.quantity,
        "kind": item.kind,
        "source": item.source,
        "net_minor": item.net_minor,
        "tax_by_rate": dict(item.tax_by_rate),
        "parts": [asdict(part) for part in item.parts],
        "gross_minor": item.gross_minor,
    }


def _one_stop_shop(
    sheet: Sheet, buyer_kind: str, country: str, issued_on: date, books: Bookkeeping | None
) -> dict[str, str] | None:
    """Where the VAT of a sale declared through the one-stop shop is corrected; None for others.

    Source: Implementing Reg. (EU) 282/2011 art. 61: in the return of the quarter of the
    correction, by member state and period of the sale.
    """
    shop = sheet.order.shop
    goes_there = sheet.order.country or country
    is_distance_sale = (
        buyer_kind == PRIVATE
        and goes_there in EUROPEAN_UNION
        and shop.country in EUROPEAN_UNION
        and goes_there != shop.country
    )
    if books is None or not books.is_oss or not is_distance_sale:
        return None
    sold = TaxPeriod.containing(local_date(sheet.order.ordered_at, shop.time_zone), months=QUARTER)
    corrected_in = TaxPeriod.containing(issued_on, months=QUARTER)
    return {
        "member_state": goes_there,
        "corrected_period": sold.name,
        "return_period": corrected_in.name,
        "due_on": corrected_in.due_on.isoformat(),
    }
