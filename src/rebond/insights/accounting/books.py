"""Documents as entries in the books: which account, debit or credit; every entry balances.  (pure)

Source: plan comptable général (règlement ANC 2014-03); LPF art. A47 A-1 for the columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

USUAL_ACCOUNTS: dict[str, tuple[str, str]] = {
    "sales": ("707", "Ventes de marchandises"),
    "allowances": ("709", "Rabais, remises et ristournes accordés"),
    "shipping": ("7085", "Ports et frais accessoires facturés"),
    "vat": ("44571", "TVA collectée"),
    "customers": ("411", "Clients"),
    "refunds": ("467", "Autres comptes débiteurs ou créditeurs"),
    "store_credit": ("4197", "Clients, autres avoirs"),
}
"""Which account stands for what, and its name, where the accountant named no other."""

JOURNALS = {"AV": "Avoirs", "RB": "Remboursements", "FE": "Ventes par échange"}
EXCHANGE = "exchange"
"""Means by which no money moves: credit and sale meet at the customer's account."""
COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
"""The eighteen columns of the French file of entries, in their order."""

OWN_CREDIT = {"store_credit", "gift_card"}
Make = Callable[[tuple[str, str], int], Iterable["Entry"]]
ACCOUNT = re.compile(r"[0-9A-Za-z]{3,20}")


@dataclass(frozen=True)
class BookedLine:
    """What of a document is credited for one line: ``kind`` is goods, charge or amount."""

    kind: str
    gross_minor: int
    taxes: Mapping[str, int]


@dataclass(frozen=True)
class Document:
    """A document as the books see it. ``paid`` is how much went back by which means.

    ``customer`` is the order's number: no name leaves with the entries.
    """

    label: str
    issued_on: date
    refunded_on: date | None
    customer: str
    lines: Sequence[BookedLine]
    paid: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Entry:
    """One line of the books; one of the two amounts is zero, both are minor units."""

    journal: str
    number: str
    day: date
    account: str
    account_name: str
    piece: str
    piece_day: date
    words: str
    customer: str
    debit_minor: int
    credit_minor: int


def account_of(name: str, own: Mapping[str, str]) -> tuple[str, str]:
    """The number and the name of an account: the accountant's own, or the usual one."""
    number, words = USUAL_ACCOUNTS[name]
    return own.get(name) or number, words


def entries_of(document: Document, own: Mapping[str, str]) -> list[Entry]:
    """The entries of a document and of the money that went with it.

    The credit note debits sales and VAT and credits the customer; the refund debits the customer
    and credits the means. Each balances by itself.
    """
    return [*_credit_note(document, own), *_refund(document, own)]


def _credit_note(document: Document, own: Mapping[str, str]) -> Iterable[Entry]:
    net: dict[str, int] = {}
    tax: dict[str, int] = {}
    for line in document.lines:
        name = {"charge": "shipping", "amount": "allowances"}.get(line.kind, "sales")
        net[name] = net.get(name, 0) + line.gross_minor - sum(line.taxes.values())
        for rate, part in line.taxes.items():
            tax[rate] = tax.get(rate, 0) + part
    gross = sum(net.values()) + sum(tax.values())
    words = f"Avoir {document.label}"
    make = _maker("AV", document.label, document.issued_on, document, words)
    for name, amount in net.items():
        yield from make(account_of(name, own), amount)
    for rate, amount in sorted(tax.items()):
        number, called = account_of("vat", own)
        yield from make(
            (number, f"{called} {float(Fraction(rate) * 100):g} %" if rate else called), amount
        )
    yield from make(account_of("customers", own), -gross)


def sale_entries(document: Document, own: Mapping[str, str]) -> list[Entry]:
    """The entries of goods that were taken in exchange: the customer owes, sales and VAT rise."""
    words = f"Facture {document.label}"
    make = _maker("FE", document.label, document.issued_on, document, words)
    tax: dict[str, int] = {}
    for line in document.lines:
        for rate, part in line.taxes.items():
            tax[rate] = tax.get(rate, 0) + part
    gross = sum(line.gross_minor for line in document.lines)
    found = [*make(account_of("customers", own), gross)]
    found += make(account_of("sales", own), sum(tax.values()) - gross)
    number, called = account_of("vat", own)
    for rate, amount in sorted(tax.items()):
        found += make((number, f"{called} {float(Fraction(rate) * 100):g} %"), -amount)
    return found


def _refund(document: Document, own: Mapping[str, str]) -> Iterable[Entry]:
    paid = [(means, amount) for means, amount in document.paid if means != EXCHANGE]
    if not paid:
        return
    day = document.refunded_on or document.issued_on
    words = f"Remboursement {document.label}"
    make = _maker("RB", f"RB-{document.label}", day, document, words)
    yield from make(account_of("customers", own), sum(part for _, part in paid))
    for means, amount in paid:
        yield from make(
            account_of("store_credit" if means in OWN_CREDIT else "refunds", own), -amount
        )


def _maker(journal: str, number: str, day: date, document: Document, words: str) -> Make:
    def make(account: tuple[str, str], amount: int) -> Iterable[Entry]:
        """Positive amounts are debits. Nothing is written for nothing."""
        if amount:
            yield Entry(
                journal=journal,
                number=number,
                day=day,
                account=account[0],
                account_name=account[1],
                piece=document.label,
                piece_day=document.issued_on,
                words=f"{words} {document.customer}".strip(),
                customer=document.customer,
                debit_minor=max(amount, 0),
                credit_minor=max(-amount, 0),
            )

    return make


def row_of(entry: Entry, *, currency: str, digits: int, customer_account: str) -> list[str]:
    """The eighteen fields of ``entry``. Decimals stand behind a comma, days as YYYYMMDD."""
    is_customer = entry.account == customer_account
    return [
        entry.journal,
        JOURNALS[entry.journal],
        entry.number,
        f"{entry.day:%Y%m%d}",
        entry.account,
        entry.account_name,
        entry.customer if is_customer else "",
        f"Commande {entry.customer}" if is_customer else "",
        entry.piece,
        f"{entry.piece_day:%Y%m%d}",
        entry.words,
        comma(entry.debit_minor, digits),
        comma(entry.credit_minor, digits),
        "",
        "",
        f"{entry.day:%Y%m%d}",
        "" if currency == "EUR" else comma(entry.debit_minor - entry.credit_minor, digits),
        "" if currency == "EUR" else currency,
    ]


def comma(minor: int, digits: int) -> str:
    """Minor units with a decimal comma: 1234 is "12,34"."""
    whole, part = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole},{part:0{digits}d}" if digits else f"{sign}{whole}"
