"""What an order says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class OrderEntered(Event):
    """The shop told us of one order."""

    name = "order.entered"
    about = "order_id"

    order_id: str
    number: str


@dataclass(frozen=True)
class OrdersImported(Event):
    """A file of orders was read to its end."""

    name = "orders.imported"
    about = "import_id"

    import_id: str
    file_name: str
    orders: int
    returns: int
