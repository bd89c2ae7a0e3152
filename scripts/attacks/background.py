"""V2 and V8: exports and jobs: what they weigh on others, whose things they touch."""

from __future__ import annotations

import statistics
import threading
import time

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Visitor

YEARS = "from=2021-01-01&to=2026-12-31&first=2021-01-01&last=2026-12-31"
ARCHIVE = f"/desk/{ATTACKER}/documents/exports/archive/?{YEARS}"


@row(
    32,
    "lists of 10⁹, 10,000 lines at once, twenty exports of five years at once",
    "hard caps; the other shop is served meanwhile, within a second",
)
def huge_wishes(stage: Stage) -> str:
    """Page sizes beyond the cap, bodies beyond the limit, exports beside another shop's work."""
    machine = stage.machine(ATTACKER)
    for path in ("/returns", "/orders", "/credit-notes", "/events", "/parcels"):
        for limit in (10**9, 0, -1, "x"):
            must_be(machine.call("GET", f"{path}?limit={limit}").status, (400, 422), path)
        must_be(machine.call("GET", f"{path}?limit=10").status, 200, path)
    lines = [
        {"order_line": stage.of(ATTACKER)["lines"][6], "quantity": 1, "reason": "changed_mind"}
    ] * 10_000
    asked = machine.call("POST", "/returns", {"order": "A-7", "lines": lines})
    must_be(asked.status, (413, 422), "10,000 lines")
    victim, page = stage.new_staff(VICTIM, "owner"), f"/desk/{VICTIM}/returns/"
    quiet = statistics.median(_seconds(victim, page) for _ in range(10))
    owner, many = stage.new_staff(ATTACKER, "owner"), 20
    answers: list[int] = []
    exports = [
        threading.Thread(target=lambda: answers.append(owner.get(ARCHIVE).status))
        for _ in range(many)
    ]
    for one in exports:
        one.start()
    busy = []
    while any(one.is_alive() for one in exports):
        busy.append(_seconds(victim, page))
    for one in exports:
        one.join()
    must(set(answers) <= {200, 429, 503} and 200 in answers, f"the exports: {answers}")
    slowest = max(busy, default=0.0)
    must(slowest < 1 + quiet, f"another shop waited {slowest:.2f} s instead of {quiet:.2f} s")
    return (
        f"sizes 10⁹, 0, −1, x: 422 on five lists; 10,000 lines: {asked.status}; beside "
        f"{many} exports the other shop waits {slowest:.2f} s at most, {quiet:.2f} s otherwise"
    )


@row(
    80,
    "the other shop's things named to exports, prints and jobs",
    "own things only; no job holds another shop's id",
)
def foreign_jobs(stage: Stage) -> str:
    """Parameters that name the victim; the arguments of every job that was ever queued."""
    owner, theirs = stage.new_staff(ATTACKER, "owner"), stage.of(VICTIM)
    marks = [*theirs["orders"], *(one["number"] for one in theirs["returns"].values())]
    plain = (
        f"/desk/{ATTACKER}/settings/audit/csv/",
        ARCHIVE,
        f"/desk/{ATTACKER}/documents/exports/bookkeeping/?{YEARS}",
        f"/desk/{ATTACKER}/balances/report.csv?{YEARS}",
    )
    tried = 0
    for path in plain:
        as_usual = owner.get(path).status
        for more in (
            "shop=victim",
            f"shop_id={theirs['ids'].get('shop_id', 'victim')}",
            "slug=victim",
            f"order={theirs['orders'][0]}",
            f"pick={marks[-1]}",
        ):
            answer = owner.get(f"{path}{'&' if '?' in path else '?'}{more}")
            must_be(answer.status, (as_usual, 400, 404, 422), f"{path} with {more}")
            found = [
                mark
                for mark in marks
                if f'"{mark}"' in answer.text
                or f";{mark};" in answer.text
                or f",{mark}," in answer.text
            ]
            must(not found, f"{found} in {path} with {more}")
            tried += 1
    foreign = theirs["returns"]["B-1"]["number"]
    for kind in ("assign", "approve", "print"):
        ticked = {"kind": kind, "sure": "1", "view": "all", "pick": [foreign]}
        told = owner.post(f"/desk/{ATTACKER}/bulk/", ticked)
        must_be(told.status, (400, 404, 422), f"a run of {kind} with {foreign}")
        tried += 1
    jobs = stage.ask("jobs_with_foreign_ids")
    must(jobs["looked at"], "no job was ever queued")
    must_be(jobs["foreign"], [], "jobs that name another shop's row")
    return f"{tried} exports and runs: nothing of the other shop; {jobs['looked at']} jobs: own ids"


def _seconds(who: Visitor, path: str) -> float:
    began = time.perf_counter()
    must_be(who.get(path).status, 200, path)
    return time.perf_counter() - began
