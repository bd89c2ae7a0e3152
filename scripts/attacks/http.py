"""V4: the protocol itself, limits, addresses that nobody told."""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.attacks.authorisation import API
from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import CLOSED, raw, statuses

SLOW = 8
SLOW_SECONDS = 60


@row(45, "TRACE, PUT, PROPFIND, X-HTTP-Method-Override", "405, and no effect")
def methods(stage: Stage) -> str:
    """Methods that no page has."""
    machine, owner = stage.machine(ATTACKER), stage.staff(ATTACKER, "owner")
    number = stage.of(ATTACKER)["returns"]["A-1"]["number"]
    for method in ("TRACE", "PUT", "PROPFIND", "DELETE", "CONNECT"):
        for path in (f"/s/{ATTACKER}/", "/desk/login/", f"/api/v1/returns/{number}"):
            answer = machine.send(method, path, body=b"" if method != "TRACE" else None)
            must_be(answer.status, (400, 403, 405), f"{method} {path}")
    override = {"X-HTTP-Method-Override": "DELETE", "Content-Type": "application/json"}
    seen = machine.send("GET", f"/api/v1/returns/{number}", headers=override)
    must_be(seen.status, 200, "GET with an override")
    must_be(owner.get(f"/desk/{ATTACKER}/logout/").status, 404, "a made-up page")
    must_be(owner.get("/desk/logout/").status, 405, "logging out by GET")
    return "5 methods × 3 pages: 405; the override does nothing"


@row(46, "CL.TE, TE.CL, odd Transfer-Encoding, two Content-Lengths, folded headers", "400, closed")
def smuggling(stage: Stage) -> str:
    """Bytes that a proxy and we might read differently; the second request must not exist."""
    host = stage.here.address.removeprefix("http://")
    inner = f"GET /health/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
    head = f"POST /desk/login/ HTTP/1.1\r\nHost: {host}\r\n"
    odd = {
        "CL.TE": f"{head}Content-Length: {len(inner) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n",
        "xchunked": f"{head}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n",
        "two lengths": f"{head}Content-Length: 0\r\nContent-Length: {len(inner)}\r\n\r\n",
        "minus": f"{head}Content-Length: -1\r\n\r\n",
        "plus": f"{head}Content-Length: +0\r\n\r\n",
        "space before the colon": f"{head}Content-Length : 0\r\n\r\n",
        "folded": f"{head}X-A: b\r\n Content-Length: 9\r\nContent-Length: 0\r\n\r\n",
        "chunk size": f"{head}Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n",
    }
    for name, request in odd.items():
        told = statuses(raw(stage.here.address, (request + inner).encode(), seconds=2))
        must(200 not in told, f"{name}: the inner request was answered: {told}")
        must(all(status < 500 or status == 501 for status in told), f"{name}: {told}")
    plain = f"{head}Content-Length: 0\r\n\r\n{inner}".encode()
    must(200 in statuses(raw(stage.here.address, plain, seconds=2)), "two honest requests")
    return f"{len(odd)} forms: no second answer; two honest requests: two answers"


@row(47, "Host: evil, X-Forwarded-Host, Forwarded", "400; letters hold the configured address")
def poisoned_host(stage: Stage) -> str:
    """A link asked for under another name."""
    who = stage.anybody()
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "a@evil.example"):
        must_be(who.get("/desk/password/", headers={"Host": host}).status, 400, host)
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    page = who.get(f"/s/{VICTIM}/", headers=forwarded)
    must("evil.example" not in page.text + str(page.headers), "a forwarded name on a page")
    who.post("/desk/password/", {"email": "olga@attacker.example"})
    sent = stage.ask("last_letter", to="olga@attacker.example")
    must(f"{stage.here.outside}/desk/password/" in sent, f"no link of ours: {sent[:300]}")
    must("evil" not in sent, "a poisoned letter")
    return "4 hosts: 400; the letter's link begins with the base address"


