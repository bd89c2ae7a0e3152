"""Mondial Relay: labels for returns handed in at a Point Relais, its places, and its reports.

Settings: ``MONDIAL_RELAY_BRAND``, the code of the brand (*code enseigne*, eight signs), and
``MONDIAL_RELAY_LOGIN`` with ``MONDIAL_RELAY_PASSWORD`` of its API 2, for labels;
``MONDIAL_RELAY_PRIVATE_KEY`` of its API 1 where places and reports shall be read;
``MONDIAL_RELAY_RETURN_TO``, the Point Relais where the shop fetches its returns (such as
``FR-012345``), where the contract has no delivery to the merchant; ``MONDIAL_RELAY_WEIGHT_GRAMS``
for goods of unknown weight; ``MONDIAL_RELAY_URL``, ``MONDIAL_RELAY_SERVICE_URL`` and
``MONDIAL_RELAY_TIMEOUT`` for rehearsals.

API 2 answers with the address of the label's PDF, which is fetched at once and only from Mondial
Relay itself. It has no call that finds a shipment by our reference and none that takes one back: a
label whose answer is lost waits for a person, who looks in Connect for the number of the return.
If only the PDF is missing, the code of the label names the shipment.

Reports are lines of French prose without codes. Those known are read word for word; any other is
kept with its words and proves nothing. "LIVRÉ AU POINT RELAIS" is an arrival there and no delivery.

Labels written on 2026-11-23 from the "Dual Carrier Web Service" 2.7.1 of June 2024 (modes ``REL``
and ``LCC``, errors, lengths; its schema is
https://storage.mondialrelay.fr/Mondial-Relay-Shipment-API-.Request.1.0.xsd) as open clients keep
it. Places (``WSI4_PointRelais_Recherche``, asked with ``Action`` ``REL`` for those that take
parcels in) and reports (``WSI2_TracingColisDetaille``, STAT 80 to 83 answer, 24 and 94 do not know
the number) from https://api.mondialrelay.com/Web_Services.asmx as open clients keep its fields;
``Security`` is an MD5 because the service asks for one. Not found there: whether the lengths of a
street are 30 signs or 40 (30 is kept), when a label costs. A ``QRCode`` instead of a printed label
is a shipment of its own and not asked for. Never tried with an account at Mondial Relay.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
import time
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

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
from rebond.domain.shipping.states import PointKind
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.egress import TOTAL_SECONDS, NoAnswer, Reply, request
from rebond.kernel.untrusted import words

API = "https://connect-api.mondialrelay.com/api/shipment"
SERVICE = "https://api.mondialrelay.com/Web_Services.asmx"
REQUEST = "http://www.example.org/Request"
"""The namespace that the vendor's own schema names."""
ACTIONS = "http://www.mondialrelay.fr/webservice/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FOLLOW = "https://www.mondialrelay.fr/suivi-de-colis/?numeroExpedition="
OWN_HOSTS = (".mondialrelay.com", ".mondialrelay.fr")
NETWORK = frozenset({"FR", "MC", "BE", "LU", "NL", "ES", "PT", "IT", "DE", "AT"})
"""Poland asks for a telephone number and dimensions, which a return has not."""
UNKNOWN_WEIGHT = 1000
LONGEST_LINE = 30
MOST_POINTS = "20"
MOST_EVENTS = 200
PARIS = ZoneInfo("Europe/Paris")
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
# "System error" and "PDF unavailable": the shipment may have been made.
UNSURE = frozenset({"-1", "99999", "10080"})
ANSWERED = frozenset({"0", "80", "81", "82", "83"})
NOT_KNOWN = frozenset({"24", "94"})
LINES = {
    TrackingStatus.INFO_RECEIVED: (
        *("RECEPTION DES DONNEES", "COLIS EN PREPARATION CHEZ L'EXPEDITEUR"),
    ),
    TrackingStatus.IN_TRANSIT: (
        *("PRISE EN CHARGE POINT RELAIS", "PRISE EN CHARGE EN AGENCE", "COLIS PRIS EN CHARGE"),
        *("COLIS REMIS A MONDIAL RELAY", "COLIS LIVRE AU POINT RELAIS"),
        "COLIS EN TRAITEMENT SUR LE SITE LOGISTIQUE DE DESTINATION",
    ),
    TrackingStatus.OUT_FOR_DELIVERY: ("COLIS REMIS AU LIVREUR",),
    TrackingStatus.AVAILABLE_FOR_PICKUP: (
        *("DISPONIBLE AU POINT RELAIS", "COLIS DISPONIBLE AU POINT RELAIS"),
    ),
    TrackingStatus.DELIVERED: ("COLIS LIVRE", "COLIS LIVRE AU DESTINATAIRE"),
    TrackingStatus.EXCEPTION: ("RETOUR A L'EXPEDITEUR",),
}
BY_LINE = {line: status for status, lines in LINES.items() for line in lines}
_UNREADABLE = (etree.XMLSyntaxError, ValueError, AttributeError, IndexError)
_NO_ANSWER = LabelAnswer(LabelOutcome.NO_ANSWER)


