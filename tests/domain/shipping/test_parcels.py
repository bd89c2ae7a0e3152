"""Labels, scans, lost parcels and their papers."""

import io
import json
import threading
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
import typst
import zxingcpp
from PIL import Image
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    end_claim,
    lay_in_label,
    say_what_became,
    send_label,
    set_shipping_terms,
    settle_label,
    start_void,
    take_scans,
)
from rebond.domain.shipping.errors import (
    ClaimAnswerUnclear,
    ClaimOver,
    LabelAlreadyThere,
    LabelFileUnreadable,
    LabelNotVoidable,
    LabelStockEmpty,
    NoLabelOffered,
    NotToBeSent,
)
from rebond.domain.shipping.jobs import ask_carriers, claim_silent_parcels, look_labels_up
from rebond.domain.shipping.models import Label, ParcelClaim, TrackingEvent
from rebond.domain.shipping.papers import TEMPLATES, address_label, packing_slip
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel import typeset as typesetting
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.kernel.money import Money
from rebond.simulator.parcels import Depot, sign

PDF = b"%PDF-1.7 a label"
MADE = LabelAnswer(LabelOutcome.MADE, "lbl_1", "SIM000000001FR", PDF, Money(590, "EUR"))
NO_ANSWER = LabelAnswer(LabelOutcome.NO_ANSWER)
SECRET = "a secret of the carrier"


@pytest.fixture
def shop(db):
    shop = small_shop()
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    return shop


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop))


