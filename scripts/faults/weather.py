"""Rows F10, F15, F17, F31, F32, F34: provider, line, disk and machine have a bad day."""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from scripts.faults.installation import Installation
from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.storms import together
from scripts.faults.table import Broken, Case, NotRun, expect

TOTAL_SECONDS = 20


def line_fails(manner: str, stage: Stage) -> str:
    """F10: the provider pays, and its answer breaks, trickles or is rubbish."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        provider.plan(manner, seconds=2)
        began = time.monotonic()
        here.live().made  # noqa: B018  (raises where it failed)
        took = time.monotonic() - began
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        paid_and_told(here, provider, found, hours=hours, generation=0)
        expect(in_time=(took < TOTAL_SECONDS + 40, True))
    return "found by look-up, paid once, the worker free again"


def stopped_at_any_moment(stage: Stage) -> str:
    """F34: the supervisor ends the worker again and again, with SIGTERM."""
    chance = random.Random(stage.seed)
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        codes = []
        for _ in range(3 if stage.is_small else 12):
            worker = here.begin_rebond("work")
            time.sleep(chance.uniform(1.5, 6))
            worker.terminate()
            codes.append(worker.wait(60))
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        paid_and_told(here, provider, found, hours=hours)
        expect(codes=(set(codes) <= {0, -15}, True))
    return f"ended {len(codes)} times, paid once, one document"


def poison(stage: Stage) -> str:
    """F32: one job kills each worker that takes it; the others are done all the same."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        here.inside("chores.poison").made  # noqa: B018
        died = 0
        for hours in range(12):
            life = here.live(hours=hours)
            died += life.code == -9
            if life.code == 0 and is_over(life.made | {"waiting_jobs": 0}):
                break
        found = life.made
        expect(laid_aside=(found["dead_jobs"], ["scripts.faults.inside.chores.die"]))
        expect(died=(died, 5))
        paid_and_told(here, provider, found | {"dead_jobs": []}, hours=hours)
    return "5 workers died, then it was laid aside; all else was done, paid once"


def backends_end(stage: Stage) -> str:
    """F15: the server ends our connections in the middle of things, while machines write."""
    here, facts = stage.scene("one_hundred")
    with here:
        here.web()
        over = threading.Event()
        killer = threading.Thread(target=_end_backends, args=(here, over))
        killer.start()
        answers = []
        for turn in range(4 if stage.is_small else 20):
            callers = [[api_order(here, facts, f"B-{turn}-{who}")] for who in range(8)]
            answers += [one for [one] in together(callers)]
        over.set()
        killer.join()
        statuses = Counter(one["status"] for one in answers)
        kept = here.look()["events"]["order.entered"] - 1
        expect(other=(set(statuses) <= {201, 503}, True), verify=(here.verify(), "kept"))
        if kept < statuses[201]:
            raise Broken(f"{statuses[201]} were acknowledged and {kept} are there")
        if not statuses[201]:
            raise Broken("nothing came through")
    return (
        f"{statuses[201]} written, {statuses[503]} told to come again; all that was said is there"
    )


def disk_is_full(stage: Stage) -> str:
    """F17: no room for the database; what was acknowledged stays, and it goes on afterwards."""
    here, facts = stage.scene("one_hundred")
    with here, _small_disk(here) as (folder, stuffing):
        here.web()
        before = _statuses(here, facts, "before")
        stuffing.write_bytes(b"x" * _room(folder))
        full = _statuses(here, facts, "full", many=40)
        stuffing.unlink()
        after = _statuses(here, facts, "after")
        said = (before + full + after)[201]
        expect(
            before=(set(before), {201}),
            full=(set(full) <= {201, 503} and full[503] > 0, True),
            after=(set(after), {201}),
            kept=(here.look()["events"]["order.entered"] - 1, said),
            verify=(here.verify(), "kept"),
        )
        here.stop()
    return f"{full[503]} told to come again, {said} acknowledged and there, works again"


