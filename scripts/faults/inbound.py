"""Rows F21 and F22: messages of the provider are forged, old, doubled or out of order."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from scripts.faults.installation import SECRET, Installation
from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.table import Case, expect

from rebond.simulator.payments import sign

DOOR = "/hooks/payments/galerie/simulator/"
STALE = 400
KEPT = 204
TURNED_AWAY = {400, 401, 404}


def only_the_genuine(stage: Stage) -> str:
    """F21: forged messages have no effect, a thousand copies of the genuine one have one."""
    many = 100 if stage.is_small else 1000
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        provider.plan("pending")
        waiting = here.live().made
        expect(waiting=([state for state, *_ in waiting["refunds"]], ["pending"]))
        body = _message(provider.advance()[0])
        here.web(before=["env", "-u", "REBOND_SIMULATOR_SECRET"], crew=1)
        expect(without_secret=(_post(here, DOOR, body, [_signed(body)]), 503))
        here.stop()
        provider = here.provider()
        here.web()
        forged = _forged(here, body)
        expect(
            forged=({name: one for name, one in forged.items() if one not in TURNED_AWAY}, {}),
            untouched=(here.look()["messages"], []),
        )
        with ThreadPoolExecutor(8) as threads:
            copies = [threads.submit(_post, here, DOOR, body, [_signed(body)]) for _ in range(many)]
            heard = Counter(one.result() for one in copies)
        expect(heard=(dict(heard), {KEPT: many}))
        found, hours = _until_over(here)
        expect(kept=(found["messages"], ["applied"]))
        paid_and_told(here, provider, found, hours=hours)
    return f"{len(forged)} forged and one without a secret turned away; {many} copies: one effect"


def out_of_order(stage: Stage) -> str:
    """F22: the end before the beginning, of what nobody knows, for another account."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        provider.plan("pending")
        here.live().made  # noqa: B018
        began = provider.refunds()[0]
        ended = provider.advance()[0]
        stranger = began | {"id": f"re_{uuid4().hex}", "payment": "pay_of_nobody"}
        here.web()
        bodies = [_message(item) for item in (ended, began, stranger)]
        heard = [_post(here, DOOR, body, [_signed(body)]) for body in bodies]
        elsewhere = _post(here, DOOR.replace("galerie", "other"), bodies[0], [_signed(bodies[0])])
        found, hours = _until_over(here)
        expect(
            heard=(heard, [KEPT] * 3),
            other_account=(elsewhere in TURNED_AWAY, True),
            parked=(found["messages"].count("parked"), 0),
            kept=(found["messages"], ["applied", "applied", "not_ours"]),
        )
        paid_and_told(here, provider, found, hours=hours)
    return f"paid once; what became of the three: {', '.join(found['messages'])}"


def _until_over(here: Installation) -> tuple[dict[str, Any], float]:
    for hours in (0, 1, 2, 4, 8, 16, *range(25, 25 + 24 * ROUNDS, 24)):
        found = here.live(hours=hours).made
        if is_over(found) and "parked" not in found["messages"]:
            break
    return found, hours


def _forged(here: Installation, body: bytes) -> dict[str, int]:
    """What each forgery is answered."""
    now = int(time.time())
    altered = body.replace(b"succeeded", b"succeedee")
    again = json.dumps(json.loads(body), indent=1).encode()
    signatures: dict[str, tuple[str, bytes, Sequence[str]]] = {
        "altered": (DOOR, altered, [_signed(body)]),
        "written anew": (DOOR, again, [_signed(body)]),
        "stale": (DOOR, body, [sign(SECRET, body, now - STALE)]),
        "of tomorrow": (DOOR, body, [sign(SECRET, body, now + STALE)]),
        "an old secret": (DOOR, body, [sign("the secret of last year", body, now)]),
        "an empty secret": (DOOR, body, [sign("", body, now)]),
        "unsigned": (DOOR, body, []),
        "nothing as signature": (DOOR, body, [""]),
        "a false one before the true one": (
            DOOR,
            body,
            [sign("another", body, now), _signed(body)],
        ),
        "another shop": (DOOR.replace("galerie", "other"), body, [_signed(body)]),
        "another provider": (DOOR.replace("simulator", "paper"), body, [_signed(body)]),
    }
    return {name: _post(here, *told) for name, told in signatures.items()}


def _message(item: dict[str, Any]) -> bytes:
    told = {"id": f"evt_{uuid4().hex}", "type": "refund.updated", "data": item}
    return json.dumps(told).encode()


def _signed(body: bytes) -> str:
    return sign(SECRET, body, int(time.time()))


def _post(here: Installation, path: str, body: bytes, signatures: Sequence[str]) -> int:
    address = urlsplit(here.address)
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        line.putrequest("POST", path)
        line.putheader("Content-Type", "application/json")
        line.putheader("Content-Length", str(len(body)))
        for signature in signatures:
            line.putheader("Simulator-Signature", signature)
        line.endheaders(body)
        return line.getresponse().status
    finally:
        line.close()


CASES = [
    Case(
        "F21",
        "forged, stale and doubled messages of the provider",
        "only the genuine one has an effect, once; no secret: closed",
        only_the_genuine,
    ),
    Case(
        "F22",
        "messages out of order, of strangers, for another",
        "paid once, nothing stays parked, nothing dropped",
        out_of_order,
    ),
]
