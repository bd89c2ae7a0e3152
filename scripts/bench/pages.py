"""The import and the pages of the desk over what it brought."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from scripts.bench.measure import Measure

SHOP = "bench"
ROUNDS = 15
SCAN, MOST_OF_A_SCAN = "desk scan to screen", 300
DEEP_PAGES = 40


def measures(home: Path, only: str) -> Iterator[Measure]:
    names = ("import", "returns", "orders", "order", "return", "desk")
    if only and not any(only in name or name in only for name in names):
        return
    yield from _filled(home)
    shop, client = _log_in()
    floor = _floor(shop)
    for name, address in _addresses(shop, client):
        if only in name:
            if (found := _median_ms(client, address)) is None:
                continue
            took, size = found
            yield Measure(
                name, took, f"its rows by plain SQL ({size // 1024} kB page)", floor, "ms"
            )
    if only in SCAN:
        yield Measure(SCAN, _scan_ms(shop, client), "at most", MOST_OF_A_SCAN, "ms")


def _scan_ms(shop: Any, client: Any) -> float:
    """The median from a scanned code to the screen that answers it, each code another return's."""
    returns = import_module("rebond.domain.returns.models").Return.objects.filter(shop=shop)
    times = []
    for number in returns.order_by("-requested_at").values_list("number", flat=True)[:ROUNDS]:
        told = {"key": str(uuid4()), "station": "bench", "code": number}
        began = time.perf_counter()
        answer = client.post(f"/desk/{shop.slug}/warehouse/receiving/scans/", told, follow=True)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or number not in answer.content.decode():
            raise SystemExit(f"the scan of {number} answers {answer.status_code}")
    return statistics.median(times)


def _filled(home: Path) -> Iterator[Measure]:
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    shops = import_module("rebond.domain.shops.actions")
    shop = shops.open_shop(SHOP, "Bench", email="b@bench.example", by="bench", currency="GBP")
    reasons = import_module("rebond.domain.returns.default_reasons").DEFAULT_REASONS
    import_module("rebond.domain.returns.actions").set_up_reasons(shop, reasons)
    orders = import_module("rebond.domain.orders.models")
    if orders.Order.objects.filter(shop=shop).exists():
        return
    data = os.environ.get("REBOND_DATA")
    folder = Path(data or "") / "online_retail"
    files = sorted(folder.glob("*.parquet")) if data else []
    if not files:
        print("(REBOND_DATA is not set: pages are measured over the small slice)")
        files = [import_module("rebond.demo.shop").SLICE]
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "rebond", "import", "orders", *map(str, files), "--shop", SHOP],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    took = time.monotonic() - began
    lines = orders.OrderLine.objects.filter(shop=shop).count()
    read = _reading_seconds(files)
    yield Measure(
        "import of orders", lines / took, "reading the file alone", lines / read, "lines/s"
    )


def _reading_seconds(files: list[Path]) -> float:
    began = time.monotonic()
    for file in files:
        if file.suffix == ".parquet":
            import_module("pyarrow.parquet").read_table(file).to_pylist()
        else:
            import_module("gzip").decompress(file.read_bytes()).decode().splitlines()
    return time.monotonic() - began


def _log_in() -> tuple[Any, Any]:
    models = import_module("rebond.domain.shops.models")
    shop = models.Shop.objects.get(slug=SHOP)
    role = import_module("rebond.domain.shops.access").Role.OWNER
    staff = import_module("rebond.domain.shops.actions").add_staff(
        shop, email="o@bench.example", name="Olivia", role=role, password=None, by="bench"
    )
    client = import_module("django.test").Client(headers={"Host": "127.0.0.1"})
    client.force_login(staff.user)
    return shop, client


def _addresses(shop: Any, client: Any) -> Iterator[tuple[str, str]]:
    """Name and address of each page: first page, a deep page, and one of each detail."""
    for name in ("returns", "orders"):
        first = f"/desk/{shop.slug}/{name}/" + ("?view=all" if name == "returns" else "")
        yield f"{name}, first page", first
        yield f"{name}, {DEEP_PAGES} pages deep", _deep(client, first)
        yield f"{name}, search", f"/desk/{shop.slug}/{name}/?q=5368"
    orders = import_module("rebond.domain.orders.models").Order.objects.filter(shop=shop)
    yield (
        "order, one whole",
        f"/desk/{shop.slug}/orders/{orders.order_by('-total_minor')[0].number}/",
    )
    returns = import_module("rebond.domain.returns.models").Return.objects.filter(shop=shop)
    newest = returns.order_by("-requested_at").first()
    if newest is not None:
        yield "return, one whole", f"/desk/{shop.slug}/returns/{newest.number}/"
    yield from _every_page(shop)


def _every_page(shop: Any) -> Iterator[tuple[str, str]]:
    """Every page of the desk that needs no more than the shop to be named, by its address."""
    views = import_module("rebond.web.backoffice.queries.queue").VIEWS
    for view in views:
        yield f"desk queue, {view.key}", f"/desk/{shop.slug}/returns/?view={view.key}"
    for name, address in _lists(shop):
        yield f"desk {name}", address
    busiest = import_module("rebond.domain.orders.models").Order.objects.filter(shop=shop)
    shopper = busiest.order_by("-ordered_at").first().shopper_id
    yield "desk customer", f"/desk/{shop.slug}/fair-use/customers/{shopper}/"


def _lists(shop: Any) -> Iterator[tuple[str, str]]:
    urls = import_module("rebond.web.backoffice.urls").urlpatterns
    for pattern in urls:
        route = str(pattern.pattern)
        if not route.startswith("<slug:slug>/") or route.count("<") > 1:
            continue
        address = f"/desk/{route.replace('<slug:slug>', shop.slug)}"
        yield route.removeprefix("<slug:slug>/").rstrip("/") or "home", address


def _deep(client: Any, address: str) -> str:
    """The page that the “next” link leads to, many times over."""
    for _ in range(DEEP_PAGES):
        page = client.get(address)
        found = re.search(r'<a[^>]*rel="next"[^>]*href="([^"]+)"', page.content.decode()) or (
            re.search(r'<a[^>]*href="([^"]+)"[^>]*rel="next"', page.content.decode())
        )
        if found is None:
            break
        link = found.group(1).replace("&amp;", "&")
        address = link if link.startswith("/") else address.partition("?")[0] + link
    return address


def _median_ms(client: Any, address: str) -> tuple[float, int] | None:
    """The median and the size of a page; None for an address that is no page of its own."""
    times, size = [], 0
    first = client.get(address)
    is_page = first.headers.get("Content-Type", "").startswith("text/html")
    if first.status_code in {302, 404, 405} or (not is_page and address.startswith("/desk/")):
        return None
    for turn in range(ROUNDS + 2):
        began = time.perf_counter()
        answer = client.get(address)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
        size = len(answer.content)
        if turn >= 2:
            times.append(took)
    return statistics.median(times), size


def _floor(shop: Any) -> float:
    """Fifty orders with their shoppers by one plain query, in milliseconds."""
    connection = import_module("django.db").connection
    query = (
        "SELECT o.id, o.number, o.ordered_at, o.total_minor, s.email FROM orders_order o"
        " JOIN shoppers_shopper s ON s.id = o.shopper_id WHERE o.shop_id = %s"
        " ORDER BY o.ordered_at DESC, o.id DESC LIMIT 50"
    )
    key = shop.pk.hex if connection.vendor == "sqlite" else shop.pk
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(query, [key])
            cursor.fetchall()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
