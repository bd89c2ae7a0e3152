"""What is said about personal data. No event names the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutRequest(Event):
    """A request of a person about their data. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "request_id"

    request_id: str
    kind: str


@dataclass(frozen=True)
class DataRequestMade(_AboutRequest):
    """Somebody asks for a copy of their data, or for its erasure."""

    name = "data_request.made"

    is_proven: bool


@dataclass(frozen=True)
class DataRequestEnded(_AboutRequest):
    """The copy is ready, the data is erased, or the shop said why not."""

    name = "data_request.ended"

    state: str


@dataclass(frozen=True)
class DataPurged(Event):
    """What had been kept long enough is gone; ``rows`` counts it by kind."""

    name = "data.purged"
    about = "shop_id"

    shop_id: str
    rows: Mapping[str, int]


@dataclass(frozen=True)
class RetentionChanged(Event):
    """The shop keeps a kind of data for another time."""

    name = "retention.changed"
    about = "shop_id"

    shop_id: str
    kind: str
    months: int
