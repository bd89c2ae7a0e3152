"""Colissimo: labels for returns in France by La Poste's own web service, and their tracking.

Settings: ``COLISSIMO_KEY``, the application key made in the Colissimo Box (the older contract
number with its password is called obsolete there); ``COLISSIMO_PRODUCT`` where another product than
``CORE`` (return in France) is in the contract; ``COLISSIMO_WEIGHT_GRAMS`` for goods of unknown
weight; ``COLISSIMO_TRACKING_KEY``, the key of an application at developer.laposte.fr that has
subscribed to "Suivi", where reports of parcels shall be read; ``COLISSIMO_URL``,
``COLISSIMO_TRACKING_URL``, ``COLISSIMO_POINTS_URL`` and ``COLISSIMO_TIMEOUT`` for rehearsals.

The service has no call that finds a label by our reference and none that takes one back. A label
whose answer is lost therefore waits for a person, who looks in the Colissimo Box; one that nobody
uses costs nothing, for parcels are invoiced once they are handed over and not when printed. Reports
of the parcel come from another contract, La Poste's "Suivi v2", which is asked and never calls.
Only ``DI1`` counts as delivered: ``DI2`` is a parcel that went back to whoever sent it.

Written on 2026-11-22 from the excerpts of the "Colissimo Shipping Web Service" (La Poste, August
2021) and of its OpenAPI description (``generateLabel``) that are public, the table of its fields at
helpcenter.nshift.com (article 4408097236626), https://www.colissimo.entreprise.laposte.fr (only
parcels handed over are invoiced) and the multipart answers that open clients keep for their tests.
Tracking written on 2026-11-23 from https://developer.laposte.fr/products/suivi/2 by the description
``Suivi-1.0.0`` (server https://api.laposte.fr/suivi/v2, ``GET /idships/{idship}``, header
``X-Okapi-Key``) and its list of event codes as open clients keep it. The description gives the
answer as a list, clients read one object: both are taken.
Pick-up points written on 2026-11-23 from the fields of "Point Retrait" in version 2
(``POST findRDVPointRetraitAcheminement``, JSON) as open clients keep them; its manual
(https://www.colissimo.entreprise.laposte.fr/media/271/download) could not be opened. The label of a
return names no point. Not found there: whether a postcode is enough without its town (clients
send a blank), which points take parcels as well as giving them out,
whether a return from abroad (``CORI``) asks for more than a customs declaration;
it is refused here. Never tried with an account at Colissimo.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from rebond.domain.shipping.points import ToldPoint
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
from rebond.domain.shipping.states import Charge, PointKind
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.clock import today
from rebond.kernel.egress import TOTAL_SECONDS, NoAnswer, Reply, request
from rebond.kernel.untrusted import json_object, words

API = "https://ws.colissimo.fr/sls-ws/SlsServiceWSRest/2.0"
TRACKING = "https://api.laposte.fr/suivi/v2"
POINTS = "https://ws.colissimo.fr/pointretrait-ws-cxf/rest/v2/pointretrait"
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
KINDS = {
    **dict.fromkeys(("BPR", "BDP", "ACP", "CDI"), PointKind.POST_OFFICE),
    "PCS": PointKind.LOCKER,
}
FOLLOW = "https://www.laposte.fr/outils/suivre-vos-envois?code="
PAPER = "PDF_10x15_300dpi"
AT_HOME = frozenset({"FR", "MC"})
UNKNOWN_WEIGHT = 1000
LONGEST_LINE = 35
MOST_EVENTS = 200
PARIS = ZoneInfo("Europe/Paris")
CODES = {
    TrackingStatus.INFO_RECEIVED: ("DR1",),
    TrackingStatus.IN_TRANSIT: (
        *("PC1", "PC2", "ET1", "ET2", "ET3", "ET4", "EP1", "DO1", "DO2", "PB2"),
    ),
    TrackingStatus.OUT_FOR_DELIVERY: ("MD2",),
    TrackingStatus.AVAILABLE_FOR_PICKUP: ("AG1",),
    TrackingStatus.DELIVERED: ("DI1",),
    TrackingStatus.EXCEPTION: ("DO3", "PB1", "ND1", "RE1", "DI2"),
}
BY_CODE = {code: status for status, codes in CODES.items() for code in codes}
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_NO_ANSWER = LabelAnswer(LabelOutcome.NO_ANSWER)


@carriers.add
class Colissimo(Carrier):
    """Return labels of La Poste, bought one by one, and what it reports of them."""

    key = "colissimo"
    title = "Colissimo"
    can = frozenset({Ability.LABEL, Ability.POLL, Ability.POINTS})
    tried_live = False
    settings = ("COLISSIMO_KEY",)
    charged_at = Charge.SCAN

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; La Poste's page follows it."""
        url = f"{FOLLOW}{tracking_number}" if tracking_number else ""
        return SendingAdvice(needs_tracking_number=False, tracking_url=url)

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Ask for a return label; what cannot be read counts as no answer."""
        if not self.is_set_up():
            return LabelAnswer(LabelOutcome.REFUSED, code="not_connected")
        if order.sender.country not in AT_HOME or order.recipient.country not in AT_HOME:
            return LabelAnswer(LabelOutcome.REFUSED, code="only_within_france")
        reply = self._ask(self._wish(order))
        if reply is None or reply.status >= 500 or reply.status in {408, 425, 429}:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=str(reply.status) if reply else "")
        if reply.status in {401, 403}:
            return LabelAnswer(LabelOutcome.REFUSED, code="not_let_in")
        try:
            return _label(parts_of(reply))
        except _UNREADABLE:
            if reply.status >= 400:
                return LabelAnswer(LabelOutcome.REFUSED, code=str(reply.status))
            return _NO_ANSWER

    def points_near(self, place: Place) -> Sequence[ToldPoint] | None:
        """The pick-up points of La Poste near a postcode in France; none elsewhere."""
        if place.country not in AT_HOME:
            return ()
        setting = self.account.setting
        wish = {
            "apiKey": setting("COLISSIMO_KEY"),
            "address": " ",
            "zipCode": place.postcode,
            "city": place.town or " ",
            "countryCode": place.country,
            "weight": str(UNKNOWN_WEIGHT),
            "shippingDate": f"{today('Europe/Paris'):%d/%m/%Y}",
            "filterRelay": "1",
            "lang": "FR",
            "optionInter": "0",
        }
        address = setting("COLISSIMO_POINTS_URL", POINTS).rstrip("/")
        page = f"{address}/findRDVPointRetraitAcheminement"
        seconds = min(POINTS_SECONDS, self._time())
        try:
            reply = request("POST", page, json=wish, seconds=seconds)
            told = json_object(reply.body) if reply.status == 200 else {}
            if str(told.get("errorCode")) != "0":
                return None
            rows = told.get("listePointRetraitAcheminement") or []
            return [_point(row) for row in rows if not row.get("congesTotal")]
        except (NoAnswer, *_UNREADABLE):
            return None

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All reports of the number, oldest first; none where La Poste does not know it yet."""
        key = self.account.setting("COLISSIMO_TRACKING_KEY")
        if not key:
            return None
        address = self.account.setting("COLISSIMO_TRACKING_URL", TRACKING).rstrip("/")
        page = f"{address}/idships/{quote(tracking_number, safe='')}?lang=fr_FR"
        headers = {"X-Okapi-Key": key, "Accept": "application/json"}
        try:
            reply = request("GET", page, headers=headers, seconds=self._time())
        except NoAnswer:
            return None
        if reply.status == 404:
            return []
        if reply.status != 200:
            return None
        try:
            return _scans(tracking_number, reply.body)
        except _UNREADABLE:
            return None

    def _wish(self, order: LabelOrder) -> dict[str, Any]:
        setting = self.account.setting
        usual = setting("COLISSIMO_WEIGHT_GRAMS", str(UNKNOWN_WEIGHT))
        grams = order.weight_grams or int(usual if usual.isdecimal() else UNKNOWN_WEIGHT)
        return {
            "outputFormat": {"x": 0, "y": 0, "outputPrintingType": PAPER},
            "letter": {
                "service": {
                    "productCode": setting("COLISSIMO_PRODUCT", "CORE") or "CORE",
                    "depositDate": today("Europe/Paris").isoformat(),
                    "orderNumber": order.label_id.hex[:30],
                },
                "parcel": {"weight": max(grams, 10) / 1000},
                "sender": {
                    "senderParcelRef": order.return_number[:17],
                    "address": _address(order.sender),
                },
                "addressee": {
                    "addresseeParcelRef": order.return_number[:15],
                    "address": _address(order.recipient),
                },
            },
        }

    def _ask(self, wish: dict[str, Any]) -> Reply | None:
        setting = self.account.setting
        address = setting("COLISSIMO_URL", API).rstrip("/")
        try:
            return request(
                "POST",
                f"{address}/generateLabel",
                json=wish,
                headers={"apiKey": setting("COLISSIMO_KEY")},
                seconds=self._time(),
            )
        except NoAnswer:
            return None

    def _time(self) -> float:
        try:
            wanted = float(self.account.setting("COLISSIMO_TIMEOUT"))
        except ValueError:
            return TOTAL_SECONDS
        return min(TOTAL_SECONDS, max(0.1, wanted))


