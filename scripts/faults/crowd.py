"""Many processes that do something at the same instant."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
LONGEST = 500


def crowd(many: int, prepare: Callable[[int], T], act: Callable[[int, T], Any]) -> list[Any]:
    """Fork ``many`` processes, let each ``prepare``, open the gate for all, let each ``act``.

    Returns what each made, as JSON; one that broke has ``{"broke": traceback}`` in its place.
    Call it with no thread running and no connection open.
    """
    ready_in, ready_out = os.pipe()
    gate_in, gate_out = os.pipe()
    sys.stdout.flush()
    children = []
    for who in range(many):
        made_in, made_out = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(gate_out)
            os.close(made_in)
            _child(who, prepare, act, ready=ready_out, gate=gate_in, made=made_out)
        os.close(made_out)
        children.append((pid, made_in))
    for _ in range(many):
        os.read(ready_in, 1)
    os.close(gate_out)
    return [_result(pid, made) for pid, made in children]


def _child(
    who: int,
    prepare: Callable[[int], T],
    act: Callable[[int, T], Any],
    *,
    ready: int,
    gate: int,
    made: int,
) -> None:
    signal.alarm(LONGEST)
    said = False
    try:
        prepared = prepare(who)
        os.write(ready, b".")
        said = True
        os.read(gate, 1)
        result = act(who, prepared)
    except BaseException:
        result = {"broke": traceback.format_exc(limit=-6)}
        if not said:
            os.write(ready, b".")
    with os.fdopen(made, "w") as pipe:
        json.dump(result, pipe, default=str)
    os._exit(0)


def _result(pid: int, made: int) -> Any:
    with os.fdopen(made) as pipe:
        text = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return json.loads(text) if text else {"broke": f"exit code {code}"}
