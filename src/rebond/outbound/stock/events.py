"""What is said about telling stock."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class StockLinked(Event):
    """Movements are told to a system of the shop from now on; ``system`` is "" for to none."""

    name = "stock.linked"
    about = "link_id"

    link_id: str
    system: str


@dataclass(frozen=True)
class ReportRefused(Event):
    """The shop's system refused a movement; those behind it at the same place wait."""

    name = "stock.report_refused"
    about = "report_id"

    report_id: str
    location_id: str
    number: int
    code: str


@dataclass(frozen=True)
class ReportLeftOut(Event):
    """Somebody decided that the shop's system does not hear of a movement."""

    name = "stock.report_left_out"
    about = "report_id"

    report_id: str
    location_id: str
    number: int
