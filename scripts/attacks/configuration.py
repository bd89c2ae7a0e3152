"""V13 to V16: starting, errors, what is told about people, logs."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections import Counter
from importlib.metadata import version as installed
from pathlib import Path

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import CLOSED
from scripts.faults.installation import PYTHON, ROOT, Installation


@row(
    88,
    "started with DEBUG, a weak key, any host, a database that all may read",
    "refuses to start in public, and says why",
)
def unsafe_start(stage: Stage) -> str:
    """`rebond serve` with each mistake under an https address."""
    said = []
    for name, value, word in (
        ("REBOND_DEBUG", "1", "REBOND_DEBUG"),
        ("REBOND_SECRET_KEY", "secret", "REBOND_SECRET_KEY"),
        ("REBOND_HOSTS", "*", "REBOND_HOSTS"),
    ):
        ran = subprocess.run(
            [PYTHON, "-m", "rebond", "serve", "--port=1"],
            cwd=ROOT,
            env=stage.here.env | {name: value},
            capture_output=True,
            text=True,
            timeout=60,
        )
        must(ran.returncode != 0, f"{name}={value} starts")
        must(word in ran.stderr + ran.stdout, f"{name}={value} is not named: {ran.stderr[-300:]}")
        said.append(name)
    for path in (stage.here.folder / "secret_key", stage.here.folder / "rebond.sqlite3"):
        mode = path.stat().st_mode & 0o007
        must_be(mode, 0, f"what everybody may do with {path.name}")
    return f"{', '.join(said)}: refused by name; key and database are not for everybody"


@row(89, "errors forced by bad bytes everywhere", "a plain page; no stack, SQL, path, version")
def forced_errors(stage: Stage) -> str:
    """Every address with odd parts, read by an owner and a key."""
    owner, n = stage.staff(ATTACKER, "owner"), 0
    for one in stage.pages:
        route = re.sub(r"<(?:uuid|int|slug):[^>]+>", ATTACKER, one["route"])
        path = "/" + re.sub(r"<[^>]+>", "%C3%28%27%22%F0%9F%92%A9~0~9", route)
        answer = owner.get(f"{path}?q=%FF%FE&cursor=%00&page=-1&view=%27&limit=x&from=x&draft=%00")
        must(answer.status < 500, f"{path}: {answer.status}")
        for word in ("Traceback", "SELECT ", "site-packages", "sqlite3.", "Django Version"):
            must(word not in answer.text, f"{word} at {path}")
        n += 1
    return f"{n} addresses: no error of ours, nothing about the inside"


@row(
    90,
    "secrets in addresses, logs, the database, exports",
    "0 hits; keys and links are not kept as they are",
)
def kept_secrets(stage: Stage) -> str:
    """Every key, link, password searched for in the database's file and the logs."""
    secrets = [stage.of(shop)["key"].split("_", 2)[2] for shop in (ATTACKER, VICTIM)]
    secrets += [stage.facts["password"], stage.of(VICTIM)["card"]]
    secrets += [one["link"].rpartition(":")[2] for one in stage.of(VICTIM)["returns"].values()]
    dump = _texts_of(stage.here.folder / "rebond.sqlite3")
    saved = stage.here.rebond("backup", str(stage.here.folder / "backups"))
    must_be(saved.code, 0, f"the backup: {saved.err[-300:]}")
    must(list((stage.here.folder / "backups").iterdir()), "no archive")
    log = (stage.here.folder / "web.log").read_text(errors="replace")
    for n, secret in enumerate(secrets):
        must(secret not in log, f"secret {n} in the log")
        must(secret not in dump, f"secret {n} in the database beside the letters")
        must(secret not in saved.out + saved.err, f"secret {n} told by the backup")
    owner = stage.staff(ATTACKER, "owner").get(f"/desk/{ATTACKER}/money/keys/").text
    must(secrets[0] not in owner, "a key on the page of keys")
    return f"{len(secrets)} secrets: none in the log, none in the database but in letters"


@row(91, "personal pages in caches; /r/…/x.css", "no-store; 404")
def caches(stage: Stage) -> str:
    """Pages of a shopper and of the desk."""
    owner, own = stage.staff(ATTACKER, "owner"), stage.of(ATTACKER)
    known = own["returns"]["A-1"]
    machine = stage.machine(ATTACKER)
    pages = [
        stage.anybody().get(f"/s/{ATTACKER}/r/{known['link']}/"),
        stage.shopper(ATTACKER, "A-5").get(f"/s/{ATTACKER}/order/A-5/"),
        owner.get(f"/desk/{ATTACKER}/returns/{known['number']}/"),
        owner.get("/desk/account/"),
        machine.call("GET", "/returns"),
        machine.call("GET", f"/returns/{known['number']}"),
        machine.call("GET", "/orders"),
    ]
    for n, page in enumerate(pages):
        must_be(page.status, 200, f"page {n}")
        must("no-store" in page.headers.get("cache-control", ""), f"page {n} may be kept")
    for path in (
        f"/s/{ATTACKER}/r/{known['link']}/x.css",
        f"/s/{ATTACKER}/r/{known['link']}x.css",
        f"/s/{ATTACKER}/order/A-5/x.css",
        f"/desk/{ATTACKER}/returns/{known['number']}/x.css",
    ):
        seen = owner.get(path)
        if seen.status == 301:  # to the same with a slash, which tells nothing
            must_be(seen.headers["location"], f"{path}/", f"where {path} leads")
            seen = owner.get(f"{path}/")
        must_be(seen.status, 404, path)
    return f"{len(pages)} pages: no-store; 4 made-up style sheets: 404"


