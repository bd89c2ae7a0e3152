"""V8: every route, every role, the own shop and the other one."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from uuid import uuid4

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Answer, Visitor
from scripts.faults.installation import ROOT

API = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
HIDDEN = (404, 405)
NO_EFFECT = (400, 403, 404, 405, 409, 412, 422)


@row(
    71,
    "every route of the desk and the API with the other shop's ids",
    "404, the same as for a thing that does not exist; nothing changes there",
)
def foreign_ids(stage: Stage) -> str:
    """All routes twice: with the victim's ids and with ids that nobody has."""
    before = stage.ask("counts", slug=VICTIM), stage.ask("money", slug=VICTIM)
    tried, real = Counter[str](), 0
    owner, machine = stage.staff(ATTACKER, "owner"), stage.machine(ATTACKER)
    for route in _desk(stage):
        theirs = _filled(route, stage.of(VICTIM), VICTIM)
        for method in ("GET", "POST"):
            answer = _desk_ask(owner, method, theirs)
            must_be(answer.status, HIDDEN, f"{method} {theirs}")
            tried["desk, other shop"] += 1
        if "<" not in route.replace("<slug:slug>", ""):
            continue
        inside = _filled(route, stage.of(VICTIM), ATTACKER)
        nobody = _filled(route, None, ATTACKER)
        real += inside != nobody
        for method in ("GET", "POST"):
            one, other = _desk_ask(owner, method, inside), _desk_ask(owner, method, nobody)
            must(one.status in NO_EFFECT or one.status == 302, f"{method} {inside}: {one.status}")
            must_be(one.status, other.status, f"{method} {inside} and one that is not there")
            must_be(_told(one, inside), _told(other, nobody), f"what {method} {inside} tells")
            tried["desk, other's id"] += 1
    for method, path, body in _api():
        if "{" not in path:
            continue
        theirs, nobody = (_filled_api(path, whose) for whose in (stage.of(VICTIM), None))
        real += theirs != nobody
        one = machine.call(method, theirs, body, If_Match="*")
        other = machine.call(method, nobody, body, If_Match="*")
        must_be(one.status, (404, 422), f"{method} {theirs}")
        told = one.text, other.text
        for mine, none in zip(theirs.split("/"), nobody.split("/"), strict=True):
            told = told[0].replace(mine, none) if mine else told[0], told[1]
        must_be((one.status, told[0]), (other.status, told[1]), f"{method} {theirs} ≡ none")
        tried["API"] += 1
    after = stage.ask("counts", slug=VICTIM), stage.ask("money", slug=VICTIM)
    must_be(after, before, "what stands in the victim's shop")
    own = stage.of(ATTACKER)["returns"]["A-1"]["number"]
    must_be(machine.call("GET", f"/returns/{own}").status, 200, "one's own return")
    must_be(owner.get(f"/desk/{ATTACKER}/returns/{own}/").status, 200, "the same at the desk")
    return ", ".join(f"{name}: {many}" for name, many in tried.items()) + f"; {real} real ids"


@row(
    72,
    "own return with the other's line, photo, refund; filters with foreign ids",
    "404, 409 or 422, as for ids of nobody, and nothing in part",
)
def nested_ids(stage: Stage) -> str:
    """The own half opens, the foreign half does not, and nothing is done in part."""
    own, theirs = stage.of(ATTACKER), stage.of(VICTIM)
    machine, owner = stage.machine(ATTACKER), stage.staff(ATTACKER, "owner")
    number = own["returns"]["A-1"]["number"]
    before = stage.ask("counts", slug=ATTACKER)
    photo = f"/desk/{ATTACKER}/returns/{number}/photos/"
    must_be(owner.get(f"{photo}{theirs['photo']}/").status, 404, "the other's photo")
    must_be(owner.get(f"{photo}{own['photo']}/").status, 200, "one's own photo")
    lines = [
        {"order_line": line, "quantity": 1, "reason": "changed_mind"}
        for line in (own["lines"][6], theirs["lines"][6])
    ]
    mixed = machine.call("POST", "/returns", {"order": "A-7", "lines": lines})
    must_be(mixed.status, (404, 422), "a return with a foreign line")
    piece = {"order_line": theirs["lines"][6], "quantity": 1}
    wish = {"reason": "x", "lines": [piece]}
    refused = machine.call("POST", "/orders/A-7/refunds", wish)
    must_be(refused.status, (404, 409, 422), "a refund of it")
    made_up = piece | {"order_line": str(uuid4())}
    nobody = machine.call("POST", "/orders/A-7/refunds", wish | {"lines": [made_up]})
    told = refused.text.replace(piece["order_line"], made_up["order_line"])
    must_be((refused.status, told), (nobody.status, nobody.text), "the line of nobody")
    for path in (f"/returns?order={theirs['orders'][0]}", "/credit-notes?order=B-2"):
        must_be(machine.call("GET", path).json.get("items"), [], path)
    must(machine.call("GET", "/returns?order=A-1").json["items"], "one's own by the same filter")
    ticked = {"kind": "assign", "sure": "1", "view": "all"}
    foreign = theirs["returns"]["B-1"]["number"]
    for pick in ([number, foreign], [foreign], [number, "R-NOBODY"]):
        run = owner.post(f"/desk/{ATTACKER}/bulk/", ticked | {"pick": pick})
        must_be(run.status, 422, f"many at once with {pick}")
    must_be(stage.ask("counts", slug=ATTACKER), before, "rows of the own shop")
    plain = owner.post(f"/desk/{ATTACKER}/bulk/", {"kind": "assign", "view": "all", "pick": number})
    must_be(plain.status, 200, "one's own alone")
    return "photo, line, refund of a line, two filters, three runs: nothing; nothing in part"


