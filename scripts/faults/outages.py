"""Rows F3, F9, F14, F16, F19, F25, F35: what we stand on goes away for a while, or lies."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import shutil
import signal
import threading
import time
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import psycopg
from scripts.faults.installation import Installation, Provider
from scripts.faults.letterbox import STUMBLES, Letterbox
from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.storms import together
from scripts.faults.table import Broken, Case, NotRun, expect
from scripts.faults.weather import api_order
from scripts.faults.writes import tracer

KEY_LIVES_HOURS = 24
"""For so long a provider knows a key at least."""


def killed_while_answering(stage: Stage) -> str:
    """F3: the web process dies at what it sends; the caller asks again under the same key."""
    if not shutil.which("strace"):
        raise NotRun("strace is missing (package `strace`)")
    many = _sent_while_answering(stage)
    killed = 0
    for point in stage.points(many, most=8):
        here, facts = stage.scene("one_hundred")
        with here:
            log = here.folder / "strace.log"
            inject = ["-e", f"inject=sendto:signal=KILL:when={point}"]
            here.web(before=[*tracer(log, "sendto"), *inject], crew=1, patient=False)
            request = api_order(here, facts, "F3-1")
            first = _ask(request)
            killed += first is None
            here.stop()
            here.web()
            again, once_more = (_ask(request) for _ in range(2))
            if again is None or once_more is None:
                raise Broken(f"call {point}: nobody answered afterwards")
            expect(
                answers=((again[0], once_more[0]), (201, 201)),
                same=(len({one[1] for one in (first, again, once_more) if one}), 1),
                entered=(here.look()["events"]["order.entered"], 2),
                verify=(here.verify(), "kept"),
            )
    if not killed:
        raise Broken("no process died while it answered")
    return f"killed at {killed} of {many} calls: one order, the same answer to the next try"


def turned_away_for_half_an_hour(stage: Stage) -> str:
    """F9: the provider says 429 for half an hour; no storm while it lasts nor when it is back."""
    many = 4 if stage.is_small else 12
    here, _facts = stage.scene("inspected_many", many=many)
    with here:
        provider = here.provider()
        provider.plan("429", count=2 * many, after=600)
        asked = [0]
        for hours in (0, 0.1, 0.2, 0.3, 0.4, 0.5, *range(1, ROUNDS)):
            found = here.live(hours=hours).made
            asked.append(len(provider.requests()))
            if len(found["documents"]) == many and not found["waiting_jobs"]:
                break
        rounds = [later - before for before, later in itertools.pairwise(asked)]
        expect(
            refunds=(Counter(state for state, *_ in found["refunds"]), {"succeeded": many}),
            paid=(len(provider.refunds()), many),
            documents=(found["documents"], list(range(1, many + 1))),
            busiest=(max(rounds) <= many, True),
            asked=(asked[-1], 3 * many),
            verify=(here.verify(hours=hours), "kept"),
        )
    return f"{many} paid once each, {asked[-1]} requests, {max(rounds)} in the busiest round"


def backend_killed(stage: Stage) -> str:
    """F14: a process of the server is killed -9 under load; the server recovers from its log."""
    here, facts = stage.scene("one_hundred")
    with here:
        _on_disk_before_it_is_said(here)
        here.web()
        over = threading.Event()
        killed: list[float] = []
        rounds = 4 if stage.is_small else 12
        killer = threading.Thread(target=_kill_backends, args=(here, over, killed, rounds // 4))
        killer.start()
        answers, longest = [], 0.0
        for turn in range(rounds):
            began = time.monotonic()
            callers = [[api_order(here, facts, f"K-{turn}-{who}")] for who in range(8)]
            answers += [one for [one] in together(callers)]
            longest = max(longest, time.monotonic() - began)
        over.set()
        killer.join()
        statuses = Counter(one["status"] for one in answers)
        kept = here.look()["events"]["order.entered"] - 1
        expect(
            died=(bool(killed), True),
            other=(set(statuses) <= {201, 503}, True),
            said_is_there=(kept >= statuses[201], True),
            in_time=(longest < 60, True),
            verify=(here.verify(), "kept"),
        )
    told = f"{statuses[201]} acknowledged and there, slowest {longest:.0f} s"
    return f"killed {len(killed)} times: {told}"


def disk_lies(stage: Stage) -> str:
    """F16: the disk answers a sync with an error; what was not kept is not said to be."""
    if not shutil.which("strace"):
        raise NotRun("strace is missing (package `strace`)")
    calls, met = "fdatasync,fsync", 0
    for point in stage.points(60, most=8):
        here, _facts = stage.scene("inspected")
        with here:
            provider = here.provider()
            log = here.folder / "strace.log"
            inject = ["-e", f"inject={calls}:error=EIO:when={point}"]
            here.inside("work.live", before=[*tracer(log, calls), *inject])
            met += "EIO" in log.read_text(errors="replace")
            for hours in range(1, ROUNDS):
                found = here.live(hours=hours).made
                if is_over(found):
                    break
            paid_and_told(here, provider, found, hours=hours)
    if not met:
        raise Broken("no sync failed")
    return f"{met} syncs failed: paid once, one document"


def clock_jumps(jump: float, stage: Stage) -> str:
    """F19: a worker dies with work in hand, and the next one's clock stands elsewhere."""
    for step in ("refund.armed", "refund.answered"):
        here, _facts = stage.scene("inspected")
        with here:
            provider = here.provider()
            here.live(crash_at=step)
            expect(died=(here.has_died_at(step), True))
            found = here.live(hours=jump).made
            for hours in (0, 1, 25, 26, 27, 28, 29):
                if is_over(found):
                    break
                found = here.live(hours=hours).made
            last = max(hours, jump)
            found = here.live(hours=last).made
            if jump >= KEY_LIVES_HOURS and step == "refund.armed":
                _left_to_a_person(here, provider, found)
            else:
                paid_and_told(here, provider, found, hours=last)
    return "paid once, one document; a key that seems too old goes to a person"


