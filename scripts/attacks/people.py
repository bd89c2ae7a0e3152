"""V6, V8 and V14: second factors, invitations, requests about personal data."""

from __future__ import annotations

import re
from typing import Any

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Visitor

LOGIN, SECOND = "/desk/login/", "/desk/login/second/"


@row(
    64,
    "a code of the app twice, guessed, a recovery code twice, a factor away without showing who",
    "once each, 429 after five, asked first",
)
def second_factors(stage: Stage) -> str:
    """Anton of the attacker's shop gets an app, over HTTP from the first page to the last."""
    email = "anton@attacker.example"
    who = _logged_in(stage, email)
    page = who.get("/desk/account/app/").text
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    must(found, "no secret on the page")
    secret = found[1].replace(" ", "") if found else ""
    code = stage.ask("code_of_app", secret=secret)
    added = who.post("/desk/account/app/", {"code": code, "title": "Phone"})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", added.text)
    must_be(len(codes), 10, "recovery codes")
    try:
        other = _logged_in(stage, email)
        must_be(other.post(SECOND, {"code": code}).status, 422, "the very code once more")
        later = stage.ask("code_of_app", secret=secret, later=1)
        must_be(other.post(SECOND, {"code": later}).status, 302, "the next code")
        third = _logged_in(stage, email)
        must_be(third.post(SECOND, {"code": codes[0]}).status, 302, "a recovery code")
        fourth = _logged_in(stage, email)
        must_be(fourth.post(SECOND, {"code": codes[0]}).status, 422, "the same once more")
        guesses = [fourth.post(SECOND, {"code": f"{n:06}"}).status for n in range(6)]
        must_be(guesses[-1], 429, f"after six guesses: {guesses}")
        stage.ask("age_sessions")
        factor = re.search(
            r"/desk/account/factors/[0-9a-f-]{36}/", third.get("/desk/account/").text
        )
        must(factor, "no factor on the account's page")
        asked = third.post(factor[0] if factor else "")
        must_be(asked.status, 403, "a factor away without showing who one is")
    finally:
        stage.ask("without_factors", email=email)
    return "code and recovery code work once, six guesses: 429, away: asked first"


@row(70, "an invitation used twice, by somebody else, after it was taken back", "refused")
def invitations(stage: Stage) -> str:
    """Two people are invited; one link is used, the other's place is taken away."""
    owner = stage.new_staff(ATTACKER, "owner")
    path = f"/desk/{ATTACKER}/settings/people/"
    for name in ("Nina", "Nora"):
        form = {"email": f"{name.lower()}@attacker.example", "name": name, "role": "agent"}
        must_be(owner.post(path, form).status, 302, f"inviting {name}")
    link = stage.ask("invitation", email="nina@attacker.example")
    link = re.sub(r"^https?://[^/]+", "", link)
    theirs = re.sub(r"^https?://[^/]+", "", stage.ask("invitation", email="nora@attacker.example"))
    mixed = "/".join([*theirs.split("/")[:4], *link.split("/")[4:]])
    must_be(stage.anybody().get(mixed).status, 404, "one's token with the other's name")
    password = {"password": "a long password of mine 9"}
    must_be(stage.anybody().post(link, password).status, 302, "the invitation")
    must_be(stage.anybody().post(link, password).status, 404, "the same once more")
    stage.ask("shut_out", slug=ATTACKER, of="Nora", is_active=False)
    late = stage.anybody()
    late.post(theirs, password)
    must_be(late.get(f"/desk/{ATTACKER}/returns/").status, (302, 404), "a place that is gone")
    for slug in (VICTIM, ATTACKER):
        seen = late.get(f"/desk/{slug}/returns/")
        must(seen.status != 200, f"somebody without a place sees {slug}")
    return "works once, for one person; a place taken back opens nothing"


@row(
    92,
    "erasure asked for by somebody else, for another's mailbox, again, while a return is open",
    "a code of the mailbox; what is open ends first; once",
)
def erasures(stage: Stage) -> str:
    """A mailbox without proof; a proven one with an open return; the answer of the shop."""
    stranger, page = stage.anybody(), f"/s/{ATTACKER}/mailbox/data/"
    wish = {"kind": "erase", "sure": "yes"}
    earlier = {one["id"] for one in stage.ask("data_requests", slug=ATTACKER)}

    def made() -> list[dict[str, Any]]:
        found = stage.ask("data_requests", slug=ATTACKER)
        return [one for one in found if one["id"] not in earlier]

    must_be(stranger.post(page, wish).status, (302, 403, 404), "without a proof")
    must_be(made(), [], "requests by nobody")
    proven = _proven(stage, "shopper1@client.example")
    named = wish | {"email": "shopper0@client.example"}
    must_be(proven.post(page, named).status, (200, 302), "with a proof")
    must_be(proven.post(page, wish).status, (200, 302, 409, 422), "the same once more")
    asked = made()
    must_be(len(asked), 1, "requests for one mailbox")
    owner = stage.new_staff(ATTACKER, "owner")
    answer = f"/desk/{ATTACKER}/settings/privacy/{asked[0]['id']}/"
    must_be(
        stage.staff(ATTACKER, "agent").post(answer, {"do": "yes"}).status, 403, "an agent's yes"
    )
    foreign = f"/desk/{VICTIM}/settings/privacy/{asked[0]['id']}/"
    must_be(stage.new_staff(VICTIM, "owner").post(foreign, {"do": "yes"}).status, 404, "elsewhere")
    told = owner.post(answer, {"do": "yes"})
    must(told.status in {409, 422, 302}, f"an erasure with open returns: {told.status}")
    must_be(made()[0]["state"], "open", "while returns are open")
    kept = stage.ask("shopper_of", slug=ATTACKER, order="A-1")
    must_be(kept, "shopper1@client.example", "the customer of an open return")
    other = stage.ask("shopper_of", slug=ATTACKER, order="A-2")
    must_be(other, "shopper0@client.example", "the mailbox that was named in the form")
    there = stage.ask("shopper_of", slug=VICTIM, order="B-1")
    must_be(there, "shopper1@client.example", "the same person at the other shop")
    return "not without a code, one request, not by an agent or another shop, open returns first"


def _logged_in(stage: Stage, email: str) -> Visitor:
    who = stage.anybody()
    answer = who.post(LOGIN, {"email": email, "password": stage.facts["password"]})
    must_be(answer.status, 302, f"the log-in of {email}")
    return who


def _proven(stage: Stage, email: str) -> Visitor:
    """Somebody who typed the code that was mailed to ``email``."""
    who = stage.anybody()
    must_be(who.post(f"/s/{ATTACKER}/mailbox/", {"email": email}).status, 302, "asking")
    code = stage.ask("code_of", slug=ATTACKER)
    must_be(who.post(f"/s/{ATTACKER}/mailbox/code/", {"code": code}).status, 302, "the code")
    return who
