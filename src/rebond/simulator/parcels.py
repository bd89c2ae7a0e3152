"""A carrier to rehearse with: sells labels, carries parcels, reports late, twice or not at all.

It forgets everything when it stops. Faults of its next answers are planned with ``POST /plan``
(``{"mode": "timeout_after"}``), scans are made with ``POST /scan``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from datetime import UTC, date, datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from rebond.domain.shipping.sheets import label_sheet
from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

HOURS = ("09:00/13:00", "13:00/18:00")
PRICE = {"minor": 590, "currency": "EUR"}


class Depot(ThreadingHTTPServer):
    """The carrier: labels by our reference, scans by number, and the faults that are planned."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, secret: str = "") -> None:
        super().__init__(address, _Window)
        self.secret = secret
        self.labels: dict[str, dict[str, Any]] = {}
        self.scans: dict[str, list[dict[str, Any]]] = {}
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
        """Let the next answer about a label go wrong in this way."""
        self.plans.append({"mode": mode, **detail})

    def make_label(self, order: dict[str, Any]) -> dict[str, Any]:
        """Sell a label; every call makes one, as carriers do: a second call sells a second."""
        with self.guard:
            name = f"SIM{len(self.labels) + 1:09d}FR"
            key = f"{order['reference']}"
            row: dict[str, Any] = {
                "id": f"lbl_{len(self.labels) + 1}",
                "reference": key,
                "tracking_number": name,
                "cost": PRICE,
                "drop_off_code": f"SIM:DROPOFF:{name}",
                "pdf": base64.b64encode(_pdf(name, order)).decode(),
                "pickup": order.get("pickup"),
                "void": False,
            }
            self.labels[row["id"]] = row
            return row

    def under(self, reference: str) -> list[dict[str, Any]]:
        """All labels of one reference that are not void."""
        return [
            one for one in self.labels.values() if one["reference"] == reference and not one["void"]
        ]

    def scan(self, number: str, status: str, **more: Any) -> dict[str, Any]:
        """Note a scan; ``at`` is a Unix time, else now."""
        with self.guard:
            known = self.scans.setdefault(number, [])
            row = {
                "id": f"scan_{number}_{len(known) + 1}",
                "tracking_number": number,
                "status": status,
                "at": more.pop("at", time.time()),
                **more,
            }
            known.append(row)
            return row


def windows_from(first: date, postcode: str) -> list[str]:
    """When it comes to a door: mornings and afternoons of the next five working days; never to
    islands (``20``, ``97``), nor where no postcode is known."""
    if not postcode or postcode.startswith(("20", "97")):
        return []
    days = [day for day in (first + timedelta(days=n) for n in range(9)) if day.weekday() < 5]
    return [f"{day.isoformat()}/{hours}" for day in days[:5] for hours in HOURS]


def sign(secret: str, body: bytes, stamp: int) -> str:
    """The header with which the carrier signs a call."""
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mac}"


def _comes(wish: dict[str, Any]) -> bool:
    day = date.fromisoformat(wish["pickup"].split("/")[0])
    return wish["pickup"] in windows_from(day, str(wish.get("postcode") or ""))


def _pdf(number: str, order: dict[str, Any]) -> bytes:
    return label_sheet(
        number,
        head="Simulated carrier",
        postage="SPECIMEN",
        sender=order.get("sender") or [],
        recipient=order.get("recipient") or [],
        note=str(order.get("number") or ""),
        paper="a6",
        made_at=datetime.now(tz=UTC),
    )


class _Window(Counter):
    """The carrier's pages: labels, tracking, and what rehearsals need."""

    server: Depot  # type: ignore[assignment]

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """A label by our reference, or the scans of a number."""
        if page[0] == "labels" and len(page) == 2:
            if not self._fails("find"):
                self.say(200, {"labels": self.server.under(unquote(page[1]))})
        elif page == ["pickups"]:
            if not self._fails("pickup"):
                first = date.fromisoformat(query["first"])
                self.say(200, {"windows": windows_from(first, query.get("postcode", ""))})
        elif page[0] == "tracking" and len(page) == 2:
            if not self._fails("track"):
                self.say(200, {"scans": self.server.scans.get(unquote(page[1]), [])})
        else:
            self.say(404, {"code": "unknown_page"})

    def post(self, page: list[str], body: bytes) -> None:
        """Sell a label, void one, or plan what comes next."""
        wish = json.loads(body or b"{}")
        if page == ["labels"]:
            self._sell(wish)
        elif page[0] == "labels" and page[-1] == "void":
            self._void(page[1])
        elif page == ["plan"]:
            self.server.plans.append(wish)
            self.say(200, {})
        elif page == ["scan"]:
            self.say(200, self.server.scan(**wish))
        else:
            self.say(404, {"code": "unknown_page"})

    def _sell(self, wish: dict[str, Any]) -> None:
        plan = self.server.plans.pop(0) if self.server.plans else {"mode": "plain"}
        mode, seconds = plan["mode"], float(plan.get("seconds", 30))
        if mode == "refuse":
            self.say(422, {"code": str(plan.get("code", "address_unknown"))})
        elif wish.get("pickup") and not _comes(wish):
            self.say(422, {"code": "window_gone"})
        elif mode == "429":
            self.say(429, {"code": "too_many_requests"})
        elif mode == "500_before":
            self.say(500, {"code": "internal"})
        elif mode == "timeout_before":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        else:
            body = json.dumps(self.server.make_label(wish)).encode()
            self._answer_after(mode, body, seconds)

    def _answer_after(self, mode: str, body: bytes, seconds: float) -> None:
        """The label is sold; whether the caller hears of it is another matter."""
        if mode == "500_after":
            self.say(500, {"code": "internal"})
        elif mode == "timeout_after":
            self.play(Act(200, body, manner="hang", seconds=seconds))
        elif mode in {"reset_after", "cut_after", "garbage"}:
            self.play(Act(200, body, manner=mode.removesuffix("_after")))
        else:
            self.play(Act(200, body))

    def _void(self, name: str) -> None:
        row = self.server.labels.get(unquote(name))
        if self._fails("void"):
            return
        if row is None:
            self.say(404, {"code": "unknown_label"})
        elif self.server.scans.get(row["tracking_number"]):
            self.say(409, {"code": "in_use"})
        else:
            row["void"] = True
            self.say(200, {"void": True})

    def _fails(self, what: str) -> bool:
        plans = self.server.plans
        if plans and plans[0]["mode"] == f"{what}_500":
            plans.pop(0)
            self.say(500, {"code": "internal"})
            return True
        return False