@carriers.add
class MondialRelay(Carrier):
    """Return labels handed in at a Point Relais, its places, and what is reported of a parcel."""

    key = "mondial_relay"
    title = "Mondial Relay"
    can = frozenset({Ability.LABEL, Ability.POLL, Ability.POINTS})
    tried_live = False
    settings = ("MONDIAL_RELAY_BRAND", "MONDIAL_RELAY_LOGIN", "MONDIAL_RELAY_PASSWORD")

    def advice(self, tracking_number: str) -> SendingAdvice:
        """The label has the number; Mondial Relay's page follows it."""
        url = f"{FOLLOW}{quote(tracking_number, safe='')}" if tracking_number else ""
        return SendingAdvice(needs_tracking_number=False, tracking_url=url)

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Ask for a shipment, then for its PDF; what cannot be read counts as no answer."""
        if not self.is_set_up():
            return LabelAnswer(LabelOutcome.REFUSED, code="not_connected")
        if not {order.sender.country, order.recipient.country} <= NETWORK:
            return LabelAnswer(LabelOutcome.REFUSED, code="outside_the_network")
        ends_at = time.monotonic() + self._time()
        headers = {"Accept": "application/xml", "Content-Type": "text/xml; charset=utf-8"}
        address, wish = self.account.setting("MONDIAL_RELAY_URL", API), self._wish(order)
        try:
            reply = request("POST", address, content=wish, headers=headers, seconds=self._time())
        except NoAnswer:
            return _NO_ANSWER
        if reply.status >= 500 or reply.status in {408, 425, 429}:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=str(reply.status))
        if reply.status in {401, 403}:
            return LabelAnswer(LabelOutcome.REFUSED, code="not_let_in")
        try:
            number, url, code = _shipment(read_answer(reply.body))
        except _UNREADABLE:
            if reply.status >= 400:
                return LabelAnswer(LabelOutcome.REFUSED, code=str(reply.status))
            return _NO_ANSWER
        if not number:
            is_unsure = not code or code in UNSURE
            outcome = LabelOutcome.NO_ANSWER if is_unsure else LabelOutcome.REFUSED
            return LabelAnswer(outcome, code=code)
        pdf = self._pdf(url, ends_at)
        if not pdf:
            return LabelAnswer(LabelOutcome.NO_ANSWER, code=f"no_pdf_{number}")
        return LabelAnswer(LabelOutcome.MADE, reference=number, tracking_number=number, pdf=pdf)

    def points_near(self, place: Place) -> Sequence[ToldPoint] | None:
        """The Points Relais and lockers that take parcels in; none outside its network."""
        if place.country not in NETWORK:
            return ()
        fields = {
            "Enseigne": self._brand(),
            "Pays": _country(place),
            "NumPointRelais": "",
            "Ville": "",
            "CP": place.postcode,
            "Latitude": "",
            "Longitude": "",
            "Taille": "",
            "Poids": "",
            "Action": "REL",
            "DelaiEnvoi": "0",
            "RayonRecherche": "",
            "TypeActivite": "",
            "NACE": "",
            "NombreResultats": MOST_POINTS,
        }
        seconds = min(POINTS_SECONDS, self._time())
        try:
            told = self._service("WSI4_PointRelais_Recherche", fields, seconds)
            if told is None or _text(told, "STAT") != "0":
                return None
            return [_point(row) for row in told.iter(f"{{{ACTIONS}}}PointRelais_Details")]
        except _UNREADABLE:
            return None

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All reports of the number, oldest first; none where it is not known yet."""
        fields = {"Enseigne": self._brand(), "Expedition": tracking_number, "Langue": "FR"}
        try:
            told = self._service("WSI2_TracingColisDetaille", fields, self._time())
            if told is None:
                return None
            stat = _text(told, "STAT")
            if stat in NOT_KNOWN:
                return []
            if stat not in ANSWERED:
                return None
            rows = list(told.iter(f"{{{ACTIONS}}}ret_WSI2_sub_TracingColisDetaille"))
            scans = [_scan(tracking_number, row) for row in rows[:MOST_EVENTS] if _is_said(row)]
        except _UNREADABLE:
            return None
        return sorted(scans, key=lambda scan: scan.happened_at)

    def _service(
        self, name: str, fields: Mapping[str, str], seconds: float
    ) -> etree._Element | None:
        """The result of a call to API 1; None without a key, or where nothing came back."""
        key = self.account.setting("MONDIAL_RELAY_PRIVATE_KEY")
        if not key or not self.account.setting("MONDIAL_RELAY_BRAND"):
            return None
        signed = "".join(fields.values()) + key
        security = hashlib.md5(signed.encode(), usedforsecurity=False).hexdigest().upper()
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        call = etree.SubElement(body, f"{{{ACTIONS}}}{name}", nsmap={None: ACTIONS})
        for field, value in {**fields, "Security": security}.items():
            etree.SubElement(call, f"{{{ACTIONS}}}{field}").text = value
        address = self.account.setting("MONDIAL_RELAY_SERVICE_URL", SERVICE)
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{ACTIONS}{name}"',
        }
        content = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
        try:
            reply = request("POST", address, content=content, headers=headers, seconds=seconds)
        except NoAnswer:
            return None
        if reply.status != 200:
            return None
        return read_answer(reply.body).find(f".//{{{ACTIONS}}}{name}Result")

    def _wish(self, order: LabelOrder) -> bytes:
        setting = self.account.setting
        usual = setting("MONDIAL_RELAY_WEIGHT_GRAMS", str(UNKNOWN_WEIGHT))
        grams = order.weight_grams or int(usual if usual.isdecimal() else UNKNOWN_WEIGHT)
        point = setting("MONDIAL_RELAY_RETURN_TO")
        root = etree.Element(f"{{{REQUEST}}}ShipmentCreationRequest", nsmap={None: REQUEST})
        context, output = _below(root, "Context"), _below(root, "OutputOptions")
        for name, value in (
            ("Login", setting("MONDIAL_RELAY_LOGIN")),
            ("Password", setting("MONDIAL_RELAY_PASSWORD")),
            ("CustomerId", self._brand()),
            ("Culture", "fr-FR"),
            ("VersionAPI", "1.0"),
        ):
            _below(context, name, value)
        _below(output, "OutputFormat", "10x15")
        _below(output, "OutputType", "PdfUrl")
        shipment = _below(_below(root, "ShipmentsList"), "Shipment")
        _below(shipment, "OrderNo", re.sub(r"[^0-9A-Z_-]", "", order.return_number.upper())[:15])
        _below(shipment, "CustomerNo", reference_of(order))
        _below(shipment, "ParcelCount", "1")
        to = {"Mode": "24R", "Location": point} if point else {"Mode": "LCC", "Location": ""}
        _below(shipment, "DeliveryMode", "", to)
        _below(shipment, "CollectionMode", "", {"Mode": "REL", "Location": ""})
        parcel = _below(_below(shipment, "Parcels"), "Parcel")
        _below(parcel, "Weight", "", {"Value": str(max(grams, 10)), "Unit": "gr"})
        _address(_below(shipment, "Sender"), order.sender)
        _address(_below(shipment, "Recipient"), order.recipient)
        made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return made

    def _pdf(self, url: str, ends_at: float) -> bytes:
        """The PDF at ``url``, which is Mondial Relay's or nobody's; empty where none came."""
        told, api = urlsplit(url), urlsplit(self.account.setting("MONDIAL_RELAY_URL", API))
        if (told.hostname or "").endswith(OWN_HOSTS):
            address = told._replace(scheme="https").geturl()
        elif told.netloc == api.netloc:
            address = told._replace(scheme=api.scheme).geturl()
        else:
            return b""
        for _attempt in range(2):
            reply = _fetched(address, ends_at - time.monotonic())
            if reply is not None and reply.status == 200 and reply.body.startswith(b"%PDF-"):
                return reply.body
        return b""

    def _brand(self) -> str:
        return self.account.setting("MONDIAL_RELAY_BRAND").upper().ljust(8)

    def _time(self) -> float:
        try:
            wanted = float(self.account.setting("MONDIAL_RELAY_TIMEOUT"))
        except ValueError:
            return TOTAL_SECONDS
        return min(TOTAL_SECONDS, max(0.1, wanted))


