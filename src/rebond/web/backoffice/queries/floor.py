"""What the receiving desk and the warehouse's home show, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import InspectionState, RequestState
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions.parcels import is_expected
from rebond.domain.warehouse.actions.scanning import current_return, unbooked
from rebond.domain.warehouse.kinds import Heard, UnitState
from rebond.domain.warehouse.models import LooseParcel, Receipt, Scan, Unit
from rebond.domain.warehouse.queries import parcels_to_file
from rebond.kernel.clock import now, today

DAYS = 7
MOST_SHOWN = 20
WIDTH, HEIGHT = 280, 80


@dataclass(frozen=True)
class Row:
    """A line of the open return: pieces announced, booked in, and scanned just now."""

    line: ReturnLine
    here: int

    @property
    def counted(self) -> int:
        """Pieces that are here, booked in or not."""
        return self.line.received_quantity + self.here

    @property
    def missing(self) -> int:
        """Pieces that were not seen yet."""
        return self.line.quantity - self.counted


@dataclass(frozen=True)
class Bench:
    """What lies on the bench of one station. ``odd`` are pieces that do not belong,
    ``others`` the returns that came in the same parcel and are still expected."""

    rma: Return | None
    rows: list[Row]
    odd: list[Scan]
    others: list[Return] = field(default_factory=list)

    @property
    def is_untouched(self) -> bool:
        """Whether no piece was scanned that is not booked in."""
        return not self.odd and not any(row.here for row in self.rows)


def bench_of(shop: Shop, station: str) -> Bench:
    """The open return of ``station``; nothing where none is open."""
    rma = current_return(shop.pk, station)
    if rma is None:
        return Bench(None, [], [])
    here = unbooked(rma)
    rows = [Row(line, here[line.pk]) for line in rma.lines.order_by("position")]
    odd = Scan.objects.filter(
        shop=shop, rma=rma, receipt=None, heard__in=[Heard.EXTRA, Heard.WRONG_ITEM]
    )
    others = [one for one in companions_of(rma) if is_expected(one)]
    return Bench(rma, rows, list(odd.order_by("id")), others)


@dataclass(frozen=True)
class Bar:
    """One day of a drawing of ``WIDTH`` by ``HEIGHT``, with its number."""

    day: date
    parcels: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Home:
    """What waits in the warehouse."""

    arrivals: list[Receipt]
    arrived_today: int
    to_inspect: list[Return]
    inspect_count: int
    unbooked: list[str]
    loose: list[LooseParcel]
    loose_count: int
    to_file: list[LooseParcel]
    states: Counter[str]
    days: list[Bar]


def home_of(shop: Shop) -> Home:
    """All that waits in ``shop``, twenty of each at most, with how many there are."""
    zone = ZoneInfo(shop.time_zone)
    day = today(shop.time_zone)
    receipts = Receipt.objects.filter(shop=shop, at__gte=now() - timedelta(days=DAYS + 1))
    arrived = Counter(at.astimezone(zone).date() for at in receipts.values_list("at", flat=True))
    waiting = Return.objects.filter(
        shop=shop,
        request_state=RequestState.APPROVED,
        inspection_state=InspectionState.RECEIVED,
    )
    loose = LooseParcel.objects.filter(shop=shop, matched_at=None)
    states = Unit.objects.filter(
        shop=shop, state__in=[UnitState.WAITING, UnitState.IN_WORK, UnitState.QUARANTINE]
    )
    return Home(
        arrivals=list(receipts.select_related("rma").order_by("-at")[:5]),
        arrived_today=arrived[day],
        to_inspect=list(waiting.order_by("requested_at", "id")[:MOST_SHOWN]),
        inspect_count=waiting.count(),
        unbooked=_unbooked(shop),
        loose=list(loose.order_by("at", "id")[:MOST_SHOWN]),
        loose_count=loose.count(),
        to_file=parcels_to_file(shop, most=MOST_SHOWN),
        states=Counter(states.values_list("state", flat=True)),
        days=_bars([(day - timedelta(days=ago), arrived) for ago in reversed(range(DAYS))]),
    )


def _unbooked(shop: Shop) -> list[str]:
    """Numbers of returns whose pieces were scanned by somebody who did not book them in."""
    scans = Scan.objects.filter(shop=shop, receipt=None, heard=Heard.PIECE)
    numbers = scans.order_by("rma__number").values_list("rma__number", flat=True)
    return [number for number in numbers.distinct()[:MOST_SHOWN] if number is not None]


def _bars(days: list[tuple[date, Counter[date]]]) -> list[Bar]:
    highest = max([arrived[day] for day, arrived in days] + [1])
    step = WIDTH // len(days)
    tall = [HEIGHT * arrived[day] // highest for day, arrived in days]
    return [
        Bar(day, arrived[day], place * step + 4, HEIGHT - tall[place], tall[place])
        for place, (day, arrived) in enumerate(days)
    ]