@row(48, "X-Forwarded-For forged to get round a limit", "the proxy's own entry counts")
def forged_addresses(stage: Stage) -> str:
    """Another first entry each time, the same last one, which our proxy wrote."""
    answers = []
    for n in range(36):
        who = stage.anybody()
        who.network = f"203.0.113.{n}, 127.0.0.1, 192.0.2.99"
        answers.append(who.post(f"/s/{ATTACKER}/", {"number": f"X-{n}", "proof": f"p{n}"}).status)
    must_be((answers[0], answers[-1]), (422, 429), "first and last try")
    must_be(
        stage.anybody().post(f"/s/{ATTACKER}/", {"number": "A-5", "proof": "75005"}).status,
        302,
        "somebody else",
    )
    return f"{answers.count(422)} tries, then 429; somebody else gets in"


@row(49, "JSON as text, as a form, multipart, utf-7, no type", "415 or 422, or the same meaning")
def lying_types(stage: Stage) -> str:
    """A refund preview, which writes nothing, under five types."""
    machine = stage.machine(ATTACKER)
    path, wish = "/orders/A-5/refunds/preview", {"amount_minor": 100, "reason": "x"}
    right = machine.call("POST", path, wish)
    must_be(right.status, 200, "the right type")
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-7",
        "application/xml",
    ):
        answer = machine.call("POST", path, wish, Content_Type=kind)
        must_be(answer.status, (200, 400, 415, 422), kind)
        must(answer.status != 200 or answer.json == right.json, f"another meaning as {kind}")
    return "5 types: refused, or the very same answer"


@row(
    50,
    "10 MB of JSON, 10⁵ fields, 10⁴ parts, 10⁴ headers, a slow body",
    "413, 400 or 408; 64 MB more at most; others are served beside eight slow bodies",
)
def large_requests(stage: Stage) -> str:
    """Each, and a plain request afterwards; what the processes hold before and after."""
    stage.anybody().get("/health/")
    before = _megabytes(stage)
    machine, who = stage.machine(ATTACKER), stage.anybody()
    big = b'{"order": "' + b"x" * 10_000_000 + b'"}'
    must_be(machine.call("POST", "/returns", big).status, (CLOSED, 400, 413), "10 MB of JSON")
    fields = {f"f{n}": "1" for n in range(20_000)}
    must_be(who.post(f"/s/{VICTIM}/", fields).status, (CLOSED, 400, 413), "20,000 fields")
    host = stage.here.address.removeprefix("http://")
    many = "".join(f"X-{n}: 1\r\n" for n in range(10_000))
    told = statuses(
        raw(stage.here.address, f"GET / HTTP/1.1\r\nHost: {host}\r\n{many}\r\n".encode())
    )
    must(told[:1] in ([], [400], [431]), f"10,000 headers: {told}")
    deep = b"[" * 100_000
    must_be(machine.call("POST", "/returns", deep).status, (400, 422), "arrays in arrays")
    must_be(stage.anybody().get("/health/").status, 200, "afterwards")
    slowest = _beside_slow_bodies(stage, host)
    more = _megabytes(stage) - before
    must(more < 64, f"the processes hold {more} MB more")
    return (
        f"413, 400, 400, 400; {more} MB more in all processes; beside {SLOW} bodies of a byte a "
        f"second others wait {slowest:.2f} s at most"
    )


@row(51, "?shop_id=B in query and body, id[]=, repeated parameters", "400 or 422; the route wins")
def polluted(stage: Stage) -> str:
    """Names that would choose another shop."""
    machine, n = stage.machine(ATTACKER), 0
    own = machine.call("GET", "/orders?limit=200").json["items"]
    must(own and not [one for one in own if one["number"].startswith("B-")], "own orders")
    for more in ("shop_id=victim", "shop=victim", "id[]=1", "number=B-1", "order[]=B-1"):
        must_be(machine.call("GET", f"/orders?{more}").status, (400, 422), more)
        n += 1
    owner = stage.staff(ATTACKER, "owner")
    page = owner.get(f"/desk/{ATTACKER}/orders/?shop=victim&slug=victim&slug={VICTIM}")
    must_be(page.status, 200, "the desk")
    must("B-1" not in page.text, "another shop's order at the desk")
    return f"{n} refused; the desk shows its own shop"


