"""EasyPost's shipments and trackers as its documentation describes them.

Basic auth with the key as the name, a shipment with rates that is bought by one of them, a list of
those that were bought, labels at an address without a key, refunds as requests, signed messages.
From docs.easypost.com, 2026-11-23.
"""

import base64
import hashlib
import hmac
import json
import threading
import unicodedata
from datetime import datetime
from http.server import ThreadingHTTPServer
from typing import Any

from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

KEY, SECRET = "EZTK-key-of-the-fake", "sécret of the fake"
LET_IN = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
PDF = b"%PDF-1.4\n% a label of the fake\n%%EOF\n"
SAID = {"in_transit": "Arrived at facility", "delivered": "Delivered"}


class EasyPostFake(ThreadingHTTPServer):
    """The server: shipments, trackers, and the faults that are planned for the next purchase."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.shipments: list[dict[str, Any]] = []
        self.trackers: dict[str, dict[str, Any]] = {}
        self.plans: list[tuple[str, float]] = []
        self.paper = PDF
        self.label_url = f"{self.url}/papers/label.pdf"
        self.rates = [("Priority", "12.40"), ("GroundAdvantage", "6.15")]
        self.page_size = 2
        self.closing = threading.Event()
        self.keys_at_papers: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v2"

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()

    def make(self, wish: dict[str, Any]) -> dict[str, Any]:
        """A shipment that nobody has bought yet."""
        number = len(self.shipments) + 1
        rates = [
            {
                "id": f"rate_{number}_{place}",
                "service": service,
                "carrier": "USPS",
                "rate": price,
                "currency": "USD",
            }
            for place, (service, price) in enumerate(self.rates)
        ]
        messages = [{"carrier": "USPS", "type": "rate_error", "message": "zip not served"}]
        row = {
            "id": f"shp_{number:032x}",
            "object": "Shipment",
            "reference": wish.get("reference"),
            "is_return": wish.get("is_return"),
            "rates": rates,
            "messages": [] if rates else messages,
            "selected_rate": None,
            "postage_label": None,
            "tracking_code": None,
            "refund_status": None,
            "wish": wish,
        }
        self.shipments.append(row)
        return row

    def buy(self, row: dict[str, Any], rate: dict[str, Any]) -> dict[str, Any]:
        row["selected_rate"] = rate
        row["tracking_code"] = f"94{int(row['id'][4:], 16):020d}"
        row["postage_label"] = {"label_url": self.label_url, "label_file_type": "application/pdf"}
        return row

    def under(self, reference: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.shipments
            if row["reference"] == reference
            and row["selected_rate"]
            and row["refund_status"] is None
        ]

    def scan(self, number: str, status: str) -> None:
        tracker = self.trackers.setdefault(number, tracker_of(number))
        told = len(tracker["tracking_details"])
        detail = {
            "object": "TrackingDetail",
            "status": status,
            "message": SAID[status],
            "datetime": f"2026-11-22T10:{told:02d}:00Z",
        }
        tracker["tracking_details"].append(detail)
        tracker["status"] = status


def tracker_of(number: str) -> dict[str, Any]:
    return {
        "id": "trk_1",
        "object": "Tracker",
        "tracking_code": number,
        "status": "pre_transit",
        "est_delivery_date": None,
        "carrier_detail": None,
        "updated_at": "2026-11-22T09:00:00Z",
        "tracking_details": [],
    }


def message(number: str, status: str) -> bytes:
    """The message of a changed tracker as EasyPost sends it."""
    tracker = tracker_of(number) | {"status": status}
    detail = {"status": status, "message": SAID[status], "datetime": "2026-11-22T10:00:00Z"}
    tracker["tracking_details"] = [detail]
    event = {"id": "evt_1", "object": "Event", "description": "tracker.updated", "result": tracker}
    return json.dumps(event).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The header with which EasyPost signs a body."""
    key = unicodedata.normalize("NFKD", secret).encode()
    digest = hmac.new(key, body, hashlib.sha256).hexdigest()
    return {"x-hmac-signature": f"hmac-sha256-hex={digest}"}