@row(73, "a shopper's session on another's return, in this shop and the other", "404")
def another_shopper(stage: Stage) -> str:
    """Returns by number, photos, documents, orders; the link of one as another's."""
    who = stage.shopper(VICTIM, "B-3")
    theirs = stage.of(VICTIM)["returns"]
    mine = theirs["B-3"]["number"]
    must_be(who.get(f"/s/{VICTIM}/r/{mine}/").status, 200, "one's own return")
    for path in (
        f"/s/{VICTIM}/r/{theirs['B-1']['number']}/",
        f"/s/{VICTIM}/r/{theirs['B-1']['number']}/photos/{stage.of(VICTIM)['photo']}/",
        f"/s/{VICTIM}/r/{mine}/photos/{stage.of(VICTIM)['photo']}/",
        f"/s/{VICTIM}/r/{mine}/documents/{stage.of(VICTIM)['ids']['creditnote_id']}/",
        f"/s/{VICTIM}/order/B-1/",
        f"/s/{ATTACKER}/order/B-3/",
        f"/s/{ATTACKER}/order/A-3/",
        f"/s/{ATTACKER}/r/{mine}/",
        f"/s/{ATTACKER}/r/{theirs['B-3']['link']}/",
    ):
        must_be(who.get(path).status, 404, path)
        must_be(who.post(path).status, (404, 405), f"POST {path}")
    made_up = who.get(f"/s/{VICTIM}/r/R-NOBODY/")
    seen = who.get(f"/s/{VICTIM}/r/{theirs['B-1']['number']}/")
    must_be(len(made_up.body), len(seen.body), "the page of a return that is not there")
    return "9 addresses: 404, as for what does not exist; one's own: 200"


@row(
    74,
    "the right number with a wrong address: plus tag, look-alike, trailing dot, other shop's",
    "the same page as for nothing; upper and lower case are one address",
)
def typed_addresses(stage: Stage) -> str:
    """`shopper1@client.example` in disguises."""
    for proof in (
        "shopper0@client.example",
        "shopper1+x@client.example",
        "shopper1@client.example.",
        "shopper1@client.example\u200b",
        "shорper1@client.example",
        "%",
        "750",
        "7500_",
    ):
        answer = stage.anybody().post(f"/s/{VICTIM}/", {"number": "B-9", "proof": proof})
        must_be(answer.status, 422, proof)
    foreign = stage.anybody().post(f"/s/{VICTIM}/", {"number": "A-9", "proof": "75005"})
    must_be(foreign.status, 422, "an order of the other shop")
    right = stage.anybody().post(
        f"/s/{VICTIM}/", {"number": "b-9", "proof": " Shopper1@CLIENT.example "}
    )
    must_be(right.status, 302, "the right address in capitals")
    return "9 disguises: 422; the address in capitals: 302"


