"""Several orders of one mailbox in one pass of the portal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from tests.domain.shipping.test_methods import labelled, policy
from tests.web.portal.test_mailbox import english, proven
from tests.world import order_of, small_shop

from rebond.domain.orders.models import OrderLine
from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.returns.models import Return
from rebond.domain.shipping.errors import MethodFixed
from rebond.domain.shipping.methods import chosen_of
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
BEGIN = "/s/galerie/basket/"
PAID = policy("prepaid_label", "own_carrier", label_fee_minor=490)


@pytest.fixture
def shop(db):
    return labelled(small_shop(policy=PAID))


@pytest.fixture
def orders(shop):
    return [order_of(shop, number="1001"), order_of(shop, number="1002")]


@pytest.fixture
def client(orders):
    return proven()


def begun(client, *numbers):
    answer = client.post(BEGIN, {"order": list(numbers)})
    assert answer.status_code == 302
    return answer.url


def wish(place, position=1, **more):
    name = f"o{place}-l{position}"
    return {
        f"{name}-chosen": "1",
        f"{name}-quantity": "1",
        f"{name}-reason": "changed_mind",
        **more,
    }


def chosen(client):
    page = begun(client, "1001", "1002")
    answer = client.post(page, wish(0) | wish(1))
    assert answer.url == f"{page}preview/"
    return page


def test_the_list_offers_to_send_back_things_of_several_orders(client):
    page = client.get("/s/galerie/mailbox/orders/").content.decode()

    assert page.count('name="order"') == 2
    assert f'action="{BEGIN}"' in page


def test_one_order_alone_goes_its_own_way_and_none_is_asked_again(client):
    assert begun(client, "1001") == "/s/galerie/order/1001/"
    assert begun(client) == "/s/galerie/mailbox/orders/"


def test_lines_of_all_orders_stand_on_one_page(client):
    page = client.get(begun(client, "1001", "1002")).content.decode()

    assert "Order 1001" in page and "Order 1002" in page
    assert 'name="o0-l1-chosen"' in page and 'name="o1-l1-chosen"' in page


def test_three_steps_once_make_two_returns_and_one_letter(client, run_jobs):
    page = chosen(client)
    preview = client.get(f"{page}preview/").content.decode()
    assert "One parcel and one label are enough for all of it." in preview
    numbers = [part.split('"')[0] for part in preview.split('name="sends" value="')[1:]]

    asked = client.post(f"{page}send/", {"method": "prepaid_label", "sends": numbers})
    assert asked.url == f"{page}preview/"
    total = client.get(asked.url).context["totals"]
    sent = client.post(f"{page}send/", {"method": "prepaid_label", "sends": numbers})

    assert sent.url == f"{page}done/"
    made = list(Return.objects.order_by("number"))
    assert {rma.order.number for rma in made} == {"1001", "1002"}
    assert [chosen_of(rma).method for rma in made] == ["prepaid_label"] * 2
    assert total == [("EUR", sum(expected_for(rma)["total_minor"] for rma in made))]
    done = client.get(sent.url).content.decode()
    assert all(rma.number in done for rma in made)
    run_jobs()
    assert Message.objects.exclude(kind="one_time_code").count() == 1


def test_a_second_click_and_a_reload_lead_to_the_same_returns(client):
    page = chosen(client)
    client.post(f"{page}preview/", {"method": "own_carrier"})
    body = {"method": "own_carrier", "sends": ["1001", "1002"]}

    answers = [client.post(f"{page}send/", body).url for _ in range(3)]

    assert set(answers) == {f"{page}done/"}
    assert Return.objects.count() == 2
    assert client.get(page).url == client.get(f"{page}preview/").url == f"{page}done/"


def test_what_another_window_sent_meanwhile_is_named_and_nothing_is_sent(client, orders):
    page = chosen(client)
    client.post(f"{page}preview/", {"method": "own_carrier"})
    OrderLine.objects.filter(order=orders[1]).update(returned_quantity=F("delivered_quantity"))

    answer = client.post(f"{page}send/", {"method": "own_carrier", "sends": ["1001", "1002"]})

    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Order 1002:" in told and "Nothing was sent." in told
    assert Return.objects.count() == 0


@pytest.mark.parametrize(
    "refusal", [MethodFixed(number="R-1"), TextTooLong(field="comment", limit=9)]
)
def test_after_any_refusal_it_can_be_sent_again(client, monkeypatch, refusal):
    page = chosen(client)
    client.post(f"{page}preview/", {"method": "own_carrier"})
    body = {"method": "own_carrier", "sends": ["1001", "1002"]}

    def refuses(*_, **__):
        raise refusal

    with monkeypatch.context() as patch:
        patch.setattr("rebond.web.portal.views.basket.request_basket", refuses)
        assert client.post(f"{page}send/", body).status_code in {409, 422}

    assert client.post(f"{page}send/", body).url == f"{page}done/"


def test_an_order_that_dropped_out_is_shown_before_the_rest_goes(client):
    page = chosen(client)
    client.post(f"{page}preview/", {"method": "own_carrier"})

    answer = client.post(f"{page}send/", {"method": "own_carrier", "sends": ["1001"]})

    assert answer.url == f"{page}preview/"
    assert Return.objects.count() == 0


def test_nothing_chosen_and_a_missing_reason_are_said_on_the_page(client):
    page = begun(client, "1001", "1002")

    nothing = client.post(page, {})
    vague = client.post(page, {"o1-l1-chosen": "1", "o1-l1-quantity": "1"})

    assert nothing.status_code == vague.status_code == 422
    assert "Please choose at least one article." in nothing.content.decode()
    assert 'href="#o1-l1-reason"' in vague.content.decode()


def test_an_order_of_another_mailbox_is_not_there(shop, orders):
    order_of(shop, number="1003", email="other@client.example")
    client = proven()

    answers = [client.post(BEGIN, {"order": ["1001", one]}) for one in ("1003", "9999")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_without_the_code_there_is_no_basket(orders, client):
    page = begun(client, "1001", "1002")
    stranger = english()
    stranger.post("/s/galerie/", {"number": "1001", "proof": "anna@client.example"})

    assert stranger.post(BEGIN, {"order": ["1001", "1002"]}).status_code == 404
    assert stranger.get(page).status_code == 404
    client.post("/s/galerie/leave/")
    assert client.get(page).status_code == 404


def test_of_a_basket_of_two_one_alone_may_come_back(client):
    page = begun(client, "1001", "1002")
    client.post(page, wish(1))
    client.post(f"{page}preview/", {"method": "own_carrier"})

    sent = client.post(f"{page}send/", {"method": "own_carrier", "sends": ["1001"]})

    assert sent.url == f"{page}done/"
    assert Return.objects.get().order.number == "1001"


def test_a_picture_belongs_to_its_line_and_is_shown_to_this_session_alone(client, jpeg):
    page = begun(client, "1001", "1002")
    photo = SimpleUploadedFile("a.jpg", jpeg, "image/jpeg")
    client.post(page, wish(0) | {"o0-l1-photos": photo})
    shown = client.get(page).content.decode()
    address = shown.split('<img src="')[1].split('"')[0]

    assert client.get(address).status_code == 200
    assert english().get(address).status_code == 404
    client.post(f"{page}preview/", {"method": "own_carrier"})
    client.post(f"{page}send/", {"method": "own_carrier", "sends": ["1002"]})
    assert Return.objects.get().lines.get().photos.count() == 1