@pytest.fixture
def depot(monkeypatch):
    depot = Depot(("127.0.0.1", 0))
    threading.Thread(target=depot.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_URL", depot.url)
    monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_SECRET", SECRET)
    monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_TIMEOUT", "0.8")
    yield depot
    depot.shutdown()
    depot.server_close()


def said(rma, name):
    return Event.objects.filter(shop_id=rma.shop_id, subject=rma.pk, name=name).count()


def scan(number, status, *, name="s1", ago=timedelta(0), weight=None):
    return Scan(name, number, TrackingStatus(status), now() - ago, weight_grams=weight)


# --- labels -----------------------------------------------------------------------------------


def test_a_label_is_bought_and_its_number_is_the_parcels(rma, depot):
    label = ask_label(rma.pk, by="shopper")
    run_jobs()

    label.refresh_from_db()
    assert (label.state, label.cost_minor, label.currency) == ("ready", 590, "EUR")
    assert label.parcel.tracking_number == "SIM000000001FR"
    assert len(depot.under(str(label.pk))) == 1
    assert said(rma, "label.ready") == 1


@pytest.mark.parametrize("mode", ["timeout_after", "500_after", "reset_after", "garbage"])
def test_a_label_whose_answer_is_lost_is_found_and_not_bought_again(rma, depot, mode):
    depot.plan(mode, seconds=2)
    label = ask_label(rma.pk, by="shopper")
    run_jobs()
    assert Label.objects.get(pk=label.pk).state == "unknown"

    with time_machine.travel(now() + timedelta(minutes=2)):
        look_labels_up()

    assert Label.objects.get(pk=label.pk).state == "ready"
    assert len(depot.under(str(label.pk))) == 1


def test_a_label_that_the_carrier_certainly_has_not_is_asked_for_again(rma, depot):
    depot.plan("500_before")
    label = ask_label(rma.pk, by="shopper")
    run_jobs()

    with time_machine.travel(now() + timedelta(minutes=2)):
        look_labels_up()
        run_jobs()

    assert Label.objects.get(pk=label.pk).state == "ready"
    assert len(depot.under(str(label.pk))) == 1


def test_a_worker_that_died_in_the_call_leaves_a_label_to_be_looked_up(rma, depot):
    label = ask_label(rma.pk, by="shopper")
    sending = send_label(label.pk)
    depot.make_label({"reference": str(label.pk)})

    run_jobs()
    with time_machine.travel(now() + timedelta(minutes=3)):
        look_labels_up()

    assert sending is not None
    assert Label.objects.get(pk=label.pk).state == "ready"
    assert len(depot.under(str(label.pk))) == 1


def test_a_carrier_that_is_busy_is_left_alone_for_a_while(rma, depot):
    depot.plan("429")
    label = ask_label(rma.pk, by="shopper")
    run_jobs()
    assert Label.objects.get(pk=label.pk).state == "unknown"

    with time_machine.travel(now() + timedelta(minutes=2)):
        look_labels_up()
        run_jobs()

    assert len(depot.under(str(label.pk))) == 1


def test_a_worker_that_slept_does_not_ask_any_more(rma):
    label = ask_label(rma.pk, by="shopper")

    sending = send_label(label.pk)

    assert not sending.is_too_late(now())
    assert sending.is_too_late(now() + timedelta(seconds=61))


def test_only_one_worker_may_send_for_a_label_and_only_one_answer_counts(rma):
    label = ask_label(rma.pk, by="shopper")

    assert send_label(label.pk) is not None
    assert send_label(label.pk) is None
    assert settle_label(label.pk, MADE) == "ready"
    assert settle_label(label.pk, LabelAnswer(LabelOutcome.REFUSED)) == "ready"


def test_a_refused_label_leaves_the_return_as_it_was(rma, depot):
    depot.plan("refuse")
    label = ask_label(rma.pk, by="shopper")
    run_jobs()

    rma.refresh_from_db()
    assert Label.objects.get(pk=label.pk).state == "refused"
    assert rma.parcel_state == ParcelState.NONE
    assert said(rma, "label.failed") == 1


def test_a_label_nobody_can_find_waits_for_a_person(rma):
    label = ask_label(rma.pk, by="shopper")
    send_label(label.pk)
    for _ in range(6):
        settle_label(label.pk, NO_ANSWER)

    assert Label.objects.get(pk=label.pk).state == "unclear"
    with pytest.raises(NoLabelOffered):
        say_what_became(rma.shop_id, label.pk, was_made=True, tracking_number="", pdf=b"", by="Ana")
    assert (
        say_what_became(
            rma.shop_id, label.pk, was_made=True, tracking_number="6A1", pdf=PDF, by="Ana"
        )
        == "ready"
    )


def test_nobody_gets_a_second_label_while_the_first_is_in_doubt(rma):
    ask_label(rma.pk, by="shopper")

    with pytest.raises(LabelAlreadyThere):
        ask_label(rma.pk, by="shopper")


def test_each_parcel_of_a_return_has_a_label_of_its_own(rma, depot):
    for _ in range(2):
        ask_label(rma.pk, by="shopper")
        run_jobs()

    numbers = set(rma.parcels.values_list("tracking_number", flat=True))
    assert numbers == {"SIM000000001FR", "SIM000000002FR"}


def test_where_the_shop_names_no_carrier_there_is_no_label(rma):
    set_shipping_terms(rma.shop, label_carrier="", lost_after_days=10, by="test")

    with pytest.raises(NoLabelOffered):
        ask_label(rma.pk, by="shopper")
    with pytest.raises(NoLabelOffered):
        set_shipping_terms(rma.shop, label_carrier="own_carrier", lost_after_days=10, by="test")


def test_a_label_of_the_stock_is_given_out_once(shop):
    set_shipping_terms(shop, label_carrier="manual", lost_after_days=10, by="test")
    lay_in_label(shop, carrier_name="Colissimo", tracking_number="6a 1", pdf=PDF, by="Ana")
    one = requested_return(order_of(shop))
    other = requested_return(order_of(shop, number="1002"))

    label = ask_label(one.pk, by="shopper")

    assert (label.state, label.parcel.tracking_number) == ("ready", "6A1")
    assert label.parcel.carrier_name == "Colissimo"
    with pytest.raises(LabelStockEmpty):
        ask_label(other.pk, by="shopper")
    assert not other.parcels.exists()


@pytest.mark.parametrize(
    ("contract", "charged"), [("", "made"), ("scan", "scan"), ("made", "made")]
)
def test_a_label_keeps_when_it_is_charged_as_the_contract_said_then(shop, contract, charged):
    rma = requested_return(order_of(shop))
    terms = {"label_carrier": "manual", "lost_after_days": 10, "by": "test"}
    set_shipping_terms(shop, **terms, label_charge=contract)
    lay_in_label(shop, carrier_name="X", tracking_number="6A9", pdf=b"%PDF-1", by="test")
    label = ask_label(rma.pk, by="test")
    set_shipping_terms(shop, **terms, label_charge="made" if contract == "scan" else "scan")

    label.refresh_from_db()
    assert label.charged_at == charged
    with pytest.raises(ValueError):
        set_shipping_terms(shop, **terms, label_charge="never")


def test_only_a_pdf_with_a_new_number_is_laid_in(shop):
    lay_in_label(shop, carrier_name="", tracking_number="6A1", pdf=PDF, by="Ana")

    with pytest.raises(LabelFileUnreadable):
        lay_in_label(shop, carrier_name="", tracking_number="6A2", pdf=b"<html>", by="Ana")
    with pytest.raises(LabelAlreadyThere):
        lay_in_label(shop, carrier_name="", tracking_number="6a1", pdf=PDF, by="Ana")


def test_a_label_that_was_not_used_is_given_back(rma, depot):
    label = ask_label(rma.pk, by="shopper")
    run_jobs()

    start_void(rma.shop_id, label.pk, by="Ana")
    run_jobs()

    rma.refresh_from_db()
    assert Label.objects.get(pk=label.pk).state == "void"
    assert rma.parcel_state == ParcelState.NONE


def test_a_label_of_a_parcel_under_way_is_not_given_back(rma, depot):
    label = ask_label(rma.pk, by="shopper")
    run_jobs()
    take_scans(rma.shop_id, "simulator", [scan("SIM000000001FR", "in_transit")])

    with pytest.raises(LabelNotVoidable):
        start_void(rma.shop_id, label.pk, by="Ana")


def test_no_label_for_a_return_that_is_off(rma):
    type(rma).objects.filter(pk=rma.pk).update(request_state="cancelled")

    with pytest.raises(NotToBeSent):
        ask_label(rma.pk, by="shopper")


# --- reports ------------------------------------------------------------------------------------


@pytest.fixture
def parcel(rma):
    return announce_parcel(
        rma.pk, carrier="simulator", carrier_name="", tracking_number="SIM9", by="shopper"
    )


def test_the_first_scan_is_the_proof_of_sending_and_a_delivery_is_told_once(rma, parcel):
    scans = [scan("sim9", "in_transit"), scan("SIM9", "delivered", name="s2")]

    assert take_scans(rma.shop_id, "simulator", scans) == 2
    assert take_scans(rma.shop_id, "simulator", scans) == 0

    rma.refresh_from_db()
    assert rma.parcel_state == ParcelState.DELIVERED
    assert (said(rma, "parcel.handed_in"), said(rma, "parcel.delivered")) == (1, 1)


def test_the_earliest_scan_counts_in_whatever_order_they_come(rma, parcel):
    late = scan("SIM9", "delivered", name="s3", ago=timedelta(days=1))
    early = scan("SIM9", "in_transit", name="s1", ago=timedelta(days=3))

    take_scans(rma.shop_id, "simulator", [late])
    take_scans(rma.shop_id, "simulator", [early])

    parcel.refresh_from_db()
    assert parcel.handed_in_at == early.happened_at
    assert parcel.state == ParcelState.DELIVERED
    assert said(rma, "parcel.hand_in_corrected") == 1


def test_a_report_before_the_parcel_is_announced_counts_afterwards(rma):
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "in_transit")])

    parcel = announce_parcel(
        rma.pk, carrier="simulator", carrier_name="", tracking_number="SIM9", by="shopper"
    )

    parcel.refresh_from_db()
    assert parcel.state == ParcelState.IN_TRANSIT


