"""Copies, erasure and the ends of keeping: nothing is forgotten, in neither sense of the word."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from PIL import Image
from tests.world import LAMP, MUG, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.bank_transfers.models import BankAccount
from rebond.domain.conversations.actions import write_to_shop
from rebond.domain.duties.models import Duty
from rebond.domain.fair_use.actions import appeal
from rebond.domain.fair_use.kinds import Limit, RestrictionReason
from rebond.domain.privacy.actions import (
    answered_by,
    ask_about_data,
    erase_person,
    hand_out_copy,
    keep_for,
    refuse_request,
    remove_some,
)
from rebond.domain.privacy.errors import (
    DataRequestAnswered,
    DataRequestOpen,
    MattersOpen,
    RetentionOutOfReach,
    UnknownMailbox,
    WordsNeeded,
)
from rebond.domain.privacy.links import request_behind
from rebond.domain.privacy.models import PurgeReport
from rebond.domain.proofs.actions import ask_code
from rebond.domain.returns.actions import add_note, add_photo
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Photo, Return, ReturnLine
from rebond.domain.shipping.models import ChosenMethod
from rebond.domain.shoppers.holdings import DataKind, holdings, subject_of
from rebond.domain.shoppers.models import DataRequest, RequestKind, Shopper
from rebond.domain.signals.actions import restrict_shopper
from rebond.insights.verification.promises import PROMISES
from rebond.integrations.channels.email import Email
from rebond.kernel.clock import now
from rebond.kernel.files import content_of
from rebond.kernel.ids import uuid7
from rebond.kernel.models import Job
from rebond.outbound.notifications.actions import note_undeliverable
from rebond.outbound.notifications.models import Message

MAIL = "zebulon.quax@mailbox.example"
MARKERS = ("zebulon", "quax", "rue du secret", "FR7630006000011234567890189", "MARKED")
IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def post_office(monkeypatch):
    """Mail that always leaves; what left is told."""
    sent = []
    monkeypatch.setattr(Email, "send", lambda self, letter: sent.append(letter))
    return sent


@pytest.fixture
def shop(db):
    return small_shop()


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def rma(shop):
    """A person who left a trace in every room that keeps one, and nothing open."""
    order = order_of(shop, lines=(LAMP, MUG), email=MAIL, name="Zebulon Quax")
    Shopper.objects.filter(pk=order.shopper_id).update(
        phone="+33 MARKED 1", address=["1 rue du secret", "75005 Paris"], tags=["MARKED vip"]
    )
    rma = requested_return(order)
    shopper = order.shopper
    image = clean_image(picture())
    add_photo(rma.pk, image, line_id=None, taken_by="shopper", by="shopper")
    write_to_shop(rma.pk, "MARKED words of mine", by="shopper")
    ask_code(shop, MAIL, language="fr", asked_at=now())
    restriction = restrict_shopper(
        shopper.pk,
        limits=[Limit.NO_KEEP_IT],
        reason=RestrictionReason.WORN_GOODS,
        words="MARKED, dear Zebulon Quax",
        evidence=[rma.number],
        staff=staff_of(shop),
        by="staff:Ana Lopes",
    )
    run_jobs()
    appeal(restriction.pk, "MARKED it was not me")
    add_note(rma.pk, "MARKED: rang twice", by="staff:Ana")
    ReturnLine.objects.filter(shop=shop, rma=rma).update(comment="MARKED too small")
    terms = {**rma.terms, "facts": {**(rma.terms["facts"] or {}), "shopper_marks": ["MARKED"]}}
    BankAccount.objects.create(
        shop=shop, shopper=shopper, holder="Zebulon Quax", iban=IBAN, bic="AGRIFRPP",
        given_by="shopper", given_at=now(),
    )  # fmt: skip
    Job.objects.create(
        shop_id=shop.pk, path="x", arguments=[], run_at=now() + timedelta(days=9),
        last_error=f"550 <{MAIL}> unknown",
    )  # fmt: skip
    ChosenMethod.objects.create(
        shop=shop, rma=rma, method="drop_off", fee_minor=0, currency="EUR", chosen_at=now(),
        point={"name": "MARKED relay around the corner"},
    )  # fmt: skip
    Return.objects.filter(pk=rma.pk).update(
        comment="MARKED comment", decline_note="MARKED", terms=terms,
        request_state="closed", closed_at=now(),
    )  # fmt: skip
    run_jobs()
    rma.refresh_from_db()
    return rma


def traces() -> list[str]:
    """Every table and file in which one of the markers can be read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = json.dumps([str(cell) for cell in row], ensure_ascii=False).lower()
                found += [f"{table}: {one}" for one in MARKERS if one.lower() in text]
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found += [f"{path}: {one}" for one in MARKERS if one.lower().encode() in content]
    return found


