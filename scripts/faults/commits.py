"""Row F13: the line to the database breaks during COMMIT, so that nobody knows whether it held."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scripts.faults.installation import Done, Installation
from scripts.faults.proxy import CuttingProxy
from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.table import Broken, Case, expect

HEADS = "document_heads.written"


def cut_at_every_commit(stage: Stage) -> str:
    """At COMMITs spread over a worker's life: cut there, and let another worker go on."""
    here, _facts = stage.scene("inspected")
    with here:
        here.provider()
        life, proxy = _live_behind(here, cut_at=0)
        plain = life.made
        expect(is_over=(is_over(plain), True))
    commits = proxy.commits
    if not commits:
        raise Broken("not one COMMIT was seen on the line")
    points = stage.points(commits)
    for point in points:
        _cut(stage, point, plain)
    return f"cut at {len(points)} of {commits} commits: paid once, nothing done twice"


CASES = [
    Case(
        "F13",
        "line to the database breaks in COMMIT",
        "what was done is found done: paid once, nothing twice",
        cut_at_every_commit,
        only="postgresql",
        why="SQLite has no line to the database",
    )
]


def _cut(stage: Stage, point: int, plain: dict[str, Any]) -> None:
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        life, proxy = _live_behind(here, cut_at=point)
        if not proxy.was_cut:
            raise Broken(f"commit {point}: the line was not cut")
        if life.code and "OperationalError" not in life.err:
            raise Broken(f"commit {point}: the worker failed: {life.err[-1500:]}")
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        try:
            paid_and_told(here, provider, found, hours=hours)
            expect(
                events=(_by_cause(found), _by_cause(plain)),
                letters=(found["letters"], plain["letters"]),
                requests=(len(provider.requests()), 1),
            )
        except Broken as broken:
            raise Broken(f"cut at commit {point}: {broken}") from broken


def _by_cause(found: dict[str, Any]) -> dict[str, int]:
    """The events that follow from others; the daily ones come when the clock says."""
    return {name: n for name, n in found["events"].items() if name != HEADS}


def _live_behind(here: Installation, *, cut_at: int) -> tuple[Done, CuttingProxy]:
    server = urlsplit(here.url)
    proxy = CuttingProxy(server.hostname or "", server.port or 5432, cut_at=cut_at)
    place = f"{server.username}@127.0.0.1:{proxy.port}"
    url = urlunsplit(server._replace(netloc=place, query="sslmode=disable&gssencmode=disable"))
    try:
        return here.inside("work.live", env={"DATABASE_URL": url}), proxy
    finally:
        proxy.close()
