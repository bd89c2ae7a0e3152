"""The tables of a period: journal, daily totals to report, corrections of the one-stop shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.credit_notes.parties import PRIVATE
from rebond.domain.exchanges.models import SaleDocument
from rebond.kernel.money import exponent_of

JOURNAL = (
    *("refunded_on", "issued_on", "document", "kind", "by_hand", "order", "return", "invoice"),
    *("invoice_date", "buyer_kind", "buyer_country", "currency", "vat_rate", "net", "vat"),
    *("gross", "means", "sha256"),
)
SALES = (
    *("issued_on", "document", "order", "return", "buyer_country", "currency", "vat_rate"),
    *("net", "vat", "gross"),
)
REPORTING = ("day", "category", "vat_rate", "currency", "documents", "net", "vat")
ONE_STOP = (
    *("return_period", "corrected_period", "member_state", "vat_rate", "currency", "net", "vat"),
    *("due_on", "document", "invoice"),
)
GOODS, NOT_TAXED_IN_FRANCE = "TLB1", "TNT1"


def decimal(minor: int, currency: str) -> str:
    """Minor units with a decimal point: 1234 is "12.34" in euros."""
    digits = exponent_of(currency)
    whole, part = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def journal_rows(note: CreditNote) -> Iterator[list[str]]:
    """One row for each rate of a document."""
    content, currency = note.content, note.currency
    kept = next(iter(note.files.all()), None)
    means = "+".join(sorted({part["method"] for part in content["paid_back"]}))
    for row in content["totals"]["by_rate"]:
        yield [
            content.get("refunded_on") or note.issued_on.isoformat(),
            note.issued_on.isoformat(),
            note.label,
            note.kind,
            "" if note.settlement_id else "yes",
            content["order_number"],
            content["return_number"],
            note.invoice_number,
            note.invoice_date.isoformat() if note.invoice_date else "",
            note.buyer_kind,
            content["buyer"].get("country", ""),
            currency,
            row["rate"],
            decimal(row["net_minor"], currency),
            decimal(row["tax_minor"], currency),
            decimal(row["gross_minor"], currency),
            means,
            kept.sha256 if kept else "",
        ]


def sale_rows(note: SaleDocument) -> Iterator[list[str]]:
    """One row for each rate of a document of goods taken in exchange."""
    content, currency = note.content, note.currency
    for row in content["totals"]["by_rate"]:
        yield [
            note.issued_on.isoformat(),
            note.label,
            content["order_number"],
            content["return_number"],
            content["buyer"].get("country", ""),
            currency,
            row["rate"],
            decimal(row["net_minor"], currency),
            decimal(row["tax_minor"], currency),
            decimal(row["gross_minor"], currency),
        ]


def one_stop_rows(note: CreditNote) -> Iterator[list[str]]:
    """One negative row for each rate of a sale that was declared through the one-stop shop.

    Source: Implementing Reg. (EU) 282/2011 art. 61.
    """
    oss = note.content.get("oss")
    if not oss:
        return
    for row in note.content["totals"]["by_rate"]:
        yield [
            oss["return_period"],
            oss["corrected_period"],
            oss["member_state"],
            row["rate"],
            note.currency,
            decimal(-row["net_minor"], note.currency),
            decimal(-row["tax_minor"], note.currency),
            oss["due_on"],
            note.label,
            note.invoice_number,
        ]


@dataclass
class DailyTotals:
    """Sales to private people, in totals for each day, category and rate, without identities.

    Credit notes count negative on the day of their issue, goods taken in exchange positive on the
    day of theirs. Source: CGI 290; ann. II 242 nonies L
    and M; which sign a platform expects is for the platform to say.
    """

    sums: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)

    def add(self, note: CreditNote) -> None:
        """Take ``note`` off, where it is about a sale to a private person."""
        if note.buyer_kind == PRIVATE:
            self._count(note, -1)

    def add_sale(self, note: SaleDocument) -> None:
        """Count goods taken in exchange; their buyers are private people."""
        self._count(note, 1)

    def _count(self, note: CreditNote | SaleDocument, sign: int) -> None:
        """Only sellers in France report."""
        if note.content["seller"].get("country", "") != "FR":
            return
        abroad = note.content["buyer"].get("country") not in {"FR", "MC"}
        for place, row in enumerate(note.content["totals"]["by_rate"]):
            category = NOT_TAXED_IN_FRANCE if abroad or not row["rate"] else GOODS
            key = (note.issued_on.isoformat(), category, row["rate"] or "0", note.currency)
            total = self.sums.setdefault(key, [0, 0, 0])
            total[0] += place == 0
            total[1] += sign * row["net_minor"]
            total[2] += sign * row["tax_minor"]

    def rows(self) -> Iterator[list[str]]:
        """The totals, by day."""
        for (day, category, rate, currency), (many, net, tax) in sorted(self.sums.items()):
            yield [
                day,
                category,
                rate,
                currency,
                str(many),
                decimal(net, currency),
                decimal(tax, currency),
            ]
