"""The accountant's pages: documents, a note by hand from draft to number, exports."""

import io
import re
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader
from tests.world import findings, order_of, received_return

from rebond.domain.credit_notes.models import Bookkeeping, CreditNote, CreditNoteDraft
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message

DOCUMENTS = "/desk/galerie/documents/"
NEW = "/desk/galerie/orders/1001/credit-note/"


@pytest.fixture
def claire(shop, order, at_desk):
    return at_desk(shop, Role.ACCOUNTANT, name="Claire Petit")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def filled(order, **more):
    """The form as it is typed: two of three lamps, nothing else."""
    lamp, mug = order.lines.order_by("position")
    (shipping,) = order.charges.all()
    return {
        f"row-{lamp.pk}-pieces": "2",
        f"row-{lamp.pk}-amount": "100.00",
        f"row-{mug.pk}-pieces": "",
        f"row-{mug.pk}-amount": "",
        f"row-{shipping.pk}-amount": "",
        "reason": "Two lamps were the wrong colour",
        "letter": "on",
        **more,
    }


def drafted(client, order, **more):
    answer = client.post(NEW, filled(order, **more))
    assert answer.status_code == 302
    return answer.headers["Location"], CreditNoteDraft.objects.get()


def refund_of(order, run_jobs):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return CreditNote.objects.get()


def test_from_an_order_number_to_a_document(claire, order, run_jobs):
    found = claire.get(f"{DOCUMENTS}new/", {"order": "1001"})
    form = claire.get(found.headers["Location"]).content.decode()
    page, draft = drafted(claire, order)
    shown = claire.get(page).content.decode()
    preview = claire.get(f"{page}preview/")
    before = CreditNote.objects.count()
    issued = claire.post(f"{page}number/", {"version": draft.version})
    run_jobs()
    note = CreditNote.objects.get()
    whole = claire.get(issued.headers["Location"]).content.decode()
    pdf = claire.get(f"{DOCUMENTS}{note.label}/")

    assert found.headers["Location"] == NEW
    assert 'value="3"' in form and 'value="100.00"' in form  # all that is left
    assert "No money follows" in form
    assert "66.67" in shown and "All checks passed" in shown
    said = text_of(preview.content)
    assert "BROUILLON" in said and "sans numéro" in said and "AV-2" not in said
    assert (before, note.gross_minor) == (0, 6667)  # two of three lamps at 100.00
    assert note.label in whole and "In order" in whole
    assert note.label in text_of(pdf.content)
    assert Message.objects.get().shopper == order.shopper
    listed = claire.get(DOCUMENTS).content.decode()
    assert note.label in listed and "by hand" in listed


def test_typing_an_amount_credits_a_part_of_the_price(claire, order):
    lamp = order.lines.get(sku="LAMP-01")
    _, draft = drafted(
        claire, order, **{f"row-{lamp.pk}-pieces": "", f"row-{lamp.pk}-amount": "12,34"}
    )

    (line,) = draft.lines.all()
    assert (line.quantity, line.gross_minor) == (0, 1234)


