"""What is said of returns without a receipt."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class NoReceiptFiled(Event):
    """Goods came without a receipt, and a person has to decide."""

    name = "no_receipt.filed"
    about = "no_receipt_id"

    no_receipt_id: str
    number: str
    sku: str
    pieces: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class NoReceiptPaid(Event):
    """The customer has store credit for them."""

    name = "no_receipt.paid"
    about = "no_receipt_id"

    no_receipt_id: str
    number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class NoReceiptDeclined(Event):
    """The shop does not take them."""

    name = "no_receipt.declined"
    about = "no_receipt_id"

    no_receipt_id: str
    number: str
