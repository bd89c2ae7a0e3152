"""Rows C1 to C9 and C11: many processes at the same instant, on one installation."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scripts.faults.installation import LONGEST, PYTHON, ROOT, SECRET, Installation
from scripts.faults.stage import Stage
from scripts.faults.steps import DUE
from scripts.faults.table import Broken, Case, expect

from rebond.simulator.payments import sign


def refund_over_http(stage: Stage) -> str:
    """Sixteen machines refund 60.00 of 100.00, each under a key of its own."""
    with _installation(stage, "one_hundred") as (here, facts):
        provider = here.provider()
        here.web()
        callers = [[_refund_request(here, facts, key=f"k-{who}")] for who in range(16)]
        statuses = Counter(one["status"] for [one] in together(callers))
        _paid_once(here, provider, minor=6000, web=True)
        expect(
            accepted=(statuses[201], 1),
            refused=(statuses[409] + statuses[422], 15),
        )
    return "16 callers: 1 × 201, 15 × 409 or 422, paid once"


def approve_and_refund(stage: Stage) -> str:
    """Sixteen people approve and refund one return of 60.00."""
    with _installation(stage, "waiting_for_a_yes") as (here, facts):
        provider = here.provider()
        told = _storm(here, "approve_and_refund", many=16, rma=facts["rma"])["told"]
        approvals = Counter(one.split()[0] for one in told)
        refunds = Counter(one.split()[1] for one in told)
        _paid_once(here, provider, minor=6000)
        expect(
            approved=(approvals, {"took": 1, "illegal_transition": 15}),
            refunded=(refunds, {"took": 1, "already_settled": 15}),
        )
    return "16 people: approved once, refunded once, paid once"


def approve_or_decline(stage: Stage) -> str:
    """Two of three approve a return while the third declines it."""
    with _installation(stage, "waiting_for_a_yes") as (here, facts):
        seen = _storm(here, "approve_or_decline", many=16, rma=facts["rma"])
        told, events = Counter(seen["told"]), seen["found"]["events"]
        winners = [word for word in told if word.endswith(" took")]
        decisions = [events.get("return.approved", 0), events.get("return.declined", 0)]
        expect(
            winners=(len(winners), 1),
            times=(told[winners[0]], 1),
            events=(sorted(decisions), [0, 1]),
            broken=(seen["found"]["broken"], []),
        )
        losers = {word.split()[1] for word in told} - {"took"}
        expect(losers=(losers, {"illegal_transition"}))
    return "16 people: one decision, one entry, 15 told what stands"


def one_queue(stage: Stage) -> str:
    """Eight workers on one queue; some are killed in the middle of a job."""
    many, killed, crew = (60, 1, 3) if stage.is_small else (5000, 4, 8)
    chance = random.Random(stage.seed)
    with _installation(stage, "two_pieces") as (here, _facts):
        here.inside("chores.fill_queue", many=many).made  # noqa: B018
        workers = [here.begin_rebond("work", "--threads=2") for _ in range(crew)]
        for worker in workers[:killed]:
            time.sleep(chance.uniform(2, 5))
            worker.kill()
        until = time.monotonic() + LONGEST
        while here.inside("chores.left").made["busy"] and time.monotonic() < until:
            time.sleep(1)
        for worker in workers:
            worker.terminate()
            worker.wait(60)
        for hours in range(1, 4):  # what the dead had in hand comes due again
            here.live(hours=hours).made  # noqa: B018
        found = here.inside("chores.left").made
        expect(
            done=(found["done"], many),
            times=(found["most"], 1),
            waiting=(found["waiting"], 0),
            verify=(here.verify(hours=3), "kept"),
        )
    return f"{many} jobs by {crew} workers, {killed} of them killed: each done once"


def reserve_alone(stage: Stage) -> str:
    """The counter by itself, without the lock on the order that goes before it."""
    here, _facts = stage.scene("one_hundred")
    with here:  # money is held for no refund, so `rebond verify` has its own word to say
        seen = _storm(here, "reserve_alone", many=16, minor=6000)
        expect(
            held=(Counter(seen["told"]), {"took": 1, "refused": 15}),
            reserved=(seen["found"]["reserved"], [6000]),
        )
    return "16 writers: 1 holds 60.00, 15 are told no"


def redeem_all(stage: Stage) -> str:
    """Sixty-four tills redeem one card of 10.00 for 10.00."""
    return _redeem(stage, many=64, minor=1000, winners=1)


def redeem_parts(stage: Stage) -> str:
    """Sixteen tills redeem one card of 10.00 for 3.00 each."""
    return _redeem(stage, many=16, minor=300, winners=3)


def write_documents(stage: Stage) -> str:
    """Eight writers of one series; a fifth of the documents is rolled back."""
    many, each = 8, 12 if stage.is_small else 500
    with _installation(stage, "writers", many=many) as (here, _facts):
        seen = _storm(here, "write_documents", many=many, each=each, seed=stage.seed)
        found = seen["found"]
        expect(
            numbers=(found["documents"] == list(range(1, many * each + 1)), True),
            in_order=(found["in_order"], True),
            rolled_back=(sum(seen["told"]) > 0, True),
            broken=(found["broken"], []),
        )
    return f"{many} × {each} documents: numbers 1 to {many * each} without a gap"


def one_message(stage: Stage) -> str:
    """Eight processes deliver one message of the provider fifty times."""
    with _installation(stage, "inspected") as (here, _facts):
        provider = here.provider()
        provider.plan("pending")
        expect(at_first=(here.live().made["refunds"], [["pending", DUE, 0]]))
        here.web()
        request = _message(here, provider.advance()[0])
        callers = [[request] * many for many in (7, 7, 6, 6, 6, 6, 6, 6)]
        statuses = Counter(one["status"] for caller in together(callers) for one in caller)
        found = _paid_once(here, provider, minor=DUE, web=True)
        expect(
            answers=(statuses, {204: 50}),
            messages=(found["messages"], ["applied"]),
            effects=(found["events"]["refund.succeeded"], 1),
            letters=(found["letters"].get("refunded"), 1),
        )
    return "50 deliveries: 50 × 204, 1 effect, 1 letter, paid once"


def one_key(stage: Stage) -> str:
    """Thirty-two callers under one key, half of them with another body."""
    with _installation(stage, "one_hundred") as (here, facts):
        provider = here.provider()
        here.web()
        callers = [
            [_refund_request(here, facts, key="same", minor=6000 if who % 2 else 3000)]
            for who in range(32)
        ]
        answers = [one for [one] in together(callers)]
        winner = _winner(answers)
        ours = [one for who, one in enumerate(answers) if who % 2 == winner]
        others = {one["status"] for who, one in enumerate(answers) if who % 2 != winner}
        again = [one for [one] in together(callers[winner::2])]
        others_again = {one["status"] for [one] in together(callers[1 - winner :: 2])}
        made = {one["body"] for one in [*ours, *again] if one["status"] == 201}
        _paid_once(here, provider, minor=6000 if winner else 3000, web=True)
        expect(
            same_body=({one["status"] for one in ours} <= {201, 409}, True),
            other_body=(others <= {409, 422}, True),
            other_body_again=(others_again, {422}),
            asked_again=({one["status"] for one in again}, {201}),
            different_answers=(len(made), 1),
        )
    return "32 callers: 1 effect, the same 201 for all of its body, 422 for the other"


def both_pieces(stage: Stage) -> str:
    """Sixteen sessions ask to return both of two pieces."""
    with _installation(stage, "two_pieces") as (here, facts):
        seen = _storm(here, "ask_for_both", many=16, **facts)
        found = seen["found"]
        expect(
            asked=(Counter(seen["told"]), {"took": 1, "quantity_exceeds_bought": 15}),
            returned=(found["returned"], [2]),
            returns=(found["returns"], ["approved"]),
            broken=(found["broken"], []),
        )
    return "16 sessions: 1 return, 2 of 2 pieces claimed"


def packed_crosswise(stage: Stage) -> str:
    """C9: eight people pack returns into each other's boxes and take them out again."""
    each = 20 if stage.is_small else 400
    with _installation(stage, "boxes", many=5) as (here, facts):
        seen = _storm(here, "pack_crosswise", many=8, each=each, seed=stage.seed, **facts)
        said = sum((Counter(dict(one)) for one in seen["told"]), Counter[str]())
        expect(
            other=(set(said) <= {"took", "not_together"}, True),
            came_through=(said["took"] > 0, True),
            deadlocks=(seen["deadlocks"], 0),
            box_in_a_box=(seen["nested"], 0),
            broken=(seen["found"]["broken"], []),
        )
    return f"8 people, {8 * each} times: {said['took']} took, no deadlock, no box in a box"


