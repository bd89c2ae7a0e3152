"""V3: what a browser is told, and what it may not be made to do."""

from __future__ import annotations

import re

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage

EVIL = "https://evil.example"


@row(36, "forms of another site: no token, text/plain, Origin null, method override", "403")
def cross_site(stage: Stage) -> str:
    """A note at the desk, from elsewhere."""
    owner = stage.staff(ATTACKER, "owner")
    number = stage.of(ATTACKER)["returns"]["A-1"]["number"]
    path = f"/desk/{ATTACKER}/returns/{number}/notes/"
    before = stage.ask("counts", slug=ATTACKER)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = f"csrfmiddlewaretoken={owner.cookies['__Host-csrf']}&text=x".encode()
    for told, body, headers in (
        ("no token", b"text=x", form),
        ("another origin", token, form | {"Origin": EVIL}),
        ("Origin null", token, form | {"Origin": "null"}),
        ("http of the same host", token, form | {"Origin": stage.here.address}),
        ("a name below", token, form | {"Origin": "https://x.127.0.0.1"}),
        ("JSON as text", b'{"text": "x"}', {"Content-Type": "text/plain"}),
        ("no referer", token, form | {"Origin": "", "Referer": ""}),
        ("override", b"text=x", form | {"X-HTTP-Method-Override": "GET"}),
    ):
        must_be(owner.send("POST", path, body=body, headers=headers).status, 403, told)
    find = stage.anybody().send("POST", f"/s/{VICTIM}/", body=b"number=1&proof=2", headers=form)
    must_be(find.status, 403, "the portal without a token")
    must_be(stage.ask("counts", slug=ATTACKER), before, "rows of the shop")
    must_be(owner.post(path, {"text": "mine"}).status, 302, "the same from its own page")
    return "9 from elsewhere: 403, nothing written; from its own page: 302"


@row(37, "GET on every address, with ?confirm=1 and the like", "GET shows, POST acts")
def acting_gets(stage: Stage) -> str:
    """All pages of a return, an order and a link, read by an owner and a mail scanner."""
    owner, own = stage.staff(ATTACKER, "owner"), stage.of(ATTACKER)
    known = own["returns"]["A-1"]
    before = stage.ask("version_of", slug=ATTACKER, number=known["number"])
    sums = stage.ask("money", slug=ATTACKER)
    seen = 0
    for one in stage.pages:
        route = one["route"].replace("<slug:slug>", ATTACKER)
        ready = route.replace("<number:number>", known["number"]).replace(
            "<str:token>", known["link"]
        )
        if "<" in ready or route.startswith(("api/", "hooks/")):
            continue
        who = owner if route.startswith("desk/") else stage.anybody()
        answer = who.get(f"/{ready}?confirm=1&do=keep&yes=1&approve=1")
        must(answer.status < 500, f"GET /{ready}: {answer.status}")
        seen += 1
    after = stage.ask("version_of", slug=ATTACKER, number=known["number"])
    must_be((after, stage.ask("money", slug=ATTACKER)), (before, sums), "return and money")
    return f"{seen} addresses read: return and money as before"


@row(38, "headers of every kind of answer", "CSP, nosniff, Referrer-Policy, HSTS, COOP, no frames")
def headers(stage: Stage) -> str:
    """Portal, desk, API, documents, errors, static files."""
    owner, machine = stage.staff(ATTACKER, "owner"), stage.machine(ATTACKER)
    link = stage.of(ATTACKER)["returns"]["A-1"]["link"]
    pages = [
        stage.anybody().get(f"/s/{ATTACKER}/"),
        stage.anybody().get(f"/s/{ATTACKER}/r/{link}/"),
        stage.anybody().get(f"/s/{ATTACKER}/r/nobody/"),
        stage.anybody().get("/nothing/"),
        stage.anybody().get("/desk/login/"),
        owner.get(f"/desk/{ATTACKER}/returns/"),
        owner.get(f"/desk/{VICTIM}/returns/"),
        machine.call("GET", "/returns"),
        stage.anybody().call("GET", "/returns"),
        stage.anybody().get("/health/"),
    ]
    for answer in pages:
        told = answer.headers
        policy = told.get("content-security-policy", "")
        for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            must(part in policy, f"no {part} in {policy!r} ({answer.status})")
        must("unsafe" not in policy and "*" not in policy, f"a weak policy: {policy}")
        must_be(told.get("x-content-type-options"), "nosniff", "nosniff")
        must_be(told.get("referrer-policy"), "same-origin", "Referrer-Policy")
        must_be(told.get("cross-origin-opener-policy"), "same-origin", "COOP")
        must("max-age=31536000" in told.get("strict-transport-security", ""), "HSTS")
        must_be(told.get("x-frame-options"), "DENY", "X-Frame-Options")
    for answer in pages[:3] + pages[4:6]:
        must("<script>" not in answer.text and "onclick=" not in answer.text, "an inline script")
    return f"{len(pages)} kinds of answer: all there, no inline script"


@row(39, "cookies", "__Host-, Secure, HttpOnly, SameSite")
def cookies(stage: Stage) -> str:
    """All that the log-in and the portal set."""
    who = stage.anybody()
    set_here = who.get("/desk/login/").cookies
    form = {"email": "olga@attacker.example", "password": stage.facts["password"]}
    set_here += who.post("/desk/login/", form).cookies
    set_here += stage.anybody().post(f"/s/{VICTIM}/", {"number": "B-5", "proof": "75005"}).cookies
    must(len({text.partition("=")[0] for text in set_here}) >= 2, "no cookies")
    for text in set_here:
        must(text.startswith("__Host-"), f"a name without __Host-: {text[:20]}")
        for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            must(word in text, f"{text.partition('=')[0]} lacks {word}")
        must("domain=" not in text.lower(), "a cookie for other hosts")
    return f"{len(set_here)} cookies: all of them"


