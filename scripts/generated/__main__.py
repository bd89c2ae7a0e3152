"""Fill a database with returns: `python -m scripts.generated 300000 [--shop large]`.

A few lives are played through the same actions as the screens and then copied row by row, spread
over a year, with numbers, chains and counters in order: `rebond verify` finds nothing wrong in it.
For measuring only; it writes to the database of DATABASE_URL, which must not know the shop yet.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up

BATCH = 500
DAYS = 365


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.generated", description=__doc__)
    parser.add_argument("returns", type=int)
    parser.add_argument("--shop", default="large")
    args = parser.parse_args(words)
    outbox = tempfile.mkdtemp(prefix="rebond-outbox-")
    os.environ.setdefault("REBOND_SMTP_URL", f"file://{outbox}")
    set_up()
    began = time.monotonic()
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    rows = fill(args.shop, args.returns)
    took = time.monotonic() - began
    print(f"{args.returns} returns, {rows} rows copied in {took:.0f} s")
    return 0


def fill(slug: str, many: int) -> int:
    """Make the shop ``slug`` with ``many`` returns; returns how many rows were copied."""
    copies, lives = (import_module(f"scripts.generated.{name}") for name in ("copies", "lives"))
    shop = lives.a_shop(slug)
    known = copies.Known(shop)
    lives.open_books(shop)
    known.look()
    patterns = []
    for _ in lives.played(shop):
        patterns.append(copies.pattern_of(known.look()))
    order = _mixed(lives.weights())
    chain = copies.Chain(f"AV-{date.today().year - 1}")
    left = many - len(patterns) - 1
    total, batch = 0, defaultdict(list)
    with _unguarded():
        for number in range(1, left + 1):
            copy = copies.Copy(number, _later(number, left))
            for model, row in patterns[order[number % len(order)]].copied(copy, chain):
                batch[model].append(row)
            if number % BATCH == 0 or number == left:
                total += copies.store(batch)
                batch.clear()
                if sys.stderr.isatty():
                    print(f"\r{number} of {left}", end="", file=sys.stderr)
        _count_on(shop, chain)
    return total


def _mixed(weights: list[int]) -> list[int]:
    """A hundred places, each life as often as its weight, spread evenly."""
    places = [
        (turn / weight, life) for life, weight in enumerate(weights) for turn in range(weight)
    ]
    return [life for _, life in sorted(places)]


def _later(number: int, many: int) -> timedelta:
    """When copy ``number`` happened, from a year ago to yesterday, one after the other."""
    a_day = -(-many // DAYS)
    day, place = divmod(number - 1, a_day)
    return timedelta(days=day - DAYS, seconds=place * 20_000 // a_day)


def _count_on(shop: Any, chain: Any) -> None:
    counters = import_module("rebond.kernel.models").Counter.objects
    counters.create(shop_id=shop.pk, series=f"document:{chain.series}", last=chain.number)


@contextmanager
def _unguarded() -> Iterator[None]:
    """Copies are sound as their patterns are: no look at every foreign key while writing.

    PostgreSQL copies nothing into a table whose rows are kept apart by shop, so the owner of the
    tables lets go of that meanwhile.
    """
    connection = import_module("django.db").connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            off, on = ["PRAGMA foreign_keys = OFF"], ["PRAGMA foreign_keys = ON"]
        else:
            cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity")
            tables = [f"ALTER TABLE {name}" for (name,) in cursor.fetchall()]
            off = [f"{table} NO FORCE ROW LEVEL SECURITY" for table in tables]
            on = [f"{table} FORCE ROW LEVEL SECURITY" for table in tables]
            off += ["SET session_replication_role = replica"]
            on += ["SET session_replication_role = origin"]
        for one in off:
            cursor.execute(one)
        yield
        for one in on:
            cursor.execute(one)
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
