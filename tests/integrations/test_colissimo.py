"""What only Colissimo does: answers in parts, France alone, one key."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.integrations.fakes import colissimo as fakes

from rebond.domain.shipping.ports import LabelOrder, LabelOutcome, Place
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
