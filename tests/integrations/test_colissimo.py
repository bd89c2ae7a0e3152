"""What only Colissimo does: answers in parts, France alone, tracking under a key of its own."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.integrations.fakes import colissimo as fakes

from rebond.domain.shipping.ports import LabelOrder, LabelOutcome, Place
from rebond.domain.shipping.states import Charge
from rebond.domain.shipping.tracking import PROVES_HAND_IN, TrackingStatus
from rebond.integrations.carriers.colissimo import Colissimo, parts_of
from rebond.kernel.companies import Account
from rebond.kernel.egress import Reply

HOME = Place("Camille Œuvrard", ("3 rue du Puits", "Bât. B"), "75005", "Paris", "FR", "c@x.example")
SHOP = Place("Galerie", ("12 rue des Lices",), "69000", "Lyon", "FR")


@pytest.fixture
def fake(monkeypatch):
    server = fakes.ColissimoFake()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_COLISSIMO_URL", server.url)
    monkeypatch.setenv("REBOND_COLISSIMO_KEY", fakes.KEY)
    monkeypatch.setenv("REBOND_COLISSIMO_TRACKING_URL", server.tracking_url)
    monkeypatch.setenv("REBOND_COLISSIMO_TRACKING_KEY", fakes.TRACKING_KEY)
    monkeypatch.setenv("REBOND_COLISSIMO_TIMEOUT", "0.5")
    yield server
    server.shutdown()
    server.server_close()


def order(**more):
    return replace(LabelOrder(uuid4(), "R-2026-000001", HOME, SHOP, 1200, "EUR"), **more)


def plug():
    return Colissimo(Account("galerie"))


def test_the_label_comes_byte_for_byte_out_of_its_part(fake):
    answer = plug().buy_label(order())

    assert answer.pdf == fakes.PDF
    assert (answer.tracking_number, answer.cost) == ("6A00000000001", None)
    assert plug().advice(answer.tracking_number).tracking_url.endswith("6A00000000001")


def test_its_labels_cost_once_a_parcel_is_handed_over():
    assert Colissimo.charged_at is Charge.SCAN


def test_what_is_sent_is_a_return_in_france_by_weight_in_kilograms(fake):
    plug().buy_label(order())
    plug().buy_label(order(weight_grams=None))

    (first, second) = (one["letter"] for one in fake.wishes)
    assert first["service"]["productCode"] == "CORE"
    assert [one["parcel"]["weight"] for one in (first, second)] == [1.2, 1.0]
    assert first["sender"]["address"]["line3"] == "Bât. B"


@pytest.mark.parametrize("which", ["sender", "recipient"])
def test_a_parcel_across_a_border_is_refused_before_anything_is_asked(fake, which):
    answer = plug().buy_label(order(**{which: replace(HOME, country="BE")}))

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, "only_within_france")
    assert not fake.wishes


def test_its_word_for_a_refusal_is_kept(fake, monkeypatch):
    fake.plans.append(("refuse", 0))
    refused = plug().buy_label(order())
    monkeypatch.setenv("REBOND_COLISSIMO_KEY", "another")
    shut_out = plug().buy_label(order())
    incomplete = replace(SHOP, postcode="")

    assert (refused.outcome, refused.code) == (LabelOutcome.REFUSED, "30109")
    assert (shut_out.outcome, shut_out.code) == (LabelOutcome.REFUSED, "30000")
    monkeypatch.setenv("REBOND_COLISSIMO_KEY", fakes.KEY)
    assert plug().buy_label(order(recipient=incomplete)).outcome is LabelOutcome.REFUSED


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (fakes.KIND, fakes.multipart({"messages": []}, fakes.PDF)[:-4]),
        (fakes.KIND, b""),
        ("multipart/mixed", b"x"),
    ],
)
def test_an_answer_without_its_end_is_not_read(kind, body):
    with pytest.raises(ValueError):
        parts_of(Reply(200, {"content-type": kind}, body))


def test_an_answer_in_one_piece_is_its_message():
    assert parts_of(Reply(400, {"content-type": "application/json"}, b"{}")) == {"jsonInfos": b"{}"}


NUMBER = "6A00000000001"


@pytest.mark.parametrize("mode", ["plain", "list"])
def test_reports_come_oldest_first_and_keep_their_names(fake, mode):
    for code in ("DR1", "PC1", "MD2", "DI1"):
        fake.scan(NUMBER, code)
    fake.plans.append((mode, 0))

    first, again = plug().scans_of(NUMBER), plug().scans_of(NUMBER)

    assert [scan.status for scan in first] == [
        TrackingStatus.INFO_RECEIVED,
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.DELIVERED,
    ]
    assert first == again
    assert first[0].happened_at.isoformat() == "2026-11-20T09:00:00+01:00"


@pytest.mark.parametrize("code", ["DI2", "RE1", "ND1", "DR1", "XX9"])
def test_what_went_back_to_its_sender_or_is_not_known_proves_nothing(fake, code):
    fake.scan(NUMBER, code)

    (scan,) = plug().scans_of(NUMBER)

    assert scan.status not in PROVES_HAND_IN


@pytest.mark.parametrize("mode", ["500", "429", "hang", "reset", "cut", "garbage", "drip"])
def test_tracking_that_fails_says_nothing(fake, mode):
    fake.scan(NUMBER, "DI1")
    fake.plans.append((mode, 2.0))

    assert plug().scans_of(NUMBER) is None
    assert len(plug().scans_of(NUMBER)) == 1


def test_a_number_that_is_not_known_yet_has_no_reports(fake):
    assert plug().scans_of(NUMBER) == []


def test_without_a_key_for_tracking_nobody_is_asked(fake, monkeypatch):
    fake.scan(NUMBER, "DI1")
    monkeypatch.setenv("REBOND_COLISSIMO_TRACKING_KEY", "another")
    assert plug().scans_of(NUMBER) is None
    monkeypatch.delenv("REBOND_COLISSIMO_TRACKING_KEY")

    assert plug().scans_of(NUMBER) is None
    assert fake.asked == 1