class Pages(Counter):
    """``/v2/shipments`` and ``/v2/trackers``."""

    server: EasyPostFake  # type: ignore[assignment]

    def _is_let_in(self) -> bool:
        if self.headers.get("Authorization") == LET_IN:
            return True
        self._refuse(401, "APIKEY.INACTIVE")
        return False

    def _refuse(self, status: int, code: str) -> None:
        self.say(status, {"error": {"code": code, "message": "…", "errors": []}})

    def post(self, page: list[str], body: bytes) -> None:
        """Make a shipment, buy it, ask for its money back."""
        if not self._is_let_in():
            return
        match page[1:]:
            case ["shipments"]:
                self._make(json.loads(body)["shipment"])
            case ["shipments", name, "buy"]:
                self._buy(name, json.loads(body)["rate"]["id"])
            case ["shipments", name, "refund"]:
                self._refund(name)
            case _:
                self._refuse(404, "NOT_FOUND")

    def _make(self, wish: dict[str, Any]) -> None:
        assert wish["is_return"] is True and wish["parcel"]["weight"] > 0
        for name in ("from_address", "to_address"):
            for field in ("name", "street1", "city", "zip", "country"):
                if not wish[name].get(field):
                    self._refuse(422, "ADDRESS.VERIFY.FAILURE")
                    return
        self.say(201, self.server.make(wish))

    def _buy(self, name: str, rate_id: str) -> None:
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        row = self._find(name)
        assert row is not None
        if mode == "refuse":
            self._refuse(422, "SHIPMENT.POSTAGE.FAILURE")
            return
        if mode in {"429", "500_before", "timeout_before"}:
            if mode == "timeout_before":
                self.play(Act(0, b"", manner="hang", seconds=seconds))
            else:
                self._refuse(429 if mode == "429" else 500, "INTERNAL")
            return
        if row["selected_rate"]:
            self._refuse(422, "SHIPMENT.POSTAGE.EXISTS")
            return
        rate = next(one for one in row["rates"] if one["id"] == rate_id)
        body = json.dumps(self.server.buy(row, rate)).encode()
        if mode == "500_after":
            self._refuse(500, "INTERNAL")
        elif mode == "timeout_after":
            self.play(Act(201, body, manner="hang", seconds=seconds))
        elif mode in {"reset_after", "cut_after", "garbage"}:
            self.play(Act(201, body, manner=mode.removesuffix("_after")))
        else:
            self.play(Act(201, body))

    def _refund(self, name: str) -> None:
        row = self._find(name)
        if row is None:
            self._refuse(404, "NOT_FOUND")
        elif row["refund_status"]:
            self._refuse(422, "SHIPMENT.REFUND.UNAVAILABLE")
        elif self.server.trackers.get(row["tracking_code"]):
            self.say(200, row | {"refund_status": "rejected"})
        else:
            row["refund_status"] = "submitted"
            self.say(200, row)

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """The list, a shipment, a tracker, a label."""
        if page[1:] == ["papers", "label.pdf"]:
            self.server.keys_at_papers.append(self.headers.get("Authorization"))
            self.play(Act(200, self.server.paper))
            return
        if not self._is_let_in():
            return
        match page[1:]:
            case ["shipments"]:
                self._list(query)
            case ["shipments", name]:
                row = self._find(name)
                if row is None:
                    self._refuse(404, "NOT_FOUND")
                else:
                    self.say(200, row)
            case ["trackers"]:
                found = self.server.trackers.get(query["tracking_code"])
                self.say(200, {"trackers": [found] if found else [], "has_more": False})
            case _:
                self._refuse(404, "NOT_FOUND")

    def _list(self, query: dict[str, str]) -> None:
        datetime.fromisoformat(query["start_datetime"])
        assert query["purchased"] == "true" and int(query["page_size"]) <= 100
        rows = [row for row in reversed(self.server.shipments) if row["selected_rate"]]
        if "before_id" in query:
            rows = [row for row in rows if row["id"] < query["before_id"]]
        size = self.server.page_size
        self.say(200, {"shipments": rows[:size], "has_more": len(rows) > size})

    def _find(self, name: str) -> dict[str, Any] | None:
        return next((row for row in self.server.shipments if row["id"] == name), None)