def _left_to_a_person(here: Installation, provider: Provider, found: dict[str, Any]) -> None:
    """Nobody knows whether it was asked for, and the key may have been forgotten by now."""
    expect(
        state=([state for state, *_ in found["refunds"]], ["sending"]),
        asked=(provider.requests(), []),
        task=(bool(found["tasks"]), True),
        verify=(here.verify(), "kept"),
    )


def letters_wait(manner: str, stage: Stage) -> str:
    """F25: the mail server stumbles; money goes, and the letter comes when it can."""
    here, _facts = stage.scene("inspected")
    with here, Letterbox(manner) as box:
        provider = here.provider()
        env = {"REBOND_SMTP_URL": box.url}
        found = here.live(env=env).made
        expect(money=([state for state, *_ in found["refunds"]], ["succeeded"]))
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours, env=env).made
            if is_over(found):
                break
        paid_and_told(here, provider, found, hours=hours)
        stumbled = box.stumbled
        about = Counter(letter["Message-ID"] for letter in box.letters)
        copies = max(about.values(), default=0)
        expect(
            stumbled=(stumbled > 0, True),
            letters=(len(about), box.expected(sum(found["letters"].values()))),
            copies=(copies <= box.most_copies, True),
        )
    return f"paid at once; {stumbled} tries failed, {len(about)} letters came, {copies} × at most"


def too_few_handles(stage: Stage) -> str:
    """F35: the web may open 64 files; callers are told to come again, and all is well after."""
    here, facts = stage.scene("one_hundred")
    with here:
        here.web(before=["prlimit", "--nofile=64:64"], crew=1)
        heard: Counter[str] = Counter()
        for turn in range(2 if stage.is_small else 6):
            calls = [api_order(here, facts, f"H-{turn}-{who}") for who in range(64)]
            threads = [threading.Thread(target=_note, args=(call, heard)) for call in calls]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        after = _ask(api_order(here, facts, "H-after"))
        kept = here.look()["events"]["order.entered"] - 2
        expect(
            others=(set(heard) <= {"201", "503", "no answer"}, True),
            after=(after and after[0], 201),
            said_is_there=(kept >= heard["201"], True),
            verify=(here.verify(), "kept"),
        )
    told = heard["503"] + heard["no answer"]
    return f"{heard['201']} written and there, {told} had to come again, works again"


CASES = [
    Case(
        "F3",
        "the web dies between effect and answer",
        "the same key gives the first result",
        killed_while_answering,
    ),
    Case(
        "F9",
        "429 for half an hour",
        "paid once each; asked again when it said, not before",
        turned_away_for_half_an_hour,
    ),
    Case(
        "F14",
        "a process of the server killed -9 under load",
        "503 and come again; what was acknowledged is there",
        backend_killed,
        only="postgresql",
        why="SQLite has no server",
    ),
    Case(
        "F16",
        "a sync of the disk fails",
        "paid once, one document",
        disk_lies,
        only="sqlite",
        why="a server syncs in processes of its own",
    ),
    *(
        Case(
            "F19",
            f"the clock jumps by {jump:+d} h with work in hand",
            "paid once, or left to a person",
            partial(clock_jumps, jump),
        )
        for jump in (-24, -1, 1, 24)
    ),
    *(
        Case(
            "F25",
            f"the mail server: {manner}",
            "money is never held back; letters come later",
            partial(letters_wait, manner),
        )
        for manner in STUMBLES
    ),
    Case(
        "F35",
        "the web may open 64 files",
        "told to come again; nothing lost; goes on by itself",
        too_few_handles,
    ),
]


def _sent_while_answering(stage: Stage) -> int:
    """How many calls of sendto one process makes until it has answered one order."""
    here, facts = stage.scene("one_hundred")
    with here:
        log = here.folder / "strace.log"
        here.web(before=tracer(log, "sendto"), crew=1, patient=False)
        answer = _ask(api_order(here, facts, "F3-count"))
        here.stop()
        expect(answered=(answer and answer[0], 201))
        calls = Counter(re.findall(r"^(\d+) +sendto\(", log.read_text(), re.MULTILINE))
        return max(calls.values(), default=0)


def _ask(request: dict[str, Any]) -> tuple[int, str] | None:
    """The status and the body, or None where the line broke before."""
    address = urlsplit(request["url"])
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    headers = request["headers"] | {"Content-Type": "application/json"}
    for _ in range(30):
        try:
            line.request("POST", address.path, request["body"], headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.2)
        except (http.client.HTTPException, OSError):
            return None
        finally:
            line.close()
    return None


def _note(request: dict[str, Any], heard: Counter[str]) -> None:
    answer = _ask(request)
    heard[str(answer[0]) if answer else "no answer"] += 1


def _on_disk_before_it_is_said(here: Installation) -> None:
    """The server of the rows keeps nothing safe but by luck; here it has to."""
    with psycopg.connect(here.server, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{here.name}" SET synchronous_commit = on')


def _kill_backends(
    here: Installation, over: threading.Event, killed: list[float], most: int
) -> None:
    """Kill one connection's process of the server, now and then, until it is over."""
    while len(killed) < most and not over.wait(1):
        try:
            with psycopg.connect(here.server, autocommit=True) as server:
                found = server.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = %s ORDER BY random() LIMIT 1",
                    [here.name],
                ).fetchone()
            if found:
                os.kill(found[0], signal.SIGKILL)
                killed.append(time.monotonic())
        except psycopg.OperationalError:
            continue
