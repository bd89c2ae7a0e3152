"""What is said about goods that never arrived. All stand on the timeline of their order."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutReport(Event):
    """The report. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "order_id"

    order_id: str
    report_id: str
    number: str


@dataclass(frozen=True)
class NonDeliveryReported(_AboutReport):
    """Somebody says that ``quantity`` pieces of the order have not arrived."""

    name = "non_delivery.reported"

    quantity: int


@dataclass(frozen=True)
class NonDeliveryAnswered(_AboutReport):
    """What became of ``quantity`` pieces; ``kind`` as in ``states.AnswerKind``."""

    name = "non_delivery.answered"

    answer_id: str
    kind: str
    quantity: int


@dataclass(frozen=True)
class ContractTerminated(_AboutReport):
    """The customer waits no longer; ``ground`` as in ``states.EndGround``."""

    name = "non_delivery.terminated"

    ground: str


@dataclass(frozen=True)
class RefusalContested(_AboutReport):
    """The customer does not accept that their report was refused."""

    name = "non_delivery.contested"
