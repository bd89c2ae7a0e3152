"""Enquiries at the desk: listed, answered, made into a return with its lines."""

import pytest
from tests.world import EMAIL, LAMP, order_of, requested_return

from rebond.domain.conversations.actions import write_to_shop
from rebond.domain.enquiries.actions import NewEnquiry, receive_enquiry
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role

HERE = "/desk/galerie/enquiries/"


def ask(shop, text="I send the paper lamp back.", *, email=EMAIL, number="1001"):
    told = NewEnquiry(email=email, text=text, language="fr", name="Camille", order_number=number)
    return receive_enquiry(shop, told, by="visitor")


def file_lamp(client, form, order):
    line = order.lines.get(sku=LAMP.sku)
    told = {
        f"line-{line.pk}-quantity": "1",
        f"line-{line.pk}-reason": "changed_mind",
        "where": "phone",
        "outcome": "refund",
        "token": "t1",
    }
    return client.post(form, told)


def test_an_enquiry_becomes_a_return_with_a_click(shop, order, at_desk):
    ana = at_desk(shop)
    enquiry = ask(shop)
    page = ana.get(f"{HERE}{enquiry.pk}/").content.decode()
    form = f"/desk/galerie/orders/1001/return/?enquiry={enquiry.pk}"
    shown = ana.get(form).content.decode()

    filed = file_lamp(ana, form, order)

    rma = Return.objects.get(order=order)
    enquiry.refresh_from_db()
    line = order.lines.get(sku=LAMP.sku)
    assert form in page
    assert f'name="line-{line.pk}-quantity" value="1"' in shown
    assert shown.count('-quantity" value="1"') == 1
    assert filed.headers["Location"] == f"/desk/galerie/returns/{rma.number}/"
    assert (enquiry.state, enquiry.rma) == ("turned", rma)
    assert rma.conversation.get().text == "I send the paper lamp back."
    assert rma.number in ana.get(f"{HERE}{enquiry.pk}/").content.decode()


def test_an_order_of_another_mailbox_is_marked(shop, order, at_desk):
    enquiry = ask(shop, email="zoe@client.example")

    page = at_desk(shop).get(f"{HERE}{enquiry.pk}/").content.decode()

    assert "another e-mail address" in page


def test_answering_and_closing(shop, order, at_desk):
    ana = at_desk(shop)
    enquiry = ask(shop)

    empty = ana.post(f"{HERE}{enquiry.pk}/answer/", {"text": ""})
    ana.post(f"{HERE}{enquiry.pk}/answer/", {"text": "Gladly"})
    ana.post(f"{HERE}{enquiry.pk}/close/")

    enquiry.refresh_from_db()
    assert empty.status_code == 422
    assert enquiry.said.count() == 2
    assert enquiry.state == "closed"


def test_a_message_about_a_return_becomes_another_one(shop, order, at_desk):
    ana = at_desk(shop)
    rma = requested_return(order, {"MUG-07": 1})
    message = write_to_shop(rma.pk, "And the paper lamp, please", by="shopper")
    form = f"/desk/galerie/orders/1001/return/?message={message.pk}"

    assert form in ana.get(f"/desk/galerie/returns/{rma.number}/").content.decode()
    file_lamp(ana, form, order)

    made = Return.objects.exclude(pk=rma.pk).get()
    message.refresh_from_db()
    assert made.conversation.get().text == "And the paper lamp, please"
    assert not message.waits


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_asks_the_same_number_of_questions(
    shop, order, at_desk, count, django_assert_max_num_queries
):
    ana = at_desk(shop)
    for number in range(count):
        ask(shop, f"Question {number}", email=f"p{number}@client.example")

    with django_assert_max_num_queries(14):
        page = ana.get(HERE).content.decode()

    assert page.count("row-link") == min(count, 50)


def test_who_sees_no_people_sees_no_enquiry(shop, order, at_desk):
    enquiry = ask(shop)
    karim = at_desk(shop, Role.WAREHOUSE)

    assert karim.get(HERE).status_code == 403
    assert karim.get(f"{HERE}{enquiry.pk}/").status_code == 403


def test_an_enquiry_of_another_order_is_not_taken_for_nonsense(shop, order, at_desk):
    ana = at_desk(shop)
    order_of(shop, number="1002")

    assert (
        ana.get("/desk/galerie/orders/1002/return/?enquiry=x&message=y&parcel=z").status_code == 200
    )
