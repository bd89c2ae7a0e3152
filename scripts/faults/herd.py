"""Rows C10 and F33: a long import beside shoppers, and all of them at once after an outage."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.faults.stage import Stage
from scripts.faults.table import Broken, Case, expect
from scripts.load.bars import SHOP, Load, visits, write_orders
from scripts.load.pace import BROKEN, Told, at_rate, mixed

RETURNS = 2000
SHOPPERS = 30
CALLERS = 200
CALM, RUSH = 10, 400
"""Requests a second when nothing is wrong, and after an outage."""
SECONDS_TO_RECOVER = 60


def import_beside_shoppers(stage: Stage) -> str:
    """C10: a hundred thousand orders are read while thirty people look at their returns."""
    many = 3000 if stage.is_small else 100_000
    with _shop(stage) as load:
        file = load.here.folder / "orders.csv"
        write_orders(file, many)
        asks = mixed([ask for ask in visits(load) if ask.kind.startswith("portal")])
        at_rate(load.here.address, asks, per_second=CALM, seconds=6, callers=8)  # warm by then
        process = load.here.begin_rebond("import", "orders", str(file), "--shop", SHOP)
        seen = Told()
        while process.poll() is None:
            told = at_rate(load.here.address, asks, per_second=CALM, seconds=3, callers=SHOPPERS)
            seen.answers += told.answers
        said = (load.here.folder / "import.log").read_text(errors="replace")
        expect(
            imported=(process.returncode, 0),
            failures=({s: n for s, n in seen.statuses().items() if s == BROKEN or s >= 500}, {}),
            locked=("locked" in said or bool(load.here.web_errors()), False),
        )
        if seen.milliseconds(99) >= 1000:
            raise Broken(f"p99 {seen.milliseconds(99):.0f} ms: {seen.summary()}")
        kept = load.here.inside("work.orders_counted", prefix="I-").made
        expect(kept=(kept, many))
    return (
        f"{many:,} orders; {len(seen.answers)} pages, p99 {seen.milliseconds(99):.0f} ms, no lock"
    )


def after_an_outage(stage: Stage) -> str:
    """F33: the web comes up under two hundred callers who ask ten times more than it can do."""
    seconds = 6 if stage.is_small else 30
    with _shop(stage) as load:
        asks = mixed([ask for ask in visits(load) if ask.method == "GET"])
        usual = at_rate(load.here.address, asks, per_second=CALM, seconds=6, callers=8)
        load.here.stop()
        herd: list[Told] = []
        crowd = threading.Thread(
            target=lambda: herd.append(
                at_rate(load.here.address, asks, per_second=RUSH, seconds=seconds, callers=CALLERS)
            )
        )
        crowd.start()
        time.sleep(2)
        load.here.web(patient=False)
        crowd.join()
        took = _until_usual(load, usual)
        statuses = herd[0].statuses()
        served = sum(n for status, n in statuses.items() if 200 <= status < 400)
        other = {status for status in statuses if status >= 400} - {429, 503}
        expect(other=(other, set()), served=(served > 0, True), errors=(load.here.web_errors(), []))
        if took > SECONDS_TO_RECOVER:
            raise Broken(f"as before only after {took:.0f} s")
    sent_away = statuses.get(503, 0) + statuses.get(429, 0)
    return f"{served:,} served, {sent_away:,} told to come again; as before in {took:.0f} s"


CASES = [
    Case(
        "C10",
        "an import of 100,000 orders beside 30 shoppers",
        "p99 below a second, no lock",
        import_beside_shoppers,
    ),
    Case(
        "F33",
        "everybody comes at once after an outage",
        "429 and 503 alone, as before within a minute",
        after_an_outage,
    ),
]


@contextmanager
def _shop(stage: Stage) -> Iterator[Load]:
    """A shop with some thousand returns behind a web server."""
    here, _facts = stage.scene("one_hundred")
    with here:
        load = Load(here, RETURNS, 60)
        load.filled = load.inside("fill", many=RETURNS)
        load.doors = load.inside("doors")
        load.web = here.web()
        yield load


def _until_usual(load: Load, usual: Told) -> float:
    """Seconds until pages come as they did before."""
    asks = mixed([ask for ask in visits(load) if ask.method == "GET"])
    began = time.monotonic()
    while time.monotonic() < began + 2 * SECONDS_TO_RECOVER:
        told = at_rate(load.here.address, asks, per_second=CALM, seconds=3, callers=8)
        is_usual = told.milliseconds(95) <= max(2 * usual.milliseconds(95), 100)
        if is_usual and not told.failures:
            break
    return time.monotonic() - began
