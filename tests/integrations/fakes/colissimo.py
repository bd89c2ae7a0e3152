"""Colissimo's Shipping Web Service and "Suivi v2" as their documentation describes them."""

import json
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from rebond.simulator.desk import Counter
from rebond.simulator.engine import Act

KEY = "key of the fake"
TRACKING_KEY = "key of the tracking"
CODES = {"in_transit": "ET1", "delivered": "DI1"}
PDF = b"%PDF-1.3\r\n% a label\r\n\r\nof the fake\r\n%%EOF\r\n"
MARK = "uuid:dee537d3-3319-4ad8-87c1-b958f43e0739"
KIND = f'multipart/mixed; boundary="{MARK}"; start="<jsonInfos>"'


class ColissimoFake(ThreadingHTTPServer):
    """The server: labels by our reference, and the faults that are planned."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.wishes: list[dict[str, Any]] = []
        self.plans: list[tuple[str, float]] = []
        self.events: dict[str, list[dict[str, str]]] = {}
        self.asked = 0
        self.closing = threading.Event()
        self.points = [
            pickup_point("750050", "LA POSTE PARIS PUITS", 410, typeDePoint="BPR"),
            pickup_point("003128", "TABAC DU PUITS", 120),
            pickup_point("003129", "FERME POUR CONGES", 20, congesTotal=True),
        ]
        self.asked_points: list[dict[str, Any]] = []

    @property
    def points_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/pointretrait-ws-cxf/rest/v2/pointretrait"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sls-ws/SlsServiceWSRest/2.0"

    @property
    def tracking_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/suivi/v2"

    def scan(self, number: str, status: str) -> None:
        """Note an event; the service gives the newest first."""
        rows = self.events.setdefault(number, [])
        date = f"2026-11-2{len(rows)}T09:0{len(rows)}:00+01:00"
        rows.insert(0, {"code": CODES.get(status, status), "label": "Votre colis", "date": date})

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()

    def under(self, reference: str) -> list[dict[str, Any]]:
        mine = reference.replace("-", "")[:30]
        return [one for one in self.wishes if one["letter"]["service"]["orderNumber"] == mine]


def pickup_point(number: str, name: str, metres: int, **more: Any) -> dict[str, Any]:
    """A row of ``listePointRetraitAcheminement``."""
    days = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi")
    hours = {f"horairesOuverture{day}": "09:00-12:00 14:00-19:00" for day in days}
    return {
        "identifiant": number,
        "nom": name,
        "adresse1": "26 RUE DU PUITS",
        "adresse2": "",
        "adresse3": "",
        "codePostal": "75005",
        "localite": "PARIS",
        "codePays": "FR",
        "coordGeolocalisationLatitude": "48.807622",
        "coordGeolocalisationLongitude": "2.345185",
        "distanceEnMetre": metres,
        "accesPersonneMobiliteReduite": False,
        "congesPartiel": False,
        "congesTotal": False,
        "typeDePoint": "A2P",
        **hours,
        "horairesOuvertureDimanche": "00:00-00:00 00:00-00:00",
    } | more


def multipart(told: dict[str, Any], pdf: bytes | None) -> bytes:
    """The parts as the service joins them."""
    out = [_part("application/json;charset=UTF-8", "jsonInfos", json.dumps(told).encode())]
    if pdf is not None:
        out.append(_part("application/octet-stream", "label", pdf))
    return b"".join(out) + f"--{MARK}--".encode()


def _part(kind: str, name: str, content: bytes) -> bytes:
    head = (
        f"--{MARK}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{name}>\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


class Pages(Counter):
    """``generateLabel``."""

    server: ColissimoFake  # type: ignore[assignment]

    def send_header(self, keyword: str, value: str) -> None:
        """Every answer about a label has parts."""
        is_label = self.command == "POST" and self.path.endswith("generateLabel")
        has_parts = keyword == "Content-Type" and is_label
        super().send_header(keyword, KIND if has_parts else value)

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """The events of a number, as ``GET /idships/{idship}`` gives them."""
        assert page[:3] == ["suivi", "v2", "idships"]
        self.server.asked += 1
        number, rows = page[3], self.server.events.get(page[3])
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        told: Any = {"returnCode": 200, "shipment": {"idShip": number, "event": rows}}
        if self.headers.get("X-Okapi-Key") != TRACKING_KEY:
            self.say(401, {"code": "UNAUTHORIZED"})
        elif mode == "hang":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        elif mode in {"500", "429"}:
            self.say(int(mode), {})
        elif mode in {"reset", "cut", "garbage", "drip"}:
            self.play(Act(200, json.dumps(told).encode(), manner=mode))
        elif rows is None:
            self.say(404, {"returnCode": 404, "returnMessage": "Ressource non trouvée"})
        else:
            self.say(200, [told] if mode == "list" else told)

    def post(self, page: list[str], body: bytes) -> None:
        """Make a label, or say what is wrong."""
        if page[-1] == "findRDVPointRetraitAcheminement":
            self._points(json.loads(body))
            return
        assert page[-1] == "generateLabel"
        wish = json.loads(body)
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        if self.headers.get("apiKey") != KEY:
            self._refuse("30000", "Identifiant ou mot de passe incorrect")
        elif mode == "refuse":
            self._refuse("30109", "Le code postal du destinataire est incorrect")
        elif mode == "500_before":
            self.say(500, {})
        elif mode == "timeout_before":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        else:
            self._make(wish, mode, seconds)

    def _points(self, wish: dict[str, Any]) -> None:
        self.server.asked_points.append(wish)
        mode, seconds = self.server.plans.pop(0) if self.server.plans else ("plain", 0.0)
        told: dict[str, Any] = {
            "errorCode": 0,
            "errorMessage": "Code retour OK",
            "listePointRetraitAcheminement": self.server.points,
        }
        for name, error in (("zipCode", 104), ("city", 105), ("shippingDate", 106)):
            if not wish.get(name):
                told = {"errorCode": error, "errorMessage": f"{name} n'est pas renseigné"}
        if wish.get("apiKey") != KEY:
            self.say(200, {"errorCode": 201, "errorMessage": "Identifiant / mot de passe invalide"})
        elif mode == "hang":
            self.play(Act(0, b"", manner="hang", seconds=seconds))
        elif mode in {"429", "500", "503"}:
            self.say(int(mode), {})
        elif mode == "object":
            self.say(200, {"errorCode": 301, "errorMessage": "Erreur interne"})
        elif mode in {"reset", "cut", "garbage", "drip"}:
            self.play(Act(200, json.dumps(told).encode(), manner=mode))
        else:
            self.say(200, told)

    def _make(self, wish: dict[str, Any], mode: str, seconds: float) -> None:
        letter = wish["letter"]
        for who in ("sender", "addressee"):
            for name in ("lastName", "line2", "city", "zipCode", "countryCode"):
                if not letter[who]["address"].get(name):
                    self._refuse("30204", name)
                    return
        assert wish["outputFormat"]["outputPrintingType"].startswith("PDF_")
        assert 0 < letter["parcel"]["weight"] <= 30
        self.server.wishes.append(wish)
        made = {
            "messages": [
                {"id": "0", "type": "INFOS", "messageContent": "La requête a été traitée"}
            ],
            "labelXmlV2Reponse": None,
            "labelV2Response": {
                "parcelNumber": f"6A{len(self.server.wishes):011d}",
                "pdfUrl": None,
                "fields": None,
            },
        }
        body = multipart(made, PDF)
        if mode == "500_after":
            self.say(500, {})
        elif mode == "timeout_after":
            self.play(Act(200, body, manner="hang", seconds=seconds))
        elif mode in {"reset_after", "cut_after", "garbage"}:
            self.play(Act(200, body, manner=mode.removesuffix("_after")))
        else:
            self.play(Act(200, body))

    def _refuse(self, code: str, said: str) -> None:
        message = {"id": code, "type": "ERROR", "messageContent": said}
        told = {"messages": [message], "labelXmlV2Reponse": None, "labelV2Response": None}
        self.play(Act(400, multipart(told, None)))
