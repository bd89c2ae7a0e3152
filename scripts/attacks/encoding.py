"""V1: texts that want to be more than text, and addresses that lead inside."""

from __future__ import annotations

from email import message_from_bytes, policy

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage, canary
from scripts.attacks.visitor import CSRF
from scripts.faults.installation import ROOT

EVIL = ("<script>alert", "<img src=x", "<svg/onload")
AS_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{7*7}} {% debug %} ${7*7} #{7*7}",
)


@row(
    1,
    "scripts and broken UTF-8 in a shopper's comment and message",
    "kept as text; escaped at the desk, in letters, the API, the slip and tables",
)
def comment(stage: Stage) -> str:
    """One return with all of them in its comment, read back everywhere."""
    text = " ".join(PAYLOADS)
    shopper = stage.shopper(VICTIM, "B-8")
    form = {"l1-chosen": "1", "l1-quantity": "1", "l1-reason": "changed_mind", "comment": text}
    broken = f"csrfmiddlewaretoken={shopper.cookies[CSRF]}&l1-chosen=1&l1-quantity=1"
    broken += "&l1-reason=changed_mind&comment=%ff%fe%c3%28%ed%a0%80<script>alert(1)"
    odd = shopper.send("POST", f"/s/{VICTIM}/order/B-8/", body=broken.encode(), headers=AS_FORM)
    must_be(odd.status, (302, 400, 422), "broken UTF-8")
    if odd.status == 302:
        shown = shopper.get(odd.headers["location"])
        must_be(shown.status, 200, "what was kept of it")
        must("<script>alert" not in shown.text, "broken UTF-8 with a script")
    chosen = shopper.post(f"/s/{VICTIM}/order/B-8/", form)
    must_be(chosen.status, 302, "choosing")
    sent = shopper.post(chosen.headers["location"].replace("/preview/", "/send/"))
    must_be(sent.status, 302, "sending")
    page = sent.headers["location"]
    number = page.strip("/").split("/")[-1]
    shopper.post(f"{page}messages/", {"text": text, "body": text})
    owner = stage.staff(VICTIM, "owner")
    desk = owner.get(f"/desk/{VICTIM}/returns/{number}/")
    must_be(desk.status, 200, "the desk's page")
    must("&lt;script&gt;alert(1)" in desk.text, "the comment is not shown")
    for word in EVIL:
        must(word not in desk.text, f"{word} at the desk")
    api = stage.machine(VICTIM).call("GET", f"/returns/{number}")
    must_be(api.headers["content-type"].partition(";")[0], "application/json", "the API's type")
    must("49" not in desk.text.partition("&lt;script&gt;")[2][:200], "a template was run")
    stage.here.live()
    letters = [path for path in (stage.here.folder / "outbox").rglob("*") if path.is_file()]
    pages = 0
    for path in letters:
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        for part in letter.walk():
            if part.get_content_type() == "text/html":
                pages += 1
                must(not [word for word in EVIL if word in part.get_content()], "in a letter")
    must(pages, "no letter with a page")
    table = owner.get(f"/desk/{VICTIM}/settings/audit/csv/")
    must_be((table.status, "text/csv" in table.headers["content-type"]), (200, True), "the table")
    table.body.decode("utf-8")
    slip = shopper.get(f"{page}slip.pdf")
    must(slip.status in {200, 404} and (slip.status == 404 or slip.body[:5] == b"%PDF-"), "a slip")
    return f"kept, shown escaped at the desk and in {pages} letters; JSON, CSV and slip are sound"


@row(2, "scripts and template code in names and addresses of an order", "literal text everywhere")
def names(stage: Stage) -> str:
    """An order whose shopper bears them, at the desk and in the portal."""
    text = " ".join(PAYLOADS)[:190]
    order = {
        "number": "A-EVIL",
        "ordered_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "shopper": {"email": "evil@client.example", "name": text, "address": [text[:80]]},
        "lines": [{"sku": "X", "title": text, "quantity": 1, "total_minor": 1000}],
        "payments": [],
    }
    made = stage.machine(ATTACKER).call("POST", "/orders", order)
    must_be(made.status, (201, 422), "the order")
    if made.status == 422:
        order["payments"] = [
            {"provider": "paper", "method": "card", "reference": "p-evil", "captured_minor": 1000}
        ]
        made = stage.machine(ATTACKER).call("POST", "/orders", order)
        must_be(made.status, 201, f"the order: {made.text[:300]}")
    owner = stage.staff(ATTACKER, "owner")
    shopper = stage.anybody()
    found = shopper.post(f"/s/{ATTACKER}/", {"number": "A-EVIL", "proof": "evil@client.example"})
    must_be(found.status, 302, "finding it")
    for page in (
        owner.get(f"/desk/{ATTACKER}/orders/A-EVIL/"),
        owner.get(f"/desk/{ATTACKER}/orders/"),
        shopper.get(f"/s/{ATTACKER}/order/A-EVIL/"),
    ):
        must_be(page.status, 200, "a page with it")
        must("{{7*7}}" in page.text or "&lt;script&gt;" in page.text, "it is not shown")
        for word in ("<script>alert", "<img src=x", "<svg/onload"):
            must(word not in page.text, f"{word} on a page")
    return "shown as typed on three pages"


