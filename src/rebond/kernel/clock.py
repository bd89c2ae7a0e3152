"""The one place that reads the clock."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant in UTC. Edges and jobs read it; actions are handed it or call it once."""
    return datetime.now(tz=UTC)


def today(zone: str) -> date:
    """The business date in ``zone``, an IANA name such as ``Europe/Paris``."""
    return now().astimezone(ZoneInfo(zone)).date()


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date of ``instant`` in ``zone``."""
    return instant.astimezone(ZoneInfo(zone)).date()


def monotonic() -> float:
    """Seconds that only go forward, for leases and time limits inside one process."""
    return time.monotonic()
