"""A return is changed before anything was sent: chosen again, judged again, told."""

import pytest
from django.urls import reverse
from tests.domain.shipping.test_methods import labelled
from tests.web.portal.steps import choose, send, status_page
from tests.world import BOWL, LAMP, MUG, order_of, run_jobs, small_shop

from rebond.domain.returns.actions import add_photo
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    send_label,
    set_shipping_terms,
    settle_label,
)
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
TWO_LAMPS = {"l1-chosen": "1", "l1-quantity": "2", "l1-reason": "changed_mind"}
MUG_TOO = {**TWO_LAMPS, "l2-chosen": "1", "l2-quantity": "2", "l2-reason": "changed_mind"}
MADE = LabelAnswer(LabelOutcome.MADE, "lbl_1", "SIM000000001FR", b"%PDF-1.7 a label")


@pytest.fixture
def order():
    return order_of(labelled(small_shop()), lines=(LAMP, MUG, BOWL))


@pytest.fixture
def rma(order, visitor):
    send(visitor, choose(visitor, order, **TWO_LAMPS).url)
    run_jobs()
    return Return.objects.get()


def change_page(rma, token=""):
    return reverse("portal:change", args=[rma.shop.slug, token or rma.number])


def change(client, rma, **fields):
    """Choose, look, and send; the last answer."""
    looked = client.post(change_page(rma), fields)
    assert looked.status_code == 302, looked.content.decode()[:2000]
    assert client.get(looked.url).status_code == 200
    return client.post(looked.url + "send/")


def lines(rma):
    return dict(rma.lines.values_list("sku", "quantity"))


def by_simulator(shop):
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="Ana")


def claimed(order):
    return dict(order.lines.values_list("sku", "returned_quantity"))


def test_the_page_shows_what_was_chosen_and_what_may_be_added(rma, visitor):
    page = visitor.get(change_page(rma)).content.decode()

    assert 'id="l1-chosen" name="l1-chosen" value="1" checked' in page
    assert 'name="l1-quantity" value="2" min="1" max="3"' in page
    assert 'value="changed_mind" selected' in page
    assert 'id="l2-chosen" name="l2-chosen" value="1">' in page


def test_what_it_brings_is_shown_before_anything_changes(rma, order, visitor):
    looked = visitor.post(change_page(rma), {**TWO_LAMPS, "l1-quantity": "1"})
    page = visitor.get(looked.url).content.decode()

    assert "€33.33" in page
    assert lines(rma) == {"LAMP-01": 2}
    assert claimed(order)["LAMP-01"] == 2


def test_fewer_pieces_are_free_again_and_the_money_follows(rma, order, visitor):
    change(visitor, rma, **{**TWO_LAMPS, "l1-quantity": "1"})

    assert lines(rma) == {"LAMP-01": 1}
    assert claimed(order)["LAMP-01"] == 1
    assert "€33.33" in visitor.get(status_page(order, rma.number)).content.decode()


def test_another_article_is_added_and_the_first_keeps_its_photos(rma, order, visitor, jpeg):
    line = rma.lines.get()
    add_photo(
        rma.pk, CleanImage(jpeg, 60, 40, "a" * 64), line_id=line.pk, taken_by="shopper", by="x"
    )

    change(visitor, rma, **MUG_TOO)

    assert lines(rma) == {"LAMP-01": 2, "MUG-07": 2}
    assert rma.lines.get(sku="LAMP-01").photos.count() == 1
    assert claimed(order)["MUG-07"] == 2


def test_an_article_that_is_kept_after_all_leaves_its_photo_with_the_return(
    rma, order, visitor, jpeg
):
    line = rma.lines.get()
    image = CleanImage(jpeg, 60, 40, "a" * 64)
    add_photo(rma.pk, image, line_id=line.pk, taken_by="shopper", by="x")

    only_mug = {"l2-chosen": "1", "l2-quantity": "1", "l2-reason": "changed_mind"}
    change(visitor, rma, **only_mug)

    assert lines(rma) == {"MUG-07": 1}
    assert claimed(order)["LAMP-01"] == 0
    assert (rma.photos.count(), rma.photos.get().line) == (1, None)