def leaves_while_paid(stage: Stage) -> str:
    """C11: a person is erased while their refund is paid and their copy is made."""
    with _installation(stage, "person_who_leaves") as (here, facts):
        provider = here.provider()
        asked, mailbox = facts["asked"], facts["mailbox"]
        seen = _storm(here, "leave_while_paid", asked=asked, mailbox=mailbox, seconds=90)
        [erased, copied, paid] = seen["told"]
        expect(
            told=([erased, paid], ["took", "took"]),
            copied=(copied in {"took", "data_request_answered"}, True),
        )
        here.live(hours=1).made  # noqa: B018  (the letter that it is done still needs the address)
        expect(
            paid=([(r["amount"], r["status"]) for r in provider.refunds()], [(DUE, "succeeded")]),
            broken=(seen["found"]["broken"], []),
        )
        left = here.inside("look.names", word=mailbox).made
        expect(left=(left, []))
    return "paid once, the copy is whole, then nothing names them but what the law keeps"


ONE_REFUND = "one live refund, no error of ours"
CASES = [
    Case("C1", "16 machines refund 60 of 100", ONE_REFUND, refund_over_http),
    Case("C1", "16 people approve and refund", ONE_REFUND, approve_and_refund),
    Case("C1", "16 writers on the counter alone", "the counter needs no lock", reserve_alone),
    Case("C2", "16 people approve or decline", "one decision stands", approve_or_decline),
    Case("C3", "64 × redeem a card of 10.00", "spent once, balance 0", redeem_all),
    Case("C3", "16 × redeem 3.00 of 10.00", "spent three times, balance 1.00", redeem_parts),
    Case("C4", "8 writers, a fifth rolled back", "numbers dense and in order", write_documents),
    Case("C5", "one message 50 times by 8 processes", "one effect, all answered", one_message),
    Case("C6", "8 workers on one queue", "each job's effect once, none lost", one_queue),
    Case("C7", "one key, 32 callers, two bodies", "one effect, one answer", one_key),
    Case("C8", "16 sessions return 2 of 2 pieces", "at most 2 pieces claimed", both_pieces),
    Case("C9", "8 people pack crosswise", "no deadlock, no box in a box", packed_crosswise),
    Case("C11", "erased while paid and copied", "all or nothing of the person", leaves_while_paid),
]


