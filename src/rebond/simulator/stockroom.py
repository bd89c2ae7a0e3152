"""A shop's system to rehearse with: hears of stock, and fails in the ways that are planned.

It forgets everything when it stops. What it heard is at ``GET /stock-changes``; faults of its
next answers are planned with ``POST /plan`` (``{"mode": "timeout_after"}``).
"""

from __future__ import annotations

import json
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

BEFORE = {"429": 429, "500_before": 500, "not_let_in": 401}
MODES = (
    "refuse 429 not_let_in 500_before timeout_before 500_after timeout_after reset_after"
    " cut_after garbage slow drip twice"
)


class Stockroom(ThreadingHTTPServer):
    """The shop's system: a change under its key once, and the faults that are planned."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Hatch)
        self.changes: dict[str, dict[str, Any]] = {}
        self.calls = 0
        self.plans: list[dict[str, Any]] = []
        self.closing = threading.Event()
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        """Where callers find it."""
        return f"http://127.0.0.1:{self.server_port}"

    def server_close(self) -> None:
        """Let nobody wait any longer."""
        self.closing.set()
        super().server_close()

    def plan(self, mode: str, **detail: Any) -> None:
        """Let the next answer go wrong in this way."""
        self.plans.append({"mode": mode, **detail})

    def take(self, change: dict[str, Any]) -> dict[str, Any]:
        """Keep a change; one whose key is known is the same one."""
        with self.guard:
            fresh = {**change, "reference": f"chg_{len(self.changes) + 1}"}
            return self.changes.setdefault(str(change["key"]), fresh)


class _Hatch(Counter):
    """The system's pages."""

    server: Stockroom  # type: ignore[assignment]

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """All that it heard, in the order it was heard."""
        if page == ["stock-changes"]:
            self.say(200, {"items": list(self.server.changes.values())})
        else:
            self.say(404, {"code": "unknown_page"})

    def post(self, page: list[str], body: bytes) -> None:
        """Take a change, or plan what comes next."""
        wish = json.loads(body or b"{}")
        if page == ["stock-changes"]:
            self._take(wish)
        elif page == ["plan"]:
            self.server.plans.append(wish)
            self.say(200, {})
        else:
            self.say(404, {"code": "unknown_page"})

    def _take(self, change: dict[str, Any]) -> None:
        self.server.calls += 1
        plan = self.server.plans.pop(0) if self.server.plans else {"mode": "plain"}
        mode, seconds = plan["mode"], float(plan.get("seconds", 30))
        if mode == "refuse":
            self.say(422, {"code": str(plan.get("code", "unknown_sku"))})
        elif mode in BEFORE:
            self.say(BEFORE[mode], {"code": mode})
        elif mode == "timeout_before":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        else:
            kept = self.server.take(change)
            self._answer(mode, json.dumps({"reference": kept["reference"]}).encode(), seconds)

    def _answer(self, mode: str, body: bytes, seconds: float) -> None:
        """The change is kept; whether the caller hears of it is another matter."""
        if mode == "500_after":
            self.say(500, {"code": "internal"})
        elif mode == "timeout_after":
            self.play(Act(200, body, manner="hang", seconds=seconds))
        elif mode in {"reset_after", "cut_after", "garbage"}:
            self.play(Act(200, body, manner=mode.removesuffix("_after")))
        elif mode in {"slow", "drip"}:
            self.play(Act(200, body, manner=mode, seconds=seconds))
        else:
            self.play(Act(200, body))
            if mode == "twice":
                self.play(Act(200, body))