def test_a_label_that_was_only_registered_proves_nothing(rma, parcel):
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "info_received")])

    parcel.refresh_from_db()
    assert parcel.handed_in_at is None


def test_the_day_of_arrival_follows_the_carrier_even_without_a_new_scan(rma, parcel):
    first = replace(scan("SIM9", "in_transit"), expected_on=date(2026, 11, 25))
    older = replace(
        scan("SIM9", "in_transit", name="s0", ago=timedelta(days=2)), expected_on=date(2026, 11, 24)
    )
    silent = scan("SIM9", "out_for_delivery", name="s2", ago=timedelta(0))
    days = []

    for told in ([first, older], [replace(first, expected_on=date(2026, 11, 26))], [silent]):
        take_scans(rma.shop_id, "simulator", told)
        parcel.refresh_from_db()
        days.append(parcel.expected_on)

    assert days == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 26)]
    assert parcel.state == "in_transit"


def test_a_number_of_another_shop_moves_nothing_here(rma, parcel):
    take_scans(small_shop("atelier").pk, "simulator", [scan("SIM9", "delivered")])

    parcel.refresh_from_db()
    assert parcel.delivered_at is None


def test_a_parcel_that_weighs_much_less_than_it_should_is_marked(rma, parcel):
    type(parcel).objects.filter(pk=parcel.pk).update(weight_grams=2000)

    take_scans(rma.shop_id, "simulator", [scan("SIM9", "in_transit", weight=300)])

    parcel.refresh_from_db()
    assert parcel.weight_differs


