"""The carrier to rehearse with: its labels carry nothing anywhere.

It runs with `rebond simulate --carrier-port 8802`.

Settings: REBOND_CARRIER_SIMULATOR_URL, REBOND_CARRIER_SIMULATOR_SECRET,
REBOND_CARRIER_SIMULATOR_TIMEOUT (seconds).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.ports import (
    Ability,
    Carrier,
    LabelAnswer,
    LabelOrder,
    LabelOutcome,
    PickupWindow,
    Place,
    SendingAdvice,
    carriers,
)
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.companies import HookRequest
from rebond.kernel.egress import NoAnswer, Reply, request
from rebond.kernel.money import Money
from rebond.kernel.untrusted import json_object

TOLERANCE_SECONDS = 300
WINDOWS_SECONDS = 5
"""How long somebody waits for the windows of a pickup, who looks at a page."""
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


@carriers.add
class SimulatedCarrier(Carrier):
    """Speaks our own wire format with ``rebond.simulator.parcels``."""

    key = "simulator"
    title = "Simulated carrier"
    can = frozenset(
        {
            *(Ability.LABEL, Ability.FIND, Ability.VOID),
            *(Ability.HOOK, Ability.POLL, Ability.PICKUP),
        }
    )

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; there is no page for it."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Ask for a label under our reference."""
        wish = {
            "reference": str(order.label_id),
            "number": order.return_number,
            "sender": _rows(order.sender),
            "recipient": _rows(order.recipient),
            "weight_grams": order.weight_grams,
            "postcode": order.sender.postcode,
            "pickup": order.pickup.key if order.pickup else None,
        }
        reply = self._ask("POST", "/labels", json=wish)
        if reply is None:
            return LabelAnswer(LabelOutcome.NO_ANSWER)
        code = _code(reply)
        if reply.status in {408, 429}:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=code)
        if 400 <= reply.status < 500:
            return LabelAnswer(LabelOutcome.REFUSED, code=code)
        try:
            return _label(json_object(reply.body))
        except UNREADABLE:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=code)

    def find_label(self, label_id: UUID) -> LabelAnswer:
        """The label under our reference."""
        reply = self._ask("GET", f"/labels/{label_id}")
        if reply is None or reply.status != 200:
            return LabelAnswer(LabelOutcome.NO_ANSWER)
        try:
            found = json_object(reply.body)["labels"]
            return _label(found[0]) if found else LabelAnswer(LabelOutcome.NOT_THERE)
        except UNREADABLE:
            return LabelAnswer(LabelOutcome.NO_ANSWER)

    def void_label(self, reference: str) -> LabelAnswer:
        """Give the label back."""
        reply = self._ask("POST", f"/labels/{quote(reference, safe='')}/void", json={})
        if reply is None or reply.status >= 500:
            return LabelAnswer(LabelOutcome.NO_ANSWER)
        if reply.status == 200:
            return LabelAnswer(LabelOutcome.NOT_THERE)
        return LabelAnswer(LabelOutcome.REFUSED, code=_code(reply))

    def pickup_windows(self, address: Place, first: date) -> Sequence[PickupWindow] | None:
        """The windows in which it comes to the address."""
        where = urlencode({"postcode": address.postcode, "first": first.isoformat()})
        reply = self._ask("GET", f"/pickups?{where}", most_seconds=WINDOWS_SECONDS)
        if reply is None or reply.status != 200:
            return None
        try:
            return sorted(PickupWindow.from_key(key) for key in json_object(reply.body)["windows"])
        except UNREADABLE:
            return None

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All scans of the number."""
        reply = self._ask("GET", f"/tracking/{quote(tracking_number, safe='')}")
        if reply is None or reply.status != 200:
            return None
        try:
            return [_scan(row) for row in json_object(reply.body)["scans"]]
        except UNREADABLE:
            return None

    def read_scans(self, request: HookRequest) -> Sequence[Scan]:
        """The scans in a signed call; closed when no secret is set."""
        secret = self.account.setting("CARRIER_SIMULATOR_SECRET")
        if not secret:
            raise CarrierHookRefused(why="no secret is set")
        _check(request.headers.get("simulator-signature", ""), request.body, secret)
        try:
            return [_scan(row) for row in json_object(request.body)["scans"][:100]]
        except UNREADABLE as problem:
            raise CarrierHookRefused(why="unreadable") from problem

    def _ask(
        self, method: str, page: str, *, json: Any = None, most_seconds: float = 60
    ) -> Reply | None:
        address = self.account.setting("CARRIER_SIMULATOR_URL", "http://127.0.0.1:8802")
        seconds = float(self.account.setting("CARRIER_SIMULATOR_TIMEOUT", "20"))
        seconds = min(seconds, most_seconds)
        try:
            return request(method, address.rstrip("/") + page, json=json, seconds=seconds)
        except NoAnswer:
            return None


def _rows(place: Place) -> list[str]:
    last = f"{place.postcode} {place.town}".strip()
    return [place.name, *place.lines, *([last] if last else [])]


def _label(row: dict[str, Any]) -> LabelAnswer:
    cost = row["cost"]
    pdf = base64.b64decode(row["pdf"], validate=True)
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("not a PDF")
    return LabelAnswer(
        LabelOutcome.MADE,
        reference=str(row["id"]),
        tracking_number=str(row["tracking_number"]),
        pdf=pdf,
        cost=Money(int(cost["minor"]), str(cost["currency"])),
        drop_off_code=str(row.get("drop_off_code") or ""),
    )


def _scan(row: dict[str, Any]) -> Scan:
    weight, day = row.get("weight_grams"), row.get("expected_on")
    return Scan(
        event_id=str(row["id"]),
        tracking_number=str(row["tracking_number"]),
        status=TrackingStatus(row["status"]),
        happened_at=datetime.fromtimestamp(float(row["at"]), UTC),
        place=str(row.get("place") or ""),
        words=str(row.get("words") or ""),
        weight_grams=None if weight is None else abs(int(weight)),
        expected_on=date.fromisoformat(day) if day else None,
    )


def _code(reply: Reply) -> str:
    try:
        return str(json_object(reply.body).get("code", reply.status))[:60]
    except ValueError:
        return str(reply.status)


def _check(header: str, body: bytes, secret: str) -> None:
    parts = dict(part.split("=", 1) for part in header.split(",")[:4] if "=" in part)
    stamp, given = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise CarrierHookRefused(why="stale")
    if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        raise CarrierHookRefused(why="stale")
    expected = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise CarrierHookRefused(why="wrong signature")