@row(
    75,
    "each role on each route of the desk, each scope on each route of the API",
    "403 without the right, and no effect",
    is_quick=False,
)
def rights_matrix(stage: Stage) -> str:
    """The table of rights, asked over HTTP: let in exactly where a right is held."""
    before = stage.ask("counts", slug=ATTACKER), stage.ask("money", slug=ATTACKER)
    tried = Counter[str]()
    asked = {one["route"]: one["any_of"] for one in stage.pages}
    for role, rights in stage.rights.items():
        who = stage.new_staff(ATTACKER, role)
        for route in _desk(stage):
            path = _filled(route, None, ATTACKER)
            answers = [who.get(path)]
            is_open = bool(set(rights) & set(asked[route]))
            is_bare = "<" not in route.replace("<slug:slug>", "")
            if answers[0].status == 405 and is_open and is_bare:
                tried["not sent, as it acts without a word"] += 1
                continue
            if answers[0].status == 405 or not is_open:
                answers.append(who.post(path))
            let_in = [one.status for one in answers if not _is_forbidden(one)]
            must(answers[-1].status < 500, f"{role} {path}: {answers[-1].status}")
            must(405 not in let_in[1:], f"{role} {path}: no method at all")
            let_in = [status for status in let_in if status != 405]
            must_be(bool(let_in), is_open, f"{role} at {path} ({let_in})")
            tried["desk"] += 1
    needed = _needed_scopes(stage)
    for (method, path, body), scope in needed.items():
        for held in stage.of(ATTACKER)["scoped"]:
            if held == scope:
                continue
            answer = stage.machine(ATTACKER, held).call(method, path, json.loads(body))
            must_be(answer.status, 403, f"{method} {path} with {held}")
            tried["API"] += 1
        nobody = stage.anybody().call(method, path, json.loads(body))
        must_be(nobody.status, 401, f"{method} {path} without a key")
    after = stage.ask("counts", slug=ATTACKER), stage.ask("money", slug=ATTACKER)
    for one, other in zip(after, before, strict=True):
        changed = {name: (other[name], one[name]) for name in one if one[name] != other[name]}
        must_be(changed, {}, "what was and is in the shop")
    bare = tried["not sent, as it acts without a word"]
    told = f"{tried['desk']} pages × roles, {tried['API']} routes × scopes"
    return f"{told}; {bare} × a form that acts without a word was not sent by who may"


@row(
    76,
    "state, shop, sums, risk and ids written into the body of a request",
    "422 for a field that is not known; nothing changes",
)
def mass_assignment(stage: Stage) -> str:
    """Fields of a return and of a refund that only we write."""
    machine, own = stage.machine(ATTACKER), stage.of(ATTACKER)
    number = own["returns"]["A-1"]["number"]
    before = stage.ask("version_of", slug=ATTACKER, number=number)
    line = {"order_line": own["lines"][6], "quantity": 1, "reason": "changed_mind"}
    fields: dict[str, Any] = {
        "status": "refunded",
        "shop_id": str(uuid4()),
        "amount": 1,
        "approved_by": "me",
        "risk": 0,
        "id": str(uuid4()),
    }
    counted = stage.ask("counts", slug=ATTACKER)
    for name, value in fields.items():
        wish = {"order": "A-7", "lines": [line], name: value}
        must_be(machine.call("POST", "/returns", wish).status, 422, f"a return with {name}")
        refund = machine.call(
            "POST", "/orders/A-7/refunds", {"amount_minor": 100, "reason": "x", name: value}
        )
        must_be(refund.status, 422, f"a refund with {name}")
        note = machine.call("POST", f"/returns/{number}/notes", {"text": "x", name: value})
        must_be(note.status, 422, f"a note with {name}")
    for method in ("PATCH", "PUT", "DELETE"):
        must_be(machine.call(method, f"/returns/{number}", fields).status, 405, method)
    must_be(stage.ask("version_of", slug=ATTACKER, number=number), before, "the return")
    must_be(stage.ask("counts", slug=ATTACKER), counted, "rows of the shop")
    fair = machine.call("POST", f"/returns/{number}/notes", {"text": "seen"})
    must_be(fair.status, 201, "a note as it should be")
    return "6 fields × 3 requests: 422; PATCH, PUT, DELETE: 405; a plain note: 201"


@row(77, "what the API tells by scope, and the portal to who only knows the number", "no secrets")
def told_fields(stage: Stage) -> str:
    """No secret of a provider, no cost price, no risk, no names on the masked page."""
    reader = stage.machine(ATTACKER, "returns:read")
    told = reader.call("GET", "/returns").text
    for word in ("secret", "cost_minor", "risk", "signals", "iban", "password", "@client.example"):
        must(word not in told, f"the list of returns tells {word}")
    endpoints = stage.machine(ATTACKER, "webhooks:write").call("GET", "/webhook-endpoints").text
    must("whsec" not in endpoints and "secret" not in endpoints, "endpoints tell their secret")
    masked = stage.shopper(VICTIM, "B-3").get(
        f"/s/{VICTIM}/r/{stage.of(VICTIM)['returns']['B-3']['number']}/"
    )
    must_be(masked.status, 200, "the masked page")
    for word in ("Shopper B3", "rue du Puits", "@client.example"):
        must(word not in masked.text, f"the masked page tells {word}")
    link = stage.anybody().get(f"/s/{VICTIM}/r/{stage.of(VICTIM)['returns']['B-3']['link']}/")
    must_be(link.status, 200, "the page behind the link")
    return "returns, endpoints, masked page: none of 11 words"


