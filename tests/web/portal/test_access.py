"""Who sees what: masked views, equal answers, limits, links, and nothing across shops."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import choose, page_of, status_page
from tests.world import (
    EMAIL,
    NAME,
    POSTCODE,
    STREET,
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
)

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import ReturnLink
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import now, today
from rebond.web.portal import limits

pytestmark = pytest.mark.django_db
START = "/s/galerie/"


def refunded(order):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Ana")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=today("Europe/Paris"), by="staff:Ana")
    run_jobs()
    return rma


@pytest.mark.parametrize("proof", [EMAIL, f"  {EMAIL.upper()} ", POSTCODE, "75 005"])
def test_an_order_opens_with_its_address_or_postcode(order, find, proof):
    client = find(order, proof)

    assert client.get(page_of(order)).status_code == 200


@pytest.mark.parametrize("number", ["1001", " 1001 ", "#1001"])
def test_the_number_may_be_typed_as_people_do(order, number):
    answer = Client().post(START, {"number": number, "proof": EMAIL})

    assert answer.status_code == 302


def test_unknown_number_and_wrong_address_get_the_same_answer(order):
    wrong = Client().post(START, {"number": "1001", "proof": "x@y.example"})
    unknown = Client().post(START, {"number": "9999", "proof": EMAIL})

    assert wrong.status_code == unknown.status_code == 422
    assert _without_what_was_typed(wrong) == _without_what_was_typed(unknown)


def _without_what_was_typed(answer) -> str:
    page = answer.content.decode()
    for typed in ("1001", "9999", "x@y.example", EMAIL):
        page = page.replace(f'value="{typed}"', "")
    start = page.index("csrfmiddlewaretoken")
    return page[:start] + page[page.index(">", start) :]


def test_an_empty_proof_opens_nothing():
    order = order_of(small_shop(), email="")

    answer = Client().post(START, {"number": order.number, "proof": " "})

    assert answer.status_code == 422


def test_a_masked_view_names_nobody(order, visitor):
    rma = refunded(order)
    preview = choose(visitor, order)

    for url in (page_of(order), preview.url, status_page(order, rma.number)):
        page = visitor.get(url).content.decode()
        for private in (NAME, "Camille", STREET, "75005 Paris", EMAIL):
            assert private not in page


def test_documents_open_only_with_the_link_from_the_mail(order, visitor):
    rma = refunded(order)
    note = CreditNote.objects.get()
    by_session = reverse("portal:document", args=["galerie", rma.number, note.pk])
    by_link = reverse("portal:document", args=["galerie", token_for(rma), note.pk])

    masked, opened = visitor.get(by_session), Client().get(by_link)

    assert masked.status_code == 404
    assert opened["Content-Type"] == "application/pdf"
    assert opened["Content-Disposition"] == f'attachment; filename="{note.label}.pdf"'
    assert opened.content.startswith(b"%PDF")


def test_a_link_opens_its_return_without_a_session(order):
    rma = requested_return(order)

    page = Client().get(status_page(order, token_for(rma)))

    assert page.status_code == 200
    assert rma.number in page.content.decode()


def test_a_link_does_not_open_the_order(order):
    client = Client()
    client.get(status_page(order, token_for(requested_return(order))))

    assert client.get(page_of(order)).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "R-2026-000001", "R-9999-000001", "x:y"])
def test_what_opens_nothing_is_a_kind_page(order, token):
    requested_return(order)

    answer = Client(headers={"accept-language": "en"}).get(status_page(order, token))

    assert answer.status_code == 404
    assert "your order number brings you back" in answer.content.decode()


@pytest.mark.parametrize("change", [{"expires_at": now()}, {"revoked_at": now()}])
def test_an_expired_or_revoked_link_is_a_kind_page(order, change):
    token = token_for(requested_return(order))
    ReturnLink.objects.update(**change)

    assert Client().get(status_page(order, token)).status_code == 404


def test_a_link_of_one_shop_opens_nothing_in_its_twin(order):
    twin = small_shop("jumelle")
    other = order_of(twin, number=order.number)
    rma, foreign = requested_return(order), requested_return(other)

    assert Client().get(f"/s/jumelle/r/{token_for(rma)}/").status_code == 404
    assert Client().get(f"/s/galerie/r/{token_for(foreign)}/").status_code == 404


def test_finding_an_order_in_one_shop_opens_nothing_in_its_twin(order, visitor):
    twin = order_of(small_shop("jumelle"), number=order.number)
    foreign = requested_return(twin)

    assert visitor.get(page_of(twin)).status_code == 404
    assert visitor.get(f"/s/jumelle/r/{foreign.number}/").status_code == 404


def test_another_order_of_the_same_shop_stays_closed(order, visitor):
    other = order_of(order.shop, number="1002")
    rma = requested_return(other)

    assert visitor.get(page_of(other)).status_code == 404
    assert visitor.get(status_page(order, rma.number)).status_code == 404
    assert visitor.post(status_page(order, rma.number) + "cancel/").status_code == 404
    assert visitor.post(page_of(other), {}).status_code == 404


def test_a_photo_of_another_return_stays_closed(order, visitor, jpeg):
    mine = requested_return(order, {"MUG-07": 1})
    other = order_of(order.shop, number="1002")
    client = Client()
    client.post(START, {"number": "1002", "proof": EMAIL})
    theirs = requested_return(other)
    url = status_page(other, theirs.number) + "photos/"
    client.post(url, {"photos": _file(jpeg)})
    photo = theirs.photos.get()

    assert client.get(f"{url}{photo.pk}/").status_code == 200
    assert visitor.get(f"{url}{photo.pk}/").status_code == 404
    assert visitor.get(f"{status_page(order, mine.number)}photos/{photo.pk}/").status_code == 404


def _file(content: bytes):
    file = BytesIO(content)
    file.name = "a.jpg"
    return file


def test_ten_wrong_guesses_close_the_order_for_a_while(order):
    for number in range(limits.PER_ORDER.tries):
        Client().post(START, {"number": "1001", "proof": f"{number}@y.example"})

    answer = Client(headers={"accept-language": "en"}).post(
        START, {"number": "1001", "proof": EMAIL}
    )

    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "A short break, please" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_one_address_tried_on_many_numbers_is_stopped(order):
    for number in range(limits.PER_PROOF.tries):
        Client().post(START, {"number": f"x{number}", "proof": EMAIL})

    assert Client().post(START, {"number": "1001", "proof": EMAIL}).status_code == 429


def test_one_client_is_stopped_and_another_is_not(order):
    for number in range(limits.PER_ADDRESS.tries):
        Client().post(START, {"number": f"x{number}", "proof": f"{number}@y.example"})
    known = {"number": "1001", "proof": EMAIL}

    assert Client().post(START, known).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.7").post(START, known).status_code == 302


def test_who_finds_the_order_is_never_counted(order, find):
    for _ in range(limits.PER_ADDRESS.tries + 5):
        client = find(order)

    assert client.get(page_of(order)).status_code == 200


@pytest.mark.parametrize(
    ("direct", "forwarded", "seen"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "junk", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "", "None"),
    ],
)
def test_which_address_counts(rf, direct, forwarded, seen):
    request = rf.get("/", REMOTE_ADDR=direct, headers={"x-forwarded-for": forwarded})

    assert limits.client_network(request) == seen


def test_personal_pages_are_never_cached(order, visitor):
    rma = requested_return(order)
    preview = choose(visitor, order).url

    for url in (page_of(order), preview, status_page(order, rma.number)):
        answer = visitor.get(url)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex"


def test_showing_pages_changes_nothing(order, visitor):
    rma = requested_return(order, {"LAMP-01": 1})
    url = status_page(order, rma.number)
    before = rma.version

    for path in ("", "slip/", "cancel/"):
        assert visitor.get(url + path).status_code == 200
    for path in ("parcel/", "photos/"):
        assert visitor.get(url + path).status_code == 405

    rma.refresh_from_db()
    assert rma.version == before


def test_leaving_forgets_the_order(order, visitor):
    visitor.post("/s/galerie/leave/")

    assert visitor.get(page_of(order)).status_code == 404


def test_a_shop_that_does_not_exist_is_a_kind_page(order):
    assert Client().get("/s/nowhere/").status_code == 404


def test_forms_need_their_token(order):
    client = Client(enforce_csrf_checks=True)

    assert client.post(START, {"number": "1001", "proof": EMAIL}).status_code == 403


def test_only_colours_reach_the_style_sheet():
    small_shop()
    shop = small_shop("bleue")
    type(shop).objects.filter(pk=shop.pk).update(
        colours={"brand": "#123456", "brand_ink": "red;} body{display:none"}
    )

    sheet = Client().get("/s/bleue/colours.css").content.decode()

    assert "--brand: #123456;" in sheet
    assert "display" not in sheet
