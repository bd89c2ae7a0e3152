"""Sendcloud's returns as its documentation describes them.

Basic auth, a synchronous announcement that answers nothing but ids, a list without our own
reference whose ``next`` is an address, the label as a document of the parcel, cancelling as a
request, errors of JSON:API. From sendcloud.dev/api/v3/returns, 2026-11-22.
"""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from typing import Any

from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

PUBLIC, SECRET = "public key of the fake", "secret key of the fake"
PDF = b"%PDF-1.4\n% a label of the fake\n%%EOF\n"
LET_IN = "Basic " + base64.b64encode(f"{PUBLIC}:{SECRET}".encode()).decode()
MOVED = {"in_transit": "shipment-on-route", "delivered": "delivered"}
SAID = {"in_transit": "Parcel en route", "delivered": "Delivered"}


class SendcloudFake(ThreadingHTTPServer):
    """The server: returns, their parcels, and the faults that are planned."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.returns: list[dict[str, Any]] = []
        self.events: dict[str, list[dict[str, Any]]] = {}
        self.plans: list[tuple[str, float]] = []
        self.paper = PDF
        self.is_slow_to_label = False
        self.page_size = 2
        self.closing = threading.Event()
        self.points = [
            service_point(1, "PHARMACIE DU PUITS", 381),
            service_point(2, "CONSIGNE MONGE", 205, general_shop_type="locker"),
            service_point(3, "", 90),
            service_point(4, "FERME", 20, open_upcoming_week=False),
        ]
        self.asked_points: list[dict[str, str]] = []

    @property
    def points_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/points/v2"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v3"

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()

    def make(self, wish: dict[str, Any]) -> dict[str, Any]:
        """A return; every call makes one, and buys its label."""
        number = len(self.returns) + 1
        row = {
            "id": 90000 + number,
            "parcel": 70000 + number,
            "number": f"3SFAKE{number:08d}",
            "status": "announced",
            "wish": wish,
        }
        self.returns.append(row)
        return row

    def under(self, reference: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.returns
            if row["wish"]["external_reference"] == reference and row["status"] != "cancelled"
        ]

    def scan(self, number: str, status: str) -> None:
        events = self.events.setdefault(number, [])
        event = {
            "event_at": f"2026-11-22T10:{len(events):02d}:00Z",
            "event_type": "carrier",
            "status_code": MOVED[status],
            "status_description": SAID[status],
            "status_type": "success",
            "sub_status_code": "none",
        }
        events.append(event)

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """A return as Sendcloud shows it: without our external reference."""
        place = f"https://panel.sendcloud.sc/api/v3/parcels/{row['parcel']}/documents/label"
        has_label = not self.is_slow_to_label
        history = [
            {"carrier_update_timestamp": "2026-11-22T09:00:00+00:00", "parent_status": "announced"},
            {
                "carrier_update_timestamp": "2026-11-22T09:30:00+00:00",
                "parent_status": row["status"],
            },
        ]
        return {
            "id": row["id"],
            "from_address": row["wish"]["from_address"],
            "to_address": row["wish"]["to_address"],
            "weight": row["wish"]["weight"],
            "order_number": row["wish"]["order_number"],
            "label_cost": {"value": 6.15, "currency": "EUR"} if has_label else None,
            "label_url": place if has_label else None,
            "label": {"label_printer": place, "normal_printer": [place] * 4} if has_label else {},
            "tracking_number": row["number"] if has_label else None,
            "is_cancellable": row["status"] == "announced",
            "status_history": history,
            "created_at": datetime.now(tz=UTC).isoformat(),
        }


def service_point(number: int, name: str, metres: int, **more: Any) -> dict[str, Any]:
    """A row of ``GET /service-points`` as its documentation shows one."""
    usual = ["10:00 - 12:00", "13:30 - 20:00"]
    return {
        "id": 10875340 + number,
        "code": "217165",
        "is_active": True,
        "shop_type": None,
        "general_shop_type": "servicepoint",
        "extra_data": {},
        "name": name,
        "street": "Rue du Puits",
        "house_number": "1",
        "postal_code": "75005",
        "city": "PARIS",
        "latitude": "48.841444",
        "longitude": "2.345185",
        "email": "",
        "phone": "",
        "homepage": "",
        "carrier": "mondial_relay",
        "country": "FR",
        "formatted_opening_times": {str(day): usual if day < 6 else [] for day in range(7)},
        "open_tomorrow": True,
        "open_upcoming_week": True,
        "distance": metres,
    } | more


def message(number: str, status: str, *, at: int = 1_763_800_000_000) -> bytes:
    """The message of a changed status as Sendcloud sends it."""
    body = {
        "action": "parcel_status_changed",
        "timestamp": at + 500,
        "carrier_status_change_timestamp": at,
        "parcel": {
            "id": 1,
            "name": "Camille Œuvrard",
            "tracking_number": number,
            "status": {"id": 11, "message": SAID.get(status, status)},
        },
    }
    return json.dumps(body).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The header with which Sendcloud signs a body."""
    return {"sendcloud-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


class Pages(Counter):
    """``/api/v3/returns`` and ``/api/v3/parcels``."""

    server: SendcloudFake  # type: ignore[assignment]

    def do_PATCH(self) -> None:  # noqa: N802
        self.do_POST()

    def _is_let_in(self) -> bool:
        if self.headers.get("Authorization") == LET_IN:
            return True
        self._refuse(401, "authentication_failed")
        return False

    def _refuse(self, status: int, code: str, pointer: str = "") -> None:
        error = {"status": str(status), "code": code, "detail": "…"}
        self.say(status, {"errors": [error | {"source": {"pointer": pointer}}]})

    def post(self, page: list[str], body: bytes) -> None:
        """Announce a return, or cancel one."""
        if not self._is_let_in():
            return
        match page[2:]:
            case ["returns", "announce-synchronously"]:
                self._announce(json.loads(body))
            case ["returns", number, "cancel"]:
                self._cancel(int(number))
            case _:
                self._refuse(404, "not_found")

    def _announce(self, wish: dict[str, Any]) -> None:  # noqa: C901
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        for name in ("from_address", "to_address"):
            for field in ("name", "address_line_1", "postal_code", "city", "country_code"):
                if not wish[name].get(field):
                    self._refuse(400, "required", f"/{name}/{field}")
                    return
        if mode == "refuse":
            self._refuse(400, "parcel_announcement_error")
        elif mode == "429":
            self._refuse(429, "throttled")
        elif mode == "500_before":
            self._refuse(500, "internal")
        elif mode == "timeout_before":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        else:
            row = self.server.make(wish)
            ids = {"return_id": row["id"], "parcel_id": row["parcel"], "multi_collo_ids": []}
            body = json.dumps(ids).encode()
            if mode == "500_after":
                self._refuse(500, "internal")
            elif mode == "timeout_after":
                self.play(Act(201, body, manner="hang", seconds=seconds))
            elif mode in {"reset_after", "cut_after", "garbage"}:
                self.play(Act(201, body, manner=mode.removesuffix("_after")))
            else:
                self.play(Act(201, body))

    def _cancel(self, number: int) -> None:
        row = next((one for one in self.server.returns if one["id"] == number), None)
        if row is None:
            self._refuse(404, "not_found")
        elif row["status"] != "announced" or self.server.events.get(row["number"]):
            error = {"field": "returns", "code": 409, "message": "Return is not cancellable."}
            self.say(409, {"errors": [error]})
        else:
            row["status"] = "cancelled"
            self.say(202, {"message": "Cancellation requested successfully"})

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """The list, a return, a document, a number's events."""
        if not self._is_let_in():
            return
        match page[2:]:
            case ["service-points"]:
                self._points(query)
            case ["returns"]:
                self._list(query)
            case ["returns", number]:
                found = [row for row in self.server.returns if row["id"] == int(number)]
                if found:
                    self.say(200, self.server.shown(found[0]))
                else:
                    self._refuse(404, "not_found")
            case ["parcels", "tracking", number]:
                events = self.server.events.get(number)
                if events is None:
                    self.say(404, {"detail": "Parcel does not exist"})
                else:
                    self.say(200, {"tracking_numbers": [number], "events": events})
            case ["parcels", _, "documents", "label"]:
                assert self.headers["Accept"] == "application/pdf"
                self.play(Act(200, self.server.paper))
            case _:
                self._refuse(404, "not_found")

    def _points(self, query: dict[str, str]) -> None:
        assert len(query["country"]) == 2 and query["address"] and 0 < int(query["radius"]) <= 50000
        self.server.asked_points.append(query)
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        body = json.dumps(self.server.points).encode()
        if mode == "hang":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        elif mode in {"429", "500", "503"}:
            self._refuse(int(mode), "internal")
        elif mode == "object":
            self.say(200, {"error": {"code": 400}})
        elif mode in {"reset", "cut", "garbage", "drip"}:
            self.play(Act(200, body, manner=mode))
        else:
            self.play(Act(200, body))

    def _list(self, query: dict[str, str]) -> None:
        datetime.strptime(query["from_date"], "%Y-%m-%d %H:%M:%S")
        datetime.strptime(query["to_date"], "%Y-%m-%d %H:%M:%S")
        assert int(query["page_size"]) <= 40
        start, size = int(query.get("cursor", 0)), self.server.page_size
        rows = [self.server.shown(row) for row in self.server.returns]
        more = len(rows) > start + size
        # An address that nobody may follow with a key.
        following = f"http://panel.sendcloud.example/api/v3/returns?cursor={start + size}"
        body = {"next": following if more else None, "previous": None}
        self.say(200, body | {"data": rows[start : start + size]})