@row(
    78,
    "oneself as owner, the last owner away, rights for oneself",
    "403 or 409; keys are made by owners only",
)
def more_rights(stage: Stage) -> str:
    """A manager and an agent make keys, roles, owners; the last owner leaves."""
    ids = stage.ask("people", slug=ATTACKER)
    for role in ("manager", "agent", "read_only"):
        who = stage.staff(ATTACKER, role)
        for path, form in (
            (f"settings/people/{ids[role]}/", {"role": "owner", "is_active": "on"}),
            ("settings/people/", {"email": "x@attacker.example", "name": "X", "role": "owner"}),
            ("settings/roles/", {"do": "keep", "title": "T", "rights": ["configure"]}),
            ("money/keys/", {"title": "k", "scopes": ["refunds:write"]}),
            ("money/rules/", {"role": "agent", "kind": "payout", "amount": "1000000"}),
        ):
            must_be(who.post(f"/desk/{ATTACKER}/{path}", form).status, 403, f"{role}: {path}")
    owner = stage.staff(ATTACKER, "owner")
    alone = {"role": "agent", "is_active": "on", "confirm-password": stage.facts["password"]}
    owner.post(f"/desk/{ATTACKER}/settings/people/{ids['owner']}/", alone)
    must_be(stage.ask("roles", slug=ATTACKER)["Olga Owner"], "owner", "the last owner")
    must_be(owner.get(f"/desk/{ATTACKER}/settings/people/").status, 200, "the owner's page")
    return "3 roles × 5 ways: 403; the last owner stays"


@row(79, "a webhook of one shop for the other's events", "own events only")
def foreign_events(stage: Stage) -> str:
    """The feed and the deliveries speak of the own shop alone; there is no filter for another."""
    machine = stage.machine(ATTACKER)
    odd = {"url": "https://x.example/in", "types": ["*"]}
    must_be(machine.call("POST", "/webhook-endpoints", odd).status, 422, "the filter *")
    shop = {"url": "https://x.example/in", "types": [], "shop": VICTIM}
    must_be(machine.call("POST", "/webhook-endpoints", shop).status, 422, "another shop")
    feed = machine.call("GET", "/events?limit=200")
    must(feed.json["items"], "no events of one's own")
    for number in (one["number"] for one in stage.of(VICTIM)["returns"].values()):
        must(number not in feed.text, "an event of the other shop")
    must_be(machine.call("GET", f"/events?shop={VICTIM}").status, (400, 422), "a shop as filter")
    endpoint = stage.of(ATTACKER)["ids"]["endpoint_id"]
    sent = machine.call("GET", f"/webhook-endpoints/{endpoint}/deliveries?limit=200")
    must_be(sent.status, 200, "deliveries")
    ours = {one["id"] for one in feed.json["items"]}
    must(ours, "no ids in the feed")
    return f"* and a shop: 422; {len(ours)} events, none of the other shop"


@row(
    81,
    "a role taken away between the form and its sending",
    "403, and no effect; what runs meanwhile stops at the next return",
)
def role_taken_away(stage: Stage) -> str:
    """The manager opens the page of a return; then is made a reader; then sends the form."""
    manager = stage.new_staff(ATTACKER, "manager")
    number = stage.of(ATTACKER)["returns"]["A-1"]["number"]
    page = f"/desk/{ATTACKER}/returns/{number}/"
    must_be(manager.get(page).status, 200, "the page")
    note = {"text": "late"}
    must_be(manager.post(f"{page}notes/", note).status, 302, "a note while a manager")
    many = {"kind": "decline", "sure": "1", "view": "all", "pick": number}
    many |= {"with-reason": "other", "with-text": "late"}
    must_be(manager.post(f"/desk/{ATTACKER}/bulk/", many).status, 302, "a run while a manager")
    stage.ask("give_role", slug=ATTACKER, of="Mona Manager", role="read_only")
    try:
        before = stage.ask("version_of", slug=ATTACKER, number=number)
        for verb in ("notes", "cancellation", "decline", "settlement"):
            must_be(manager.post(f"{page}{verb}/", note).status, 403, verb)
        stage.here.live()
        must_be(stage.ask("version_of", slug=ATTACKER, number=number), before, "the return")
    finally:
        stage.ask("give_role", slug=ATTACKER, of="Mona Manager", role="manager")
    return "4 forms: 403, a run that was under way: nothing; the return as before"