def test_carriers_are_asked_about_parcels_under_way(rma, parcel, depot):
    depot.scan("SIM9", "in_transit", place="Lyon")

    ask_carriers()
    run_jobs()

    parcel.refresh_from_db()
    assert parcel.handed_in_at is not None
    assert TrackingEvent.objects.get(shop=rma.shop).place == "Lyon"


def test_a_signed_message_is_taken_and_another_is_not(client, rma, parcel, depot):
    row = {"id": "s1", "tracking_number": "SIM9", "status": "delivered", "at": time.time()}
    body = json.dumps({"scans": [row]}).encode()
    door = "/hooks/carriers/galerie/simulator/"

    def post(secret):
        signature = sign(secret, body, int(time.time()))
        return client.post(
            door, body, "application/json", headers={"simulator-signature": signature}
        ).status_code

    assert post("another") == 401
    assert post(SECRET) == 204
    assert post(SECRET) == 204
    parcel.refresh_from_db()
    assert parcel.delivered_at is not None
    assert client.post("/hooks/carriers/galerie/own_carrier/", body, "x/y").status_code == 404


# --- lost ---------------------------------------------------------------------------------------


def test_a_parcel_nobody_scanned_for_ten_days_is_claimed_once(rma, parcel):
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "in_transit", ago=timedelta(days=9))])
    claim_silent_parcels()
    assert not ParcelClaim.objects.filter(shop=rma.shop).exists()

    with time_machine.travel(now() + timedelta(days=2)):
        claim_silent_parcels()
        claim_silent_parcels()

    claim = ParcelClaim.objects.get(shop=rma.shop)
    rma.refresh_from_db()
    assert (claim.why, claim.state) == ("silence", "open")
    assert rma.parcel_state == ParcelState.LOST


def test_a_lost_parcel_that_is_scanned_again_is_found(rma, parcel):
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "lost", ago=timedelta(days=1))])
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "in_transit", name="s2")])

    rma.refresh_from_db()
    assert ParcelClaim.objects.get(shop=rma.shop).state == "found"
    assert rma.parcel_state == ParcelState.IN_TRANSIT


def test_a_claim_is_paid_with_a_sum_and_only_once(rma, parcel):
    take_scans(rma.shop_id, "simulator", [scan("SIM9", "lost")])
    claim = ParcelClaim.objects.get(shop=rma.shop)

    with pytest.raises(ClaimAnswerUnclear):
        end_claim(rma.shop_id, claim.pk, answer="paid", by="Ana")
    with pytest.raises(ClaimAnswerUnclear):
        end_claim(rma.shop_id, claim.pk, answer="open", by="Ana")
    end_claim(rma.shop_id, claim.pk, answer="paid", paid_minor=2500, by="Ana")
    with pytest.raises(ClaimOver):
        end_claim(rma.shop_id, claim.pk, answer="given_up", by="Ana")

    claim.refresh_from_db()
    assert (claim.state, claim.paid_minor) == ("paid", 2500)


# --- papers -------------------------------------------------------------------------------------


def codes_on(monkeypatch, make):
    """What a scanner reads on the first page, set again as a picture of 203 dots an inch."""
    kept = {}
    plain = typesetting.typeset

    def catch(template, data, *, made_at):
        kept.update(template=template, data=data, made_at=made_at)
        return plain(template, data, made_at=made_at)

    monkeypatch.setattr("rebond.domain.shipping.papers.typeset", catch)
    monkeypatch.setattr("rebond.domain.shipping.sheets.typeset", catch)
    assert make().startswith(b"%PDF-")
    moment = kept["made_at"]
    picture = typst.compile(
        str(kept["template"]),
        root=str(TEMPLATES),
        format="png",
        ppi=203,
        font_paths=[str(typesetting.FONTS)],
        sys_inputs={
            "data": json.dumps(kept["data"]),
            "made": json.dumps([moment.year, moment.month, moment.day]),
        },
    )
    pages = picture if isinstance(picture, list) else [picture]
    assert len(pages) == 1
    page = Image.open(io.BytesIO(pages[0])).convert("L")
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(page)}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_scanner_reads_the_slip(monkeypatch, rma, language):
    read = codes_on(monkeypatch, lambda: packing_slip(rma, language=language, made_at=now()))

    assert read == {("Code128", rma.number), ("QRCode", rma.number)}


@pytest.mark.parametrize("paper", ["a6", "a4"])
def test_a_scanner_reads_the_label(monkeypatch, rma, paper):
    read = codes_on(
        monkeypatch, lambda: address_label(rma, paper=paper, language="fr", made_at=now())
    )

    assert read == {("Code128", rma.number), ("QRCode", rma.number)}
