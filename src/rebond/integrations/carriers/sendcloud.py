"""Sendcloud: return labels of many carriers through one account.

Settings: ``SENDCLOUD_PUBLIC_KEY``, ``SENDCLOUD_SECRET_KEY``, ``SENDCLOUD_SHIPPING_OPTION`` (such as
``postnl:standard/return``), ``SENDCLOUD_CONTRACT`` where there are several with one carrier,
``SENDCLOUD_HOOK_KEY`` where the integration has a webhook signature key of its own,
``SENDCLOUD_WEIGHT_GRAMS`` for goods of unknown weight; ``SENDCLOUD_URL``,
``SENDCLOUD_POINTS_URL`` and ``SENDCLOUD_TIMEOUT`` for rehearsals.

A return has our reference in ``external_reference``, which Sendcloud does not show again, and the
end of it in ``order_number``, which it does: by that a label is found whose answer was lost. An
order to cancel is a request: what is accepted may be used no more; whether the carrier gives
the money back stands on its invoice. A message is signed without a time; one that is sent again
says what is known already and changes nothing.

Written on 2026-11-22 from https://sendcloud.dev/api/v3/returns (create synchronously, list,
retrieve, cancel, with their OpenAPI description), https://sendcloud.dev/api/v3/parcel-documents,
https://sendcloud.dev/api/v3/parcel-tracking, https://sendcloud.dev/api/v3/webhooks (signature,
``parcel_status_changed``) and https://sendcloud.dev/docs/archive/tracking/tracking-statuses. Not
found there: how soon a new return stands in the list (ten minutes are taken). The list is said to
give each return's ``id``, which its schema leaves out; without it a label found again cannot be
given back. Service points written on 2026-11-23 from
https://sendcloud.dev/api/v2/service-points (list, with its OpenAPI description; version 3 was said
to be a beta). A return there has no field for the point where it is handed in: it is for the
shopper alone. Not found there: whether a point takes parcels as well as giving them out, and
whether a wheelchair gets in. Never tried with an account at Sendcloud.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from uuid import UUID

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.points import LONGEST_DAY, ToldPoint
from rebond.domain.shipping.ports import (
    POINTS_SECONDS,
    Ability,
    Carrier,
    LabelAnswer,
    LabelOrder,
    LabelOutcome,
    Place,
    SendingAdvice,
    carriers,
)
from rebond.domain.shipping.states import PointKind
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.companies import HookRequest
from rebond.kernel.egress import TOTAL_SECONDS, NoAnswer, Reply, request
from rebond.kernel.money import Money, exponent_of
from rebond.kernel.untrusted import json_object, words
from rebond.kernel.wire_money import from_decimal_text

API = "https://panel.sendcloud.sc/api/v3"
POINTS = "https://servicepoints.sendcloud.sc/api/v2"
AROUND_METRES = 15_000
PAGE = 40
MOST_PAGES = 25
SOMEWHERE_IN = timedelta(days=30)
MARGIN = timedelta(days=1)
UNKNOWN_WEIGHT = 1000
PARCEL = re.compile(r"/parcels/([0-9]{1,18})/documents/label")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
NO_ANSWER = LabelAnswer(LabelOutcome.NO_ANSWER)
ENDED = frozenset({"cancelled", "cancelled-upstream", "cancelling", "cancelling-upstream"})
ENDED_WORDS = frozenset({"cancellation-requested", "submitting-cancellation-request"})
FAILED = frozenset({"announcement-failed"})
STATUSES = {
    TrackingStatus.INFO_RECEIVED: (
        *("ready-to-send", "ready-to-ship", "no-label", "announcing", "being-announced"),
        *("announced", "announced-uncollected", "announced-not-collected"),
    ),
    TrackingStatus.IN_TRANSIT: (
        *("picked-up-by-driver", "shipment-picked-up-by-driver", "accepted"),
        *("to-sorting", "en-route-to-sorting-center", "at-sorting-centre"),
        *("sorting", "being-sorted", "sorted", "unsorted", "unsorted2", "not-sorted"),
        *("delayed", "delivery-delayed", "at-customs", "shipment-on-route", "parcel-en-route"),
        *("delivery-method-changed", "delivery-date-changed", "delivery-address-changed"),
    ),
    TrackingStatus.OUT_FOR_DELIVERY: ("driver-on-route", "driver-en-route"),
    TrackingStatus.ATTEMPT_FAIL: ("delivery-failed", "delivery-attempt-failed"),
    TrackingStatus.AVAILABLE_FOR_PICKUP: ("awaiting-customer-pickup",),
    TrackingStatus.DELIVERED: (
        *("delivered", "delivery-forced"),
        *("collected-by-customer", "shipment-collected-by-customer"),
    ),
    TrackingStatus.EXCEPTION: (
        *("collect-error", "error-collecting", "announcement-failed", "undeliverable"),
        *("unable-to-deliver", "refused-by-recipient", "returned-to-sender"),
        *("exception", "address-invalid"),
    ),
}
NUMBER_FIRST = frozenset({"FR", "MC", "LU", "GB", "IE", "US", "CA"})
KINDS = {"locker": PointKind.LOCKER, "post_office": PointKind.POST_OFFICE}
BY_SLUG = {slug: status for status, slugs in STATUSES.items() for slug in slugs}


@carriers.add
class Sendcloud(Carrier):
    """Labels of Sendcloud's returns, their tracking and its webhook."""

    key = "sendcloud"
    title = "Sendcloud"
    can = frozenset(
        {
            *(Ability.LABEL, Ability.FIND, Ability.VOID),
            *(Ability.HOOK, Ability.POLL, Ability.POINTS),
        }
    )
    lists_after = timedelta(minutes=10)
    tried_live = False
    settings = ("SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY", "SENDCLOUD_SHIPPING_OPTION")

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; its page needs the name of the carrier behind."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Create and announce a return, then fetch its number and its paper."""
        if not self.is_set_up():
            return LabelAnswer(LabelOutcome.REFUSED, code="not_connected")
        reply = self._ask("POST", "/returns/announce-synchronously", json=self._wish(order))
        if reply is None or reply.status in {408, 409, 425, 429} or reply.status >= 500:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=_code(reply))
        if reply.status >= 300:
            return LabelAnswer(LabelOutcome.REFUSED, code=_code(reply))
        try:
            made = json_object(reply.body)
            return self._label(self._return(int(made["return_id"])), int(made["return_id"]))
        except UNREADABLE:
            return NO_ANSWER

    def find_label(self, label_id: UUID) -> LabelAnswer:
        """The newest return under our reference that was not cancelled."""
        try:
            for row in self._returns(label_id):
                is_ours = str(row.get("order_number") or "").endswith(_mark(label_id))
                if is_ours and not _status(row) & (ENDED | ENDED_WORDS | FAILED):
                    return self._label(row, row.get("id"))
        except (*UNREADABLE, NoAnswer):
            return NO_ANSWER
        return LabelAnswer(LabelOutcome.NOT_THERE)

    def void_label(self, reference: str) -> LabelAnswer:
        """Ask to cancel; what was cancelled before is as good."""
        if not reference.isdecimal():
            return LabelAnswer(LabelOutcome.REFUSED, code="no_reference")
        reply = self._ask("PATCH", f"/returns/{reference}/cancel", json={})
        if reply is None or reply.status >= 500 or reply.status in {408, 425, 429}:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=_code(reply))
        if reply.status < 300 or self._is_cancelled(int(reference)):
            return LabelAnswer(LabelOutcome.NOT_THERE)
        return LabelAnswer(LabelOutcome.REFUSED, code=_code(reply))

    def points_near(self, place: Place) -> Sequence[ToldPoint] | None:
        """The service points of the carrier that the return labels are bought with."""
        setting = self.account.setting
        option = setting("SENDCLOUD_SHIPPING_OPTION")
        query = {
            "country": place.country,
            "address": f"{place.postcode} {place.town}".strip(),
            "carrier": option.partition(":")[0],
            "radius": str(AROUND_METRES),
        }
        address = setting("SENDCLOUD_POINTS_URL", POINTS).rstrip("/")
        keys = (setting("SENDCLOUD_PUBLIC_KEY"), setting("SENDCLOUD_SECRET_KEY"))
        seconds = min(POINTS_SECONDS, self._time())
        page = f"{address}/service-points?{urlencode(query)}"
        try:
            reply = request("GET", page, auth=keys, seconds=seconds)
            rows = json.loads(reply.body) if reply.status == 200 else None
        except (NoAnswer, *UNREADABLE, RecursionError):
            return None
        return [_point(row) for row in rows if _is_open(row)] if isinstance(rows, list) else None

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All reports of the number; none where Sendcloud does not know it yet."""
        reply = self._ask("GET", f"/parcels/tracking/{quote(tracking_number, safe='')}")
        if reply is not None and reply.status == 404:
            return []
        if reply is None or reply.status != 200:
            return None
        try:
            events = json_object(reply.body)["events"]
            return [_event(tracking_number, row) for row in events[:200]]
        except UNREADABLE:
            return None

    def read_scans(self, request: HookRequest) -> Sequence[Scan]:
        """The change of a status in a signed message; other messages say nothing of parcels."""
        setting = self.account.setting
        secret = setting("SENDCLOUD_HOOK_KEY") or setting("SENDCLOUD_SECRET_KEY")
        if not secret:
            raise CarrierHookRefused(why="no secret is set")
        expected = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        given = request.headers.get("sendcloud-signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            raise CarrierHookRefused(why="wrong signature")
        try:
            message = json_object(request.body)
            if message.get("action") != "parcel_status_changed":
                return []
            return _changes(message)
        except UNREADABLE as problem:
            raise CarrierHookRefused(why="unreadable") from problem

    def _wish(self, order: LabelOrder) -> dict[str, Any]:
        setting = self.account.setting
        grams = order.weight_grams or int(
            setting("SENDCLOUD_WEIGHT_GRAMS", str(UNKNOWN_WEIGHT)) or UNKNOWN_WEIGHT
        )
        ship_with: dict[str, Any] = {
            "type": "shipping_option_code",
            "shipping_option_code": setting("SENDCLOUD_SHIPPING_OPTION"),
        }
        if setting("SENDCLOUD_CONTRACT").isdecimal():
            ship_with["contract"] = int(setting("SENDCLOUD_CONTRACT"))
        return {
            **_customs(order),
            "from_address": _address(order.sender),
            "to_address": _address(order.recipient),
            "ship_with": ship_with,
            "weight": {"value": grams, "unit": "g"},
            "collo_count": 1,
            "send_tracking_emails": False,
            "order_number": f"{order.return_number}{_mark(order.label_id)}",
            "external_reference": str(order.label_id),
            "delivery_option": "drop_off_point",
        }

    def _return(self, number: int) -> dict[str, Any]:
        reply = self._ask("GET", f"/returns/{number}")
        if reply is None or reply.status != 200:
            raise ValueError("the return cannot be read")
        return json_object(reply.body)

    def _is_cancelled(self, number: int) -> bool:
        try:
            return bool(_status(self._return(number)) & (ENDED | ENDED_WORDS))
        except UNREADABLE:
            return False

    def _returns(self, label_id: UUID) -> Iterator[dict[str, Any]]:
        """The returns of the days around the label, page by page. Raises ``NoAnswer``."""
        asked_at = _moment_in(label_id) or datetime.now(tz=UTC) - SOMEWHERE_IN
        until = datetime.now(tz=UTC) + MARGIN
        query = {
            "from_date": f"{asked_at - MARGIN:%Y-%m-%d %H:%M:%S}",
            "to_date": f"{until:%Y-%m-%d %H:%M:%S}",
            "page_size": str(PAGE),
        }
        for _ in range(MOST_PAGES):
            reply = self._ask("GET", f"/returns?{urlencode(query)}")
            if reply is None or reply.status != 200:
                raise NoAnswer("the list cannot be read")
            page = json_object(reply.body)
            yield from page["data"]
            # The address itself is not followed: our key goes nowhere but where we were told.
            cursor = parse_qs(urlsplit(page.get("next") or "").query).get("cursor")
            if not cursor:
                return
            query["cursor"] = cursor[0]
        raise NoAnswer("too many pages")

    def _label(self, row: dict[str, Any], number: Any) -> LabelAnswer:
        """The label of a return as Sendcloud shows it; no answer while it is being made."""
        place = (row.get("label") or {}).get("label_printer") or row.get("label_url") or ""
        parcel = PARCEL.search(place)
        tracking = str(row.get("tracking_number") or "")
        if parcel is None or not tracking:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code="not_ready")
        paper = self._ask("GET", f"/parcels/{parcel[1]}/documents/label", accept="application/pdf")
        if paper is None or paper.status != 200 or not paper.body.startswith(b"%PDF-"):
            return LabelAnswer(LabelOutcome.NO_ANSWER, code="no_paper")
        return LabelAnswer(
            LabelOutcome.MADE,
            reference=str(number) if str(number).isdecimal() else "",
            tracking_number=tracking,
            pdf=paper.body,
            cost=_cost(row.get("label_cost")),
        )

    def _ask(
        self, method: str, page: str, *, json: Any = None, accept: str = "application/json"
    ) -> Reply | None:
        setting = self.account.setting
        address = setting("SENDCLOUD_URL", API).rstrip("/")
        keys = (setting("SENDCLOUD_PUBLIC_KEY"), setting("SENDCLOUD_SECRET_KEY"))
        headers = {"Accept": accept}
        try:
            return request(
                method, address + page, json=json, auth=keys, headers=headers, seconds=self._time()
            )
        except NoAnswer:
            return None

    def _time(self) -> float:
        try:
            wanted = float(self.account.setting("SENDCLOUD_TIMEOUT"))
        except ValueError:
            return TOTAL_SECONDS
        return min(TOTAL_SECONDS, max(0.1, wanted))


def _is_open(row: Any) -> bool:
    """Whether a row is a place that is in use and takes parcels in the next week."""
    if not isinstance(row, dict):
        return False
    return row.get("is_active") is not False and row.get("open_upcoming_week") is not False


def _point(row: dict[str, Any]) -> ToldPoint:
    """A service point; what cannot be read of it is left empty."""
    hours, metres = row.get("formatted_opening_times"), row.get("distance")
    told = hours if isinstance(hours, dict) else {}
    week = [told.get(str(day)) or [] for day in range(7)] if any(told.values()) else []
    return ToldPoint(
        reference=words(row.get("id"), 40),
        kind=KINDS.get(words(row.get("general_shop_type"), 20), PointKind.RELAY),
        name=words(row.get("name"), 120),
        street=_street(row),
        postcode=words(row.get("postal_code"), 12),
        town=words(row.get("city"), 80),
        country=words(row.get("country"), 2).upper(),
        carrier_name=words(row.get("carrier"), 60).replace("_", " ").title(),
        metres=round(metres) if isinstance(metres, int | float) and metres < 1e7 else None,
        hours=tuple(_day(spans) for spans in week),
    )


def _street(row: dict[str, Any]) -> str:
    """Street and number in the order of the country."""
    parts = [words(row.get("street"), 140), words(row.get("house_number"), 19)]
    if row.get("country") in NUMBER_FIRST:
        parts.reverse()
    return " ".join(part for part in parts if part)


def _day(spans: Any) -> str:
    """``["09:00 - 12:00", "13:30 - 17:15"]`` as ``09:00-12:00, 13:30-17:15``."""
    rows = spans if isinstance(spans, list) else []
    return ", ".join(words(one, 20).replace(" ", "") for one in rows[:4])[:LONGEST_DAY]


def _mark(label_id: UUID) -> str:
    """What ends the order number of a return, and no other's: twelve random digits."""
    return f"-{label_id.hex[-12:]}"