def parts_of(reply: Reply) -> dict[str, bytes]:
    """The parts of an answer by their ``Content-ID``; a plain one is ``jsonInfos`` alone.

    Raises ``ValueError`` where the answer was cut off.
    """
    kind = reply.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/"):
        return {"jsonInfos": reply.body}
    found = _BOUNDARY.search(kind)
    if found is None:
        raise ValueError("no boundary")
    mark = b"--" + found[1].encode()
    *pieces, end = reply.body.split(mark)
    if not end.startswith(b"--"):
        raise ValueError("cut off")
    parts = {}
    for piece in pieces[1:]:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.search(rb"content-id:\s*<([^>]+)>", head, re.IGNORECASE)
        if name is not None:
            parts[name[1].decode()] = content.removesuffix(b"\r\n")
    return parts


def _point(row: dict[str, Any]) -> ToldPoint:
    """A pick-up point; what cannot be read of it is left empty."""
    lines = [words(row.get(f"adresse{number}"), 50).strip() for number in (1, 2, 3)]
    hours = tuple(_day(words(row.get(f"horairesOuverture{day}"), 40)) for day in DAYS)
    metres, access = row.get("distanceEnMetre"), row.get("accesPersonneMobiliteReduite")
    return ToldPoint(
        reference=words(row.get("identifiant"), 40),
        kind=KINDS.get(words(row.get("typeDePoint"), 10), PointKind.RELAY),
        name=words(row.get("nom"), 120).strip(),
        street=", ".join(line for line in lines if line),
        postcode=words(row.get("codePostal"), 12),
        town=words(row.get("localite"), 80).strip(),
        country=words(row.get("codePays"), 2).upper() or "FR",
        carrier_name="Colissimo",
        metres=metres if isinstance(metres, int) else None,
        hours=hours if any(hours) else (),
        is_step_free=access if isinstance(access, bool) else None,
    )


