"""A shopper's way through the portal, page by page, without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import ONE_LAMP, choose, page_of, send, status_page
from tests.world import BOWL, LAMP, MUG, order_of, requested_return, run_jobs, small_shop

from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_number_to_status_page(order, visitor):
    assert visitor.get(page_of(order)).status_code == 200

    preview = choose(visitor, order)
    sent = send(visitor, preview.url)
    status = visitor.get(sent.url)

    rma = Return.objects.get()
    assert status.status_code == 200
    assert rma.number in status.content.decode()
    assert rma.request_state == "approved"
    assert [line.quantity for line in rma.lines.all()] == [1]


def test_a_mail_with_the_link_follows(order, visitor):
    send(visitor, choose(visitor, order).url)

    run_jobs()

    message = Message.objects.get()
    assert token_for(Return.objects.get()) in message.text


def test_a_preview_writes_nothing_and_promises_what_is_then_settled(order, visitor):
    preview = choose(visitor, order)
    page = visitor.get(preview.url).content.decode()

    assert not Return.objects.exists()
    assert "€33.33" in page  # 100.00 for three lamps
    assert "1 of 3 pieces" in page


def test_a_second_click_leads_to_the_same_return(order, visitor):
    preview = choose(visitor, order).url

    first, second = send(visitor, preview), send(visitor, preview)

    assert first.url == second.url
    assert Return.objects.count() == 1
    assert OrderLine.objects.get(order=order, sku="LAMP-01").returned_quantity == 1


def test_the_back_button_after_sending_leads_to_the_return(order, visitor):
    preview = choose(visitor, order).url
    sent = send(visitor, preview)

    again = visitor.get(preview)

    assert again.status_code == 302 and again.url == sent.url


def test_a_draft_of_another_session_sends_nothing(order, visitor, find):
    preview = choose(visitor, order).url

    other = find(order)

    assert send(other, preview).url == page_of(order)
    assert not Return.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "4", "1.5", "", "¹", "999999", "one"])
def test_only_what_is_left_can_be_chosen(order, visitor, quantity):
    answer = choose(visitor, order, **(ONE_LAMP | {"l1-quantity": quantity}))

    if quantity == "":
        assert answer.status_code == 302  # nothing said: one piece
    else:
        assert answer.status_code == 422
        assert "You can return 1 to 3 pieces." in answer.content.decode()


def test_what_somebody_else_took_meanwhile_is_refused_in_place(order, visitor):
    preview = choose(visitor, order, **(ONE_LAMP | {"l1-quantity": "3"})).url
    requested_return(order, {"LAMP-01": 2})

    answer = send(visitor, preview)

    assert answer.status_code == 409
    assert "There are not that many left" in answer.content.decode()
    assert Return.objects.count() == 1


def test_nothing_chosen_is_said_in_place(order, visitor):
    answer = choose(visitor, order, **{"l1-quantity": "1"})

    assert answer.status_code == 422
    assert "Please choose at least one article." in answer.content.decode()


def test_a_missing_reason_keeps_what_was_typed(order, visitor):
    answer = choose(
        visitor, order, **{"l1-chosen": "1", "l1-quantity": "2", "l1-comment": "too bright"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please tell us why it comes back." in page
    assert "too bright" in page and 'value="2"' in page


def test_a_finer_reason_wins_over_its_parent(order, visitor):
    fields = ONE_LAMP | {"l1-reason": "size", "l1-finer": "too_small"}
    send(visitor, choose(visitor, order, **fields).url)

    assert Return.objects.get().lines.get().reason.code == "too_small"


def test_a_finer_reason_of_another_parent_is_passed_over(order, visitor):
    fields = ONE_LAMP | {"l1-reason": "quality", "l1-finer": "too_small"}
    send(visitor, choose(visitor, order, **fields).url)

    assert Return.objects.get().lines.get().reason.code == "quality"


def test_a_comment_of_ten_thousand_characters_is_refused_and_kept(order, visitor):
    answer = choose(visitor, order, **(ONE_LAMP | {"l1-comment": "long " * 2000}))

    assert answer.status_code == 422
    assert "2000 characters at most" in answer.content.decode()
    assert "long long" in answer.content.decode()


def test_a_general_comment_that_is_too_long_is_refused_too(order, visitor):
    answer = choose(visitor, order, **(ONE_LAMP | {"comment": "x" * 10_000}))

    assert answer.status_code == 422
    assert "too long" in answer.content.decode()


def test_emoji_and_right_to_left_text_come_through(order, visitor):
    text = "Trop fragile 🏺💔 — مكسور"
    send(visitor, choose(visitor, order, **(ONE_LAMP | {"l1-comment": text})).url)

    assert Return.objects.get().lines.get().comment == text


def test_markup_in_a_title_is_shown_as_text(find):
    nasty = LAMP.__class__("XSS", "<script>alert(1)</script>\u202eabc", 1, 1000)
    order = order_of(small_shop(), lines=(nasty,))
    client = find(order)

    page = client.get(page_of(order)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_final_sale_is_declined_kindly_and_cannot_be_sent(find):
    order = order_of(small_shop(), lines=(LAMP, MUG, BOWL), days_since_delivery=20)
    visitor = find(order)
    fields = {"l3-chosen": "1", "l3-quantity": "1", "l3-reason": "changed_mind"}
    fields |= {"l1-chosen": ""}
    preview = choose(visitor, order, **fields).url

    page = visitor.get(preview).content.decode()
    answer = send(visitor, preview)

    assert "Wooden bowl" in page and "final sale" in page
    assert "Send my request" not in page
    assert answer.status_code == 409
    assert not Return.objects.exists()


def test_a_final_sale_can_be_withdrawn_from_within_the_legal_days(order, visitor):
    fields = {"l3-chosen": "1", "l3-quantity": "1", "l3-reason": "changed_mind"}

    send(visitor, choose(visitor, order, **fields).url)

    rma = Return.objects.get()
    assert rma.request_state == "approved"
    assert [found["code"] for found in rma.terms["overruled"]] == ["final_sale"]
    assert [found["code"] for found in rma.terms["findings"]] == ["withdrawal_right"]


def test_a_fault_of_ours_opens_a_final_sale_for_a_look(order, visitor):
    fields = {"l3-chosen": "1", "l3-quantity": "1", "l3-reason": "not_as_described"}
    preview = choose(visitor, order, **fields).url

    page = visitor.get(preview).content.decode()
    send(visitor, preview)

    assert "Somebody looks at it personally." in page
    assert Return.objects.get().request_state == "requested"


def test_photos_are_kept_with_the_draft_and_then_with_the_return(order, visitor, jpeg):
    upload = SimpleUploadedFile("a.jpg", jpeg, "image/jpeg")
    preview = choose(visitor, order, **(ONE_LAMP | {"l1-photos": upload})).url
    send(visitor, preview)

    rma = Return.objects.get()
    photo = rma.photos.get()
    answer = visitor.get(reverse("portal:photo", args=["galerie", rma.number, photo.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert b"rue du Puits" not in answer.content


@pytest.mark.parametrize(
    "junk", [b"", b"GIF89a nothing", b"<svg onload=alert(1)>", b"\xff\xd8\xff"]
)
def test_a_file_that_is_no_picture_is_refused_in_place(order, visitor, junk):
    upload = SimpleUploadedFile("a.jpg", junk, "image/jpeg")
    answer = choose(
        visitor, order, **(ONE_LAMP | {"l1-photos": upload, "l1-comment": "see the photo"})
    )

    if junk:
        assert answer.status_code == 422
        assert "We could not read this picture." in answer.content.decode()
        assert "see the photo" in answer.content.decode()
    assert not Return.objects.exists()


def test_a_photo_stays_when_something_else_is_wrong_and_can_be_dropped(order, visitor, jpeg):
    upload = SimpleUploadedFile("a.jpg", jpeg, "image/jpeg")
    answer = choose(visitor, order, **{"l1-chosen": "1", "l1-photos": upload})
    draft = answer.context["draft"]
    sha = draft.lines[str(order.lines.get(sku="LAMP-01").pk)].photos[0].sha256
    shown = visitor.get(
        reverse("portal:draft_photo", args=["galerie", order.number, draft.token, sha])
    )

    preview = choose(visitor, order, **(ONE_LAMP | {"draft": draft.token, "l1-drop": sha})).url
    send(visitor, preview)

    assert shown["Content-Type"] == "image/jpeg"
    assert Return.objects.get().photos.count() == 0


def test_returning_from_the_preview_finds_everything_filled_in(order, visitor):
    preview = choose(visitor, order, **(ONE_LAMP | {"l1-comment": "too bright"})).url
    token = preview.rstrip("/").rpartition("/")[2]

    page = visitor.get(page_of(order), {"draft": token}).content.decode()

    assert "too bright" in page and "checked" in page


def test_an_order_with_nothing_left_says_so_and_shows_its_returns(find):
    order = order_of(small_shop(), lines=(LAMP,))
    rma = requested_return(order, {"LAMP-01": 3})

    page = find(order).get(page_of(order)).content.decode()

    assert "There is nothing left to return" in page
    assert rma.number in page
    assert "Already in a return." in page


def test_an_order_without_lines_offers_help(find):
    order = order_of(small_shop(), lines=(), shipping_minor=100)

    page = find(order).get(page_of(order)).content.decode()

    assert "We see no article in this order." in page
    assert "bonjour@galerie.example" in page


def test_made_up_dates_and_taxes_are_marked(find):
    order = order_of(small_shop(), derived=("delivered_on", "vat"))
    client = find(order)

    first = client.get(page_of(order)).content.decode()
    preview = client.get(choose(client, order).url).content.decode()

    assert "we counted in your favour" in first
    assert "Estimated: the order did not state the VAT" in preview


def test_the_front_page_tells_the_policy_in_force():
    rules = [r for r in GENEROUS["rules"] if r["kind"] not in {"window", "return_cost"}]
    rules += [
        {"kind": "window", "days": 45, "starts_at": "order"},
        {"kind": "fee", "percent": 15, "when": {"grounds": ["commercial_return"]}},
        {"kind": "refund_terms", "shopper_pays_return": False},
    ]
    small_shop(policy={"rules": rules})

    page = Client(headers={"accept-language": "en"}).get("/s/galerie/").content.decode()

    assert "45 days to decide" in page
    assert "Counted from the day you ordered." in page
    assert "15% is kept for handling" in page
    assert "We pay the way back." in page


@pytest.mark.parametrize(("language", "words"), [("fr", "Trouver ma commande"), ("en", "Find my")])
def test_both_languages_from_the_first_page(order, language, words):
    page = Client(headers={"accept-language": language}).get("/s/galerie/")

    assert words in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()


def test_the_parcel_can_be_announced(order, visitor):
    rma = requested_return(order, {"LAMP-01": 1})
    url = status_page(order, rma.number)

    wrong = visitor.post(url + "parcel/", {"tracking_number": "<>"})
    visitor.post(url + "parcel/", {"carrier_name": "La Poste", "tracking_number": "6a 123"})

    rma.refresh_from_db()
    assert wrong.status_code == 422
    assert "does not look like a tracking number" in wrong.content.decode()
    assert rma.parcel_state == "announced"
    assert rma.parcels.get().tracking_number == "6A123"
    assert "6A123" in visitor.get(url).content.decode()


def test_cancelling_asks_first(order, visitor):
    rma = requested_return(order, {"LAMP-01": 1})
    url = status_page(order, rma.number) + "cancel/"

    asked = visitor.get(url)
    rma.refresh_from_db()
    assert rma.request_state == "approved"
    visitor.post(url)

    rma.refresh_from_db()
    assert "Cancel this return?" in asked.content.decode()
    assert rma.request_state == "cancelled"


def test_a_photo_can_be_added_later(order, visitor, jpeg):
    rma = requested_return(order, {"LAMP-01": 1}, reason="damaged")
    url = status_page(order, rma.number) + "photos/"

    nothing = visitor.post(url)
    added = visitor.post(url, {"photos": SimpleUploadedFile("a.jpg", jpeg)})

    assert nothing.status_code == 422
    assert added.status_code == 302
    assert rma.photos.get().taken_by == "shopper"


def test_the_slip_bears_the_number_as_bars_and_squares(order, visitor):
    rma = requested_return(order, {"LAMP-01": 1})

    page = visitor.get(status_page(order, rma.number) + "slip/").content.decode()

    assert page.count(f'aria-label="{rma.number}"') == 2
    assert "12 rue des Lices" in page


def test_an_order_of_many_lines_is_chosen_page_by_page(find):
    lines = tuple(LAMP.__class__(f"SKU-{n}", f"Article {n}", 2, 1000) for n in range(1, 301))
    order = order_of(small_shop(), lines=lines)
    client = find(order)

    first = client.get(page_of(order)).content.decode()
    moved = choose(client, order, **(ONE_LAMP | {"page": "1", "go": "10"}))
    last = client.get(moved.url).content.decode()
    token = moved.url.partition("draft=")[2].partition("&")[0]
    preview = choose(
        client,
        order,
        **{"l300-chosen": "1", "l300-reason": "colour", "page": "10", "draft": token},
    )
    send(client, preview.url)

    assert "Page 1 of 10" in first and "Article 31<" not in first
    assert "Article 300" in last and "1 chosen on other pages" in last
    assert [line.sku for line in Return.objects.get().lines.order_by("position")] == [
        "SKU-1",
        "SKU-300",
    ]