def asked(shop, kind=RequestKind.ERASE, **more) -> DataRequest:
    given = {"by": "shopper", "language": "fr", "is_proven": True}
    return ask_about_data(shop, kind, MAIL, **(given | more))


@pytest.mark.django_db(transaction=True)
def test_after_erasure_no_byte_of_the_person_is_left(shop, rma, post_office):
    other = requested_return(order_of(shop, number="2002", lines=(LAMP,)))
    files = len(list(Path(settings.MEDIA_ROOT).rglob("*.jpg")))
    assert len(traces()) > 15 and files
    run_jobs()
    post_office.clear()

    request = asked(shop)
    erase_person(request.pk, by="staff:Ana Lopes")
    run_jobs()
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        assert remove_some(shop.pk) in (True, False)
        while not remove_some(shop.pk):
            pass

    assert traces() == []
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.jpg"))
    assert [letter.to for letter in post_office] == [MAIL]
    assert Photo.objects.filter(shop=shop).count() == 0
    other.refresh_from_db()
    assert other.shopper.name and other.shopper.email
    rma.refresh_from_db()
    assert rma.number and rma.lines.count() == 2
    assert not [found for promise in PROMISES for found in promise.breaches()]


@pytest.mark.django_db(transaction=True)
def test_every_declaration_that_can_be_erased_was_tried_or_is_named_here(shop, rma):
    """What this person could not leave behind is the work of other rooms' tests."""
    subject = subject_of(shop.pk, MAIL)

    untouched = {
        f"{one.table} {one.kind}"
        for one in holdings()
        if not one.law_keeps and not one.rows(shop.pk).filter(one.about(subject)).exists()
    }

    assert untouched == {
        "contests.Contest requests",
        "conversations.MessagePhoto photos",
        "enquiries.Enquiry messages",
        "enquiries.EnquiryMessage messages",
        "discussions.Discussion requests",
        "exchanges.Exchange statements",
        "no_receipt.NoReceiptReturn requests",
        "non_deliveries.NonDelivery requests",
        "non_deliveries.NonDeliveryAnswer requests",
        "notifications.Message messages",
        "orders.Delivery tracking",
        "orders.OrderBatchRow technical",
        "proofs.Tries technical",
        "refunds.Consent statements",
        "refunds.ProviderEvent bank",
        "repairs.Repair requests",
        "returns.Donation requests",
        "shipping.Label tracking",
        "shipping.Parcel tracking",
        "shipping.ParcelClaim tracking",
        "shoppers.DataRequest technical",
        "signals.Assessment signals",
        "signals.Signal signals",
        "signals.Verdict signals",
        "warehouse.Inspection photos",
        "warehouse.Inspection requests",
        "warehouse.Receipt requests",
        "withdrawals.WithdrawalCase requests",
    }


@pytest.mark.django_db(transaction=True)
def test_erasure_waits_for_what_is_open(shop, rma):
    Return.objects.filter(pk=rma.pk).update(request_state="approved", closed_at=None)
    request = asked(shop)

    with pytest.raises(MattersOpen) as caught:
        erase_person(request.pk, by="staff:Ana Lopes")

    assert rma.number in str(caught.value.facts)
    request.refresh_from_db()
    assert request.is_open and Shopper.objects.filter(shop=shop, email=MAIL).exists()


