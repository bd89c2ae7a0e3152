"""Keeps one piece of a file at a time: its sales, its credits as returns and refunds in history.

The uppermost room that a file of orders touches, so its actions commit what several rooms wrote,
together with how far the file is read. A credit is matched to the sales it takes back
(``orders.importing.matching``); what no sale explains is kept without one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rebond.domain.orders.events import OrdersImported
from rebond.domain.orders.importing.documents import (
    BadRow,
    Document,
    Line,
    LineKind,
    Piece,
    Refused,
    part_of,
    rows_in,
)
from rebond.domain.orders.importing.matching import Match
from rebond.domain.orders.importing.memory import Memory
from rebond.domain.orders.importing.rows import (
    LINES,
    LONGEST_TITLE,
    PAYMENTS,
    SalePlanner,
    SaleRows,
)
from rebond.domain.orders.models import ImportRun
from rebond.domain.refunds.models import Refund, Settlement, SettlementLine
from rebond.domain.refunds.states import RefundState
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState, RequestState
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.bulk import BulkTable, Cell, moment
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7

Row = tuple[Cell, ...]

ORIGIN = "import"
CHARGE = "charge"
"""The outcome of a return line that gives back a charge (postage, a discount), not goods."""

RETURNS = BulkTable(
    *(Return, "id", "shop", "number", "number_key", "order", "shopper", "origin"),
    *("request_state", "parcel_state", "inspection_state", "money_state", "language"),
    *("requested_at", "decided_at", "closed_at"),
)
RETURN_LINES = BulkTable(
    *(ReturnLine, "id", "shop", "rma", "position", "order_line", "sku", "title", "quantity"),
    *("outcome", "received_quantity", "accepted_quantity", "credited_minor"),
)
SETTLEMENTS = BulkTable(
    *(Settlement, "id", "shop", "order", "rma", "origin", "currency", "gross_minor"),
    *("tax_minor", "outside_document", "decided_by", "decided_at"),
)
SETTLEMENT_LINES = BulkTable(
    *(SettlementLine, "id", "shop", "settlement", "order_line", "quantity"),
    *("gross_minor", "tax_minor", "taxes"),
)
REFUNDS = BulkTable(
    *(Refund, "id", "shop", "settlement", "payment", "currency", "amount_minor", "state"),
    *("is_outside", "handled_by", "paid_on", "started_at", "settled_at"),
)


class ImportOvertaken(Exception):
    """Another process reads the same file into the same shop, and got further."""


@dataclass
class HistoryRows:
    """Rows of returns and refunds that wait to be written, and what they change in orders."""

    returns: list[Row] = field(default_factory=list)
    return_lines: list[Row] = field(default_factory=list)
    settlements: list[Row] = field(default_factory=list)
    settlement_lines: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    returned: Counter[str] = field(default_factory=Counter)
    refunded: Counter[str] = field(default_factory=Counter)

    def write(self) -> None:
        """Write everything. Call inside an action, after the orders."""
        RETURNS.insert(self.returns)
        RETURN_LINES.insert(self.return_lines)
        SETTLEMENTS.insert(self.settlements)
        SETTLEMENT_LINES.insert(self.settlement_lines)
        REFUNDS.insert(self.refunds)
        LINES.raise_by("returned_quantity", [(n, pk) for pk, n in self.returned.items()])
        PAYMENTS.raise_by("refunded_outside_minor", [(n, pk) for pk, n in self.refunded.items()])


@dataclass
class Chunk:
    """Some pieces of a file, ready to be written in one transaction.

    ``rows_done`` is how far the file is read with them, ``figures`` what was counted so far.
    """

    rows_done: int
    sales: SaleRows = field(default_factory=SaleRows)
    history: HistoryRows = field(default_factory=HistoryRows)
    figures: dict[str, Any] = field(default_factory=dict)
    remarks: list[BadRow] = field(default_factory=list)


@action
def keep_chunk(run: ImportRun, chunk: Chunk) -> None:
    """Write ``chunk`` and how far ``run`` has come with it.

    Raises ``ImportOvertaken`` when somebody else moved the run meanwhile; nothing is written.
    """
    moved = ImportRun.objects.filter(pk=run.pk, rows_done=run.rows_done, is_finished=False).update(
        rows_done=chunk.rows_done, figures=chunk.figures
    )
    if not moved:
        raise ImportOvertaken(run.file_name)
    chunk.sales.write()
    chunk.history.write()
    run.rows_done, run.figures = chunk.rows_done, chunk.figures


@action
def begin_import(shop: Shop, *, fingerprint: str, source: str, file_name: str) -> ImportRun:
    """The run for a file, new or as far as it came before."""
    run, _ = ImportRun.objects.get_or_create(
        shop=shop, fingerprint=fingerprint, defaults={"source": source, "file_name": file_name}
    )
    return run


@action
def finish_import(run: ImportRun, *, by: str) -> None:
    """Say that the file was read to its end; once, however often it is said."""
    finished_at = now()
    if ImportRun.objects.filter(pk=run.pk, is_finished=False).update(
        is_finished=True, finished_at=finished_at
    ):
        figures = run.figures
        event = OrdersImported(
            str(run.pk), run.file_name, figures.get("orders", 0), figures.get("returns", 0)
        )
        record(event, shop_id=run.shop_id, actor=by)
    run.is_finished, run.finished_at = True, finished_at


class Planner:
    """Turns the pieces of one file into chunks, in the order in which they stand."""

    def __init__(self, memory: Memory, returns: set[str], *, source: str) -> None:
        self.memory = memory
        self.returns = returns
        self._sales = SalePlanner(memory, source=source)

    def chunk(self, pieces: Sequence[Piece], *, after: int, figures: dict[str, Any]) -> Chunk:
        """The rows of ``pieces``, which follow row ``after`` of the file."""
        chunk = Chunk(after + sum(map(rows_in, pieces)), figures=dict(figures))
        for piece in pieces:
            if isinstance(piece, Refused):
                self._refuse(piece, chunk)
            elif piece.is_credit:
                self._credit(piece, chunk)
            else:
                self._sale(piece, chunk)
        for remark in chunk.remarks:
            _count(chunk, f"reason:{remark.reason}")
        return chunk

    def _refuse(self, refused: Refused, chunk: Chunk) -> None:
        chunk.remarks += refused.rows
        _count(chunk, "refused_rows", len(refused.rows))
        _sum(chunk, "refused_exact", refused.exact)

    def _sale(self, sale: Document, chunk: Chunk) -> None:
        if sale.number.lower() in self.memory.orders:
            self._refuse(_already(sale, "order_exists"), chunk)
            return
        self._sales.plan(sale, chunk.sales)
        chunk.remarks += sale.remarks
        _count(chunk, "orders")
        _count(chunk, "sale_rows", sale.rows)
        _count(chunk, "sold_minor", sale.total_minor)
        _sum(chunk, "sold_exact", sale.exact)

    def _credit(self, credit: Document, chunk: Chunk) -> None:
        if credit.number.lower() in self.returns:
            self._refuse(_already(credit, "return_exists"), chunk)
            return
        self.returns.add(credit.number.lower())
        _HistoryOfOne(self.memory, self._sales, credit, chunk).plan()
        chunk.remarks += credit.remarks
        _count(chunk, "returns")
        _count(chunk, "credit_rows", credit.rows)
        _count(chunk, "credited_minor", credit.total_minor)
        _sum(chunk, "credited_exact", credit.exact)


class _HistoryOfOne:
    """The return of one credit: its lines, and a settlement for each order it takes from."""

    def __init__(self, memory: Memory, sales: SalePlanner, credit: Document, chunk: Chunk) -> None:
        self.memory = memory
        self.credit = credit
        self.chunk = chunk
        self.rows = chunk.history
        self.at = moment(credit.at)
        self.return_id = uuid7().hex
        self.shopper_id = sales.shopper(credit, chunk.sales) if credit.customer else None
        self.position = 0
        self.taken: dict[str, list[tuple[Match, int]]] = {}

    def plan(self) -> None:
        for line in self.credit.lines:
            if line.kind is LineKind.GOODS:
                self._goods(line)
            else:
                self._line(line, line.quantity, line.total_minor, None, outcome=CHARGE)
        first = next(iter(self.taken.values()))[0][0].order if self.taken else None
        self._return(first.id if first else None, first.shopper_id if first else None)
        for matches in self.taken.values():
            self._settle(matches)

    def _goods(self, line: Line) -> None:
        credit = self.credit
        matches = self.memory.sales.take(
            line.quantity,
            who=f"{credit.currency}:{credit.shopper_key}",
            code=line.code,
            at=credit.at,
            takes_back=credit.takes_back.lower(),
        )
        left, money = line.quantity, line.total_minor
        for match in matches:
            part = part_of(money, match.quantity, left)
            left, money = left - match.quantity, money - part
            self._line(line, match.quantity, part, match)
            self.taken.setdefault(match.order.id, []).append((match, part))
            self.rows.returned[match.line_id] += match.quantity
        if left:
            self._line(line, left, money, None)
        self._say(line, left)

    def _say(self, line: Line, left: int) -> None:
        known = bool(self.credit.customer or self.credit.takes_back)
        facts = {
            "number": self.credit.number,
            "sku": line.sku,
            "quantity": line.quantity,
            "unmatched": left,
        }
        if not known:
            outcome = "credit_without_customer"
        elif not left:
            outcome = ""
        else:
            outcome = "credit_partly_matched" if left < line.quantity else "credit_unmatched"
        if known:
            _count(self.chunk, "credit_lines")
            _count(self.chunk, "credit_lines_matched", int(not left))
        if outcome:
            self.chunk.remarks.append(BadRow(line.row, outcome, facts))

    def _line(
        self, line: Line, quantity: int, money: int, match: Match | None, outcome: str = "refund"
    ) -> None:
        self.position += 1
        known = self.memory.products.get(line.code)
        title = line.title or (known.title if known else "") or line.code
        arrived = 0 if outcome == CHARGE else quantity
        self.rows.return_lines.append(
            (
                *(uuid7().hex, self.memory.shop_id, self.return_id, self.position),
                *(match.line_id if match else None, line.sku, title[:LONGEST_TITLE], quantity),
                *(outcome, arrived, arrived, money),
            )
        )

    def _return(self, order_id: str | None, shopper_id: str | None) -> None:
        number = self.credit.number
        goods = any(line.kind is LineKind.GOODS for line in self.credit.lines)
        self.rows.returns.append(
            (
                *(self.return_id, self.memory.shop_id, number, number.lower(), order_id),
                *(self.shopper_id or shopper_id, ORIGIN, RequestState.CLOSED.value),
                (ParcelState.RECEIVED if goods else ParcelState.NONE).value,
                (InspectionState.COMPLIANT if goods else InspectionState.AWAITING).value,
                *(MoneyState.SUCCEEDED.value, self.memory.language, self.at, self.at, self.at),
            )
        )

    def _settle(self, matches: list[tuple[Match, int]]) -> None:
        order, shop_id = matches[0][0].order, self.memory.shop_id
        settlement_id, gross, taxes = uuid7().hex, 0, 0
        by_line: dict[str, tuple[Match, int, int]] = {}
        for match, money in matches:
            _, pieces, sum_minor = by_line.get(match.line_id, (match, 0, 0))
            by_line[match.line_id] = (match, pieces + match.quantity, sum_minor + money)
        for line_id, (match, pieces, money) in by_line.items():
            tax = part_of(money, match.line_tax_minor, match.line_total_minor)
            gross, taxes = gross + money, taxes + tax
            self.rows.settlement_lines.append(
                (
                    *(uuid7().hex, shop_id, settlement_id, line_id, pieces, money, tax),
                    json.dumps({match.tax_rate: tax}),
                )
            )
        self.rows.settlements.append(
            (
                *(settlement_id, shop_id, order.id, self.return_id, ORIGIN),
                *(self.credit.currency, gross, taxes, self.credit.number, ORIGIN, self.at),
            )
        )
        if gross > 0 and order.payment_id:
            self._refund(settlement_id, order.payment_id, gross)

    def _refund(self, settlement_id: str, payment_id: str, gross: int) -> None:
        self.rows.refunded[payment_id] += gross
        self.rows.refunds.append(
            (
                *(uuid7().hex, self.memory.shop_id, settlement_id, payment_id),
                *(self.credit.currency, gross, RefundState.SUCCEEDED.value, True, ORIGIN),
                *(self.credit.at.date().isoformat(), self.at, self.at),
            )
        )


def returns_of(shop: Shop) -> set[str]:
    """The numbers of the shop's returns, in lower case."""
    return set(Return.objects.filter(shop=shop).values_list("number_key", flat=True).iterator())


def _already(told: Document, reason: str) -> Refused:
    facts = {"number": told.number}
    rows = {line.row: BadRow(line.row, reason, facts) for line in told.lines}
    rows |= {remark.row: remark for remark in told.remarks}
    return Refused(list(rows.values()), told.exact, told.is_credit)


def _count(chunk: Chunk, name: str, by: int = 1) -> None:
    chunk.figures[name] = chunk.figures.get(name, 0) + by


def _sum(chunk: Chunk, name: str, exact: Decimal) -> None:
    chunk.figures[name] = str(Decimal(chunk.figures.get(name, "0")) + exact)