WRONG = {
    "letters": ({"pieces": "two"}, "whole number"),
    "a strange amount": ({"amount": "1e3"}, "amount such as"),
    "a third of a cent": ({"amount": "1.005"}, "amount such as"),
    "too much": ({"amount": "100.01"}, "can still be credited"),
    "too many": ({"pieces": "4", "amount": "5.00"}, "are left to credit"),
    "no reason": ({"reason": " "}, "say why"),
    "nothing": ({"pieces": "", "amount": ""}, "at least one line"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(claire, order, name):
    typed, sentence = WRONG[name]
    lamp = order.lines.get(sku="LAMP-01")
    values = {f"row-{lamp.pk}-{key}": value for key, value in typed.items() if key != "reason"}
    values |= {key: value for key, value in typed.items() if key == "reason"}

    answer = claire.post(NEW, filled(order, **values))

    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert sentence in page
    assert name == "no reason" or "Two lamps were the wrong colour" in page
    assert not CreditNoteDraft.objects.exists()


def test_a_draft_can_be_changed_and_discarded(claire, order):
    page, draft = drafted(claire, order)
    mug = order.lines.get(sku="MUG-07")

    changed = claire.post(
        page,
        filled(order, version=1, **{f"row-{mug.pk}-pieces": "1", f"row-{mug.pk}-amount": "25.90"}),
    )
    stale = claire.post(page, filled(order, version=1))
    listed = claire.get(DOCUMENTS).content.decode()
    gone = claire.post(f"{page}discarding/")

    assert (changed.status_code, stale.status_code) == (302, 409)
    assert f"/documents/drafts/{draft.pk}/" in listed
    assert gone.headers["Location"] == "/desk/galerie/orders/1001/"
    draft.refresh_from_db()
    assert (draft.state, draft.credit_note) == ("discarded", None)
    assert claire.get(f"{page}preview/").status_code == 404


def test_a_form_that_is_sent_twice_issues_once(claire, order):
    page, draft = drafted(claire, order)

    first = claire.post(f"{page}number/", {"version": draft.version})
    second = claire.post(f"{page}number/", {"version": draft.version})

    assert first.headers["Location"] == second.headers["Location"]
    assert CreditNote.objects.count() == 1


def test_who_may_not_touch_documents_only_reads_them(shop, order, at_desk, run_jobs):
    note = refund_of(order, run_jobs)
    agent = at_desk(shop, Role.AGENT, name="Ana Lopes")

    assert agent.get(NEW).status_code == 403
    assert agent.get(f"{DOCUMENTS}exports/").status_code == 403
    page = agent.get(f"{DOCUMENTS}{note.label}/page/")
    assert page.status_code == 200
    assert b"/copies/" not in page.content


def test_a_copy_is_marked_and_the_original_stays(claire, order, run_jobs, settings, tmp_path):
    settings.SMTP_URL = f"file://{tmp_path}/mail"
    note = refund_of(order, run_jobs)
    original = claire.get(f"{DOCUMENTS}{note.label}/").content

    claire.post(f"{DOCUMENTS}{note.label}/copies/")
    run_jobs()

    letter = Message.objects.get(kind="document_copy")
    assert (letter.state, letter.attachments) == ("sent", [f"credit_note_copy:{note.pk}"])
    (mail,) = [p for p in (tmp_path / "mail").iterdir() if p.stem == letter.pk.hex]
    assert note.label in mail.read_text()
    assert claire.get(f"{DOCUMENTS}{note.label}/").content == original
    assert "DUPLI" not in text_of(original)


def test_the_data_for_machines_can_be_taken_alone(claire, order, run_jobs):
    note = refund_of(order, run_jobs)

    answer = claire.get(f"{DOCUMENTS}{note.label}/xml/")

    assert answer.headers["Content-Type"] == "application/xml"
    assert b"<ram:TypeCode>381</ram:TypeCode>" in answer.content


def test_a_document_between_businesses_waits_for_the_platform(claire, shop, order, run_jobs):
    Shopper.objects.filter(pk=order.shopper_id).update(
        vat_number="FR83404833048", is_business=True, name="Acme SAS"
    )
    page, draft = drafted(claire, order)
    claire.post(f"{page}number/", {"version": draft.version})
    run_jobs()
    note = CreditNote.objects.get()

    shown = claire.get(f"{DOCUMENTS}{note.label}/page/").content.decode()
    listed = claire.get(DOCUMENTS).content.decode()
    done = claire.post(f"{DOCUMENTS}{note.label}/transmission/", {"reference": "PA-77"})
    after = claire.get(f"{DOCUMENTS}{note.label}/page/").content.decode()

    assert note.files.get().checks == ["xsd", "en16931", "fr-ctc"]
    assert note.files.get().findings == []
    assert "To transmit" in shown and "It was not mailed" in shown
    assert "To transmit" in listed and "1 document between businesses" in listed
    assert done.status_code == 302
    assert "PA-77" in after
    assert Message.objects.get(kind="refunded").attachments == []
    assert Event.objects.filter(name="credit_note.transmitted").count() == 1


def test_an_order_that_nobody_has_is_said_so(claire):
    answer = claire.get(f"{DOCUMENTS}new/", {"order": "4711"}, follow=True)

    assert "There is no order 4711" in answer.content.decode()


def test_the_archive_of_a_period_comes_as_it_is_made(claire, order, run_jobs):
    note = refund_of(order, run_jobs)
    month = f"{note.issued_on:%Y-%m}"
    page = claire.get(f"{DOCUMENTS}exports/").content.decode()

    answer = claire.get(
        f"{DOCUMENTS}exports/archive/", {"from": f"{month}-01", "to": f"{month}-28"}
    )
    wrong = claire.get(f"{DOCUMENTS}exports/archive/", {"from": "x", "to": ""})

    assert re.search(r'name="from" value="\d{4}-\d\d-01"', page)
    assert answer.streaming and wrong.status_code == 302
    target = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    inside = note.issued_on.day <= 28
    assert (f"documents/{note.label}.pdf" in target.namelist()) == inside


def test_the_owner_sets_how_things_are_booked(shop, order, at_desk):
    olivia = at_desk(shop)
    page = f"{DOCUMENTS}exports/bookkeeping/"
    typed = {
        "company_size": "sme",
        "is_oss": "on",
        "platform": "folder",
        "heads_email": "a@cabinet.example",
        "heads_url": "https://vault.example/h",
        "account_sales": "707100",
    }

    saved = olivia.post(page, typed)
    wrong = olivia.post(page, {**typed, "account_sales": "7<", "heads_url": "http://x.example/"})

    books = Bookkeeping.objects.get()
    assert saved.status_code == 302
    assert wrong.status_code == 422
    assert (books.company_size, books.is_oss, books.platform) == ("sme", True, "folder")
    assert books.accounts == {"sales": "707100"}
    assert books.heads_url == "https://vault.example/h"


def test_lists_ask_as_often_for_nine_documents_as_for_three(
    claire, shop, run_jobs, django_assert_max_num_queries
):
    def some(first, last):
        for number in range(first, last):
            order = order_of(shop, number=str(number))
            claire.post(f"/desk/galerie/orders/{number}/credit-note/", filled(order, letter=""))
            draft = CreditNoteDraft.objects.get(order=order)
            claire.post(f"{DOCUMENTS}drafts/{draft.pk}/number/", {"version": 1})
        run_jobs()

    some(5000, 5003)
    claire.get(DOCUMENTS)
    with django_assert_max_num_queries(60) as few:
        claire.get(DOCUMENTS)
    some(5003, 5009)
    with django_assert_max_num_queries(60) as many:
        claire.get(DOCUMENTS)

    assert len(few) == len(many)