@row(40, "CORS: Origin of evil, null, a look-alike", "no Access-Control-Allow-Origin")
def cors(stage: Stage) -> str:
    """Simple and preflight requests."""
    machine, n = stage.machine(ATTACKER), 0
    for origin in (
        EVIL,
        "null",
        f"{stage.here.outside}.evil.example",
        "https://attacker.evil.example",
    ):
        for method in ("GET", "OPTIONS"):
            for path in ("/api/v1/returns", f"/s/{ATTACKER}/", "/desk/login/"):
                answer = machine.send(method, path, headers={"Origin": origin})
                must("access-control-allow-origin" not in answer.headers, f"{method} {path}")
                n += 1
    return f"{n} requests: no such header"


@row(41, "pages in a frame of evil, forged messages between windows", "refused; nothing listens")
def frames(stage: Stage) -> str:
    """Frames are forbidden on the portal; no script of ours listens to messages unasked."""
    page = stage.anybody().get(f"/s/{VICTIM}/")
    must("frame-ancestors 'none'" in page.headers["content-security-policy"], "frames")
    listening = [
        str(path) for path in _scripts() if 'addEventListener("message"' in path.read_text()
    ]
    must(not listening, f"these listen to messages of other windows: {listening}")
    return f"frames forbidden; {len(_scripts())} scripts of ours, none listens to windows"


@row(42, "a photo opened by itself", "image/jpeg, nosniff, sandbox")
def opened_photo(stage: Stage) -> str:
    """The photo of a return by its link, as a page of its own."""
    own = stage.of(ATTACKER)
    link = own["returns"]["A-1"]["link"]
    answer = stage.anybody().get(f"/s/{ATTACKER}/r/{link}/photos/{own['photo']}/")
    must_be((answer.status, answer.headers["content-type"]), (200, "image/jpeg"), "the photo")
    must("sandbox" in answer.headers["content-security-policy"], "no sandbox")
    must_be(answer.headers["x-content-type-options"], "nosniff", "nosniff")
    must("no-store" in answer.headers["cache-control"], "the photo may be kept")
    return "image/jpeg, sandbox, nosniff, no-store"


@row(43, "payloads in the path of 404 pages", "escaped")
def reflected(stage: Stage) -> str:
    """Scripts in paths and fields that are shown again."""
    payload = "%3Cscript%3Ealert(1)%3C/script%3E"
    n = 0
    for path in (
        f"/{payload}/",
        f"/s/{payload}/",
        f"/s/{VICTIM}/r/{payload}/",
        f"/s/{VICTIM}/order/{payload}/",
        f"/desk/{payload}/",
        f"/api/v1/returns/{payload}",
        f"/s/{VICTIM}/?x={payload}",
        f"/desk/login/?next={payload}",
    ):
        answer = stage.anybody().get(path)
        must("<script>alert" not in answer.text, path)
        must(answer.status < 500, f"{path}: {answer.status}")
        n += 1
    shown = stage.anybody().post(f"/s/{VICTIM}/", {"number": '"><script>alert(1)', "proof": "x"})
    must("<script>alert" not in shown.text and "&lt;script&gt;alert" in shown.text, "a field")
    return f"{n} paths and a field: escaped"


@row(
    44,
    "javascript: and data: where an address is typed",
    "https only; rel=noopener; a tracking number is text",
)
def odd_links(stage: Stage) -> str:
    """A webhook's address; every link to elsewhere on a page."""
    machine = stage.machine(ATTACKER)
    for url in ("javascript:alert(1)", "data:text/html,x", "ftp://x.example", " java\tscript:x"):
        wish = {"url": url, "types": []}
        must_be(machine.call("POST", "/webhook-endpoints", wish).status, 422, url)
    page = stage.anybody().get(f"/s/{VICTIM}/policy/").text
    for link in re.findall(r"<a [^>]*target=\"_blank\"[^>]*>", page):
        must("noopener" in link, link)
    must(not re.findall(r"(?:href|src)=\"(?:javascript|data):text", page), "such a link")
    known = stage.of(VICTIM)["returns"]["B-1"]
    link = f"/s/{VICTIM}/r/{known['link']}/"
    owner = stage.staff(VICTIM, "owner")
    desk = f"/desk/{VICTIM}/returns/{known['number']}/"
    for odd in ("javascript:alert(1)", "data:text/html,<b>x"):
        announced = {"carrier_name": odd, "tracking_number": odd}
        must_be(stage.anybody().post(f"{link}parcel/", announced).status, (302, 404, 422), odd)
        for seen in (
            stage.anybody().get(link),
            owner.get(desk),
            owner.get(f"/desk/{VICTIM}/parcels/"),
        ):
            must_be(seen.status, 200, "a page of the parcel")
            links = " ".join(re.findall(r"(?i)(?:href|src|action)=[\"']?[^\"'>]*", seen.text))
            must(odd.partition(",")[0] not in links, f"{odd} became a link")
    return "4 addresses: 422; 2 tracking numbers: text, never a link"


def _scripts():  # type: ignore[no-untyped-def]
    from scripts.faults.installation import ROOT  # noqa: PLC0415

    return [one for one in (ROOT / "src").rglob("static/**/*.js") if "vendor" not in one.parts]
