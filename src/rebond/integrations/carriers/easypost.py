"""EasyPost: return labels of many carriers, mostly in the Americas, through one account.

Settings: ``EASYPOST_API_KEY``; ``EASYPOST_SERVICE`` (such as ``GroundAdvantage``; else the cheapest
offer is taken), ``EASYPOST_CARRIER_ACCOUNTS`` (``ca_…``, with commas between) where not all of them
may be used, ``EASYPOST_HOOK_SECRET`` for its messages, ``EASYPOST_WEIGHT_GRAMS`` for goods of
unknown weight; ``EASYPOST_URL`` and ``EASYPOST_TIMEOUT`` for rehearsals.

A shipment that is made costs nothing; what is bought is one of its rates, and a shipment is bought
once. With ``is_return`` the parcel travels to the ``from_address``, so that is the shop's. Our
reference stands in the shipment and is shown in the list of those that were bought: by that a label
is found whose answer was lost. A refund is a request: what is submitted may be used no more. A
message is signed without a time; one that is sent again says what is known already.

Written on 2026-11-23 from https://docs.easypost.com/docs/shipments (create, buy, list, with
``reference``, ``is_return``, ``options.label_format``, ``customs_info``),
https://docs.easypost.com/docs/shipments/returns, https://docs.easypost.com/docs/shipments/shipping-refund,
https://docs.easypost.com/docs/insurance (which way a return travels),
https://docs.easypost.com/docs/trackers (statuses, details, ``est_delivery_date``,
``carrier_detail.est_delivery_date_local``) and the way in which EasyPost's own Python client,
version 10, checks ``X-Hmac-Signature``. Not found there: how soon a new shipment
stands in the list (ten minutes are taken), and whether a carrier gives the money back, which its
``refund_status`` says later. Never tried with an account at EasyPost.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.ports import (
    Ability,
    Carrier,
    LabelAnswer,
    LabelOrder,
    LabelOutcome,
    Place,
    SendingAdvice,
    carriers,
)
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.companies import HookRequest
from rebond.kernel.egress import TOTAL_SECONDS, NoAnswer, Reply, request
from rebond.kernel.money import Money, exponent_of
from rebond.kernel.untrusted import json_object, words
from rebond.kernel.wire_money import from_decimal_text

API = "https://api.easypost.com/v2"
PAPERS = (".easypost.com", ".amazonaws.com")
"""Where its labels lie; nothing is fetched from anywhere else."""
PAGE = 100
MOST_PAGES = 20
SOMEWHERE_IN = timedelta(days=30)
MARGIN = timedelta(days=1)
UNKNOWN_WEIGHT = 1000
GRAMS_OF_AN_OUNCE = Decimal("28.349523125")
MILLIMETRES_OF_AN_INCH = Decimal("25.4")
GIVEN_BACK = frozenset({"submitted", "refunded"})
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError)
NO_ANSWER = LabelAnswer(LabelOutcome.NO_ANSWER)
STATUSES = {
    "pre_transit": TrackingStatus.INFO_RECEIVED,
    "in_transit": TrackingStatus.IN_TRANSIT,
    "out_for_delivery": TrackingStatus.OUT_FOR_DELIVERY,
    "available_for_pickup": TrackingStatus.AVAILABLE_FOR_PICKUP,
    "delivered": TrackingStatus.DELIVERED,
    "return_to_sender": TrackingStatus.EXCEPTION,
    "failure": TrackingStatus.EXCEPTION,
    "cancelled": TrackingStatus.EXCEPTION,
    "error": TrackingStatus.EXCEPTION,
}


@carriers.add
class EasyPost(Carrier):
    """Labels of EasyPost's shipments, their tracking and its webhook."""

    key = "easypost"
    title = "EasyPost"
    can = frozenset(
        {Ability.LABEL, Ability.FIND, Ability.VOID, Ability.QUOTE, Ability.HOOK, Ability.POLL}
    )
    lists_after = timedelta(minutes=10)
    tried_live = False
    settings = ("EASYPOST_API_KEY",)

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; its page needs the name of the carrier behind."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Make a shipment, buy one of its rates, fetch the paper."""
        if not self.is_set_up():
            return LabelAnswer(LabelOutcome.REFUSED, code="not_connected")
        made = self._ask("POST", "/shipments", json={"shipment": self._wish(order)})
        if made is None or _is_lost(made):
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=_code(made))
        if made.status >= 300:
            return LabelAnswer(LabelOutcome.REFUSED, code=_code(made))
        try:
            shipment = json_object(made.body)
            rate = self._rate_in(shipment)
            if rate is None:
                return LabelAnswer(LabelOutcome.REFUSED, code=_why_no_rate(shipment))
            page = f"/shipments/{quote(shipment['id'], safe='')}/buy"
        except UNREADABLE:
            return NO_ANSWER
        bought = self._ask("POST", page, json={"rate": {"id": rate["id"]}})
        if bought is None or _is_lost(bought):
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=_code(bought))
        if bought.status >= 300:
            return LabelAnswer(LabelOutcome.REFUSED, code=_code(bought))
        try:
            return self._label(json_object(bought.body))
        except UNREADABLE:
            return NO_ANSWER

    def find_label(self, label_id: UUID) -> LabelAnswer:
        """The newest shipment under our reference that was bought and not given back."""
        try:
            for row in self._bought(label_id):
                is_ours = row.get("reference") == str(label_id)
                if is_ours and row.get("refund_status") not in GIVEN_BACK:
                    return self._label(row)
        except (*UNREADABLE, NoAnswer):
            return NO_ANSWER
        return LabelAnswer(LabelOutcome.NOT_THERE)

    def void_label(self, reference: str) -> LabelAnswer:
        """Ask for the money back; what was given back before is as good."""
        page = f"/shipments/{quote(reference, safe='')}"
        reply = self._ask("POST", f"{page}/refund")
        if reply is None or _is_lost(reply):
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=_code(reply))
        told = reply if reply.status < 300 else self._ask("GET", page)
        try:
            status = json_object(told.body).get("refund_status") if told is not None else None
        except UNREADABLE:
            return NO_ANSWER
        if status in GIVEN_BACK:
            return LabelAnswer(LabelOutcome.NOT_THERE)
        return LabelAnswer(LabelOutcome.REFUSED, code=words(status, 40) or _code(reply))

    def quote_label(self, order: LabelOrder) -> Money | None:
        """The rate that would be bought; a shipment that is not bought costs nothing."""
        reply = self._ask("POST", "/shipments", json={"shipment": self._wish(order)})
        try:
            rate = self._rate_in(json_object(reply.body)) if reply is not None else None
        except UNREADABLE:
            return None
        return _cost(rate)

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All reports of the number; none where EasyPost does not know it yet."""
        reply = self._ask("GET", f"/trackers?{urlencode({'tracking_code': tracking_number})}")
        if reply is None or reply.status != 200:
            return None
        try:
            rows = json_object(reply.body)["trackers"]
            known = [row for row in rows if row["tracking_code"] == tracking_number]
            return _details(known[0]) if known else []
        except UNREADABLE:
            return None

    def read_scans(self, request: HookRequest) -> Sequence[Scan]:
        """The reports in a signed message about a tracker; others say nothing of parcels."""
        secret = unicodedata.normalize("NFKD", self.account.setting("EASYPOST_HOOK_SECRET"))
        if not secret:
            raise CarrierHookRefused(why="no secret is set")
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        given = request.headers.get("x-hmac-signature", "").strip().lower()
        expected = f"hmac-sha256-hex={digest}"
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            raise CarrierHookRefused(why="wrong signature")
        try:
            message = json_object(request.body)
            told = message.get("result") or {}
            return _details(told) if told.get("object") == "Tracker" else []
        except UNREADABLE as problem:
            raise CarrierHookRefused(why="unreadable") from problem

    def _wish(self, order: LabelOrder) -> dict[str, Any]:
        setting = self.account.setting
        told = setting("EASYPOST_WEIGHT_GRAMS")
        unknown = int(told) if told.isdecimal() and len(told) < 7 else UNKNOWN_WEIGHT
        wish: dict[str, Any] = {
            "is_return": True,
            "from_address": _address(order.recipient),
            "to_address": _address(order.sender),
            "parcel": {"weight": _ounces(order.weight_grams or unknown), **_inches(order.box_mm)},
            "reference": str(order.label_id),
            "options": {
                "label_format": "PDF",
                "currency": order.currency,
                "print_custom_1": order.return_number,
            },
        }
        accounts = [one.strip() for one in setting("EASYPOST_CARRIER_ACCOUNTS").split(",")]
        if any(accounts):
            wish["carrier_accounts"] = [one for one in accounts if one]
        if order.goods:
            wish["customs_info"] = _customs(order)
        return wish

    def _rate_in(self, shipment: dict[str, Any]) -> dict[str, Any] | None:
        """The cheapest offer of the service that the shop named, or of all."""
        service = self.account.setting("EASYPOST_SERVICE").lower()
        rates = [
            rate
            for rate in shipment["rates"]
            if not service or str(rate["service"]).lower() == service
        ]
        return min(rates, key=lambda rate: Decimal(str(rate["rate"])), default=None)

    def _bought(self, label_id: UUID) -> Iterator[dict[str, Any]]:
        """Shipments since the label was asked for, newest first. Raises ``NoAnswer``."""
        asked_at = _moment_in(label_id) or datetime.now(tz=UTC) - SOMEWHERE_IN
        query = {
            "purchased": "true",
            "page_size": str(PAGE),
            "start_datetime": f"{asked_at - MARGIN:%Y-%m-%dT%H:%M:%SZ}",
        }
        for _ in range(MOST_PAGES):
            reply = self._ask("GET", f"/shipments?{urlencode(query)}")
            if reply is None or reply.status != 200:
                raise NoAnswer("the list cannot be read")
            page = json_object(reply.body)
            yield from page["shipments"]
            if not page.get("has_more"):
                return
            query["before_id"] = str(page["shipments"][-1]["id"])
        raise NoAnswer("too many pages")

    def _label(self, row: dict[str, Any]) -> LabelAnswer:
        """The label of a shipment that was bought; no answer while it has no paper."""
        paper = row.get("postage_label") or {}
        tracking = words(row.get("tracking_code"), 40)
        pdf = self._pdf(str(paper.get("label_pdf_url") or paper.get("label_url") or ""))
        if not (tracking and pdf):
            return LabelAnswer(LabelOutcome.NO_ANSWER, code="no_paper")
        return LabelAnswer(
            LabelOutcome.MADE,
            reference=str(row["id"])[:60],
            tracking_number=tracking,
            pdf=pdf,
            cost=_cost(row.get("selected_rate")),
        )

    def _pdf(self, url: str) -> bytes:
        """The PDF at ``url``, which is EasyPost's or nobody's; our key does not go there."""
        told, api = urlsplit(url), urlsplit(self.account.setting("EASYPOST_URL", API))
        is_theirs = told.scheme == "https" and (told.hostname or "").endswith(PAPERS)
        if not is_theirs and told.netloc != api.netloc:
            return b""
        try:
            reply = request("GET", url, seconds=self._time())
        except NoAnswer:
            return b""
        return reply.body if reply.status == 200 and reply.body.startswith(b"%PDF-") else b""

    def _ask(self, method: str, page: str, *, json: Any = None) -> Reply | None:
        setting = self.account.setting
        address = setting("EASYPOST_URL", API).rstrip("/")
        auth = (setting("EASYPOST_API_KEY"), "")
        headers = {"Accept": "application/json"}
        try:
            return request(
                method, address + page, json=json, auth=auth, headers=headers, seconds=self._time()
            )
        except NoAnswer:
            return None

    def _time(self) -> float:
        try:
            wanted = float(self.account.setting("EASYPOST_TIMEOUT"))
        except ValueError:
            return TOTAL_SECONDS
        return min(TOTAL_SECONDS, max(0.1, wanted))


def _is_lost(reply: Reply) -> bool:
    return reply.status >= 500 or reply.status in {408, 409, 425, 429}


def _moment_in(label_id: UUID) -> datetime | None:
    """When an id of version 7 was made (RFC 9562, section 5.7)."""
    if label_id.version != 7:
        return None
    return datetime.fromtimestamp((label_id.int >> 80) / 1000, UTC)


def _ounces(grams: int) -> float:
    """Grams as ounces, rounded up to a tenth."""
    return float((Decimal(grams) / GRAMS_OF_AN_OUNCE).quantize(Decimal("0.1"), ROUND_CEILING))


def _inches(box_mm: tuple[int, int, int] | None) -> dict[str, float]:
    """How large the parcel is, each length rounded up to a tenth; nothing where nobody knows."""
    if box_mm is None:
        return {}
    tenth = Decimal("0.1")
    lengths = [
        float((millimetres / MILLIMETRES_OF_AN_INCH).quantize(tenth, ROUND_CEILING))
        for millimetres in map(Decimal, box_mm)
    ]
    return dict(zip(("length", "width", "height"), lengths, strict=True))


def _address(place: Place) -> dict[str, str]:
    """An address; a field that we do not know is left out, and EasyPost says what it misses."""
    lines = [line for line in place.lines if line]
    rows = {
        "name": place.name,
        "street1": lines[0] if lines else "",
        "street2": ", ".join(lines[1:]),
        "zip": place.postcode,
        "city": place.town,
        "country": place.country,
        "email": place.email,
    }
    return {name: value for name, value in rows.items() if value}


def _customs(order: LabelOrder) -> dict[str, Any]:
    """What a parcel that passes customs holds; value and weight are of all pieces together."""
    items = []
    for one in order.goods:
        item: dict[str, Any] = {
            "description": one.title,
            "quantity": one.quantity,
            "value": round(one.value_minor / 10 ** exponent_of(order.currency), 2),
            "currency": order.currency,
            "code": one.sku,
            "hs_tariff_number": one.hs_code,
            "origin_country": one.origin_country,
            "weight": _ounces(one.grams) if one.grams else None,
        }
        items.append({name: value for name, value in item.items() if value})
    return {
        "contents_type": "returned_goods",
        "restriction_type": "none",
        "customs_certify": False,
        "customs_items": items,
    }


def _cost(rate: Any) -> Money | None:
    try:
        return from_decimal_text(str(rate["rate"]), str(rate["currency"]))
    except UNREADABLE:
        return None


def _details(tracker: dict[str, Any]) -> list[Scan]:
    """The reports of a tracker, oldest first; one without any tells its status of now."""
    number = words(tracker.get("tracking_code"), 80)
    if not number:
        return []
    rows = list(tracker.get("tracking_details") or [])[-200:]
    if not rows and tracker.get("status") in STATUSES:
        rows = [{"status": tracker["status"], "datetime": tracker.get("updated_at")}]
    found = sorted((_scan(number, row) for row in rows), key=lambda scan: scan.happened_at)
    day = _day_told(tracker)
    return [*found[:-1], replace(found[-1], expected_on=day)] if found and day else found


def _day_told(tracker: dict[str, Any]) -> date | None:
    """When the carrier means to deliver: its local day where it tells one."""
    detail = tracker.get("carrier_detail") or {}
    for stamp in (detail.get("est_delivery_date_local"), tracker.get("est_delivery_date")):
        try:
            return date.fromisoformat(str(stamp)[:10])
        except ValueError:
            continue
    return None


def _scan(number: str, row: dict[str, Any]) -> Scan:
    """A report; told twice, by message and when asked, it has one name."""
    status = STATUSES.get(str(row.get("status")), TrackingStatus.PENDING)
    stamp = row.get("datetime")
    moment = datetime.fromisoformat(stamp) if stamp else datetime.fromtimestamp(time.time(), UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    said = words(row.get("message"), 200)
    name = f"{number.lower()}|{status}|{int(moment.timestamp())}|{said}"
    return Scan(hashlib.sha256(name.encode()).hexdigest()[:32], number, status, moment, words=said)


def _why_no_rate(shipment: dict[str, Any]) -> str:
    """What a carrier said instead of an offer."""
    for one in shipment.get("messages") or []:
        if isinstance(one, dict) and one.get("type") == "rate_error":
            return f"no_rate {words(one.get('carrier'), 20)} {words(one.get('message'), 30)}"[:60]
    return "no_rate"


def _code(reply: Reply | None) -> str:
    """EasyPost's word for a refusal."""
    if reply is None:
        return ""
    if reply.status in {401, 403}:
        return "not_let_in"
    try:
        return words(json_object(reply.body)["error"]["code"], 60) or str(reply.status)
    except UNREADABLE:
        return str(reply.status)