@row(4, "lookups of a database in the API's filters", "422 for a filter that is not known")
def filters(stage: Stage) -> str:
    """Names and values of filters on five lists."""
    machine, n = stage.machine(ATTACKER), 0
    for path in ("/returns", "/orders", "/credit-notes", "/events", "/parcels"):
        for more in (
            "id__in=1",
            "_connector=OR",
            "shop__secret__startswith=a",
            "shop__slug=victim",
            "order_by=shop",
            "ordering=-id",
            "sort=id",
        ):
            must_be(machine.call("GET", f"{path}?{more}").status, (400, 422), f"{path}?{more}")
            n += 1
    return f"{n} refused"


@row(5, "' OR 1=1, %, _, 10 kB, a zero byte in a search", "right results or 400")
def search(stage: Stage) -> str:
    """The search of the desk and a filter of the API."""
    owner, machine = stage.staff(ATTACKER, "owner"), stage.machine(ATTACKER)
    odd = ("%27%20OR%201%3D1--", "%25", "_", "x" * 5000, "%00", "%5C", "%22%3B")
    for text in odd:
        page = owner.get(f"/desk/{ATTACKER}/orders/?q={text}")
        must_be(page.status, (200, 400, 414), f"the desk for {text[:20]}")
        must("/orders/B-" not in page.text, "another shop's order")
        told = machine.call("GET", f"/returns?order={text[:40]}")
        must_be(told.status, (200, 400, 422), f"the API for {text[:20]}")
        must(told.status != 200 or told.json["items"] == [], f"rows for {text[:20]}")
    must("/orders/A-5/" in owner.get(f"/desk/{ATTACKER}/orders/?q=A-5").text, "one's own order")
    return f"{len(odd)} texts: nothing more than asked for"


@row(12, "doubled keys, NaN, 1e999, 10⁵ deep, 2⁶⁴, UTF-16, a BOM", "400 or 422 problem, never 500")
def odd_json(stage: Stage) -> str:
    """Each as the body of three routes."""
    machine, n = stage.machine(ATTACKER), 0
    bodies = (
        b'{"amount_minor": NaN}',
        b'{"amount_minor": 1e999}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"amount_minor": 18446744073709551616}',
        '{"a": 1}'.encode("utf-16"),
        b'\xef\xbb\xbf{"reason": 1}',
        b"\xff\xfe",
        b"",
        b"null",
        b"[]",
        b'"x"',
        b'{"reason": "\\ud800"}',
        b'{"order": "\\u0000"}',
        b'{"reason": "x", "amount_minor": ' + b"9" * 5000 + b"}",
    )
    for path in ("/returns", "/orders/A-5/refunds/preview", "/webhook-endpoints"):
        for body in bodies:
            answer = machine.call("POST", path, body)
            must_be(answer.status, (400, 413, 422), f"{body[:40]!r} at {path}")
            must("problem+json" in answer.headers["content-type"], f"no problem for {body[:40]!r}")
            n += 1
    twice = b'{"reason": "x", "amount_minor": 1, "amount_minor": 10000000}'
    must_be(
        machine.call("POST", "/orders/A-5/refunds/preview", twice).status, (400, 409, 422), "twice"
    )
    return f"{n} bodies: problem documents"


@row(13, "//evil, javascript: and the like as the way on after the log-in", "own pages only")
def redirects(stage: Stage) -> str:
    """A log-in with each."""
    for wanted in (
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "@evil.example",
        "/desk//evil",
        "https://evil.example/desk/",
        "/desk/\\..\\evil",
        "/s/victim/",
        "/desk/\r\nX: y",
    ):
        form = {
            "email": "agnes@attacker.example",
            "password": stage.facts["password"],
            "next": wanted,
        }
        answer = stage.anybody().post("/desk/login/", form)
        must_be(answer.status, 302, wanted)
        must(answer.headers["location"].startswith("/desk/"), f"{wanted}: {answer.headers}")
        must("evil.example" not in answer.headers["location"], wanted)
    return "11 ways: to the desk"