def flipped_byte(stage: Stage) -> str:
    """F31: a byte of the database changes on the disk; no backup is made of it."""
    here, _facts = stage.scene("received", many=3)
    with here:
        file = here.folder / "rebond.sqlite3"
        here.rebond("backup")
        content = bytearray(file.read_bytes())
        found = 0
        for place in range(100, len(content), len(content) // 8):
            page = bytearray(content)
            begin = place // 4096 * 4096
            page[begin : begin + 8] = bytes(b ^ 0xFF for b in page[begin : begin + 8])
            file.write_bytes(page)
            found += here.rebond("backup").code != 0
        archives = list((here.folder / "backups").glob("rebond-*"))
        expect(refused=(found >= 7, True), archives=(len(archives) <= 3, True))
    return f"{found} of 9 damaged files refused"


CASES = [
    *(
        Case(
            "F10",
            f"the answer of the provider: {manner}",
            "paid once, found by look-up; the worker does not wait for ever",
            partial(line_fails, manner),
        )
        for manner in ("reset_after", "cut_after", "drip", "garbage")
    ),
    Case(
        "F15",
        "the server ends our connections",
        "503 and come again, never an error of ours; nothing lost",
        backends_end,
        only="postgresql",
        why="SQLite has no server",
    ),
    Case(
        "F17",
        "the disk of the database is full",
        "503 and come again; nothing lost; goes on when there is room",
        disk_is_full,
        only="sqlite",
        why="a server has a disk of its own",
    ),
    Case(
        "F31",
        "bytes of the database flip",
        "no backup of a damaged database",
        flipped_byte,
        only="sqlite",
        why="a server checks its own pages",
    ),
    Case("F32", "a job that kills its worker", "laid aside; others are done", poison),
    Case("F34", "SIGTERM at any moment", "paid once, one document", stopped_at_any_moment),
]


def api_order(here: Installation, facts: dict[str, Any], number: str) -> dict[str, Any]:
    """A request that enters an order."""
    body = {
        "number": number,
        "ordered_at": "2026-11-01T10:00:00Z",
        "currency": "EUR",
        "shopper": {"email": f"{number}@client.example", "name": "Paul Petit"},
        "lines": [{"sku": "MUG-07", "title": "Blue mug", "quantity": 1, "total_minor": 1295}],
        "payments": [{"provider": "paper", "reference": number, "captured_minor": 1295}],
    }
    return {
        "url": f"{here.address}/api/v1/orders",
        "headers": {"Authorization": f"Bearer {facts['key']}", "Idempotency-Key": number},
        "body": json.dumps(body),
    }


def _end_backends(here: Installation, over: threading.Event) -> None:
    with psycopg.connect(here.server, autocommit=True) as server:
        while not over.wait(0.15):
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s "
                "AND usename = current_user ORDER BY random() LIMIT 2",
                [here.name],
            )


def _statuses(
    here: Installation, facts: dict[str, Any], name: str, *, many: int = 8
) -> Counter[int]:
    callers = [[api_order(here, facts, f"{name}-{who}")] for who in range(many)]
    return Counter(one["status"] for [one] in together(callers))


@contextmanager
def _small_disk(here: Installation) -> Iterator[tuple[Path, Path]]:
    """The installation's folder on a disk of 48 MB of its own, and a file to fill it with."""
    aside = here.folder.with_name(here.folder.name + "-aside")
    here.folder.rename(aside)
    here.folder.mkdir()
    try:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", here.folder])
        if made.returncode:
            raise NotRun("a disk of our own cannot be mounted here")
        try:
            subprocess.run(["cp", "-a", f"{aside}/.", here.folder], check=True)
            yield here.folder, here.folder / "stuffing"
        finally:
            here.stop()
            subprocess.run(["umount", "-l", here.folder], check=True)
    finally:
        here.folder.rmdir()
        aside.rename(here.folder)


def _room(folder: Path) -> int:
    """Bytes left, less what a page or two needs."""
    left = subprocess.run(["stat", "-f", "-c", "%a %S", folder], capture_output=True, text=True)
    blocks, size = map(int, left.stdout.split())
    return max(0, (blocks - 2) * size)