def _desk(stage: Stage) -> list[str]:
    return [one["route"] for one in stage.pages if one["route"].startswith("desk/<slug:slug>/")]


def _desk_ask(who: Visitor, method: str, path: str) -> Answer:
    return who.get(path) if method == "GET" else who.post(path)


def _is_forbidden(answer: Answer) -> bool:
    """Whether a right is missing; to show who one is once more is another question."""
    return answer.status == 403 and "confirm_password" not in answer.text


def _filled(route: str, whose: dict[str, Any] | None, slug: str) -> str:
    def value(found: re.Match[str]) -> str:
        kind, _, name = found[1].rpartition(":")
        if name == "slug":
            return slug
        if kind == "uuid":
            return _id(name, route, whose)
        if kind == "int":
            return "7777"
        if name == "label":
            return (whose or {}).get("label") or "CN-2099-0001"
        if "orders/" in route:
            return whose["orders"][0] if whose else "Z-1"
        return whose["returns"][whose["orders"][0]]["number"] if whose else "R-NOBODY"

    return "/" + re.sub(r"<([^>]+)>", value, route)


def _id(name: str, route: str, whose: dict[str, Any] | None) -> str:
    if whose is None:
        return "01a20000-0000-7000-8000-000000000000"
    plain = name.replace("_", "").removesuffix("id") + "_id"
    aliases = {
        "document_id": "creditnote_id",
        "key_id": "apikey_id",
        "outside_id": "outsiderefund_id",
    }
    found: dict[str, str] = whose["ids"]
    return found.get(aliases.get(plain, plain), str(uuid4()))


def _filled_api(path: str, whose: dict[str, Any] | None) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name.endswith("_id"):
            ids = {"refund_id": "settlement_id"}
            none = "01a20000-0000-7000-8000-000000000000"
            return whose["ids"].get(ids.get(name, name), none) if whose else none
        if name == "label":
            return whose["label"] if whose else "CN-2099-0001"
        if "/orders/" in path:
            return whose["orders"][0] if whose else "Z-1"
        if "/policies/" in path:
            return "7777"
        return whose["returns"][whose["orders"][0]]["number"] if whose else "R-NOBODY"

    return re.sub(r"\{([^}]+)\}", value, path.removeprefix("/api/v1"))


def _api() -> list[tuple[str, str, Any]]:
    """Every method and path of the API with a body that is well-formed as far as is easy."""
    return [
        (method.upper(), path, _body(told))
        for path, methods in API["paths"].items()
        for method, told in methods.items()
    ]


def _body(told: dict[str, Any]) -> Any:
    content = told.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return _example(schema) if schema else None


def _example(schema: dict[str, Any]) -> Any:
    """A value that fits the schema, with the fields that are needed only."""
    if "$ref" in schema:
        return _example(API["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _example(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        needed = schema.get("required", [])
        return {name: _example(schema["properties"][name]) for name in needed}
    if kind == "array":
        return [_example(schema["items"])] if schema.get("minItems") else []
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    return _text(schema)


def _text(schema: dict[str, Any]) -> str:
    shapes = {
        "uuid": "01a20000-0000-7000-8000-000000000000",
        "date-time": "2026-11-22T10:00:00Z",
        "date": "2026-11-22",
    }
    return shapes.get(schema.get("format", ""), "EUR" if schema.get("maxLength") == 3 else "x" * 3)


def _told(answer: Answer, path: str) -> str:
    """What an answer says, without its tokens and its own address."""
    if answer.status == 302:
        return "302"
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.text)
    return text.replace(path, "")


def _needed_scopes(stage: Stage) -> dict[tuple[str, str, str], str]:
    """Which scope each route of the API asks for, told by its own refusals."""
    found = {}
    own = stage.of(ATTACKER)["scoped"]
    for method, path, body in _api():
        filled = _filled_api(path, None)
        for held in (next(iter(own)), list(own)[-1]):
            answer = stage.machine(ATTACKER, held).call(method, filled, body)
            if answer.status == 403:
                found[method, filled, json.dumps(body)] = answer.json["facts"]["scope"]
                break
        else:
            must(answer.status in {401, 404, 422, 200}, f"{method} {path} asks for no scope")
    must(
        len(found) >= len(_api()) - 2, f"only {len(found)} of {len(_api())} routes ask for a scope"
    )
    return found