def test_nothing_chosen_is_no_change(rma, visitor):
    answer = visitor.post(change_page(rma), {})

    assert answer.status_code == 422
    assert "Please choose at least one article" in answer.content.decode()
    assert lines(rma) == {"LAMP-01": 2}


def test_more_than_was_bought_is_refused_where_it_is_typed(rma, visitor):
    answer = visitor.post(change_page(rma), {**TWO_LAMPS, "l1-quantity": "4"})

    assert answer.status_code == 422
    assert "You can return 1 to 3 pieces." in answer.content.decode()


def test_the_shopper_is_written_to_and_the_history_says_it(rma, order, visitor):
    change(visitor, rma, **MUG_TOO)
    run_jobs()

    page = visitor.get(status_page(order, rma.number)).content.decode()
    assert "Return changed: 2 × LAMP-01, 2 × MUG-07" in page
    assert Message.objects.filter(subject__contains="changed").count() == 1


def test_a_second_click_changes_nothing_more(rma, visitor):
    looked = visitor.post(change_page(rma), {**TWO_LAMPS, "l1-quantity": "1"})

    first = visitor.post(looked.url + "send/")
    rma.refresh_from_db()
    version = rma.version
    second = visitor.post(looked.url + "send/")
    rma.refresh_from_db()

    assert (first.status_code, second.status_code) == (302, 302)
    assert rma.version == version


def test_what_was_sent_cannot_be_changed(rma, order, visitor):
    announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="", tracking_number="", by="shopper"
    )

    answer = visitor.post(change_page(rma), MUG_TOO)

    assert answer.status_code == 409
    assert "can no longer be changed" in answer.content.decode()
    assert "/change/" not in visitor.get(status_page(order, rma.number)).content.decode()
    assert lines(rma) == {"LAMP-01": 2}


def test_a_label_for_another_parcel_is_called_off(rma, visitor):
    by_simulator(rma.shop)
    label = ask_label(rma.pk, by="shopper")
    send_label(label.pk)
    settle_label(label.pk, MADE)
    Label.objects.get().parcel.rma.parcels.update(weight_grams=400)

    looked = visitor.post(change_page(rma), MUG_TOO)
    assert "your label is called off" in visitor.get(looked.url).content.decode()
    visitor.post(looked.url + "send/")

    assert Label.objects.get().state == "voiding"


def test_a_label_that_is_being_made_is_waited_for(rma, visitor):
    by_simulator(rma.shop)
    ask_label(rma.pk, by="shopper")

    assert visitor.post(change_page(rma), MUG_TOO).status_code == 409


def test_a_label_from_the_stock_stays_good_for_the_same_address(rma, visitor):
    ask_label(rma.pk, by="shopper")

    change(visitor, rma, **MUG_TOO)

    assert Label.objects.get().state == "ready"


def test_who_holds_the_link_may_change_and_nobody_else(rma, client):
    token = token_for(rma)

    assert client.get(change_page(rma, token)).status_code == 200
    assert client.get(change_page(rma)).status_code == 404


def test_a_draft_of_another_return_is_not_taken(rma, order, visitor):
    visitor.post(change_page(rma), {**TWO_LAMPS, "l1-quantity": "1"})
    (token,) = [k for k, v in visitor.session["portal_drafts"].items() if v["changes"]]
    other = {"l2-chosen": "1", "l2-quantity": "1", "l2-reason": "changed_mind"}
    send(visitor, choose(visitor, order, **other).url)
    second = Return.objects.exclude(pk=rma.pk).get()

    answer = visitor.post(f"{change_page(second)}{token}/send/")

    assert answer.status_code == 302
    assert lines(second) == {"MUG-07": 1}