def _moment_in(label_id: UUID) -> datetime | None:
    """When an id of version 7 was made (RFC 9562, section 5.7)."""
    if label_id.version != 7:
        return None
    return datetime.fromtimestamp((label_id.int >> 80) / 1000, UTC)


def _address(place: Place) -> dict[str, str]:
    """An address; a field that we do not know is left out, and Sendcloud says what it misses."""
    lines = [line for line in place.lines if line]
    rows = {
        "name": place.name,
        "address_line_1": lines[0] if lines else "",
        "address_line_2": ", ".join(lines[1:]),
        "postal_code": place.postcode,
        "city": place.town,
        "country_code": place.country,
        "email": place.email,
    }
    return {name: value for name, value in rows.items() if value}


def _customs(order: LabelOrder) -> dict[str, Any]:
    """What a parcel that passes customs holds; what we do not know of it Sendcloud asks for."""
    if not order.goods:
        return {}
    items = []
    for one in order.goods:
        each = one.value_minor / one.quantity / 10 ** exponent_of(order.currency)
        item: dict[str, Any] = {
            "description": one.title,
            "quantity": one.quantity,
            "price": {"value": round(each, 2), "currency": order.currency},
            "sku": one.sku,
        }
        if one.grams:
            item["weight"] = {"value": one.grams / one.quantity, "unit": "g"}
        if one.hs_code:
            item["hs_code"] = one.hs_code
        if one.origin_country:
            item["origin_country"] = one.origin_country
        items.append(item)
    return {
        "parcel_items": items,
        "customs_information": {
            "invoice_number": order.return_number,
            "export_reason": "returned_goods",
        },
    }