@row(
    14,
    "a webhook to loopback, private and disguised addresses, other ports and schemes",
    "422 when it is typed; nothing is called",
)
def inner_addresses(stage: Stage) -> str:
    """Each address, and a listener that hears nothing."""
    machine = stage.machine(ATTACKER)
    with canary() as heard:
        port = heard.pop()
        odd = (
            f"http://127.0.0.1:{port}/",
            f"https://127.0.0.1:{port}/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://0177.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://169.254.169.254/latest/",
            "https://metadata.internal/",
            "https://localhost./",
            "https://a@127.0.0.1/",
            "https://user:pass@x.example/",
            "https://x.example:25/",
            "https://x.example:5432/",
            "gopher://x.example/",
            "file:///etc/passwd",
            "https://10.0.0.1/",
            "https://[fd00::1]/",
            "https://0.0.0.0/",
            "https://100.64.0.1/",
        )
        for url in odd:
            answer = machine.call("POST", "/webhook-endpoints", {"url": url, "types": []})
            must_be(answer.status, 422, url)
        must_be(heard, [], "what the listener heard")
    fair = machine.call("POST", "/webhook-endpoints", {"url": "https://x.example/in", "types": []})
    must_be(fair.status, 201, "a public address")
    return f"{len(odd)} refused, the listener heard nothing; a public one: 201"


@row(8, "options and odd shapes as an e-mail address", "422, or data and nothing else")
def odd_mailboxes(stage: Stage) -> str:
    """A mailbox that is asked for a code."""
    for n, email in enumerate(
        (
            "-OQueueDirectory=/tmp@x",
            "a@[127.0.0.1]",
            "a" * 320 + "@x.example",
            "a@b\r\nBcc: c@d.example",
            '"x" <a@b.example>, c@d.example',
            "a@b.example,c@d.example",
            "a b@x.example",
        )
    ):
        answer = stage.anybody().post(f"/s/{ATTACKER}/mailbox/", {"email": email})
        must_be(answer.status, (302, 422), f"{n}: {email[:30]}")
    letters = stage.ask("letters_to_strangers", slug=ATTACKER)
    must_be(letters, [], "letters to such addresses")
    return "7 addresses: no letter to any"


@row(
    11,
    "XML bodies: entities, billion laughs, XInclude",
    "no XML is read but a carrier's answers, without a document type",
)
def xml(stage: Stage) -> str:
    """The API takes none; the one plug that reads XML is given each of them as an answer."""
    reading = _code_with(
        "fromstring(", "etree.parse(", "iterparse(", "minidom", "expat", "XMLParser"
    )
    known = {"checks.py", "embedding.py", "einvoice.py", "mondial_relay.py"}
    outside = sorted(path for path in reading if path.rpartition("/")[2] not in known)
    must_be(outside, [], "code that reads XML beside our own documents")
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    answer = stage.machine(ATTACKER).call("POST", "/returns", body, Content_Type="application/xml")
    must_be(answer.status, (400, 415, 422), "XML at the API")
    told = stage.here.inside("calls.hostile_xml").made
    must_be(set(told.values()), {"refused"}, f"answers of a carrier: {told}")
    return f"at the API {answer.status}; {len(told)} answers of a carrier: refused"


@row(18, "patterns that take for ever in a rule", "globs only", cannot_apply=True)
def patterns(stage: Stage) -> str:
    """No rule and no setting takes a regular expression from a person."""
    making = _code_with("re.compile(", "re.match(", "re.search(", "re.fullmatch(")
    typed = [
        path
        for path in making
        if "/policies/" in path and "re.compile(rule" in (ROOT / path).read_text(encoding="utf-8")
    ]
    must_be(typed, [], "expressions made from what a person typed")
    must(not _code_with("__regex", "__iregex"), "expressions in the database")
    return "no expression is made from what people type"


@row(20, "instructions to an AI helper", "there is none", cannot_apply=True)
def ai_helper(stage: Stage) -> str:
    """No program of ours calls a language model."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").lower()
    for word in ("openai", "anthropic", "transformers", "langchain", "llama", "mistralai"):
        must(word not in text, f"{word} among the packages")
        must(not _code_with(f"import {word}"), f"{word} in the code")
    return "no such package, no such import"


def _code_with(*words: str) -> list[str]:
    found = []
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            found.append(str(path.relative_to(ROOT)))
    return found