@contextmanager
def _installation(
    stage: Stage, scene: str, **wish: Any
) -> Iterator[tuple[Installation, dict[str, Any]]]:
    """A copy of the scene; at the end of a whole run `rebond verify` itself looks at it."""
    here, facts = stage.scene(scene, **wish)
    with here:
        yield here, facts
        if not stage.is_small:
            expect(verify=(here.verify(), "kept"))


def _storm(here: Installation, name: str, **wish: Any) -> dict[str, Any]:
    """What each process of the storm said, and what stands there afterwards."""
    seen: dict[str, Any] = here.inside(f"storms.{name}", **wish).made
    _unbroken(seen["told"])
    return seen


def _redeem(stage: Stage, *, many: int, minor: int, winners: int) -> str:
    with _installation(stage, "a_card") as (here, facts):
        seen = _storm(here, "redeem", many=many, minor=minor, **facts)
        said = {"took": winners, "insufficient_balance": many - winners}
        expect(
            redeemed=(Counter(seen["told"]), said),
            left=(seen["left"], [1000 - winners * minor] * 2),
            broken=(seen["found"]["broken"], []),
        )
    return f"{many} tills: {winners} took {minor / 100:.2f}, the rest was refused"


def _paid_once(
    here: Installation, provider: Any, *, minor: int, web: bool = False
) -> dict[str, Any]:
    """Let the worker finish; then one refund of ``minor`` is paid and nothing hangs."""
    found: dict[str, Any] = here.live().made
    expect(
        settlements=(found["settlements"], 1),
        refunds=(found["refunds"], [["succeeded", minor, 0]]),
        reserved=(found["reserved"], [minor]),
        paid=(
            [(one["amount"], one["status"]) for one in provider.refunds()],
            [(minor, "succeeded")],
        ),
        requests=(len(provider.requests()), 1),
        documents=(found["documents"], [1]),
        waiting_jobs=(found["waiting_jobs"], 0),
        dead_jobs=(found["dead_jobs"], []),
        web_errors=(here.web_errors() if web else [], []),
        broken=(found["broken"], []),
    )
    return found


def _unbroken(told: Sequence[Any]) -> None:
    broken = [one["broke"] for one in told if isinstance(one, dict)]
    if broken:
        raise Broken(f"{len(broken)} processes broke, the first: {broken[0][-1500:]}")


def together(callers: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    ran = subprocess.run(
        [PYTHON, "-m", "scripts.faults.clients"],
        input=json.dumps(callers),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    if ran.returncode:
        raise Broken(f"the callers ended with {ran.returncode}: {ran.stderr[-1500:]}")
    answers: list[list[dict[str, Any]]] = json.loads(ran.stdout)
    _unbroken(answers)
    return answers


def _refund_request(
    here: Installation, facts: dict[str, Any], *, key: str, minor: int = 6000
) -> dict[str, Any]:
    return {
        "url": f"{here.address}/api/v1/orders/{facts['order']}/refunds",
        "headers": {"Authorization": f"Bearer {facts['key']}", "Idempotency-Key": key},
        "body": json.dumps({"amount_minor": minor, "reason": "storm"}),
    }


def _message(here: Installation, item: dict[str, Any]) -> dict[str, Any]:
    """The provider's message about ``item``, as a signed request to our door."""
    body = json.dumps({"id": "evt_storm", "type": "refund.updated", "data": item})
    return {
        "url": f"{here.address}/hooks/payments/galerie/simulator/",
        "headers": {"Simulator-Signature": sign(SECRET, body.encode(), int(time.time()))},
        "body": body,
    }


def _winner(answers: Sequence[dict[str, Any]]) -> int:
    """Which half came first: 0 for callers of even number, 1 for the others."""
    first = [who % 2 for who, one in enumerate(answers) if one["status"] == 201]
    if len(set(first)) != 1:
        raise Broken(f"answers of 201 came to callers {first}")
    return first[0]
