"""What people do with a return at the desk, and what they are refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader
from tests.world import (
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
)

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.actions import approve_return, decline_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Photo, Return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.clock import today
from rebond.kernel.models import Event


def page_of(rma):
    return f"/desk/{rma.shop.slug}/returns/{rma.number}/"


def do(client, rma, step, **typed):
    typed.setdefault("version", rma.version)
    return client.post(f"{page_of(rma)}{step}/", typed, follow=True)


def fresh(rma):
    return Return.objects.get(pk=rma.pk)


def told(rma, name):
    return Event.objects.filter(subject=rma.pk, name=name)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def order(shop):
    """Too old to be withdrawn from, so that what is kept needs no evidence."""
    return order_of(shop, days_since_delivery=20)


@pytest.fixture
def waiting(order):
    """A return that somebody has to decide on: the evidence is missing."""
    return requested_return(order, {"MUG-07": 2}, reason="damaged")


@pytest.fixture
def inspected(order, run_jobs):
    """A return whose refund waits for somebody who pays by hand."""
    rma = received_return(order)
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return fresh(rma)


# --- decide -------------------------------------------------------------------------------


def test_an_agent_accepts_a_request(shop, waiting, at_desk):
    tom = at_desk(shop, Role.AGENT, name="Tom Weber")

    answer = do(tom, waiting, "approval")

    assert answer.status_code == 200
    assert fresh(waiting).request_state == "approved"
    assert told(waiting, "return.approved").get().actor == "staff:Tom Weber"
    assert b"Tom Weber" in answer.content


def test_a_request_is_declined_with_a_reason(shop, waiting, at_desk):
    ana = at_desk(shop)

    do(ana, waiting, "decline", **{"decline-reason": "final_sale", "decline-note": "Worn."})

    rma = fresh(waiting)
    assert (rma.request_state, rma.decline_reason) == ("declined", "final_sale")
    assert rma.decline_note == "Worn."


def test_a_decline_without_a_reason_keeps_what_was_typed(shop, waiting, at_desk):
    ana = at_desk(shop)

    answer = do(ana, waiting, "decline", **{"decline-reason": "", "decline-note": "Worn a lot."})

    assert answer.status_code == 422
    assert b"Worn a lot." in answer.content
    assert fresh(waiting).request_state == "requested"


def test_a_declined_return_is_taken_up_again(shop, waiting, at_desk):
    decline_return(waiting.pk, reason=DeclineReason.OTHER, note="", by="staff:Tom")

    do(at_desk(shop), fresh(waiting), "reopening")

    assert fresh(waiting).request_state == "requested"


def test_a_return_is_cancelled_before_goods_arrive(shop, waiting, at_desk):
    do(at_desk(shop), waiting, "cancellation")

    assert fresh(waiting).request_state == "cancelled"


def test_a_received_return_cannot_be_cancelled(shop, order, at_desk):
    rma = received_return(order)

    answer = do(at_desk(shop), rma, "cancellation")

    assert answer.status_code == 409
    assert b"moved on meanwhile" in answer.content
    assert fresh(rma).request_state == "approved"


def test_a_return_is_closed_when_nothing_more_is_to_be_done(shop, order, at_desk):
    rma = requested_return(order)

    do(at_desk(shop), rma, "closing")

    assert fresh(rma).request_state == "closed"


def test_two_people_on_one_return_the_second_sees_what_the_first_did(shop, waiting, at_desk):
    approve_return(waiting.pk, by="staff:Tom Weber")

    answer = do(
        at_desk(shop), waiting, "decline", **{"decline-reason": "other", "decline-note": "No."}
    )

    assert answer.status_code == 409
    assert fresh(waiting).request_state == "approved"
    assert b"Tom Weber" in answer.content


def test_a_stale_form_changes_nothing(shop, waiting, at_desk):
    answer = do(at_desk(shop), waiting, "approval", version=waiting.version + 5)

    assert answer.status_code == 409
    assert b"Somebody else changed this return" in answer.content
    assert fresh(waiting).request_state == "requested"


def test_a_form_sent_twice_counts_once(shop, waiting, at_desk):
    ana = at_desk(shop)

    do(ana, waiting, "approval")
    second = do(ana, waiting, "approval")

    assert second.status_code == 200
    assert told(waiting, "return.approved").count() == 1


OFFERS = {
    "requested": ("approval/", "decline/", "cancellation/"),
    "approved": ("receipt/", "settlement/", "closing/", "cancellation/"),
    "received": ("inspection/", "settlement/", "closing/"),
}


@pytest.mark.parametrize("standing", OFFERS)
def test_a_page_offers_only_what_is_allowed(shop, order, at_desk, standing):
    rma = {
        "requested": lambda: requested_return(order, {"MUG-07": 1}, reason="damaged"),
        "approved": lambda: requested_return(order),
        "received": lambda: received_return(order),
    }[standing]()

    page = at_desk(shop).get(page_of(rma)).content.decode()

    every = {step for steps in OFFERS.values() for step in steps} | {"reopening/"}
    assert {step for step in every if f'{page_of(rma)}{step}"' in page} == set(OFFERS[standing])


def test_the_warehouse_is_offered_no_decision(shop, waiting, at_desk):
    page = at_desk(shop, Role.WAREHOUSE).get(page_of(waiting)).content.decode()

    assert "approval/" not in page and "decline/" not in page


# --- receive and inspect ------------------------------------------------------------------


def test_the_form_for_goods_is_filled_in_with_what_is_expected(shop, order, at_desk):
    rma = requested_return(order, {"LAMP-01": 3})

    page = at_desk(shop, Role.WAREHOUSE).get(f"{page_of(rma)}receipt/").content.decode()

    assert 'value="3"' in page


def test_a_part_of_the_goods_is_received_then_the_rest(shop, order, at_desk):
    rma = requested_return(order, {"LAMP-01": 3})
    line = rma.lines.get()
    karim = at_desk(shop, Role.WAREHOUSE)

    do(karim, rma, "receipt", **{f"count-{line.pk}": "2", "note": "One box open"})
    do(karim, fresh(rma), "receipt", **{f"count-{line.pk}": "1"})

    line.refresh_from_db()
    assert line.received_quantity == 3
    assert fresh(rma).inspection_state == "received"


@pytest.mark.parametrize("typed", ["4", "-1", "two", "99999999", "1.5", "²"])
def test_an_impossible_count_is_refused_and_kept_in_the_form(shop, order, at_desk, typed):
    rma = requested_return(order, {"LAMP-01": 3})
    line = rma.lines.get()

    answer = do(at_desk(shop), rma, "receipt", **{f"count-{line.pk}": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert fresh(rma).parcel_state == "none"


def graded(line, index=0, *, quantity, grade, **more):
    typed = {f"{line.pk}-{index}-quantity": quantity, f"{line.pk}-{index}-grade": grade}
    typed |= {f"{line.pk}-{index}-{name}": value for name, value in more.items()}
    return typed


def test_one_of_two_is_damaged(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 2})
    line = rma.lines.get()
    typed = graded(line, quantity=1, grade="a", accepted="on")
    typed |= graded(line, 1, quantity=1, grade="d", note="Handle broken off")

    do(at_desk(shop, Role.WAREHOUSE), rma, "inspection", **typed)

    good, bad = Inspection.objects.filter(line=line).order_by("grade")
    assert (good.disposition, good.is_accepted) == ("restock", True)
    assert (bad.disposition, bad.is_accepted) == ("recycle", False)
    assert bad.note == "Handle broken off"
    assert fresh(rma).inspection_state == "non_compliant"


def test_a_share_is_kept_for_signs_of_use(shop, order, at_desk, run_jobs):
    rma = received_return(order, {"MUG-07": 2})
    line = rma.lines.get()
    typed = graded(line, quantity=2, grade="c", accepted="on", kept="50", disposition="donate")

    do(at_desk(shop), rma, "inspection", **typed)
    run_jobs()

    assert Inspection.objects.get(line=line).disposition == "donate"
    assert Refund.objects.get(settlement__rma=rma).amount_minor == 1295  # half of 25.90


def test_a_photo_goes_with_what_was_found(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 1})
    line = rma.lines.get()
    photo = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")

    do(
        at_desk(shop),
        rma,
        "inspection",
        **graded(line, quantity=1, grade="d", photo=photo),
    )

    seen = Inspection.objects.get(line=line)
    assert seen.photo.line == line
    assert seen.photo.taken_by == "warehouse"


def test_pieces_without_a_grade_are_asked_for_and_the_photo_is_not_lost(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 2})
    line = rma.lines.get()
    photo = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    ana = at_desk(shop)

    first = do(
        ana, rma, "inspection", **graded(line, quantity=1, grade="d", photo=photo, note="Cracked")
    )
    kept = Photo.objects.get()
    typed = graded(line, quantity=2, grade="d", photo_id=str(kept.pk))
    do(ana, rma, "inspection", **typed)

    assert first.status_code == 422
    assert b"2 received, 1 graded" in first.content
    assert b"Cracked" in first.content and str(kept.pk) in first.content.decode()
    assert Inspection.objects.get(line=line).photo == kept


def test_a_file_that_is_no_picture_is_refused(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 1})
    bad = SimpleUploadedFile("x.jpg", b"<html>", "image/jpeg")

    answer = do(
        at_desk(shop),
        rma,
        "inspection",
        **graded(rma.lines.get(), quantity=1, grade="a", photo=bad),
    )

    assert answer.status_code == 422
    assert b"could not read this picture" in answer.content
    assert not Photo.objects.exists()


def test_a_photo_of_another_return_cannot_be_borrowed(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 1})
    other = received_return(order_of(shop, number="1002"), {"MUG-07": 1})
    do(
        at_desk(shop),
        other,
        "inspection",
        **graded(
            other.lines.get(),
            quantity=1,
            grade="d",
            photo=SimpleUploadedFile("x.jpg", picture(), "image/jpeg"),
        ),
    )
    borrowed = str(Photo.objects.get().pk)

    do(
        at_desk(shop),
        rma,
        "inspection",
        **graded(rma.lines.get(), quantity=1, grade="a", photo_id=borrowed),
    )

    assert Inspection.objects.get(line__rma=rma).photo is None


def test_a_line_is_split_without_script(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 2})
    line = rma.lines.get()

    page = do(
        at_desk(shop), rma, "inspection", split=str(line.pk), **graded(line, quantity=2, grade="a")
    ).content.decode()

    assert f'name="{line.pk}-1-quantity" value="1"' in page.replace("\n", " ")
    assert not Inspection.objects.exists()


def test_two_people_inspect_the_second_is_told(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 1})
    line = rma.lines.get()
    stale = fresh(rma)
    inspect_return(rma.pk, findings(rma), by="staff:Karim")

    answer = do(at_desk(shop), stale, "inspection", **graded(line, quantity=1, grade="d"))

    assert answer.status_code == 409
    assert Inspection.objects.count() == 1


# --- money --------------------------------------------------------------------------------


def pay(client, rma, refund, **typed):
    typed.setdefault("version", rma.version)
    name = f"pay-{refund.pk}"
    answers = {f"{name}-{key}" if key != "version" else key: v for key, v in typed.items()}
    return client.post(
        f"/desk/{rma.shop.slug}/money/refunds/{refund.pk}/payment/", answers, follow=True
    )


def test_a_refund_is_paid_by_hand_with_name_day_and_reference(shop, inspected, at_desk, run_jobs):
    refund = Refund.objects.get(settlement__rma=inspected)
    ana = at_desk(shop, name="Ana Lopes")

    page = pay(ana, inspected, refund, reference="VIR-42", paid_on=today("Europe/Paris"))
    run_jobs()

    refund.refresh_from_db()
    assert (refund.state, refund.provider_reference) == ("succeeded", "VIR-42")
    assert refund.handled_by == "staff:Ana Lopes"
    assert b"VIR-42" in page.content
    assert CreditNote.objects.filter(settlement__rma=inspected).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reference": "", "paid_on": "2026-01-05"}, "Please give the reference"),
        ({"reference": "VIR-42", "paid_on": ""}, "required"),
        ({"reference": "VIR-42", "paid_on": "2999-01-01"}, "has yet to come"),
    ],
)
def test_a_payment_by_hand_needs_reference_and_day(shop, inspected, at_desk, typed, sentence):
    refund = Refund.objects.get(settlement__rma=inspected)

    answer = pay(at_desk(shop), inspected, refund, **typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not typed["reference"] or typed["reference"] in answer.content.decode()
    refund.refresh_from_db()
    assert refund.state == "requires_action"


def test_a_payment_sent_twice_is_noted_once(shop, inspected, at_desk):
    refund = Refund.objects.get(settlement__rma=inspected)
    ana = at_desk(shop)
    day = today("Europe/Paris")

    pay(ana, inspected, refund, reference="VIR-42", paid_on=day)
    second = pay(ana, inspected, refund, reference="VIR-43", paid_on=day)

    refund.refresh_from_db()
    assert second.status_code == 200
    assert refund.provider_reference == "VIR-42"


def test_the_amount_is_shown_with_its_reasons(shop, inspected, at_desk):
    page = at_desk(shop).get(page_of(inspected)).content.decode()

    # a lamp for 33.33 and a mug for 12.95
    assert "€46.28" in page
    assert "attempt" in page


def test_money_can_be_sent_before_the_goods_are_checked(shop, order, at_desk):
    rma = requested_return(order)

    do(at_desk(shop), rma, "settlement")

    assert rma.settlements.count() == 1


def test_the_credit_note_is_downloaded(shop, inspected, at_desk, run_jobs):
    refund = Refund.objects.get(settlement__rma=inspected)
    lucie = at_desk(shop, Role.ACCOUNTANT, name="Lucie Martin")
    pay(at_desk(shop), inspected, refund, reference="VIR-42", paid_on=today("Europe/Paris"))
    run_jobs()
    note = CreditNote.objects.get()

    listed = lucie.get("/desk/galerie/documents/").content.decode()
    answer = lucie.get(f"/desk/galerie/documents/{note.label}/")

    assert f"/desk/galerie/documents/{note.label}/" in listed
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f'filename="{note.label}.pdf"' in answer.headers["Content-Disposition"]
    assert note.label in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


# --- notes and photos ---------------------------------------------------------------------


def test_a_note_is_written_once_however_often_it_is_sent(shop, waiting, at_desk):
    ana = at_desk(shop)

    for _ in range(2):
        page = do(ana, waiting, "notes", text="Called back")

    assert waiting.notes.get().text == "Called back"
    assert b"Called back" in page.content


def test_a_photo_is_shown_to_people_of_the_shop_only(shop, waiting, at_desk, client):
    line = waiting.lines.get()
    received = received_return(order_of(shop, number="1002"), {"MUG-07": 1})
    do(
        at_desk(shop),
        received,
        "inspection",
        **graded(
            received.lines.get(),
            quantity=1,
            grade="d",
            photo=SimpleUploadedFile("x.jpg", picture(), "image/jpeg"),
        ),
    )
    path = f"{page_of(received)}photos/{Photo.objects.get().pk}/"

    inside = at_desk(shop, Role.READ_ONLY, name="Eve Roux").get(path)
    outside = at_desk(small_shop("atelier")).get(path)

    assert line.rma == waiting
    assert inside.headers["Content-Type"] == "image/jpeg"
    assert inside.content == clean_image(inside.content).jpeg or inside.content[:2] == b"\xff\xd8"
    assert outside.status_code == 404
    assert client.get(path).status_code == 302


# --- on the phone -------------------------------------------------------------------------


def test_the_staff_files_a_return_for_somebody_who_called(shop, order, at_desk):
    lamp, mug = order.lines.order_by("position")
    typed = {
        f"line-{lamp.pk}-quantity": "2",
        f"line-{lamp.pk}-reason": "changed_mind",
        f"line-{mug.pk}-quantity": "",
        "comment": "By phone",
        "token": "t1",
    }
    tom = at_desk(shop, Role.AGENT, name="Tom Weber")

    answer = tom.post("/desk/galerie/orders/1001/return/", typed)
    tom.post("/desk/galerie/orders/1001/return/", typed)

    rma = Return.objects.get()
    assert answer.headers["Location"] == page_of(rma)
    assert (rma.origin, rma.comment) == ("phone", "By phone")
    assert rma.lines.get().quantity == 2
    assert told(rma, "return.requested").get().actor == "staff:Tom Weber"


@pytest.mark.parametrize(
    ("quantity", "reason", "sentence"),
    [
        ("9", "changed_mind", "not that many left"),
        ("x", "changed_mind", "whole number"),
        ("1", "", "choose a reason"),
        ("", "", "at least one article"),
    ],
)
def test_a_filing_that_cannot_be_is_refused_in_place(
    shop, order, at_desk, quantity, reason, sentence
):
    lamp = order.lines.get(sku="LAMP-01")
    typed = {f"line-{lamp.pk}-quantity": quantity, f"line-{lamp.pk}-reason": reason}

    answer = at_desk(shop).post("/desk/galerie/orders/1001/return/", typed | {"comment": "Hm"})

    assert answer.status_code in {409, 422}
    assert sentence in answer.content.decode()
    assert ">Hm</textarea>" in answer.content.decode()
    assert not Return.objects.exists()


def test_a_grade_has_a_word_for_each(shop, order, at_desk):
    rma = received_return(order, {"MUG-07": 1})

    page = at_desk(shop).get(f"{page_of(rma)}inspection/").content.decode()

    assert all(f'value="{grade}"' in page for grade in Grade if grade is not Grade.MISSING)
