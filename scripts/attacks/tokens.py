"""V9 to V12: messages of other systems, tokens, ids."""

from __future__ import annotations

import json
import time
from typing import Any

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Answer
from scripts.faults.installation import SECRET

from rebond.simulator.payments import sign

DOOR = "/hooks/payments/{shop}/simulator/"


@row(
    82,
    "messages unsigned, of another body, time or secret, signed 200 times, ± 6 min, without secret",
    "401, and 503 without a secret; nothing is kept",
)
def forged_messages(stage: Stage) -> str:
    """Each at the door of the rehearsal provider; then a genuine one."""
    before = stage.ask("counts", slug=VICTIM)
    body, at = json.dumps(_message("evt_forged", {})).encode(), int(time.time())
    genuine = sign(SECRET, body, at)
    mac = genuine.partition("v1=")[2]
    forged = {
        "none": "",
        "empty": "t=,v1=",
        "another body": sign(SECRET, body + b" ", at),
        "another secret": sign("guess", body, at),
        "empty secret": sign("", body, at),
        "old": sign(SECRET, body, at - 360),
        "to come": sign(SECRET, body, at + 360),
        "another time": f"t={at - 1},v1={mac}",
        "negative": f"t=-{at},v1={mac}",
        "no number": f"t=x,v1={mac}",
        "version 0": f"t={at},v0={mac}",
        "200 signatures": f"t={at}," + ",".join(["v1=" + "0" * 64] * 200),
        "half": f"t={at},v1={mac[:32]}",
    }
    for name, signature in forged.items():
        must_be(_tell(stage, body, signature).status, (400, 401, 431), name)
    unset = stage.anybody().send("POST", "/hooks/payments/victim/stripe/", body=body)
    must_be(unset.status, 503, "a provider whose secret is not set")
    must_be(stage.ask("counts", slug=VICTIM), before, "rows of the shop")
    must_be(_tell(stage, body, genuine).status, 204, "a genuine one")
    return f"{len(forged)} forged: refused, nothing kept; unset: 503; genuine: 204"


@row(
    83,
    "genuine messages about the other shop's refund, an unknown one, another sum and currency",
    "kept, without effect",
)
def confused_deputy(stage: Stage) -> str:
    """Signed, and about what is not this shop's."""
    sums = stage.ask("money", slug=VICTIM), stage.ask("money", slug=ATTACKER)
    states = stage.ask("refunds", slug=ATTACKER)
    [(reference, refund)] = list(states.items())[:1]
    for n, change in enumerate(
        (
            {"id": reference, "status": "failed", "merchant_reference": refund["id"]},
            {"id": "re_nobody", "status": "succeeded"},
            {"id": reference, "amount": 1, "status": "failed"},
            {"id": reference, "currency": "JPY", "status": "failed"},
        )
    ):
        body = json.dumps(_message(f"evt_deputy_{n}", change)).encode()
        answer = _tell(stage, body, sign(SECRET, body, int(time.time())))
        must_be(answer.status, (204, 400, 401), str(change))
    must_be(stage.ask("refunds", slug=ATTACKER), states, "the other shop's refunds")
    now = stage.ask("money", slug=VICTIM), stage.ask("money", slug=ATTACKER)
    must_be(now, sums, "the money of both shops")
    return "4 genuine messages at the wrong shop: no refund and no sum changed"


@row(84, "one genuine message a thousand times, and ten days later", "one effect, then 401")
def replayed(stage: Stage) -> str:
    """Three hundred times in one breath; its time has run out afterwards."""
    body = json.dumps(_message("evt_replay", {})).encode()
    signature = sign(SECRET, body, int(time.time()))
    first = _tell(stage, body, signature)
    must_be(first.status, 204, "the first")
    once = stage.ask("counts", slug=VICTIM)
    for _ in range(300):
        must_be(_tell(stage, body, signature).status, 204, "a repetition")
    must_be(stage.ask("counts", slug=VICTIM), once, "rows of the shop")
    old = _tell(stage, body, sign(SECRET, body, int(time.time()) - 864_000))
    must_be(old.status, 401, "ten days later")
    return "300 repetitions: kept once; ten days later: 401"


@row(85, "links with a bit flipped, of another purpose, of the other shop", "404, as for nothing")
def spoiled_links(stage: Stage) -> str:
    """Every place of a shopper's link changed in turn."""
    link = stage.of(VICTIM)["returns"]["B-3"]["link"]
    who = stage.anybody()
    must_be(who.get(f"/s/{VICTIM}/r/{link}/").status, 200, "the link itself")
    none = who.get(f"/s/{VICTIM}/r/nobody:nothing/")
    for place in range(len(link)):
        other = "A" if link[place] != "A" else "B"
        spoiled = link[:place] + other + link[place + 1 :]
        answer = stage.anybody().get(f"/s/{VICTIM}/r/{spoiled}/")
        # The last sign of an unpadded base64 text holds bits that mean nothing.
        if place < len(link) - 1:
            must_be((answer.status, len(answer.body)), (404, len(none.body)), f"place {place}")
    for path in ("withdraw", "fair-use", "money", "data"):
        must_be(stage.anybody().get(f"/s/{VICTIM}/{path}/{link}/").status, 404, path)
    must_be(stage.anybody().get(f"/s/{ATTACKER}/r/{link}/").status, 404, "at the other shop")
    return f"{len(link) - 1} places, 4 purposes, 1 shop: 404"


@row(86, "ids that were seen somewhere", "no id opens anything")
def harvested_ids(stage: Stage) -> str:
    """Every id of the victim's shop as a token of each kind."""
    ids = stage.of(VICTIM)["ids"]
    for name, text in ids.items():
        plain = text.replace("-", "")
        for path in ("r", "withdraw", "fair-use", "money", "data"):
            for token in (text, plain, f"{plain}:{plain}"):
                answer = stage.anybody().get(f"/s/{VICTIM}/{path}/{token}/")
                must_be(answer.status, 404, f"{path} by {name}")
    must(ids, "no ids")
    return f"{len(ids)} ids × 5 pages × 3 forms: 404"


def _message(event: str, change: dict[str, Any]) -> dict[str, Any]:
    item = {
        "id": "re_forged",
        "payment": "pay_victim_B-2",
        "status": "succeeded",
        "amount": 3333,
        "currency": "EUR",
        "merchant_reference": "",
    }
    return {"id": event, "type": "refund.updated", "data": item | change}


def _tell(stage: Stage, body: bytes, signature: str) -> Answer:
    headers = {"Content-Type": "application/json", "Simulator-Signature": signature}
    path = DOOR.format(shop=VICTIM)
    return stage.anybody().send("POST", path, body=body, headers=headers)
