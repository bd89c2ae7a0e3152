"""Processes that hold, free and read the money of a few payments, and write down what they saw.

Each event is a line in the process's own file, written before and after the call, so that a process
that is killed leaves a call of which nobody knows whether it took effect.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from scripts.faults.crowd import crowd

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.reserving import release, reserve

SHARE_OF_READS, SHARE_OF_PAIRS = 0.3, 0.25


@dataclass(frozen=True)
class Way:
    """How money is held, what surrounds it, and whether it is freed again."""

    hold: Callable[[Payment, int], bool]
    together: Callable[[], AbstractContextManager[object]]
    frees: bool = True


class _Refused(Exception):
    """One of two payments had too little, so that neither is held."""


def record(
    folder: str, many: int, each: int, killed: int, seed: int, careless: bool = False
) -> dict[str, Any]:
    """The history of each process, ``told``, and the ``sheet``: what is held in the end.

    An event has ``call``, ``at`` and what was asked or answered.

    The first ``killed`` processes are killed somewhere on their way. ``careless`` holds money by
    reading first and writing then, in two steps, as a bug would; it frees nothing, lest the
    database's own constraint should notice first.
    """
    payments = list(Payment.objects.order_by("reference"))
    way = CARELESS if careless else CAREFUL
    connections.close_all()
    files = [Path(folder) / f"{who}.jsonl" for who in range(many)]

    def prepare(_who: int) -> None:
        connection.ensure_connection()

    def act(who: int) -> None:
        chance = random.Random(f"{seed}:{who}")
        if who < killed:
            _die_within(chance.uniform(0.01, 0.12))
        with files[who].open("a", buffering=1, encoding="utf-8") as told:
            _work(payments, way, each, chance, lambda event: told.write(json.dumps(event) + "\n"))

    told = crowd(many, prepare, lambda who, _: act(who))
    broken = [one for who, one in enumerate(told) if one is not None and who >= killed]
    if broken:
        raise RuntimeError(str(broken[0]))
    history = [[json.loads(line) for line in _whole_lines(file)] for file in files]
    return {"told": history, "sheet": _read(payments)}


def _work(
    payments: list[Payment],
    way: Way,
    each: int,
    chance: random.Random,
    tell: Callable[[dict[str, Any]], object],
) -> None:
    held: list[dict[str, int]] = []
    for call in range(each):
        wish = _wish(payments, held, chance)
        tell({"call": call, "at": time.monotonic_ns(), "asks": wish})
        answer = _do(payments, way, wish)
        tell({"call": call, "at": time.monotonic_ns(), "answers": answer})
        if way.frees and wish["verb"] == "hold" and answer:
            held.append(wish["amounts"])


def _wish(
    payments: list[Payment], held: list[dict[str, int]], chance: random.Random
) -> dict[str, Any]:
    if chance.random() < SHARE_OF_READS:
        return {"verb": "read", "amounts": {}}
    if held and chance.random() < 0.5:
        return {"verb": "free", "amounts": held.pop(chance.randrange(len(held)))}
    wanted = 2 if chance.random() < SHARE_OF_PAIRS else 1
    places = chance.sample(range(len(payments)), wanted)
    return {"verb": "hold", "amounts": {str(p): chance.randint(1, 60) for p in sorted(places)}}


def _do(payments: list[Payment], way: Way, wish: dict[str, Any]) -> Any:
    if wish["verb"] == "read":
        return _read(payments)
    chosen = [(payments[int(place)], minor) for place, minor in wish["amounts"].items()]
    try:
        with way.together():
            for payment, minor in chosen:
                if wish["verb"] == "free":
                    release(payment, minor)
                elif not way.hold(payment, minor):
                    raise _Refused
    except _Refused:
        return False
    return True


def _read(payments: list[Payment]) -> list[int]:
    rows = dict(Payment.objects.values_list("pk", "refund_reserved_minor"))
    return [rows[payment.pk] for payment in payments]


def _read_then_write(payment: Payment, minor: int) -> bool:
    """The bug: two steps, with time for somebody else in between."""
    row = Payment.objects.get(pk=payment.pk)
    time.sleep(0.002)
    held = row.refund_reserved_minor + minor
    if held > row.captured_minor:
        return False
    return bool(Payment.objects.filter(pk=payment.pk).update(refund_reserved_minor=held))


CAREFUL = Way(reserve, transaction.atomic)
CARELESS = Way(_read_then_write, nullcontext, frees=False)


def _die_within(seconds: float) -> None:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    timer.start()


def _whole_lines(file: Path) -> list[str]:
    """The lines of a file that its writer may have left in the middle of one."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return text[: text.rfind("\n") + 1].splitlines()
