"""What happens to a repair. All of it stands in the return's timeline."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutRepair(Event):
    """The return, its number and the repair. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "return_id"

    return_id: str
    number: str
    repair_id: str


@dataclass(frozen=True)
class RepairOpened(_AboutRepair):
    """The claim is accepted: the pieces are waited for."""

    name = "repair.opened"


@dataclass(frozen=True)
class RepairStarted(_AboutRepair):
    """The pieces are here, were looked at, and are on the bench."""

    name = "repair.started"


@dataclass(frozen=True)
class RepairDone(_AboutRepair):
    """The pieces are mended and wait to be sent back."""

    name = "repair.done"


@dataclass(frozen=True)
class RepairFailed(_AboutRepair):
    """The pieces could not be mended: the shopper may choose again."""

    name = "repair.failed"


@dataclass(frozen=True)
class RepairRefused(_AboutRepair):
    """At the inspection the claim was turned down: the pieces go back as they are."""

    name = "repair.refused"


@dataclass(frozen=True)
class RepairSentBack(_AboutRepair):
    """The pieces are on their way back; the guarantee runs at least until the day named."""

    name = "repair.sent_back"

    carrier: str
    tracking_number: str
    guaranteed_until: str


@dataclass(frozen=True)
class RepairMoneyAsked(_AboutRepair):
    """The shopper would rather have the money, as the law lets them."""

    name = "repair.money_asked"


@dataclass(frozen=True)
class RepairTurned(_AboutRepair):
    """Something else comes instead of the repair: ``into`` replacement or refund."""

    name = "repair.turned"

    into: str
    ground: str


@dataclass(frozen=True)
class PriceReduced(Event):
    """A part of the price of faulty goods goes back, and their shopper keeps them."""

    name: ClassVar[str] = "return.price_reduced"
    about: ClassVar[str] = "return_id"

    return_id: str
    number: str
    settlement_id: str
    amount_minor: int
    currency: str