@row(52, "old versions, undocumented routes, /debug, /metrics, .git, .env, source maps", "404")
def inventory(stage: Stage) -> str:
    """Paths of other programs; the API's routes against its own description."""
    for path in (
        "/api/v0/returns",
        "/api/v2/returns",
        "/api/returns",
        "/api/v1/admin",
        "/debug/",
        "/metrics",
        "/schema/",
        "/.git/config",
        "/.env",
        "/admin/",
        "/static/app.js.map",
        "/static/../secret_key",
        "/static/%2e%2e/secret_key",
        "/files/",
        "/media/",
        "/server-status",
        "/wp-login.php",
        "/rebond.sqlite3",
        "/secret_key",
        "/graphql",
        "/__debug__/",
    ):
        must_be(stage.anybody().get(path).status, 404, path)
    described = {re.sub(r"\{[^}]+\}", "*", path) for path in API["paths"]}
    pages = {"api/v1/", "api/v1/openapi.json", "api/v1/<path:rest>"}
    served = {
        "/" + re.sub(r"<[^>]+>", "*", one["route"])
        for one in stage.pages
        if one["route"].startswith("api/") and one["route"] not in pages
    }
    must_be(served ^ described, set(), "routes that are served or described alone")
    told: Any = stage.anybody().get("/api/v1/openapi.json").json
    must_be(told["paths"].keys(), API["paths"].keys(), "the served description")
    return f"21 paths: 404; {len(described)} routes, served as described"


@row(53, "GET at a door for messages, 5 MB, odd encodings", "405; 413; 400 or 401")
def odd_messages(stage: Stage) -> str:
    """At each provider's and carrier's door."""
    for door in (
        "payments/victim/simulator",
        "payments/victim/stripe",
        "carriers/victim/simulator",
    ):
        who = stage.anybody()
        must_be(who.get(f"/hooks/{door}/").status, (404, 405), f"GET {door}")
        large = who.send("POST", f"/hooks/{door}/", body=b"x" * 5_000_000)
        must_be(large.status, (CLOSED, 404, 413), f"5 MB at {door}")
        for body in ("é".encode("utf-16"), b"\xff\xfe\x00", b"", b"null"):
            answer = who.send("POST", f"/hooks/{door}/", body=body)
            must_be(answer.status, (400, 401, 404, 503), f"{body!r} at {door}")
    none = stage.anybody().send("POST", "/hooks/payments/victim/nobody/", body=b"{}")
    must_be(none.status, 404, "a provider that is none")
    return "3 doors: 405, 413, 401 or 503"


def _beside_slow_bodies(stage: Stage, host: str) -> float:
    """The longest that somebody else waits while bodies trickle in; seconds."""
    head = f"POST /s/{VICTIM}/ HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
    where = urlsplit(stage.here.address)
    lines = [socket.create_connection((where.hostname, where.port), 5) for _ in range(SLOW)]
    waits = []
    try:
        for line in lines:
            line.sendall(head.encode())
        for _ in range(SLOW_SECONDS):
            for line in lines:
                with suppress(OSError):
                    line.sendall(b"x")
            began = time.perf_counter()
            must_be(stage.anybody().get(f"/s/{ATTACKER}/").status, 200, "beside slow bodies")
            waits.append(time.perf_counter() - began)
            time.sleep(1)
    finally:
        for line in lines:
            line.close()
    must(max(waits) < 2, f"others waited {max(waits):.1f} s")
    return max(waits)


def _megabytes(stage: Stage) -> int:
    """What the web server's processes hold together, each shared page counted once."""
    first = stage.web_pid
    others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    must(others, "the web server has no workers")
    told = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in (first, *others)]
    return sum(int(n) for text in told for n in re.findall(r"(?m)^Pss: +(\d+)", text)) // 1024
