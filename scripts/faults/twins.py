"""Rows N1 to N5: one thing asked for many times at one instant, and processes killed in a burst.

What is counted at the end is exact: money at the provider, the ledger, stock and documents.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request as Asked
from urllib.request import urlopen

from scripts.attacks.visitor import Visitor
from scripts.faults.clients import ask
from scripts.faults.installation import Installation, Provider
from scripts.faults.stage import Stage
from scripts.faults.storms import together
from scripts.faults.table import Broken, Case, expect

Request = dict[str, Any]
MANY = 20
AT_ONCE = 10
BURST = 24
CALLERS = 8


def same_refund(minor: int, stage: Stage) -> str:
    """Twenty refunds of one amount of an order of 100.00, each under a key of its own."""
    may = 10000 // minor
    here, facts = stage.scene("one_hundred")
    with here:
        body = {"amount_minor": minor, "reason": "twin"}
        provider = here.provider()
        statuses = _refunds(here, facts, body)
        _money(here, provider, accepted=statuses[201], may=may, minor=minor)
    return f"{MANY} × {minor / 100:.2f} of 100.00: {may} accepted, paid and written once each"


def same_line(stage: Stage) -> str:
    """Twenty refunds of the one piece of a line of 60.00, each under a key of its own."""
    here, facts = stage.scene("one_hundred")
    with here:
        body = {"lines": [{"order_line": facts["lines"]["SIXTY"], "quantity": 1}], "reason": "twin"}
        provider = here.provider()
        statuses = _refunds(here, facts, body)
        _money(here, provider, accepted=statuses[201], may=1, minor=6000)
    return f"{MANY} × the piece of 60.00: 1 accepted, paid and written once"


def _refunds(here: Installation, facts: dict[str, Any], body: Any) -> Counter[int]:
    here.web()
    page = f"/api/v1/orders/{facts['order']}/refunds"
    callers = [[_api(here, facts, page, body, f"twin-{who}")] for who in range(MANY)]
    statuses = Counter(one["status"] for [one] in together(callers))
    expect(other=(set(statuses) <= {201, 409, 422}, True), errors=(here.web_errors(), []))
    return statuses


def _money(here: Installation, provider: Provider, *, accepted: int, may: int, minor: int) -> None:
    found = here.live().made
    expect(
        accepted=(accepted, may),
        settlements=(found["settlements"], may),
        refunds=(found["refunds"], [["succeeded", minor, 0]] * may),
        reserved=(found["reserved"], [minor * may]),
        documents=(found["documents"], list(range(1, may + 1))),
        broken=(found["broken"], []),
        verify=(here.verify(), "kept"),
    )
    expect(paid=(list(_paid_by(provider).values()), [minor * may]))


def _paid_by(provider: Provider) -> dict[str, int]:
    """What the provider has paid by its own ledger, for each payment."""
    paid: Counter[str] = Counter()
    for one in provider.refunds():
        if one["status"] == "succeeded":
            paid[one["payment"]] += one["amount"]
    return dict(paid)


def same_piece(way: str, stage: Stage) -> str:
    """Ten ask at once to return the one piece there is: by API, portal, desk, or all of them."""
    here, facts = stage.scene("one_hundred")
    with here:
        here.web()
        makers = {"API": _by_api, "portal": _by_portal, "desk": _by_desk}
        ways = [way] if way in makers else list(makers)
        requests = [makers[ways[who % len(ways)]](here, facts, who) for who in range(AT_ONCE)]
        answers = [one for [one] in together([[request] for request in requests])]
        found = here.look()
        expect(
            errors=(here.web_errors(), []),
            failed=([one["status"] for one in answers if one["status"] >= 500], []),
            returns=(len(found["returns"]), 1),
            returned=(sorted(found["returned"]), [0, 1]),
            asked=(found["events"]["return.requested"], 1),
            broken=(found["broken"], []),
            verify=(here.verify(), "kept"),
        )
    return f"{AT_ONCE} by {' and '.join(ways)}: 1 return, 1 piece claimed"


def same_receipt(stage: Stage) -> str:
    """Twenty book one return in at the same instant, then twenty inspect it."""
    here, facts = stage.scene("on_its_way")
    with here:
        provider = here.provider()
        here.web()
        page = f"/api/v1/returns/{facts['rma']}"
        booked = {"counts": {facts["line"]: 2}}
        first = _at_once(here, facts, f"{page}/receipts", booked)
        finding = {
            "line": facts["line"],
            "quantity": 2,
            "grade": "a",
            "disposition": "restock",
        }
        then = _at_once(here, facts, f"{page}/inspections", {"findings": [finding]})
        found = here.live().made
        expect(
            received=(first[201] + first[200], 1),
            inspected=(then[201] + then[200], 1),
            other=(set(first) | set(then) <= {200, 201, 409, 412, 422}, True),
            goods=(
                here.inside("look.goods").made,
                {"receipts": 1, "received": 2, "accepted": 2, "units": 2},
            ),
            events=([found["events"].get(name) for name in ONCE_EACH], [1] * len(ONCE_EACH)),
            paid=([one["status"] for one in provider.refunds()], ["succeeded"]),
            documents=(found["documents"], [1]),
            broken=(found["broken"], []),
            errors=(here.web_errors(), []),
            verify=(here.verify(), "kept"),
        )
    return f"{MANY} × received, {MANY} × inspected: once each, 2 pieces, paid once"


ONCE_EACH = ("parcel.received", "return.inspected", "settlement.decided", "credit_note.issued")


def _at_once(here: Installation, facts: dict[str, Any], page: str, body: Any) -> Counter[int]:
    """Twenty who have all seen the return as it stands now."""
    with urlopen(_plain(here, facts, f"/api/v1/returns/{facts['rma']}"), timeout=30) as seen:
        version = {"If-Match": seen.headers["ETag"]}
    callers = [[_api(here, facts, page, body, f"{page[-9:]}-{who}")] for who in range(MANY)]
    for [request] in callers:
        request["headers"] |= version
    return Counter(one["status"] for [one] in together(callers))


def killed_in_a_burst(seconds: float, stage: Stage) -> str:
    """Web and workers die in a burst of refunds; each is asked for again under its own key."""
    here, facts = stage.scene("hundreds", many=BURST)
    with here:
        provider = here.provider()
        provider.plan("slow", count=BURST * 3, seconds=seconds)
        orders = list(facts["of"])
        requests = [
            _api(
                here,
                facts,
                f"/api/v1/orders/{n}/refunds",
                {"amount_minor": 6000, "reason": "burst"},
                f"b-{n}",
            )
            for n in orders
        ]
        rounds = 2 if stage.is_small else 4
        died = 0
        for turn in range(rounds):
            web = here.web(crew=2)
            worker = here.begin_rebond("work", "--threads=4")
            burst = _Burst(requests)
            burst.begin()
            time.sleep(1.5 + 0.7 * turn)
            died += _kill(web) + _kill(worker.pid)
            worker.wait(30)
            burst.end()
            here.stop()
            provider = here.provider()
        here.web(crew=2)
        last = _Burst(requests)
        last.begin()
        last.end()
        for hours in range(4):
            found = here.live(hours=hours).made
            if not found["waiting_jobs"] and not found["unwatched"]:
                break
        expect(
            died=(died > 0, True),
            answers=(Counter(last.statuses), Counter({201: BURST})),
            settlements=(found["settlements"], BURST),
            refunds=(Counter(one[0] for one in found["refunds"]), Counter(succeeded=BURST)),
            amounts=({one[1] for one in found["refunds"]}, {6000}),
            documents=(found["documents"], list(range(1, BURST + 1))),
            reserved=(found["reserved"], [6000] * BURST),
            broken=(found["broken"], []),
            verify=(here.verify(hours=hours), "kept"),
        )
        expect(paid=(_paid_by(provider), dict.fromkeys(facts["payments"], 6000)))
    return f"{died} processes killed in {rounds} bursts: {BURST} refunds, each paid once"


class _Burst:
    """Callers who ask for their refunds one after another, and note what they hear."""

    def __init__(self, requests: list[Request]) -> None:
        self.statuses: list[int] = []
        shares = [requests[who::CALLERS] for who in range(CALLERS)]
        self._threads = [threading.Thread(target=self._ask, args=(share,)) for share in shares]

    def begin(self) -> None:
        """Let all of them begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Wait until the last one has given up or was served."""
        for thread in self._threads:
            thread.join()

    def _ask(self, share: list[Request]) -> None:
        for request in share:
            with suppress(OSError, ValueError):
                self.statuses.append(ask(request)["status"])


def _kill(first: int) -> int:
    """Kill -9 a process and those that it began; returns how many there were."""
    killed = 0
    for pid in (first, *_children(first)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []


def _api(here: Installation, facts: dict[str, Any], page: str, body: Any, key: str) -> Request:
    return {
        "url": f"{here.address}{page}",
        "headers": {"Authorization": f"Bearer {facts['key']}", "Idempotency-Key": key},
        "body": json.dumps(body),
    }


def _plain(here: Installation, facts: dict[str, Any], page: str) -> Asked:
    return Asked(f"{here.address}{page}", headers={"Authorization": f"Bearer {facts['key']}"})


def _by_api(here: Installation, facts: dict[str, Any], who: int) -> Request:
    line = {"order_line": facts["lines"]["SIXTY"], "quantity": 1, "reason": "changed_mind"}
    body = {"order": facts["order"], "lines": [line]}
    return _api(here, facts, "/api/v1/returns", body, f"piece-{who}")


def _by_portal(here: Installation, facts: dict[str, Any], who: int) -> Request:
    """Somebody who stands before the last button."""
    guest = _visitor(here, who)
    found = guest.post("/s/galerie/", {"number": facts["order"], "proof": "75005"})
    form = {"l1-chosen": "1", "l1-quantity": "1", "l1-reason": "changed_mind"}
    chosen = guest.post(found.headers["location"], form)
    preview = chosen.headers.get("location", "")
    if "/preview/" not in preview:
        raise Broken(f"no preview for a guest: {chosen.status} {preview}")
    return _form(guest, preview.replace("/preview/", "/send/"), {})


def _by_desk(here: Installation, facts: dict[str, Any], who: int) -> Request:
    """Somebody of the team with the form filled in, in a session of their own."""
    staff = _visitor(here, who)
    login = {"email": facts["email"], "password": facts["password"]}
    if staff.post("/desk/login/", login).status != 302:
        raise Broken("nobody could log in")
    line = f"line-{facts['lines']['SIXTY']}"
    form = {
        f"{line}-quantity": "1",
        f"{line}-reason": "changed_mind",
        "where": "phone",
        "outcome": "refund",
    }
    return _form(staff, f"/desk/galerie/orders/{facts['order']}/return/", form)


def _visitor(here: Installation, who: int) -> Visitor:
    return Visitor(here.address, f"198.18.0.{who + 1}", scheme="http")


def _form(visitor: Visitor, page: str, form: dict[str, str]) -> Request:
    fields = {"csrfmiddlewaretoken": visitor.token(), **form}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return {
        "url": f"{visitor.address}{page}",
        "headers": visitor.names | kind,
        "body": urlencode(fields),
    }


EXACT = "exact sums in money, ledger and documents"


def _case(row: str, name: str, holds: str, run: Callable[[Stage], str]) -> Case:
    return Case(row, name, holds, run)


CASES = [
    _case("N1", "20 × 60.00 of 100.00", EXACT, partial(same_refund, 6000)),
    _case("N1", "20 × 10.00 of 100.00", EXACT, partial(same_refund, 1000)),
    _case("N1", "20 × all of 100.00", EXACT, partial(same_refund, 10000)),
    _case("N1", "20 × the same line", EXACT, same_line),
    *(
        _case("N2", f"10 × the same piece, {way}", "one return", partial(same_piece, way))
        for way in ("API", "portal", "desk", "all three")
    ),
    _case("N3", "20 × received and inspected", "stock, money and papers once", same_receipt),
    _case("N4", "killed -9, provider 200 ms", EXACT, partial(killed_in_a_burst, 0.2)),
    _case("N5", "killed -9, provider 500 ms", EXACT, partial(killed_in_a_burst, 0.5)),
]
