"""What only Mondial Relay does: a PDF behind an address, lines without codes, answers in XML."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.integrations.fakes import mondial_relay as fakes

from rebond.domain.shipping.ports import LabelOrder, LabelOutcome, Place
from rebond.domain.shipping.states import PointKind
from rebond.domain.shipping.tracking import PROVES_HAND_IN, TrackingStatus
from rebond.integrations.carriers.mondial_relay import MondialRelay
from rebond.kernel.companies import Account

HOME = Place(
    "Camille Œuvrard & Fils", ("3 rue du Puits", "Bât. B"), "75005", "Paris", "FR", "c@x.example"
)
SHOP = Place("Galerie", ("128 avenue du Général-de-Gaulle prolongée",), "69000", "Lyon", "FR")
NUMBER = "96400001"


@pytest.fixture
def fake(monkeypatch):
    server = fakes.MondialRelayFake()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_URL", server.url)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_SERVICE_URL", server.service_url)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_BRAND", fakes.BRAND)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_LOGIN", fakes.LOGIN)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_PASSWORD", fakes.PASSWORD)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_PRIVATE_KEY", fakes.PRIVATE_KEY)
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_TIMEOUT", "0.6")
    yield server
    server.shutdown()
    server.server_close()


def order(**more):
    return replace(LabelOrder(uuid4(), "R-2026-000001", HOME, SHOP, 1200, "EUR"), **more)


def plug():
    return MondialRelay(Account("galerie"))


def test_the_label_is_fetched_where_the_answer_says(fake):
    answer = plug().buy_label(order())

    assert answer.outcome is LabelOutcome.MADE
    assert (answer.pdf, answer.tracking_number, answer.cost) == (fakes.PDF, NUMBER, None)
    assert plug().advice(NUMBER).tracking_url.endswith(NUMBER)


def test_what_is_sent_is_handed_in_anywhere_and_brought_to_the_shop(fake):
    plug().buy_label(order())
    plug().buy_label(order(weight_grams=None))

    first, second = fake.wishes
    assert dict(first.find(".//{*}CollectionMode").attrib) == {"Mode": "REL", "Location": ""}
    assert first.find(".//{*}DeliveryMode").get("Mode") == "LCC"
    assert [one.find(".//{*}Weight").get("Value") for one in (first, second)] == ["1200", "1000"]
    assert first.findtext(".//{*}OrderNo") == "R-2026-000001"


def test_names_and_streets_are_written_as_labels_take_them(fake):
    plug().buy_label(order())

    (wish,) = fake.wishes
    told = {
        who: [
            wish.findtext(f".//{{*}}{who}//{{*}}{name}") for name in ("AddressAdd1", "Streetname")
        ]
        for who in ("Sender", "Recipient")
    }
    assert told["Sender"] == ["CAMILLE OEUVRARD FILS", "3 RUE DU PUITS"]
    assert told["Recipient"] == ["GALERIE", "128 AVENUE DU GENERAL-DE-"]
    assert wish.findtext(".//{*}Recipient//{*}AddressAdd3") == "GAULLE PROLONGEE"
    assert wish.findtext(".//{*}Sender//{*}AddressAdd3") == "BAT. B"


def test_a_shop_without_delivery_fetches_its_returns_at_a_point(fake, monkeypatch):
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_RETURN_TO", "FR-012345")
    plug().buy_label(order())

    (wish,) = fake.wishes
    mode = wish.find(".//{*}DeliveryMode")
    assert (mode.get("Mode"), mode.get("Location")) == ("24R", "FR-012345")


@pytest.mark.parametrize("which", ["sender", "recipient"])
def test_a_parcel_from_outside_the_network_is_refused_before_anything_is_asked(fake, which):
    answer = plug().buy_label(order(**{which: replace(HOME, country="US")}))

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, "outside_the_network")
    assert not fake.wishes


def test_monaco_is_served_as_france(fake):
    plug().buy_label(order(sender=replace(HOME, country="MC")))

    (wish,) = fake.wishes
    assert wish.findtext(".//{*}Sender//{*}CountryCode") == "FR"


def test_its_word_for_a_refusal_is_kept_and_a_warning_refuses_nothing(fake, monkeypatch):
    fake.plans.append(("refuse", 0))
    refused = plug().buy_label(order())
    incomplete = plug().buy_label(order(recipient=replace(SHOP, postcode="")))
    fake.plans.append(("warned", 0))
    warned = plug().buy_label(order())
    monkeypatch.setenv("REBOND_MONDIAL_RELAY_PASSWORD", "another")
    shut_out = plug().buy_label(order())

    assert (refused.outcome, refused.code) == (LabelOutcome.REFUSED, "10055")
    assert (incomplete.outcome, incomplete.code) == (LabelOutcome.REFUSED, "10045")
    assert warned.outcome is LabelOutcome.MADE
    assert (shut_out.outcome, shut_out.code) == (LabelOutcome.REFUSED, "10001")


@pytest.mark.parametrize("mode", ["error_-1", "error_99999", "error_10080", "status_429"])
def test_an_error_that_may_have_made_a_shipment_is_no_refusal(fake, mode):
    fake.plans.append((mode, 0))

    assert plug().buy_label(order()).outcome is LabelOutcome.NO_ANSWER


@pytest.mark.parametrize(
    ("status", "code"), [(401, "not_let_in"), (403, "not_let_in"), (400, "400")]
)
def test_a_status_that_says_no_is_a_refusal(fake, status, code):
    fake.plans.append((f"status_{status}", 0))
    answer = plug().buy_label(order())

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, code)


@pytest.mark.parametrize("mode", ["pdf_500", "pdf_page", "pdf_cut"])
def test_a_pdf_is_fetched_twice_and_then_a_person_is_told_the_shipment(fake, mode):
    fake.plans += [("plain", 0), (mode, 0)]
    mended = plug().buy_label(order())
    fake.plans += [("plain", 0), (mode, 0), (mode, 0)]
    lost = plug().buy_label(order())

    assert (mended.outcome, mended.pdf) == (LabelOutcome.MADE, fakes.PDF)
    assert (lost.outcome, lost.code) == (LabelOutcome.NO_ANSWER, "no_pdf_96400002")
    assert len(fake.wishes) == 2


def test_a_pdf_that_hangs_costs_no_more_time_than_one_call(fake):
    fake.plans += [("plain", 0), ("pdf_hang", 3.0)]

    assert plug().buy_label(order()).code == f"no_pdf_{NUMBER}"
    assert fake.fetched == 1


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/label", "https://mondialrelay.com.evil.example/a", "file:///x", ""],
)
def test_a_pdf_is_fetched_from_nobody_else(fake, url):
    fake.label_url = url

    answer = plug().buy_label(order())

    assert (answer.outcome, answer.code) == (LabelOutcome.NO_ANSWER, f"no_pdf_{NUMBER}")
    assert fake.fetched == 0


def test_reports_come_oldest_first_and_keep_their_names(fake):
    for line in (
        "RÉCEPTION DES DONNÉES",
        "PRISE EN CHARGE EN AGENCE",
        "COLIS REMIS AU LIVREUR",
        "Colis livré au destinataire",
    ):
        fake.scan(NUMBER, line)

    first, again = plug().scans_of(NUMBER), plug().scans_of(NUMBER)

    assert [scan.status for scan in first] == [
        TrackingStatus.INFO_RECEIVED,
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.DELIVERED,
    ]
    assert first == again
    assert first[0].happened_at.isoformat() == "2026-11-20T09:00:00+01:00"
    assert (first[1].place, first[1].words) == ("LILLE", "PRISE EN CHARGE EN AGENCE")


@pytest.mark.parametrize(
    "line",
    [
        "Colis non livré au destinataire",
        "Retour à l’expéditeur",
        "RÉCEPTION DES DONNÉES",
        "Votre colis est en route",
    ],
)
def test_what_is_not_known_word_for_word_proves_nothing(fake, line):
    fake.scan(NUMBER, line)

    (scan,) = plug().scans_of(NUMBER)

    assert scan.status not in PROVES_HAND_IN
    assert scan.words == line


def test_an_arrival_at_a_point_is_no_delivery(fake):
    fake.scan(NUMBER, "Colis livré au Point Relais")

    (scan,) = plug().scans_of(NUMBER)

    assert scan.status is TrackingStatus.IN_TRANSIT


@pytest.mark.parametrize(
    "mode", ["500", "429", "hang", "reset", "cut", "garbage", "drip", "object", "entity"]
)
def test_tracking_that_fails_says_nothing(fake, mode):
    fake.scan(NUMBER, "COLIS LIVRÉ")
    fake.plans.append((mode, 2.0))

    assert plug().scans_of(NUMBER) is None
    assert len(plug().scans_of(NUMBER)) == 1


def test_a_number_that_is_not_known_yet_has_no_reports(fake):
    assert plug().scans_of(NUMBER) == []


def test_without_its_private_key_places_and_reports_are_not_asked_for(fake, monkeypatch):
    fake.scan(NUMBER, "COLIS LIVRÉ")
    monkeypatch.delenv("REBOND_MONDIAL_RELAY_PRIVATE_KEY")

    assert plug().scans_of(NUMBER) is None
    assert plug().points_near(HOME) is None
    assert (fake.asked, fake.asked_points) == (0, [])


def test_places_that_take_parcels_in_are_asked_for_and_a_locker_is_one(fake):
    relay, locker = plug().points_near(HOME)

    assert (relay.kind, locker.kind) == (PointKind.RELAY, PointKind.LOCKER)
    assert (relay.name, relay.street, relay.town) == ("TABAC DU PUITS", "26 RUE DU PUITS", "PARIS")
    assert relay.hours[0] == "09:00-12:00, 14:00-19:00"
    assert plug().points_near(replace(HOME, country="US")) == ()