def _day(told: str) -> str:
    """``09:00-12:00 14:00-19:00`` as two spans; ``00:00-00:00`` is no span."""
    return ", ".join(span for span in told.split() if span != "00:00-00:00")


def _scans(number: str, body: bytes) -> list[Scan]:
    told = json.loads(body)
    told = told[0] if isinstance(told, list) else told
    rows = told["shipment"].get("event") or []
    return sorted(
        (_scan(number, row) for row in rows[:MOST_EVENTS]), key=lambda scan: scan.happened_at
    )


def _scan(number: str, row: dict[str, Any]) -> Scan:
    """A report; asked for again it has the same name."""
    moment = datetime.fromisoformat(row["date"])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PARIS)
    code = words(row["code"], 10).upper()
    name = f"{number.lower()}|{code}|{int(moment.timestamp())}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    status = BY_CODE.get(code, TrackingStatus.PENDING)
    return Scan(digest, number, status, moment, words=words(row.get("label"), 200))


def _label(parts: dict[str, bytes]) -> LabelAnswer:
    told = json_object(parts["jsonInfos"])
    wrong = [one for one in told["messages"] if one.get("type") == "ERROR"]
    if wrong:
        return LabelAnswer(LabelOutcome.REFUSED, code=words(wrong[0].get("id"), 60) or "error")
    number, pdf = words(told["labelV2Response"]["parcelNumber"], 80), parts["label"]
    if not number or not pdf.startswith(b"%PDF-"):
        return _NO_ANSWER
    return LabelAnswer(LabelOutcome.MADE, reference=number, tracking_number=number, pdf=pdf)


def _address(place: Place) -> dict[str, str]:
    """``line2`` is the street, ``line0`` and ``line3`` stand before and behind it."""
    lines = [line[:LONGEST_LINE] for line in place.lines if line]
    rows = {
        "lastName": place.name[:LONGEST_LINE],
        "line2": lines[0] if lines else "",
        "line3": ", ".join(lines[1:])[:LONGEST_LINE],
        "city": place.town[:LONGEST_LINE],
        "zipCode": place.postcode[:9],
        "countryCode": place.country,
        "email": place.email,
    }
    return {name: value for name, value in rows.items() if value}
