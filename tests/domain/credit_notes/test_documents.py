"""What a document says, in whose language, under which law; and how it leaves the house."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from pypdf import PdfReader
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.actions import (
    DraftWish,
    issue_draft,
    set_bookkeeping,
    write_draft,
)
from rebond.domain.credit_notes.content import Item, shares_of, tax_of_part, totals_of
from rebond.domain.credit_notes.files import duplicate_of, pdf_of
from rebond.domain.credit_notes.mentions import corrects_under
from rebond.domain.credit_notes.models import (
    CreditNote,
    Transmission,
)
from rebond.domain.credit_notes.parties import (
    FOREIGN_BUSINESS,
    FRENCH_BUSINESS,
    PRIVATE,
    kind_of_buyer,
    postal,
    siren_in,
)
from rebond.domain.credit_notes.words import GERMAN, say
from rebond.domain.credit_notes.writing import platform_due_since
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.shoppers.models import Shopper
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.outbound.notifications.models import Message

COMPANY = {"vat_number": "FR83404833048", "is_business": True, "name": "Acme SAS"}


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def text_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def by_hand(order, amount=1000, sku="LAMP-01", pieces=0):
    wish = DraftWish(order.lines.get(sku=sku).pk, amount, pieces)
    draft = write_draft(
        order.pk, [wish], reason="Accord commercial", sends_letter=True, by="staff:Claire"
    )
    return issue_draft(draft.pk, version=1, by="staff:Claire")


def refunded(order, run_jobs, *, kept_percent=0):
    rma = received_return(order, {"LAMP-01": 1, "MUG-07": 1})
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return CreditNote.objects.get()


# --- the paper ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_paper_says_what_the_law_asks_for(run_jobs):
    text = text_of(
        pdf_of(refunded(order_of(small_shop(), days_since_delivery=20), run_jobs, kept_percent=10))
    )

    for mention in (
        "Galerie SARL",
        "12 rue des Lices",
        "732829320",
        "FR44732829320",
        "Camille Œuvrard",
        "3 rue du Puits",
        "FA-1001",
        "LAMP-01",
        "20 %",
        "5,5 %",
        "CGI, art. 289, I-5",
    ):
        assert mention in text, mention
    # 33.33 and 12.95, a tenth kept of each: 46.28 − 4.63 (3.33 + 1.30)
    assert "41,65 €" in text


@pytest.mark.django_db
def test_a_german_customer_gets_a_rechnungskorrektur_never_a_gutschrift(run_jobs):
    order = order_of(small_shop())
    Shopper.objects.filter(pk=order.shopper_id).update(language="de-DE", country="DE")

    note = by_hand(order)
    run_jobs()
    text = text_of(pdf_of(note))

    assert note.language == "de"
    assert "Rechnungskorrektur" in text and "Korrigiert Rechnung" in text
    assert "Gutschrift" not in text
    assert "gutschrift" not in " ".join(GERMAN.values()).lower()


def test_documents_speak_every_word_in_german():
    spoken = {english: say(english, "de") for english in GERMAN}

    same = {english for english, german in spoken.items() if german == english}
    assert same <= {"SIREN {number}"}
    assert say("Credit note", "en") == "Credit note"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_shopper", "title"),
    [("en", "Credit note"), ("fr", "Avoir"), ("", "Avoir"), ("xx", "Avoir")],
)
def test_the_paper_is_in_the_language_of_its_reader(of_shopper, title, run_jobs):
    order = order_of(small_shop())
    Shopper.objects.filter(pk=order.shopper_id).update(language=of_shopper)

    text = text_of(pdf_of(by_hand(order)))

    assert title in text


@pytest.mark.django_db
def test_a_duplicate_says_so_and_holds_no_second_data():
    note = by_hand(order_of(small_shop()))

    pdf = duplicate_of(note)

    assert "DUPLICATA" in text_of(pdf) or "DUPLICATE" in text_of(pdf)
    assert note.label in text_of(pdf)
    assert b"factur-x.xml" not in pdf
    assert b"factur-x.xml" in pdf_of(note)


@pytest.mark.django_db
def test_a_series_begins_anew_with_the_fiscal_year_of_each_shop():
    shops = [small_shop("galerie"), small_shop("atelier")]
    type(shops[1]).objects.filter(pk=shops[1].pk).update(
        fiscal_year_starts_in=7, credit_note_series="GS"
    )
    labels = []
    for day in (datetime(2026, 6, 30, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)):
        for shop in shops:
            with time_machine.travel(day):
                order = order_of(shop, number=f"{shop.slug}-{day:%d%m}")
                labels.append(by_hand(order).label)

    assert labels == ["AV-2026-000001", "GS-2025-000001", "AV-2026-000002", "GS-2026-000001"]


@pytest.mark.django_db
def test_numbers_follow_the_clock_also_when_it_steps_back():
    order = order_of(small_shop())
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        first = by_hand(order, 100)
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        second = by_hand(order, 100)

    assert (first.number, second.number) == (1, 2)
    assert second.issued_at >= first.issued_at
    assert second.issued_on == first.issued_on


# --- law ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "cited"),
    [
        (date(2026, 12, 31), "CGI, art. 289, I-5"),
        (date(2027, 1, 1), "CGI, art. 289, I-5"),
        (date(2028, 6, 30), "CGI, art. 289, I-5"),
        (date(2028, 7, 1), "CIBS"),
    ],
)
def test_the_code_that_may_be_cited_depends_on_the_day(day, cited):
    assert corrects_under("FR", day) == cited
    assert corrects_under("DE", day) == ""


@pytest.mark.parametrize(
    ("size", "since"),
    [
        ("large", date(2026, 9, 1)),
        ("mid", date(2026, 9, 1)),
        ("sme", date(2027, 9, 1)),
        ("micro", date(2027, 9, 1)),
        ("", date(2026, 9, 1)),
    ],
)
def test_the_platform_is_compulsory_by_size(size, since):
    assert platform_due_since(size) == since


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, PRIVATE),
        ({"vat_number": "FR83 404 833 048"}, FRENCH_BUSINESS),
        ({"is_business": True}, FRENCH_BUSINESS),
        ({"is_business": True, "postcode": "97600"}, FOREIGN_BUSINESS),
        ({"is_business": True, "country": "BE"}, FOREIGN_BUSINESS),
        ({"is_business": True, "seller_country": "DE"}, FOREIGN_BUSINESS),
    ],
)
def test_who_bought_decides_on_the_way(facts, kind):
    usual = {
        "seller_country": "FR",
        "country": "FR",
        "postcode": "75005",
        "vat_number": "",
        "is_business": False,
    }

    assert kind_of_buyer(**(usual | facts)) == kind


def test_a_siren_is_read_out_of_a_vat_number():
    assert siren_in("FR 83 404 833 048") == "404833048"
    assert siren_in("BE0123456749") == siren_in("") == ""


def test_an_address_is_taken_apart_where_that_is_safe():
    assert postal(["12 rue des Lices", "69000 Lyon", "France"]) == {
        "addr_l1": "12 rue des Lices",
        "postcode": "69000",
        "city": "Lyon",
    }
    assert postal(["Flat 4", "1 High Street", "London", "SW1A 1AA"]) == {
        "addr_l1": "Flat 4",
        "addr_l2": "1 High Street",
        "addr_l3": "London, SW1A 1AA",
    }


@pytest.mark.django_db
def test_a_small_company_may_mail_until_its_date_and_hands_over_all_the_same(run_jobs):
    shop = small_shop()
    set_bookkeeping(shop, {"company_size": "sme"}, by="staff:Olivia")
    order = order_of(shop)
    Shopper.objects.filter(pk=order.shopper_id).update(**COMPANY)

    note = by_hand(order)
    run_jobs()

    transmission = note.transmissions.get()
    assert (transmission.state, transmission.due_since) == ("waiting", date(2027, 9, 1))
    assert transmission.is_due is (note.issued_on >= date(2027, 9, 1))
    assert Message.objects.get().attachments == [f"credit_note:{note.pk}"]


@pytest.mark.django_db
def test_a_folder_of_the_platform_gets_the_document_and_the_mail_does_not(
    run_jobs, settings, tmp_path
):
    settings.PLATFORM_FOLDER = tmp_path / "out"
    shop = small_shop()
    set_bookkeeping(shop, {"platform": "folder", "company_size": "large"}, by="staff:Olivia")
    order = order_of(shop)
    Shopper.objects.filter(pk=order.shopper_id).update(**COMPANY)

    note = by_hand(order)
    run_jobs()

    transmission = Transmission.objects.get()
    assert transmission.state == "handed_over"
    assert transmission.reference == f"galerie/{note.label}.json"
    assert (tmp_path / "out" / "galerie" / f"{note.label}.pdf").read_bytes() == pdf_of(note)
    assert Message.objects.get().attachments == []


@pytest.mark.django_db
def test_a_document_with_findings_is_not_handed_over(run_jobs, settings, tmp_path):
    settings.PLATFORM_FOLDER = tmp_path / "out"
    shop = small_shop()
    set_bookkeeping(shop, {"platform": "folder"}, by="staff:Olivia")
    order = order_of(shop)
    Shopper.objects.filter(pk=order.shopper_id).update(is_business=True)  # without its number

    note = by_hand(order)
    run_jobs()

    transmission = Transmission.objects.get()
    assert (transmission.state, note.transmissions.get().problem) == (
        "waiting",
        "mention: buyer_siren",
    )
    assert not (tmp_path / "out").exists()


# --- arithmetic ---------------------------------------------------------------------------


def test_running_rounding_gives_the_last_part_what_is_left():
    before, parts = {"0.20": 0}, []
    for n in range(3):
        part = tax_of_part({"0.20": 500}, 2997, before_minor=999 * n, before=before, part_minor=999)
        before = {"0.20": before["0.20"] + part["0.20"]}
        parts.append(part["0.20"])

    assert parts == [167, 166, 167]
    assert sum(parts) == 500


def test_what_is_kept_is_shared_without_a_cent_lost():
    items = [
        Item("A", "A", 1, 1000, {"0.20": 167}),
        Item("B", "B", 1, 1000, {"0.20": 167}),
        Item("C", "C", 1, 999, {"0.055": 52}),
    ]
    totals = totals_of(items, kept_minor=301, gross_minor=2698)

    shares = shares_of(items, totals)

    assert sum(share.gross_minor for share in shares) == totals.gross_minor == 2698
    assert sum(share.tax_minor for share in shares) == totals.tax_minor
