"""Refunds through a real worker, to a provider that takes 100 ms for each.

On the database of DATABASE_URL where it is set (`scripts/with_pg.py` lends a PostgreSQL).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.bench.measure import ROOT, Measure

REFUNDS = 200
PROVIDER_SECONDS = 0.1
THREADS = (4, 16)
LONGEST_SECONDS = 240
OF_A_REFUND = {"refunds.Attempt", "kernel.Event", "notifications.Message"}
UPDATES = (
    *["UPDATE refunds_refund SET amount_minor = amount_minor WHERE id = %s"] * 2,
    "UPDATE orders_payment SET captured_minor = captured_minor WHERE id = %s",
)


def measures(home: Path, only: str) -> Iterator[Measure]:
    """Refunds a second with few and with many threads."""
    if only not in "refunds through a worker":
        return
    provider = import_module("rebond.simulator.payments").Provider(
        ("127.0.0.1", 0), file=home / "provider.sqlite3", secret="s", hook="", opens=True
    )
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    env = {
        **os.environ,
        "REBOND_SIMULATOR_URL": f"http://127.0.0.1:{provider.server_port}",
        "REBOND_SMTP_URL": f"file://{home}/outbox",
    }
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    plan = import_module("rebond.simulator.ledger").plan
    copies = import_module("scripts.generated.copies")
    vendor = import_module("django.db").connection.vendor
    for threads in THREADS:
        plan(provider.ledger, "slow", count=REFUNDS, seconds=PROVIDER_SECONDS)
        shop, waiting = _decided(REFUNDS)
        known = copies.Known(shop)
        known.look()
        ours = _sent_per_second(waiting, threads, env)
        floor = _rows_per_second(copies, known.look(), waiting)
        against = f"the same rows by plain SQL ({vendor}, {threads} threads)"
        yield Measure("refunds through a worker", ours, against, floor, "per second")
    provider.shutdown()


def _decided(many: int) -> tuple[Any, Any]:
    """A shop and so many refunds of its orders that wait to be sent."""
    world = import_module("tests.world")
    wishes = import_module("rebond.domain.refunds.wishes")
    refund_order = import_module("rebond.domain.refunds.actions").refund_order
    refunds = import_module("rebond.domain.refunds.models").Refund.objects
    shop = world.small_shop(f"till-{time.time_ns()}")
    for number in range(many):
        order = world.order_of(shop, provider="simulator", number=str(number))
        refund_order(order.pk, wishes.OrderRefund(amount_minor=100, reason="bench"), by="bench")
    return shop, refunds.filter(shop=shop)


def _sent_per_second(waiting: Any, threads: int, env: dict[str, str]) -> float:
    """From the first that was settled to the last, so that the worker's start does not count."""
    many = waiting.count()
    worker = subprocess.Popen(
        [sys.executable, "-m", "rebond", "work", f"--threads={threads}"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + LONGEST_SECONDS
        while waiting.filter(state="succeeded").count() < many:
            if time.monotonic() > until:
                raise SystemExit("the worker does not send the refunds of the bench")
            time.sleep(0.25)
    finally:
        worker.terminate()
        worker.wait()
    ends = sorted(waiting.values_list("settled_at", flat=True))
    return float((many - 1) / (ends[-1] - ends[0]).total_seconds())


def _rows_per_second(copies: Any, rows: list[Any], sent: Any) -> float:
    """As many rows of the same tables, one by one, with a transaction for each refund.

    Three updates go with each: the refund is armed and settled, the payment counts it.
    """
    transaction, connection = (
        getattr(import_module("django.db"), name) for name in ("transaction", "connection")
    )
    keys = list(sent.values_list("pk", "payment_id"))
    rows = [(model, row) for model, row in rows if model._meta.label in OF_A_REFUND]
    for _, row in rows:  # they lie beside the true ones, so their places must be others
        for place in {"sequence", "number"} & set(row):
            row[place] = row[place] + 100 if isinstance(row[place], int) else row[place]
    pattern = copies.pattern_of(rows)
    later = import_module("datetime").timedelta(seconds=1)
    fresh = list(pattern.copied(copies.Copy(1, later), copies.Chain("FLOOR")))
    is_file = connection.vendor == "sqlite"
    share = -(-len(fresh) // len(keys))
    began = time.perf_counter()
    for place, (refund, payment) in enumerate(keys):
        with transaction.atomic():
            for model, row in fresh[place * share : (place + 1) * share]:
                copies.insert(model, [row])
            with connection.cursor() as cursor:
                for statement, key in zip(UPDATES, (refund, refund, payment), strict=True):
                    cursor.execute(statement, [key.hex if is_file else key])
    return len(keys) / (time.perf_counter() - began)