@pytest.mark.django_db(transaction=True)
def test_the_copy_holds_everything_and_is_fetched_by_a_link_that_ends(shop, rma, post_office):
    post_office.clear()
    request = asked(shop, RequestKind.COPY)
    run_jobs()

    request.refresh_from_db()
    assert request.state == "done" and request.email == ""
    token = post_office[0].text.partition("/data/")[2].partition("/")[0]
    behind = request_behind(shop, token)
    assert behind is not None
    with time_machine.travel(now() + timedelta(days=8)):
        assert request_behind(shop, token) is None
    assert request_behind(small_shop("other"), token) is None
    with zipfile.ZipFile(io.BytesIO(content_of(behind.file))) as archive:
        told = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()
        names = archive.namelist()
    text = json.dumps(told, ensure_ascii=False)
    for marker in ("MARKED words of mine", "MARKED comment", "rue du secret", IBAN, "MARKED vip"):
        assert marker in text and marker in page
    assert told["data"]["returns.Photo"]["kept_months"] == 6
    assert any(name.startswith("files/returns.photo/") for name in names)
    assert [letter.to for letter in post_office] == [MAIL]


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_a_duty_with_the_legal_day(shop, rma):
    request = asked(shop)
    run_jobs()

    duty = Duty.objects.get(shop=shop, kind="data")
    assert duty.due_on == request.due_on and duty.done_at is None
    with pytest.raises(DataRequestOpen):
        asked(shop)
    with pytest.raises(WordsNeeded):
        refuse_request(request.pk, answer=" ", by="staff:Ana")
    refuse_request(request.pk, answer="We do not know you", by="staff:Ana")
    run_jobs()
    duty.refresh_from_db()
    assert duty.done_at is not None
    with pytest.raises(DataRequestAnswered):
        erase_person(request.pk, by="staff:Ana")
    assert Shopper.objects.filter(shop=shop, email=MAIL).exists()


def test_a_month_ends_on_the_next_working_day(shop):
    """GD-04: asked on Thursday 5 November, the 5th of December is a Saturday."""
    assert answered_by(shop, date(2026, 11, 5)) == date(2026, 12, 7)


def test_who_is_unknown_gets_no_request(shop):
    with pytest.raises(UnknownMailbox):
        asked(shop)
    with pytest.raises(WordsNeeded):
        asked(shop, is_proven=False)


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_long_enough_goes_by_itself_and_nothing_sooner(shop, rma):
    def after(months):
        with time_machine.travel(now() + timedelta(days=31 * months + 2), tick=False):
            while not remove_some(shop.pk):
                pass

    after(5)
    assert Photo.objects.filter(shop=shop).count() == 1
    after(6)
    assert Photo.objects.filter(shop=shop).count() == 0
    assert "MARKED words of mine" in str(traces()) or any("conversations" in t for t in traces())
    after(12)
    assert not any(t.startswith("conversations_conversationmessage") for t in traces())
    assert ReturnLine.objects.filter(shop=shop, comment__contains="MARKED").count() == 2
    after(24)
    assert ReturnLine.objects.filter(shop=shop, comment__contains="MARKED").count() == 0
    assert Shopper.objects.filter(shop=shop, email=MAIL).exists()
    after(61)
    assert not Shopper.objects.filter(shop=shop, email=MAIL).exists()
    assert PurgeReport.objects.filter(shop=shop, ended_at=None).count() == 0
    assert sum(sum(one.rows.values()) for one in PurgeReport.objects.filter(shop=shop)) > 10


def test_a_shop_keeps_things_for_another_time_but_never_below_the_law(shop):
    keep_for(shop, DataKind.PHOTOS, 3, by="staff:Ana")
    for kind, months in ((DataKind.DOCUMENTS, 60), (DataKind.BANK, 1), (DataKind.PHOTOS, 361)):
        with pytest.raises(RetentionOutOfReach):
            keep_for(shop, kind, months, by="staff:Ana")


def test_events_about_data_name_nobody(shop, rma):
    request = asked(shop, RequestKind.COPY, is_proven=False, note="rang us")
    hand_out_copy(request.pk, by="staff:Ana Lopes")

    rows = apps.get_model("kernel.Event").objects.filter(shop_id=shop.pk)
    told = json.dumps(list(rows.values_list("payload", flat=True)), ensure_ascii=False).lower()
    assert not any(marker.lower() in told for marker in MARKERS)


def test_a_mail_server_that_repeats_the_address_leaves_no_trace_of_it(shop, rma):
    message = Message.objects.filter(shop=shop, shopper=rma.shopper).first()
    note_undeliverable(message.pk, f"550 5.1.1 <{MAIL}>: unknown, see {uuid7()}")

    row = apps.get_model("kernel.Event").objects.get(name="message.undeliverable")
    assert "quax" not in str(row.payload) and "550 5.1.1" in str(row.payload)