def reference_of(order: LabelOrder) -> str:
    """Our reference as ``CustomerNo`` takes it: nine letters and digits."""
    return order.label_id.hex[:9].upper()


def _fetched(address: str, seconds: float) -> Reply | None:
    if seconds <= 0:
        return None
    try:
        return request("GET", address, seconds=seconds)
    except NoAnswer:
        return None


def read_answer(body: bytes) -> etree._Element:
    """What is in ``body``; nothing that it names is fetched or unfolded. Raises ``ValueError`` and
    ``XMLSyntaxError``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(body, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type is not part of any answer")
    return root


def _shipment(root: etree._Element) -> tuple[str, str, str]:
    """The number of the shipment, the address of its PDF, and the first error's code."""
    if etree.QName(root).localname != "ShipmentCreationResponse":
        raise ValueError("another document")
    made = root.find(".//{*}Shipment")
    number = "" if made is None else words(made.get("ShipmentNumber"), 40)
    url = (root.findtext(".//{*}Output") or "").strip()
    wrong = [
        one for one in root.iter("{*}Status") if "error" in (one.get("Level") or "").casefold()
    ]
    return number, url, words(wrong[0].get("Code"), 60) if wrong else ""


def _point(row: etree._Element) -> ToldPoint:
    """A place; what cannot be read of it is left empty."""
    name = _text(row, "LgAdr1")
    lines = [_text(row, f"LgAdr{number}") for number in (2, 3, 4)]
    hours = tuple(_day(row, day) for day in DAYS)
    metres = _text(row, "Distance")
    is_locker = name.casefold().startswith(("locker", "consigne"))
    return ToldPoint(
        reference=_text(row, "Num"),
        kind=PointKind.LOCKER if is_locker else PointKind.RELAY,
        name=name,
        street=", ".join(line for line in lines if line),
        postcode=_text(row, "CP")[:12],
        town=_text(row, "Ville"),
        country=_text(row, "Pays").upper(),
        carrier_name="Mondial Relay",
        metres=int(metres) if metres.isdecimal() else None,
        hours=hours if any(hours) else (),
    )


