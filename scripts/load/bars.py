"""The bars L1 to L10, each played against running processes; each returns its row."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from scripts.faults.installation import PYTHON, ROOT, SECRET, Installation
from scripts.faults.receivers import Receiver, Silent
from scripts.load.pace import Ask, Told, as_they_come, at_rate, mixed
from scripts.load.rows import Row, share

from rebond.simulator.payments import sign

SHOP = "large"
RATE_OF_L1, RATE_OF_L2 = 80, 200
CALLERS = 32
FULL_SCALE = 3_000_000
OF_THE_BARS = "the bar asks for {bar}; this run had {run}"


@dataclass
class Load:
    """One installation under load. ``scale``: how many returns; ``seconds`` of each bar."""

    here: Installation
    scale: int
    seconds: float
    web: int = 0
    doors: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """Lets events be sent to receivers on this machine."""
        return {"REBOND_WEBHOOK_INSIDE_HOSTS": "127.0.0.1"}

    def inside(self, name: str, **wish: Any) -> Any:
        """Run a function of ``scripts.load.inside``."""
        done = subprocess.run(
            [PYTHON, "-m", "scripts.load.inside", name, json.dumps(wish)],
            cwd=ROOT,
            env=self.here.env | self.env,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])


def portal_and_api(load: Load) -> Row:
    """L1: at the rate of the bar first, then as fast as it goes."""
    asks = mixed(visits(load))
    # Each process reads its code and fills its caches with the first requests: no leak yet.
    as_they_come(load.here.address, asks, seconds=10, callers=8)
    before = _memory(load.web)
    told = at_rate(
        load.here.address, asks, per_second=RATE_OF_L1, seconds=load.seconds, callers=CALLERS
    )
    grown = _memory(load.web) / before - 1
    closed = as_they_come(load.here.address, asks, seconds=min(15, load.seconds), callers=8)
    kinds = ", ".join(f"{k} {told.milliseconds(95, k):.0f}" for k in told.kinds()[:3])
    measured = f"{told.summary()}; memory {grown:+.0%}; p95 by kind: {kinds}; "
    measured += f"as fast as it goes {closed.rate:.0f}/s"
    is_met = (
        told.failures == 0
        and told.rate >= RATE_OF_L1 * 0.98
        and told.milliseconds(95) <= 250
        and told.milliseconds(99) <= 800
        and grown <= 0.05
    )
    bar = "mixed portal and API, 4 of 5 reading, 3,000,000 returns loaded, 30 min: 80 requests/s, "
    bar += "p95 ≤ 250 ms, p99 ≤ 800 ms, no 5xx, memory ≤ +5 %"
    return Row("L1", bar, measured, is_met, _smaller(load, seconds=1800))


def hooks(load: Load) -> Row:
    """L2: signed messages of the provider, each with an id of its own."""
    kept = load.inside("kept_messages")["kept"]

    def ask(_number: int) -> Ask:
        data = {"id": f"re_{uuid4().hex}", "payment": "pay_unknown", "status": "succeeded"}
        data |= {"amount": "100", "currency": "EUR"}
        body = json.dumps({"id": f"evt_{uuid4().hex}", "type": "refund.updated", "data": data})
        signed = sign(SECRET, body.encode(), int(time.time()))
        headers = {"Content-Type": "application/json", "Simulator-Signature": signed}
        return Ask("hook", f"/hooks/payments/{SHOP}/simulator/", headers, "POST", body.encode())

    told = at_rate(
        load.here.address, ask, per_second=RATE_OF_L2, seconds=load.seconds, callers=CALLERS
    )
    kept = load.inside("kept_messages")["kept"] - kept
    good = len(told.times())
    is_met = (
        kept >= good == len(told.answers)
        and told.rate >= RATE_OF_L2 * 0.98
        and told.milliseconds(99) <= 200
    )
    measured = f"{told.summary()}; {kept} kept of {good} acknowledged {told.statuses()}"
    bar = "messages of a provider, on the disk before they are acknowledged: 200/s, p99 ≤ 200 ms"
    return Row("L2", bar, measured, is_met)


def payouts(load: Load) -> Row:
    """L3: refunds through a worker to a provider that takes 100 ms for each."""
    many = max(100, min(2000, load.scale // 20))
    load.inside("stop_the_clock")
    provider = load.here.provider()
    for reference, captured in load.inside("decided", many=many)["payments"].items():
        provider.opens(reference, captured)
    provider.plan("slow", count=many, seconds=0.1)
    workers = [load.here.begin_rebond("work", "--threads=16", env=load.env) for _ in range(2)]
    until = time.monotonic() + 60 + many / 5
    found = load.inside("settled")
    while found["settled"] < many and time.monotonic() < until:
        time.sleep(1)
        found = load.inside("settled")
    _end(workers)
    rate = found["settled"] / found["seconds"] if found["seconds"] else 0.0
    measured = f"{rate:.0f}/s ({found['settled']} of {many} sent, "
    measured += f"numbers of documents {'dense' if found['is_dense'] else 'WITH GAPS'})"
    is_met = rate >= 50 and found["settled"] == many and found["is_dense"]
    bar = "refund workers at 100 ms of the provider: 50 payouts/s, numbers without a gap"
    return Row("L3", bar, measured, is_met)


def outbox(load: Load) -> Row:
    """L4: events to many addresses, one in twenty of them dead."""
    load.inside("stop_the_clock")
    with Receiver() as port, Silent() as dead:
        addresses = [f"http://127.0.0.1:{port}/{n}" for n in range(19)]
        addresses.append(f"http://127.0.0.1:{dead}/dead")
        shops = max(1, min(50, load.scale // 3000))
        load.here.inside("ears.endpoints", env=load.env, addresses=[addresses] * shops).made  # noqa: B018
        workers = [load.here.begin_rebond("work", "--threads=16", env=load.env) for _ in range(2)]
        each = max(2, int(load.seconds) // 10)
        load.here.inside("ears.events", env=load.env, each=each).made  # noqa: B018
        until = time.monotonic() + 60 + load.seconds
        found = load.here.inside("ears.deliveries", dead="/dead").made
        while found["waiting"] and time.monotonic() < until:
            time.sleep(1)
            found = load.here.inside("ears.deliveries", dead="/dead").made
        _end(workers)
    rate = len(found["lags"]) / found["seconds"] if found["seconds"] else 0.0
    lag = share(found["lags"], 95)
    measured = f"{rate:.0f}/s to {19 * shops} living of {20 * shops} endpoints, p95 lag {lag:.1f} s"
    measured += f", {found['waiting']} still waiting" if found["waiting"] else ""
    bar = "100 deliveries/s; with 1,000 endpoints of which 50 are dead, p95 lag of the living ≤ 5 s"
    is_met = rate >= 100 and lag <= 5 and not found["waiting"]
    why = "" if shops == 50 else OF_THE_BARS.format(bar="1,000 endpoints", run=f"{20 * shops}")
    return Row("L4", bar, measured, is_met, why)


def imports(load: Load) -> Row:
    """L5: an import while shoppers look at their returns."""
    many = max(2000, load.scale // 3)
    file = load.here.folder / "orders.csv"
    write_orders(file, many)
    began = time.monotonic()
    process = load.here.begin_rebond("import", "orders", str(file), "--shop", SHOP)
    asks = mixed([ask for ask in visits(load) if ask.kind.startswith("portal")])
    parts = Told()
    while process.poll() is None:
        told = at_rate(load.here.address, asks, per_second=10, seconds=3, callers=8)
        parts.answers += told.answers
        parts.seconds += told.seconds
    took = time.monotonic() - began
    p95, rate = parts.milliseconds(95), many / took
    is_met = process.returncode == 0 and rate >= 1_000_000 / 900 and p95 <= 500
    measured = f"{many:,} orders in {took:.0f} s = {rate:.0f}/s; portal p95 {p95:.0f} ms, "
    measured += f"{parts.failures} failed"
    bar = "1,000,000 orders in 15 min (1,111/s) while the portal stays within p95 ≤ 500 ms"
    return Row("L5", bar, measured, is_met)


def questions(load: Load) -> Row:
    """L6: every list, filter and search of desk and API, one at a time."""
    asks = [ask for ask in visits(load) if ask.kind.startswith(("desk", "list"))]
    told = as_they_come(load.here.address, mixed(asks), seconds=min(60, load.seconds), callers=2)
    worst = told.kinds()[0] if told.kinds() else ""
    p95 = told.milliseconds(95, worst)
    measured = f"the slowest is {worst}: p95 {p95:.0f} ms; {told.failures} failed"
    why = _smaller(load, returns=10_000_000)
    bar = "any list, filter or search at 10,000,000 returns: p95 ≤ 300 ms"
    return Row("L6", bar, measured, p95 <= 300 and not told.failures, why)


def export(load: Load) -> Row:
    """L7: all returns over the API, page by page; the memory of the web processes meanwhile."""
    headers = {"Authorization": f"Bearer {load.doors['key']}"}
    before, peak, seen, address = _memory(load.web), 0.0, 0, "/api/v1/returns?limit=100"
    began = time.monotonic()
    while address and time.monotonic() < began + max(60, load.seconds):
        request = urllib.request.Request(load.here.address + address, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = json.load(answer)
        seen += len(page["items"])
        peak = max(peak, _memory(load.web))
        more = urlencode({"limit": 100, "cursor": page["older"]})
        address = f"/api/v1/returns?{more}" if page["older"] else ""
    took = time.monotonic() - began
    per_million = took / seen * 1_000_000 / 60 if seen else 0.0
    measured = f"{seen:,} returns in {took:.0f} s ({per_million:.0f} min a million), "
    measured += f"one web process at most {peak / 1e6:.0f} MB ({(peak - before) / 1e6:+.0f})"
    bar = "1,000,000 returns exported in 5 min within 256 MB"
    return Row("L7", bar, measured, per_million <= 5 and peak <= 256e6, "over the API, one caller")


def verify(load: Load) -> Row:
    """L8: the checker over everything."""
    began = time.monotonic()
    done = load.here.rebond("verify", "--full")
    took = time.monotonic() - began
    per_million = took / load.inside("size")["returns"] * 1_000_000
    measured = f"{took:.0f} s, {per_million:.0f} s a million returns; exit code {done.code}"
    is_met = per_million <= 60 and done.code == 0
    why = "starting the program counts in so small a run" if load.scale < 300_000 else ""
    return Row("L8", "`rebond verify --full` ≤ 60 s a million returns", measured, is_met, why)


def size(load: Load) -> Row:
    """L9: what a return takes in the database, with all its rows and indexes."""
    each = (load.filled["bytes"] - load.filled["empty"]) / load.scale
    bar = "≤ 13.2 kB a return"
    return Row("L9", bar, f"{each / 1000:.1f} kB a return", each <= 13_200)


def overload(load: Load) -> Row:
    """L10: ten times what it can do, then a tenth of it again."""
    asks = mixed(visits(load))
    peak = as_they_come(load.here.address, asks, seconds=10, callers=8)
    usual = at_rate(
        load.here.address, asks, per_second=max(1.0, peak.rate / 5), seconds=8, callers=CALLERS
    )
    flood = at_rate(load.here.address, asks, per_second=peak.rate * 10, seconds=12, callers=200)
    good = sum(1 for _, took, s, _ in flood.answers if 200 <= s < 400 and took < 30) / flood.seconds
    back, began = 0.0, time.monotonic()
    while time.monotonic() < began + 90:
        told = at_rate(
            load.here.address, asks, per_second=max(1.0, peak.rate / 5), seconds=4, callers=CALLERS
        )
        back = time.monotonic() - began
        if told.milliseconds(95) <= usual.milliseconds(95) * 1.5 and not told.failures:
            break
    measured = f"capacity {peak.rate:.0f}/s; at ten times {good:.0f}/s good "
    measured += f"({good / peak.rate:.0%}), answers {flood.statuses()}; usual again in {back:.0f} s"
    is_met = good >= 0.8 * peak.rate and back <= 60
    bar = "at ten times the capacity 80 % of it stays; usual p95 again within 60 s"
    return Row("L10", bar, measured, is_met)


def visits(load: Load) -> list[Ask]:
    """Ten requests, of which eight read; returns and orders are taken in turn."""
    machine = {"Authorization": f"Bearer {load.doors['key']}"}
    person = {"Cookie": load.doors["cookie"]}
    asks = []
    for place, token in enumerate(load.doors["tokens"]):
        number = load.doors["returns"][place % len(load.doors["returns"])]
        order = load.doors["orders"][place % len(load.doors["orders"])]
        search = urlencode({"q": number})
        asks += [
            Ask("portal return", f"/s/{SHOP}/r/{token}/"),
            Ask("portal start", f"/s/{SHOP}/"),
            Ask("portal policy", f"/s/{SHOP}/policy/"),
            Ask("return by number", f"/api/v1/returns/{number}", machine),
            Ask("list of returns", "/api/v1/returns?limit=20", machine),
            Ask("list by state", "/api/v1/returns?limit=20&request_state=approved", machine),
            Ask("desk list", f"/desk/{SHOP}/returns/?view=all", person),
            Ask("desk search", f"/desk/{SHOP}/returns/?{search}", person),
            _note(number, machine),
            _preview(order, machine),
        ]
    return asks


def _note(number: str, headers: dict[str, str]) -> Ask:
    body = json.dumps({"text": "Seen."}).encode()
    more = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
    return Ask("write a note", f"/api/v1/returns/{number}/notes", headers | more, "POST", body)


def _preview(order: str, headers: dict[str, str]) -> Ask:
    body = json.dumps({"amount_minor": 100}).encode()
    more = {"Content-Type": "application/json"}
    path = f"/api/v1/orders/{order}/refunds/preview"
    return Ask("preview a refund", path, headers | more, "POST", body)


def _memory(web: int) -> float:
    """Bytes in memory of the largest process that the server ``web`` has begun."""
    children = Path(f"/proc/{web}/task/{web}/children").read_text().split()
    texts = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(float(re.findall(r"VmRSS:\s+(\d+)", text)[0]) * 1024 for text in texts)


def write_orders(file: Path, many: int) -> None:
    """A file of so many orders, as `rebond import orders` reads it."""
    head = "order_number,ordered_at,sku,title,quantity,unit_price,currency,email,payment_reference"
    with file.open("w", encoding="utf-8") as text:
        text.write(head + "\n")
        for number in range(many):
            text.write(
                f"I-{number},2026-09-01T10:00:00Z,LAMP-01,Paper lamp,1,33.33,EUR,"
                f"buyer{number % 5000}@client.example,pay_i_{number}\n"
            )


def _smaller(load: Load, *, returns: int = FULL_SCALE, seconds: float = 0) -> str:
    wanted, had = [], []
    if load.scale < returns:
        wanted.append(f"{returns:,} returns")
        had.append(f"{load.scale:,}")
    if load.seconds < seconds:
        wanted.append(f"{seconds / 60:.0f} min")
        had.append(f"{load.seconds:.0f} s")
    return OF_THE_BARS.format(bar=", ".join(wanted), run=", ".join(had)) if wanted else ""


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(90)
