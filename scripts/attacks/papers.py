"""V1: what people type, on its way into letters, tables, documents and logs."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from email import message_from_bytes, policy
from typing import Any

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage, canary
from scripts.attacks.visitor import CLOSED
from scripts.faults.installation import Provider

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", 'x;=cmd|"/C calc"!A0')


@row(3, "template code in a template of the desk's", "our own placeholders only; others: 422")
def template_code(stage: Stage) -> str:
    """Each kept or refused; what is kept is shown as it was typed."""
    owner, path = stage.new_staff(ATTACKER, "owner"), f"/desk/{ATTACKER}/templates/"
    odd = ("{% include 'x' %}", "{{settings.SECRET_KEY}}", "{{x.__class__}}", "{number.__class__}")
    for n, text in enumerate((*odd, "{0}", "{secret}", "{number!r}", "{number:>999999999}")):
        kept = owner.post(path, {"title": f"T{n}", "language": "en", "text": f"Hello {text}"})
        must_be(kept.status, (302, 422), text)
        page = owner.get(path).text
        must(stage.facts["password"] not in page and "49" not in text, "a secret")
        for word in ("&lt;class", "<class", "SECRET_KEY = "):
            must(word not in page.replace("settings.SECRET_KEY", ""), f"{word} on the page")
        if kept.status == 302:
            must_be("{{" in text or "{%" in text, True, f"{text} was kept")
    fair = owner.post(path, {"title": "Fair", "language": "en", "text": "Your return {number}"})
    must_be(fair.status, 302, "a placeholder of ours")
    return "unknown placeholders: 422; template code: plain text; ours: kept"


@row(
    6,
    "formulas in names, titles, codes, on their way into CSV",
    "an apostrophe before; numbers stay",
)
def formulas(stage: Stage) -> str:
    """An order full of them, refunded; every cell of every table that the shop takes away."""
    machine = stage.machine(ATTACKER)
    _sold(stage, _order("CSV-1", name=FORMULAS[0], titles=FORMULAS))
    wish = {"amount_minor": 500, "reason": "=2+2"}
    must_be(machine.call("POST", "/orders/CSV-1/refunds", wish).status, 201, "the refund")
    stage.here.live()
    owner = stage.new_staff(ATTACKER, "owner")
    files = dict(_tables(owner.get(f"/desk/{ATTACKER}/settings/audit/csv/").body, "audit.csv"))
    year = time.strftime("%Y")
    span = f"from={year}-01-01&to={year}-12-31&first={year}-01-01&last={year}-12-31"
    archive = owner.get(f"/desk/{ATTACKER}/documents/exports/archive/?{span}")
    must_be(archive.status, 200, f"the archive: {archive.headers}")
    with zipfile.ZipFile(io.BytesIO(archive.body)) as packed:
        for name in packed.namelist():
            if name.endswith(".csv"):
                files |= _tables(packed.read(name), name)
    report = owner.get(f"/desk/{ATTACKER}/balances/report.csv?from={year}-01-01&to={year}-12-31")
    files |= _tables(report.body, "balances.csv")
    cells = [(name, cell) for name, rows in files.items() for one in rows for cell in one]
    must(len(cells) > 100, f"hardly a cell in {sorted(files)}")
    for name, cell in cells:
        is_number = re.fullmatch(r"-?\d+([.,]\d+)?", cell)
        must(is_number or not re.match(r"[=+\-@＝]", cell), f"{cell!r} in {name}")
        must(not re.search(r"[;\t]\s*[=+@]", cell), f"{cell!r} begins a cell in {name}")
    return f"{len(cells)} cells of {len(files)} tables: none is a formula"


@row(
    7,
    "line ends and second addresses in an e-mail address, a name, a shop's name",
    "422, or a letter with one recipient",
)
def headers_of_letters(stage: Stage) -> str:
    """Orders with each; every letter that was written."""
    machine, refused = stage.machine(ATTACKER), 0
    odd = (
        "a@b.example\r\nBcc: c@d.example",
        '"x" <a@b.example>, c@d.example',
        "a@b.example\u2028x",
    )
    for n, email in enumerate(
        (*odd, "a@b.example%0d%0aBcc:c@d.example", "a@b.example;c@d.example")
    ):
        made = machine.call("POST", "/orders", _order(f"MAIL-{n}", email=email))
        must_be(made.status, (201, 422), email)
        refused += made.status == 422
    for n, name in enumerate(
        ("Zoé\r\nBcc: c@d.example", "Zoé\u2028X-Evil: 1", "Zoé <c@d.example>,")
    ):
        order = _order(f"NAME-{n}", name=name, email=f"name{n}@client.example")
        made = machine.call("POST", "/orders", order)
        must_be(made.status, (201, 422), name)
        if made.status == 201:
            line = machine.call("GET", f"/orders/NAME-{n}").json["lines"][0]["id"]
            piece = {"order_line": line, "quantity": 1, "reason": "changed_mind"}
            asked = {"order": f"NAME-{n}", "lines": [piece]}
            must_be(machine.call("POST", "/returns", asked).status, 201, "its return")
    stage.here.live()
    letters = [path for path in (stage.here.folder / "outbox").rglob("*") if path.is_file()]
    must(letters, "no letters at all")
    for path in letters:
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        to = str(letter["To"])
        must_be(to.count("@"), 1, f"recipients in {to!r}")
        for name in ("Bcc", "Cc", "X-Evil"):
            must(letter[name] is None, f"{name} in a letter: {letter[name]}")
    must(refused >= 4, f"only {refused} of 5 addresses refused")
    return f"{refused} of 5 addresses refused; {len(letters)} letters to one recipient each"


@row(
    9,
    "markup of the typesetter, pictures and files by address, 10 MB of blanks in a document",
    "plain text; the listener hears nothing; 10 s at most",
)
def documents(stage: Stage) -> str:
    """A credit note over titles that want to read files and call out."""
    machine = stage.machine(ATTACKER)
    with canary() as heard:
        port = heard.pop()
        titles = (
            '#read("/etc/passwd")',
            f'#image("http://127.0.0.1:{port}/x.png")',
            f"<img src='http://127.0.0.1:{port}/'>",
            '<link rel=attachment href="file:///etc/passwd">',
            "#{while true {}} $ \\ ` _ * @x",
        )
        _sold(stage, _order("PDF-1", titles=titles, name='#eval("1")'))
        lines = machine.call("GET", "/orders/PDF-1").json["lines"]
        pieces = [{"order_line": line["id"], "quantity": 1} for line in lines]
        wish = {"reason": "all", "lines": pieces}
        money = machine.call("POST", "/orders/PDF-1/refunds", wish)
        must_be(money.status, 201, f"the refund: {money.text[:300]}")
        began = time.monotonic()
        stage.here.live()
        notes = machine.call("GET", "/credit-notes?order=PDF-1").json["items"]
        must(notes, "no credit note")
        paper = machine.call("GET", f"/credit-notes/{notes[0]['label']}/pdf")
        must_be((paper.status, paper.body[:5]), (200, b"%PDF-"), "the document")
        must(time.monotonic() - began < 60, "the document took too long")
        must(b"root:x:0" not in paper.body, "a file of the machine in the document")
        must_be(heard, [], "what the listener heard")
    large = _order("PDF-2", titles=("\u00a0" * 10_000_000,))
    status = machine.call("POST", "/orders", large).status
    must_be(status, (CLOSED, 400, 413, 422), "10 MB of blanks")
    return f"{len(titles)} titles printed as text, nothing called; 10 MB: {status}"


@row(
    19, "line ends and escapes of a terminal in what is logged", "one line, nothing of it as it was"
)
def log_lines(stage: Stage) -> str:
    """In addresses, headers, numbers and proofs; the logs afterwards."""
    evil = "%0d%0a2026-01-01%2000:00:00%20CRITICAL%20forged%20%1b[31m"
    for path in (f"/s/{VICTIM}/{evil}", f"/s/{VICTIM}/?q={evil}", f"/desk/{evil}/", f"/{evil}"):
        stage.anybody().get(path, headers={"User-Agent": "x\tCRITICAL forged \x1b[31m"})
    forged = "B-1\r\n2026-01-01 00:00:00 CRITICAL forged \x1b[31m"
    stage.anybody().post(f"/s/{VICTIM}/", {"number": forged, "proof": forged})
    stage.anybody().post("/desk/login/", {"email": forged, "password": forged})
    stage.machine(ATTACKER).call("GET", f"/returns/{evil}")
    stage.machine(ATTACKER).call("POST", "/returns", {"order": forged, "lines": []})
    text = (stage.here.folder / "web.log").read_text(errors="replace")
    must(not [line for line in text.splitlines() if "CRITICAL forged" in line], "a forged line")
    must("\x1b" not in text, "an escape in the log")
    return "8 requests: neither a line of theirs nor an escape in the log"


def _order(
    number: str,
    *,
    name: str = "Zoé Martin",
    email: str = "zoe@client.example",
    titles: tuple[str, ...] = ("Lamp",),
) -> dict[str, Any]:
    total = 1000 * len(titles)
    lines = [
        {"sku": f"EVIL-{n}", "title": title, "quantity": 1, "total_minor": 1000}
        for n, title in enumerate(titles)
    ]
    paid = {"provider": "paper", "method": "card", "reference": number, "captured_minor": total}
    return {
        "number": number,
        "ordered_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "shopper": {"email": email, "name": name, "address": ["1 rue du Puits"]},
        "lines": lines,
        "payments": [paid],
    }


def _sold(stage: Stage, order: dict[str, Any]) -> None:
    """Enter the order, with its payment known to the rehearsal provider."""
    [paid] = order["payments"]
    paid["provider"] = "simulator"
    Provider(stage.here.env["REBOND_SIMULATOR_URL"]).opens(order["number"], paid["captured_minor"])
    made = stage.machine(ATTACKER).call("POST", "/orders", order)
    must_be(made.status, 201, f"the order {order['number']}: {made.text[:300]}")


def _tables(body: bytes, name: str) -> dict[str, list[list[str]]]:
    text = body.decode("utf-8-sig", "replace")
    must(text.strip(), f"{name} is empty")
    return {name: list(csv.reader(io.StringIO(text, newline="")))}