def _day(row: etree._Element, day: str) -> str:
    """``0900 1200 1400 1900`` as two spans; ``0000 0000`` is no span."""
    told = [one.text or "" for one in row.iterfind(f"{{*}}Horaires_{day}/{{*}}string")]
    spans = zip(told[::2], told[1::2], strict=False)
    is_read = re.compile(r"\d{4}").fullmatch
    return ", ".join(
        f"{begins[:2]}:{begins[2:]}-{ends[:2]}:{ends[2:]}"
        for begins, ends in spans
        if is_read(begins) and is_read(ends) and begins != ends
    )


def _is_said(row: etree._Element) -> bool:
    """Whether the row is a report: the service fills its table up with empty ones."""
    return bool(_text(row, "Libelle") and _text(row, "Date"))


def _scan(number: str, row: etree._Element) -> Scan:
    """A report; asked for again it has the same name."""
    said, day = _text(row, "Libelle"), _text(row, "Date")
    form = "%d/%m/%Y %H:%M" if len(day) == 10 else "%d/%m/%y %H:%M"
    hour = _text(row, "Heure") or "00:00"
    moment = datetime.strptime(f"{day} {hour}", form).replace(tzinfo=PARIS)
    line = _folded(said).upper().replace("’", "'").rstrip(" .")
    name = f"{number.lower()}|{line}|{int(moment.timestamp())}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    status = BY_LINE.get(line, TrackingStatus.PENDING)
    return Scan(digest, number, status, moment, place=_text(row, "Emplacement"), words=said)


def _text(row: etree._Element, name: str) -> str:
    """What the child ``name`` says, without the blanks that fill it up."""
    return words(row.findtext(f"{{*}}{name}"), 200).strip()


def _below(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> etree._Element:
    made = etree.SubElement(parent, f"{{{REQUEST}}}{name}", dict(attributes or {}))
    made.text = text or None
    return made


def _address(parent: etree._Element, place: Place) -> None:
    """The street takes 30 signs; what does not fit stands in the line below it."""
    streets = [line for line in place.lines if line]
    street, *rest = textwrap.wrap(_plain(streets[0]) if streets else "", LONGEST_LINE) or [""]
    more = " ".join([*rest, *(_plain(line) for line in streets[1:])])
    address = _below(parent, "Address")
    for name, value in (
        ("Streetname", street),
        ("CountryCode", _country(place)),
        ("PostCode", place.postcode[:10]),
        ("City", _plain(place.town)[:30].strip()),
        ("AddressAdd1", _plain(place.name)[:LONGEST_LINE].strip()),
        ("AddressAdd3", more[:LONGEST_LINE].strip()),
        ("Email", place.email if len(place.email) <= 70 else ""),
    ):
        if value:
            _below(address, name, value)


def _country(place: Place) -> str:
    """Monaco is served as France."""
    return "FR" if place.country == "MC" else place.country


def _plain(text: str) -> str:
    """``text`` in the signs that labels take: capitals without accents, digits, a few marks."""
    return " ".join(re.sub(r"[^0-9A-Z_\-'., /]", " ", _folded(text).upper()).split())


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
