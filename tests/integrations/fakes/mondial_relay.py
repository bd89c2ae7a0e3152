"""Mondial Relay's shipment API and its SOAP service as their documentation describes them."""

import hashlib
import re
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from lxml import etree

from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

BRAND, LOGIN, PASSWORD = "BDTEST", "BDTEST@business-api.mondialrelay.com", "pass & word"
PRIVATE_KEY = "key of the fake"
LINES = {"in_transit": "PRISE EN CHARGE POINT RELAIS", "delivered": "COLIS LIVRÉ"}
PDF = b"%PDF-1.4\n% a label of the fake\n%%EOF\n"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE = "http://www.mondialrelay.fr/webservice/"
LABEL_TEXT = re.compile(r"[0-9A-Z_\-'., /]{0,30}")


class MondialRelayFake(ThreadingHTTPServer):
    """The server: shipments by our reference, and the faults that are planned."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.wishes: list[Any] = []
        self.plans: list[tuple[str, float]] = []
        self.events: dict[str, list[tuple[str, str, str]]] = {}
        self.asked_points: list[dict[str, str]] = []
        self.asked = 0
        self.fetched = 0
        self.closing = threading.Event()
        self.label_url = f"http://127.0.0.1:{self.server_port}/etiquettes"
        self.points = [
            place("066974", "TABAC DU PUITS", 410),
            place("070123", "LOCKER GARE DU PUITS", 120),
        ]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/shipment"

    @property
    def service_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/Web_Services.asmx"

    def scan(self, number: str, status: str) -> None:
        """Note a line; the service gives the newest first."""
        rows = self.events.setdefault(number, [])
        rows.insert(0, (LINES.get(status, status), f"2{len(rows)}/11/26", f"09:0{len(rows)}"))

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()

    def under(self, reference: str) -> list[Any]:
        mine = reference.replace("-", "")[:9].upper()
        return [one for one in self.wishes if one.findtext(".//{*}CustomerNo") == mine]


def place(number: str, name: str, metres: int) -> str:
    """A ``PointRelais_Details``, filled up with blanks as the service does."""
    open_day = "".join(f"<string>{hour}</string>" for hour in ("0900", "1200", "1400", "1900"))
    shut = "<string>0000</string>" * 4
    days = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi")
    hours = "".join(f"<Horaires_{day}>{open_day}</Horaires_{day}>" for day in days)
    return (
        f"<PointRelais_Details><STAT>0</STAT><Num>{number}</Num><LgAdr1>{name:<32}</LgAdr1>"
        f"<LgAdr2/><LgAdr3>{'26 RUE DU PUITS':<32}</LgAdr3><LgAdr4/><CP>75005</CP>"
        f"<Ville>{'PARIS':<26}</Ville><Pays>FR</Pays><Latitude>48,8076220</Latitude>"
        f"<Longitude>02,3451850</Longitude><TypeActivite>000</TypeActivite>{hours}"
        f"<Horaires_Dimanche>{shut}</Horaires_Dimanche><Distance>{metres}</Distance>"
        "</PointRelais_Details>"
    )


def enveloped(name: str, inner: str) -> bytes:
    """An answer of the SOAP service."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{SOAP}"><soap:Body>'
        f'<{name}Response xmlns="{SPACE}"><{name}Result>{inner}</{name}Result></{name}Response>'
        "</soap:Body></soap:Envelope>"
    ).encode()


def answered(shipment: str, *statuses: tuple[str, str]) -> bytes:
    """An answer of the shipment API."""
    told = "".join(
        f'<Status Code="{code}" Level="{level}" Message="said" />' for code, level in statuses
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<ShipmentCreationResponse xmlns="http://www.example.org/Response">'
        f"{shipment}<StatusList>{told}</StatusList></ShipmentCreationResponse>"
    ).encode()


def made(number: str, url: str) -> str:
    """The part of an answer that says what was made."""
    return (
        f'<ShipmentsList><Shipment ShipmentNumber="{number}"><LabelList><Label>'
        f"<Output>{url}</Output></Label></LabelList></Shipment></ShipmentsList>"
    )


