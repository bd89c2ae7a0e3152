"""The whole way of a return over the API: two web processes, one client, then eight.

A return of three lines is created, approved, received, inspected and refunded: five calls. The
time is from the first call to the refund being booked; documents and messages follow in a worker
and are timed apart. On the database of DATABASE_URL (`scripts/with_pg.py` lends a PostgreSQL).
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from scripts.bench.measure import ROOT, Measure

ALONE, TOGETHER, CLIENTS = 40, 240, 8
SCOPES = ["returns:read", "returns:write", "warehouse:write", "refunds:write"]
BEST_PEER_MS, BEST_PEER_RATE = 61, 17
"""The fastest of five shop systems measured on two such cores."""
LONGEST_SECONDS = 240


def measures(home: Path, only: str) -> Iterator[Measure]:
    """Milliseconds of one flow alone, flows a second with eight clients, and what drains."""
    if only not in "flow of a return":
        return
    connection = import_module("django.db").connection
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    env = {**os.environ, "REBOND_SMTP_URL": f"file://{home}/outbox"}
    os.environ["REBOND_SMTP_URL"] = env["REBOND_SMTP_URL"]
    text, orders = _orders(ALONE + TOGETHER + CLIENTS)
    with _served(env) as port:
        warm, orders = orders[:CLIENTS], orders[CLIENTS:]
        for order in warm:
            _flow(_Api(port, text), order)
        before = _written(connection)
        alone = [_timed(_Api(port, text), order) for order in orders[:ALONE]]
        yield Measure(
            f"flow of a return ({connection.vendor})",
            statistics.median(alone) * 1000,
            "the fastest of five peers",
            BEST_PEER_MS,
            "ms",
        )
        if before is not None:
            kilobytes = (_written(connection) - before) / ALONE / 1024
            yield Measure("  log written for a flow", kilobytes, "24 KB", 24, "KB")
        rate = _together(port, text, orders[ALONE:])
        yield Measure(
            f"  {CLIENTS} clients", rate, "the fastest of five peers", BEST_PEER_RATE, "flows/s"
        )
    yield Measure("  followed up by a worker", _drained(env), "flows/s above", rate, "returns/s")


class _Api:
    """One client with a connection that stays open."""

    def __init__(self, port: int, key: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        self.key = key

    def post(self, path: str, body: Any, version: int | None = None) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        self.line.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{answer.status} for {path}: {content[:300]!r}")
        told: dict[str, Any] = json.loads(content)
        return told


def _flow(api: _Api, order: tuple[str, list[str]]) -> None:
    number, bought = order
    lines = [{"order_line": line, "quantity": 1, "reason": "changed_mind"} for line in bought]
    rma = api.post("/returns", {"order": number, "lines": lines})
    own = f"/returns/{rma['number']}"
    rma = api.post(f"{own}/approvals", {}, rma["version"])
    ids = [line["id"] for line in rma["lines"]]
    rma = api.post(f"{own}/receipts", {"counts": dict.fromkeys(ids, 1)}, rma["version"])
    found = [{"line": line, "quantity": 1, "grade": "a", "disposition": "restock"} for line in ids]
    rma = api.post(f"{own}/inspections", {"findings": found}, rma["version"])
    api.post(f"{own}/settlements", {}, rma["version"])


def _timed(api: _Api, order: tuple[str, list[str]]) -> float:
    began = time.perf_counter()
    _flow(api, order)
    return time.perf_counter() - began


def _together(port: int, key: str, orders: list[tuple[str, list[str]]]) -> float:
    """Flows a second while eight clients share ``orders``."""
    left = iter(orders)
    lock = threading.Lock()

    def work() -> None:
        api = _Api(port, key)
        while True:
            with lock:
                order = next(left, None)
            if order is None:
                return
            _flow(api, order)

    clients = [threading.Thread(target=work) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return len(orders) / (time.perf_counter() - began)


def _orders(many: int) -> tuple[str, list[tuple[str, list[str]]]]:
    """A key, and so many orders of three lines: their numbers and the ids of their lines."""
    world = import_module("tests.world")
    rules = [{"kind": "window", "days": 30}, {"kind": "verdict", "say": "review"}]
    shop = world.small_shop(f"flow-{time.time_ns()}", policy={"rules": rules})
    make_key = import_module("rebond.domain.machines.actions").make_key
    _, text = make_key(shop, title="bench", scopes=SCOPES, by="bench", per_minute=10**6)
    lines = (world.LAMP, world.MUG, world.NewLine("TRAY-1", "Tray", 1, 3000))
    made = []
    for number in range(many):
        order = world.order_of(shop, number=f"o{number}", provider="paper", lines=lines)
        bought = order.lines.order_by("position").values_list("pk", flat=True)
        made.append((order.number, [str(pk) for pk in bought]))
    return text, made


@contextmanager
def _served(env: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", f"--port={port}", "--workers=2", "--threads=4"]
    server = subprocess.Popen(
        [sys.executable, "-m", "rebond", *words], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server of the bench does not answer")


def _written(connection: Any) -> int | None:
    """How far PostgreSQL's log reaches, in bytes; None elsewhere."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


def _drained(env: dict[str, str]) -> float:
    """Returns a second whose documents and messages a worker with four threads works off."""
    jobs = import_module("rebond.kernel.models").Job.objects.filter(is_dead=False)
    moment = import_module("rebond.kernel.clock").now
    many = jobs.filter(run_at__lte=moment()).count()
    worker = subprocess.Popen(
        [sys.executable, "-m", "rebond", "work", "--threads=4"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while jobs.filter(run_at__lte=moment()).count() > many - CLIENTS:
            time.sleep(0.1)
        began, until = time.monotonic(), time.monotonic() + LONGEST_SECONDS
        while jobs.filter(run_at__lte=moment()).exists():
            if time.monotonic() > until:
                raise SystemExit("the worker does not come to an end")
            time.sleep(0.25)
        return (ALONE + TOGETHER + CLIENTS) / (time.monotonic() - began)
    finally:
        worker.terminate()
        worker.wait()
