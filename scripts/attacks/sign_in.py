"""V6 and V7: passwords, second factors, sessions, step-up."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import CLOSED, Answer
from scripts.faults.installation import ROOT

LOGIN = "/desk/login/"


@row(
    62,
    "passwords guessed; known and unknown people; 1 MB; a trailing space",
    "429 from there only; the same page in the same time; refused; kept as typed",
)
def guessed_passwords(stage: Stage) -> str:
    """Six wrong ones from one address, then the right one from there and from elsewhere."""
    email, right = "anton@victim.example", stage.facts["password"]
    thief = stage.anybody()
    answers = [thief.post(LOGIN, {"email": email, "password": f"wrong{n}"}) for n in range(6)]
    must_be((answers[0].status, answers[-1].status), (422, 429), "first and sixth try")
    must_be(thief.post(LOGIN, {"email": email, "password": right}).status, 429, "from there")
    owner = stage.anybody()
    must_be(owner.post(LOGIN, {"email": email, "password": f"{right} "}).status, 422, "a space")
    must_be(owner.post(LOGIN, {"email": email, "password": right}).status, 302, "the owner")
    unknown = stage.anybody().post(LOGIN, {"email": "x@victim.example", "password": "wrong0"})
    must_be(unknown.status, 422, "somebody who is not known")
    must_be(_shape(unknown, "x@victim.example"), _shape(answers[0], email), "the page")
    large = stage.anybody().post(LOGIN, {"email": email, "password": "x" * 1_000_000})
    must_be(large.status, (CLOSED, 400, 413, 422), "1 MB")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _ in range(50):
        for name, whose in (("known", email), ("unknown", "x@victim.example")):
            one = stage.anybody()
            one.get(LOGIN)
            began = time.perf_counter()
            one.post(LOGIN, {"email": whose, "password": "wrong"})
            times[name].append(time.perf_counter() - began)
    known, unknown = (statistics.median(times[name]) for name in ("known", "unknown"))
    must(0.7 < known / unknown < 1.4, f"known {known:.3f} s, unknown {unknown:.3f} s")
    must_be(owner.post(LOGIN, {"email": email, "password": right}).status, 302, "the owner again")
    ratio = f"time for known to unknown over 50 tries {known / unknown:.2f}"
    return f"429 after five from there; the owner gets in; same page for nobody; {ratio}"


@row(
    63,
    "a password link poisoned, used again, of somebody else, in a Referer",
    "once, one person, sessions end",
)
def password_links(stage: Stage) -> str:
    """Rita asks for a link twice; each is tried."""
    email, n = "rita@attacker.example", 0
    old = stage.new_staff(ATTACKER, "read_only")
    stage.anybody().post("/desk/password/", {"email": email})
    text = stage.ask("last_letter", to=email)
    link = re.findall(r"https?://[^/\s]+(/desk/password/[^\s\"<]+)", text)[-1]
    who = stage.anybody()
    page = who.get(link)
    must_be(page.status, 200, "the link")
    must_be(page.headers["referrer-policy"], "same-origin", "Referrer-Policy")
    parts = link.strip("/").split("/")
    other = stage.ask("person_token", email="mona@attacker.example")
    for wrong in (
        f"/desk/password/{other}/{parts[3]}/",
        f"/desk/password/{parts[2]}/{parts[3][:-1]}0x/",
        f"/desk/password/{parts[2]}/set-password/",
    ):
        must_be(stage.anybody().get(wrong).status, 404, wrong)
        n += 1
    password = "another long password 7"
    must_be(who.post(link, {"password": password}).status, 302, "choosing")
    must_be(stage.anybody().get(link).status, 404, "the link once more")
    ended = old.get(f"/desk/{ATTACKER}/returns/")
    must_be(ended.status, 302, "a session from before")
    must("/desk/login/" in ended.headers["location"], "a session from before")
    stage.ask("set_password", email=email)
    stage.new_staff(ATTACKER, "read_only")
    return f"works once; {n} others: 404; the session from before is ended"


@row(65, "the first-run page again; default accounts", "to the log-in; there are none")
def first_run(stage: Stage) -> str:
    """The page for the first owner, with made-up keys; usual names and passwords."""
    for path in ("/desk/begin/", "/desk/begin/?key=x", "/desk/begin/?key="):
        for answer in (
            stage.anybody().get(path),
            stage.anybody().post(path, {"email": "x@y.example"}),
        ):
            must_be(answer.status, (302, 403, 404), path)
            must(answer.headers.get("location", "/desk/login/").startswith("/desk/"), path)
            must("desk_session" not in answer.text and "password2" not in answer.text, path)
    for name in ("admin", "root", "demo", "owner"):
        for host in ("localhost", "example.com", "attacker.example"):
            form = {"email": f"{name}@{host}", "password": name}
            must_be(stage.anybody().post(LOGIN, form).status, 422, form["email"])
    return "3 addresses lead to the log-in; 12 usual accounts: none"


@row(
    66,
    "a session fixed before, used after log-out, after another role, after being shut out",
    "new id at the log-in; ended at once, and after 30 days without use",
)
def sessions(stage: Stage) -> str:
    """A session id from before the log-in; the cookie of somebody who left."""
    who = stage.anybody()
    who.cookies["__Host-session"] = "fixed0fixed0fixed0fixed0fixed0ab"
    form = {"email": "annick@attacker.example", "password": stage.facts["password"]}
    must_be(who.post(LOGIN, form).status, 302, "the log-in")
    must(who.cookies["__Host-session"] != "fixed0fixed0fixed0fixed0fixed0ab", "a fixed session")
    page = f"/desk/{ATTACKER}/returns/"
    must_be(who.get(page).status, 200, "logged in")
    kept = dict(who.cookies)
    must_be(who.post("/desk/logout/").status, 302, "logging out")
    who.cookies = kept
    must_be(who.get(page).status, 302, "the old cookie")
    again = stage.new_staff(ATTACKER, "warehouse")
    must_be(again.get(page).status, 200, "before being shut out")
    stage.ask("shut_out", slug=ATTACKER, of="Walid Warehouse", is_active=False)
    must_be(again.get(page).status, 404, "after being shut out")
    stage.ask("shut_out", slug=ATTACKER, of="Walid Warehouse", is_active=True)
    idle = stage.new_staff(ATTACKER, "analyst")
    must_be(idle.get(page).status, 200, "before 30 days")
    stage.ask("idle_sessions", days=30)
    must_be(idle.get(page).status, 302, "after 30 days")
    for role in stage.facts["names"]:
        for shop in (ATTACKER, VICTIM):
            stage.forget_staff(shop, role)
    return "new id; log-out and shutting out hold at once; idle for 30 days: over"


@row(67, "cookies tampered with, pickle, JWT alg:none", "not logged in; no pickle anywhere")
def tampered(stage: Stage) -> str:
    """Session cookies of other making; the code searched for pickle and JWT."""
    for text in ("gASV", "eyJhbGciOiJub25lIn0.e30.", "0" * 32, "../../etc/passwd", "x" * 3000):
        who = stage.anybody()
        who.cookies["__Host-session"] = text
        must_be(who.get(f"/desk/{ATTACKER}/returns/").status, (302, 400), text[:20])
        machine = stage.anybody()
        machine.key = text
        must_be(machine.call("GET", "/returns").status, 401, f"the key {text[:20]}")
    code = [_text(path) for path in (ROOT / "src").rglob("*.py")]
    for word in (
        "import pickle",
        "PickleSerializer",
        "import marshal",
        "import shelve",
    ):
        must(not [text for text in code if word in text], word)
    tokens = [path.name for path in (ROOT / "src").rglob("*.py") if "import jwt" in _text(path)]
    must_be(tokens, ["oidc.py"], "code that reads tokens")  # tests/web/backoffice/test_sso.py
    return "5 cookies and 5 keys: not logged in; no pickle, no session by JWT"


@row(
    68,
    "a key, people, limits, webhook secret, exports, a large refund by an old session",
    "asked who one is, at most 15 min ago",
)
def step_up(stage: Stage) -> str:
    """Without a confirmation nothing is done; with it, it is."""
    owner = stage.new_staff(ATTACKER, "owner")
    stage.ask("age_sessions")
    endpoint = stage.of(ATTACKER)["ids"]["endpoint_id"]
    before = stage.ask("counts", slug=ATTACKER)
    key = {"title": "stepped", "scopes": ["returns:read"]}
    for path, form in (
        ("money/keys/", key),
        (f"money/webhooks/{endpoint}/secret/", {}),
        ("settings/people/", {"email": "new@attacker.example", "name": "New", "role": "agent"}),
        ("settings/roles/", {"do": "keep", "title": "T", "rights": ["decide"]}),
        ("money/rules/", {"role": "agent", "kind": "payout", "amount": "1000"}),
    ):
        asked = owner.post(f"/desk/{ATTACKER}/{path}", form)
        must_be(asked.status, 403, path)
        must("confirm_password" in asked.text, f"{path} does not ask")
    wrong = owner.post(f"/desk/{ATTACKER}/money/keys/", key | {"confirm_password": "wrong"})
    must_be(wrong.status, 422, "a wrong password")
    must_be(stage.ask("counts", slug=ATTACKER), before, "rows of the shop")
    right = key | {"confirm_password": stage.facts["password"]}
    made = owner.post(f"/desk/{ATTACKER}/money/keys/", right)
    must_be(made.status, (200, 201, 302), "the right password")
    after = stage.ask("counts", slug=ATTACKER)
    must_be(after["machines.ApiKey"], before["machines.ApiKey"] + 1, "keys")
    return "5 forms ask and do nothing; with the password a key is made"


@row(
    69,
    "a shopper's link opened by a mail scanner, twice, on another device",
    "reading only; nothing happens by GET; a session opens for a day",
)
def forwarded_links(stage: Stage) -> str:
    """The link read three times by different visitors; verbs of it by GET."""
    known = stage.of(VICTIM)["returns"]["B-3"]
    page = f"/s/{VICTIM}/r/{known['link']}/"
    before = stage.ask("version_of", slug=VICTIM, number=known["number"])
    for _ in range(3):
        must_be(stage.anybody().get(page).status, 200, "the link")
    for verb in ("cancel", "messages", "label", "code"):
        must_be(stage.anybody().get(f"{page}{verb}/").status, (200, 302, 404, 405), verb)
    after = stage.ask("version_of", slug=VICTIM, number=known["number"])
    must_be(after, before, "the return")
    finder = stage.shopper(VICTIM, "B-3")
    masked = f"/s/{VICTIM}/r/{known['number']}/"
    must_be(finder.get(masked).status, 200, "by the session that found it")
    must_be(stage.anybody().get(masked).status, 404, "by another session")
    elsewhere = stage.anybody()
    elsewhere.cookies = {n: t for n, t in finder.cookies.items() if "session" not in n}
    must_be(elsewhere.get(masked).status, 404, "without the session's cookie")
    return "read by three, 4 verbs by GET: the return as before; the grant stays with its session"


def _shape(answer: Answer, email: str) -> int:
    return len(answer.text.replace(email, ""))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
