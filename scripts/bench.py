"""Measure what Rebond does on this machine: each figure beside what it is measured against.

One line for each measure: name, ours, the other, ratio, unit. BENCH_JSON=file writes the same as
One line for each measure: name, ours, the other, ratio, unit. BENCH_JSON=file writes the same as
ships with the package, and a line says so. BENCH_HOME=folder keeps the database for the next run.
`-k WORD` measures only what has WORD in its name.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests/domain/refunds/quote_samples.jsonl"
FACTS = ROOT / "tests/domain/law/law_samples.jsonl"
SHOP = "bench"
ROUNDS = 15
DEEP_PAGES = 40


@dataclass(frozen=True)
class Measure:
    """One figure and the one beside it, in the same unit and run."""

    name: str
    ours: float
    against: str
    other: float
    unit: str

    @property
    def ratio(self) -> float:
        """Ours over the other."""
        return self.ours / self.other if self.other else float("inf")


def main(words: list[str]) -> int:
    only = words[words.index("-k") + 1] if "-k" in words else ""
    measures = []
    with _home() as home:
        os.environ["REBOND_HOME"] = str(home)
        import_module("rebond.cli.boot").set_up()
        print(f"{'measure':<34}{'ours':>12}{'other':>12}{'ratio':>9}  unit, measured against")
        for group in (_questions, _policies, _documents, _pages):
            for measure in group(home, only):
                measures.append(measure)
                print(
                    f"{measure.name:<34}{measure.ours:>12.2f}{measure.other:>12.2f}"
                    f"{measure.ratio:>9.2f}  {measure.unit}, {measure.against}",
                    flush=True,
                )
    if target := os.environ.get("BENCH_JSON"):
        rows = [asdict(m) | {"ratio": m.ratio} for m in measures]
        Path(target).write_text(json.dumps(rows, indent=2), encoding="utf-8")
    return 0


@contextmanager
def _home() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_HOME"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="rebond-bench-") as folder:
        yield Path(folder)


def _questions(home: Path, only: str) -> Iterator[Measure]:
    for name, file, module in (
        ("quotes", SAMPLES, "rebond.domain.refunds.amounts"),
        ("legal answers", FACTS, "rebond.domain.law"),
    ):
        if only not in name:
            continue
        yield _answers(name, file.read_text(encoding="utf-8").splitlines(), module)


def _answers(name: str, lines: list[str], module: str) -> Measure:
    cases = [json.loads(line) for line in lines]
    answer = import_module(module).answer
    ours = _per_second(lambda: [answer(case) for case in cases], len(cases))
    floor = _per_second(lambda: [json.dumps(json.loads(line)) for line in lines], len(cases))
    return Measure(name, ours, "reading and writing the same JSON", floor, "per second")


def _policies(home: Path, only: str) -> Iterator[Measure]:
    """One decision by 100 rules, beside two general rule engines on a table of 100 conditions."""
    if only not in "policy decision replay":
        return
    read = import_module("rebond.domain.policies.engine").read_policy
    decide = import_module("rebond.domain.policies.engine").decide
    policy, facts = read({"rules": _hundred_rules()}), _request(0)
    ours = 1000 / _per_second(lambda: decide(policy, facts), 1, rounds=500)
    for name, other in (("zen-engine", _zen), ("cel-python", _cel)):
        try:
            theirs = 1000 / _per_second(other(), 1, rounds=200)
        except ImportError:
            print(f"({name} is not installed: the decision is not measured beside it)")
            continue
        yield Measure("policy decision, 100 rules", ours, name, theirs, "ms")
    yield Measure("the same", ours, "1 ms", 1, "ms")
    twenty = {"rules": [*_hundred_rules()[:19], {"kind": "window", "days": 30}]}
    many = [_request(n) for n in range(60_000)]
    began = time.monotonic()
    in_parallel = import_module("rebond.domain.policies.replay").decide_in_parallel
    count = sum(1 for _ in in_parallel(twenty, many, processes=2))
    rate = count / (time.monotonic() - began)
    yield Measure("replay, 20 rules, 2 cores", rate, "17,000", 17_000, "lines/s")
    single = read(twenty)
    one = _per_second(lambda: [decide(single, f) for f in many[:5000]], 5000, rounds=5)
    yield Measure("the same on 1 core", one, "17,000", 17_000, "lines/s")


def _hundred_rules() -> list[dict[str, Any]]:
    countries = ("DE", "IT", "ES", "BE")
    return [
        {
            "kind": "fee",
            "percent": n % 50,
            "when": {"countries": [countries[n % 4]], "categories": [f"c{n}"]},
        }
        for n in range(99)
    ] + [{"kind": "window", "days": 30}]


def _request(n: int) -> Any:
    """A request for one article by a consumer in Spain; the last fee but one is about it."""
    facts = import_module("rebond.domain.policies.facts")
    day = import_module("datetime").date
    line = facts.LineFacts(
        "1", "A", f"c{98 - n % 4}", 1, 4990 + n, True, False, "size", False, 0, False
    )
    delivered = day(2026, 10, 1 + n % 9)
    return facts.Facts(day(2026, 10, 20), day(2026, 9, 20), None, delivered, "ES", (line,), False)


def _zen() -> Callable[[], Any]:
    """The same 100 conditions as a decision table."""
    zen = import_module("zen")
    rules = [
        {
            "_id": str(n),
            "a": f'"{rule["when"]["countries"][0]}"' if "when" in rule else "",
            "b": f'"{rule["when"]["categories"][0]}"' if "when" in rule else "",
            "o": str(rule.get("percent", 0)),
        }
        for n, rule in enumerate(_hundred_rules())
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "a", "type": "expression", "name": "country", "field": "country"},
            {"id": "b", "type": "expression", "name": "category", "field": "category"},
        ],
        "outputs": [{"id": "o", "type": "expression", "name": "fee", "field": "fee"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    made = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    case = {"country": "ES", "category": "c98"}
    expected = _hundred_rules()[98]["percent"]
    if made.evaluate(case)["result"] != {"fee": expected}:
        raise SystemExit(f"zen-engine answers otherwise: {made.evaluate(case)['result']}")
    return lambda: made.evaluate(case)


def _cel() -> Callable[[], Any]:
    """The same 100 conditions, each compiled, tried in order."""
    celpy = import_module("celpy")
    environment = celpy.Environment()
    programs = [
        environment.program(
            environment.compile(
                f'country == "{rule["when"]["countries"][0]}" && '
                f'category == "{rule["when"]["categories"][0]}"'
                if "when" in rule
                else "true"
            )
        )
        for rule in _hundred_rules()
    ]
    case = {
        "country": celpy.celtypes.StringType("ES"),
        "category": celpy.celtypes.StringType("c98"),
    }

    def first() -> int:
        return next(n for n, program in enumerate(programs) if program.evaluate(case))

    if first() != 98:
        raise SystemExit("cel-python answers otherwise")
    return first


def _documents(home: Path, only: str) -> Iterator[Measure]:
    if only not in "credit note PDF Factur-X":
        return
    typeset = import_module("rebond.kernel.typeset").typeset
    moment = import_module("datetime").datetime(2026, 11, 21, tzinfo=import_module("datetime").UTC)
    files = import_module("rebond.domain.credit_notes.files")
    empty = home / "empty.typ"
    empty.write_text(
        '#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))\n'
        '#set text(font: "Figtree", lang: "fr")\n= x\n'
        '#pdf.attach("factur-x.xml", bytes(json(bytes(sys.inputs.data)).xml),'
        ' relationship: "alternative", mime-type: "text/xml", description: "x")\n'
    )
    note = import_module("types").SimpleNamespace(
        label="AV-2026-000001", content=_document(), issued_at=moment
    )
    made = files.make(note)
    if not made.verdict.is_valid:
        raise SystemExit(f"the document of the bench is not in order: {made.verdict.findings}")
    xml = {"xml": made.xml.decode()}
    floor = _per_second(lambda: typeset(empty, xml, made_at=moment), 1, rounds=60)
    plain = _per_second(lambda: files.duplicate_of(note), 1, rounds=60)
    whole = _per_second(lambda: files.make(note), 1, rounds=60)
    against = "an empty page with the same XML"
    yield Measure("credit note PDF", plain, against, floor, "per second")
    yield Measure("credit note Factur-X, checked", whole, against, floor, "per second")
    yield Measure("the same, a minute", whole * 60, "500", 500, "per minute")


def _document() -> dict[str, Any]:
    """A document of four lines and two rates, as the house writes it."""
    content = import_module("rebond.domain.credit_notes.content")
    tax = import_module("rebond.domain.orders.new").tax_inside
    rates = ("0.20", "0.055")
    items = [
        content.Item(f"Article {n}", f"SKU-{n}", 2, 1200 + n, {rate: tax(1200 + n, rate)})
        for n, rate in enumerate(rates * 2)
    ]
    gross = sum(item.gross_minor for item in items) - 300
    totals = content.totals_of(items, kept_minor=300, gross_minor=gross)
    seller = {
        "name": "Galerie",
        "legal_name": "Galerie SARL",
        "email": "b@galerie.example",
        "address": ["12 rue des Lices", "69000 Lyon"],
        "siren": "732829320",
        "vat_number": "FR44732829320",
        "country": "FR",
    }
    buyer = {"name": "Camille Œuvrard", "address": ["75005 Paris"], "country": "FR"}
    category = {"category": "S", "code": "", "reason": ""}
    return {
        "format": 2,
        "kind": "credit_note",
        "label": "AV-2026-000001",
        "language": "fr",
        "currency": "EUR",
        "issued_on": "2026-11-21",
        "seller": seller,
        "buyer": buyer | {"vat_number": "", "siren": ""},
        "buyer_kind": "private",
        "order_number": "1001",
        "return_number": "R-2026-000001",
        "invoice_number": "FA-1001",
        "invoice_date": "2026-11-12",
        "delivered_on": "2026-11-14",
        "refunded_on": "2026-11-20",
        "reason": "",
        "items": [
            asdict(item) | {"net_minor": item.net_minor, "parts": [asdict(p) for p in item.parts]}
            for item in items
        ],
        "kept": [asdict(part) for part in content.kept_parts(items, totals)],
        "kept_label": "Retenu",
        "totals": content.as_json(totals),
        "tax_categories": dict.fromkeys(rates, category),
        "oss": None,
        "paid_back": [{"method": "card", "amount_minor": gross, "reference": ""}],
        "derived": [],
    }


def _pages(home: Path, only: str) -> Iterator[Measure]:
    names = ("import", "returns", "orders", "order", "return")
    if only and not any(only in name or name in only for name in names):
        return
    yield from _filled(home)
    shop, client = _log_in()
    floor = _floor(shop)
    for name, address in _addresses(shop, client):
        if only in name:
            took, size = _median_ms(client, address)
            yield Measure(
                name, took, f"its rows by plain SQL ({size // 1024} kB page)", floor, "ms"
            )


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


def _median_ms(client: Any, address: str) -> tuple[float, int]:
    times, size = [], 0
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


def _per_second(work: Callable[[], Any], many: int, *, rounds: int = 5) -> float:
    """How many a second, the median of several rounds."""
    work()
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        rates.append(many / (time.perf_counter() - began))
    return statistics.median(rates)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
