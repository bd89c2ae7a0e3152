"""What happens to an exchange. All of it stands in the return's timeline."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ExchangeAgreed(Event):
    """Shopper and shop agreed on other goods; the pieces are held in stock."""

    name = "exchange.agreed"
    about = "return_id"

    return_id: str
    exchange_id: str
    goods: str
    expires_on: str


@dataclass(frozen=True)
class DifferenceDue(Event):
    """The new goods cost more than what comes back: the shopper owes the difference."""

    name = "exchange.difference_due"
    about = "return_id"

    return_id: str
    exchange_id: str
    due_minor: int
    currency: str


@dataclass(frozen=True)
class DifferenceSettled(Event):
    """The difference was paid, or the shop let it go (``way`` "waived")."""

    name = "exchange.difference_settled"
    about = "return_id"

    return_id: str
    exchange_id: str
    due_minor: int
    currency: str
    way: str


@dataclass(frozen=True)
class ExchangeReleased(Event):
    """The return has paid for the goods: their order is there to be sent."""

    name = "exchange.released"
    about = "return_id"

    return_id: str
    exchange_id: str
    order_id: str
    order_number: str
    goods: str


@dataclass(frozen=True)
class ExchangeEnded(Event):
    """No goods after all: the time is over, or somebody called it off. The money goes back."""

    name = "exchange.ended"
    about = "return_id"

    return_id: str
    exchange_id: str
    why: str


@dataclass(frozen=True)
class SaleDocumented(Event):
    """The sale of the new goods has its numbered document."""

    name = "exchange.documented"
    about = "order_id"

    order_id: str
    document_id: str
    label: str
    gross_minor: int
    currency: str