@row(
    93,
    "the audit changed, shortened, rewritten",
    "refused by the database; found by verify",
)
def audit(stage: Stage) -> str:
    """UPDATE and DELETE on the audit's table, and of the tables that only grow."""
    tables = (
        "audit_auditentry",
        "kernel_event",
        "ledger_transaction",
        "ledger_entry",
        "credit_notes_creditnote",
    )
    with sqlite3.connect(stage.here.folder / "rebond.sqlite3", timeout=30) as line:
        held = [t for t in tables if line.execute(f'SELECT 1 FROM "{t}" LIMIT 1').fetchone()]
        must("audit_auditentry" in held, "no audit")
        for table in held:
            for sql in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):
                try:
                    line.execute(sql)
                except sqlite3.DatabaseError:
                    continue
                line.rollback()
                must(False, f"{sql} was taken")
    with Installation(like=stage.here) as copy:
        must_be(copy.verify(), "kept", "the copy before")
        many = copy.inside("two_shops.rewritten_audit", slug=ATTACKER).made
        told = copy.verify()
    must("chain rewritten since" in told, f"{many} entries rewritten: {told[:300]}")
    return f"{len(held)} tables: neither changed nor emptied; {many} entries rewritten: found"


@row(
    94,
    "a thousand wrong log-ins, names of 100 kB, headers of 1 MB",
    "the log grows by little, and the installation answers",
)
def log_flood(stage: Stage) -> str:
    """From fifty addresses; the log's size before and after."""
    log = stage.here.folder / "web.log"
    before, statuses = log.stat().st_size, Counter[int]()
    people = [stage.anybody() for _ in range(50)]
    for n in range(1000):
        form = {"email": f"nobody{n % 7}@victim.example", "password": "x" * 50}
        statuses[people[n % 50].post("/desk/login/", form).status] += 1
    for who in people[:5]:
        long = {"email": "x" * 100_000, "password": "x" * 100_000}
        statuses[who.post("/desk/login/", long).status] += 1
        flood = who.get("/", headers={"User-Agent": "x" * 1_000_000})
        must_be(flood.status, (CLOSED, 400, 431), "a header of 1 MB")
    grown = log.stat().st_size - before
    must(not [status for status in statuses if status >= 500], f"errors of ours: {statuses}")
    must(statuses[429] > 500, f"hardly one was held back: {statuses}")
    must(grown < 300_000, f"the log grew by {grown} bytes")
    must_be(stage.anybody().get("/health/").status, 200, "the installation")
    return f"{statuses[429]} × 429 of 1,005; the log grew by {grown} bytes"


@row(
    95,
    "packages with known holes",
    "Django ≥ 5.2.19, Pillow ≥ 12.3.0; every package by version and hash, and so installed",
    missing="pip-audit against the list of known holes, which needs the network",
)
def packages(stage: Stage) -> str:
    """What the pinned lists name, and what really runs."""
    for path in (ROOT / "requirements").glob("*.txt"):
        for entry in re.split(r"\n(?=\S)", path.read_text().strip()):
            if not entry.startswith("#"):
                must("==" in entry and "--hash=sha256:" in entry, f"{entry[:60]} in {path.name}")
    text = "\n".join(path.read_text() for path in (ROOT / "requirements").glob("*.txt"))
    found = {}
    for name, least in (("django", (5, 2, 19)), ("pillow", (12, 3, 0))):
        [version] = set(re.findall(rf"(?im)^{name}==([0-9.]+)", text))
        must(tuple(int(part) for part in version.split(".")) >= least, f"{name} {version}")
        must_be(installed(name), version, f"the {name} that runs")
        found[name] = version
    return ", ".join(f"{name} {version}" for name, version in found.items())


def _texts_of(database: Path) -> str:
    """Everything in the database but the letters, which must hold their links."""
    with sqlite3.connect(database) as line:
        lines = [text for text in line.iterdump() if "outbound_message" not in text.lower()]
    return "\n".join(text for text in lines if '"notifications_message"' not in text)