class Pages(Counter):
    """``/api/shipment``, the labels it names, and ``/Web_Services.asmx``."""

    server: MondialRelayFake  # type: ignore[assignment]

    def _plan(self) -> tuple[str, float]:
        return self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """The PDF of a label."""
        assert page[0] == "etiquettes"
        self.server.fetched += 1
        mode, seconds = self._plan()
        if mode == "pdf_500":
            self.say(500, {})
        elif mode == "pdf_hang":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        elif mode == "pdf_page":
            self.play(Act(200, b"<html>Veuillez patienter</html>"))
        elif mode == "pdf_cut":
            self.play(Act(200, PDF, manner="cut"))
        else:
            self.play(Act(200, PDF))

    def post(self, page: list[str], body: bytes) -> None:
        """Make a shipment, or answer a call of the service."""
        root = etree.fromstring(body)
        if page == ["api", "shipment"]:
            assert self.headers["Accept"] == "application/xml"
            self._shipment(root)
        else:
            assert page == ["Web_Services.asmx"]
            self._call(root.find(f"{{{SOAP}}}Body")[0])

    def _shipment(self, root: Any) -> None:
        assert root.tag == "{http://www.example.org/Request}ShipmentCreationRequest"
        mode, seconds = self._plan()
        given = tuple(root.findtext(f".//{{*}}{name}") for name in ("Login", "Password"))
        if given != (LOGIN, PASSWORD):
            self._refuse("10001", "Critical Error")
        elif mode == "refuse":
            self._refuse("10055", "Error")
        elif mode.startswith("error_"):
            self._refuse(mode.removeprefix("error_"), "Critical Error")
        elif mode.startswith("status_"):
            self.say(int(mode.removeprefix("status_")), {})
        elif mode == "500_before":
            self.say(500, {})
        elif mode == "timeout_before":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        else:
            self._make(root, mode, seconds)

    def _make(self, root: Any, mode: str, seconds: float) -> None:
        assert re.fullmatch(r"[0-9A-Z]{2}[0-9A-Z ]{6}", root.findtext(".//{*}CustomerId"))
        assert re.fullmatch(r"[0-9A-Z_-]{0,15}", root.findtext(".//{*}OrderNo"))
        assert re.fullmatch(r"[0-9A-Z]{0,9}", root.findtext(".//{*}CustomerNo"))
        assert int(root.find(".//{*}Weight").get("Value")) >= 10
        for who in ("Sender", "Recipient"):
            for name, code in (("Streetname", "10040"), ("PostCode", "10045"), ("City", "10047")):
                if not root.findtext(f".//{{*}}{who}/{{*}}Address/{{*}}{name}"):
                    self._refuse(code, "Error")
                    return
            for name in ("Streetname", "City", "AddressAdd1", "AddressAdd3"):
                told = root.findtext(f".//{{*}}{who}/{{*}}Address/{{*}}{name}") or ""
                assert LABEL_TEXT.fullmatch(told), told
        self.server.wishes.append(root)
        number = f"{96400000 + len(self.server.wishes)}"
        level = ("10014", "Warning") if mode == "warned" else ("0", "Info")
        body = answered(made(number, f"{self.server.label_url}/{number}.pdf"), level)
        if mode == "500_after":
            self.say(500, {})
        elif mode == "timeout_after":
            self.play(Act(200, body, manner="hang", seconds=seconds))
        elif mode in {"reset_after", "cut_after", "garbage"}:
            self.play(Act(200, body, manner=mode.removesuffix("_after")))
        else:
            self.play(Act(200, body))

    def _refuse(self, code: str, level: str) -> None:
        self.play(Act(200, answered("", (code, level))))

    def _call(self, call: Any) -> None:
        name = etree.QName(call).localname
        assert self.headers["SOAPAction"] == f'"{SPACE}{name}"'
        fields = {etree.QName(one).localname: one.text or "" for one in call}
        security = fields.pop("Security")
        signed = hashlib.md5(("".join(fields.values()) + PRIVATE_KEY).encode()).hexdigest()
        inner = self._points(fields) if "NumPointRelais" in fields else self._tracing(fields)
        if security != signed.upper():
            inner = "<STAT>97</STAT>"
        body, (mode, seconds) = enveloped(name, inner), self._plan()
        if mode == "hang":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        elif mode in {"429", "500", "503"}:
            self.say(int(mode), {})
        elif mode == "object":
            self.play(Act(200, enveloped(name, "<STAT>99</STAT>")))
        elif mode == "entity":
            trick = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            self.play(Act(200, body.replace(b"?>", b"?>" + trick, 1)))
        elif mode in {"reset", "cut", "garbage", "drip"}:
            self.play(Act(200, body, manner=mode))
        else:
            self.play(Act(200, body))

    def _points(self, fields: dict[str, str]) -> str:
        self.server.asked_points.append(fields)
        assert (fields["Action"], len(fields["Enseigne"])) == ("REL", 8)
        if not fields["CP"]:
            return "<STAT>9</STAT>"
        return f"<STAT>0</STAT><PointsRelais>{''.join(self.server.points)}</PointsRelais>"

    def _tracing(self, fields: dict[str, str]) -> str:
        self.server.asked += 1
        rows = self.server.events.get(fields["Expedition"])
        if rows is None:
            return "<STAT>24</STAT>"
        told = "".join(
            f"<ret_WSI2_sub_TracingColisDetaille><Libelle>{line}</Libelle><Date>{day}</Date>"
            f"<Heure>{hour}</Heure><Emplacement>LILLE</Emplacement><Relais_Num/><Relais_Pays/>"
            "</ret_WSI2_sub_TracingColisDetaille>"
            for line, day, hour in [*rows, ("", "", "")]
        )
        return f"<STAT>81</STAT><Libelle01/><Tracing>{told}</Tracing>"