def _slug(text: object) -> str:
    """``Announced: not collected`` as ``announced-not-collected``."""
    return re.sub(r"[^a-z0-9]+", "-", words(text, 80).lower()).strip("-")


def _status(row: dict[str, Any]) -> set[str]:
    """The last status of a return, which its history ends or begins with, by its times."""
    history = [one for one in row.get("status_history") or [] if isinstance(one, dict)]
    if not history:
        return set()
    last = max(history, key=lambda one: str(one.get("carrier_update_timestamp") or ""))
    return {_slug(last.get("parent_status"))}


def _cost(price: Any) -> Money | None:
    try:
        return from_decimal_text(str(price["value"]), str(price["currency"]))
    except UNREADABLE:
        return None


def _event(tracking_number: str, row: dict[str, Any]) -> Scan:
    moment = datetime.fromisoformat(row["event_at"])
    said = words(row.get("status_description"), 200)
    known = BY_SLUG.get(_slug(row.get("status_code"))) or BY_SLUG.get(_slug(said))
    return _scan(tracking_number, known or TrackingStatus.PENDING, moment, said)


def _changes(message: dict[str, Any]) -> list[Scan]:
    parcel = message["parcel"]
    number = words(parcel.get("tracking_number"), 80)
    if not number:
        return []
    said = words(parcel["status"].get("message"), 200)
    status = BY_SLUG.get(_slug(said), TrackingStatus.PENDING)
    moment = _moment(message.get("carrier_status_change_timestamp") or message.get("timestamp"))
    return [_scan(number, status, moment, said)]


def _moment(stamp: Any) -> datetime:
    """A Unix time in seconds or milliseconds, which are told apart by their size."""
    seconds = float(stamp) if stamp else time.time()
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _scan(number: str, status: TrackingStatus, moment: datetime, said: str) -> Scan:
    """A report; told twice, by message and when asked, it has one name."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    name = f"{number.lower()}|{status}|{int(moment.timestamp())}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    return Scan(digest, number, status, moment, words=said)


def _code(reply: Reply | None) -> str:
    """Sendcloud's word for a refusal, with the field it is about."""
    if reply is None:
        return ""
    if reply.status in {401, 403}:
        return "not_let_in"
    try:
        first = json_object(reply.body)["errors"][0]
        field = words((first.get("source") or {}).get("pointer"), 40).strip("/")
        return f"{words(first.get('code'), 40)} {field}".strip()[:60] or str(reply.status)
    except UNREADABLE:
        return str(reply.status)
