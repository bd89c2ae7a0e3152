"""The shopper keeps what they chose, for a part of its price."""

import re

import pytest
from tests.web.portal.steps import ONE_LAMP, choose, page_of
from tests.world import LAMP, order_of, run_jobs, small_shop

from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.kernel.clock import today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
FIFTH = {"kind": "keep_discount", "percent": 20}


@pytest.fixture
def order():
    return order_of(small_shop(policy={"rules": [FIFTH, *GENEROUS["rules"]]}), lines=(LAMP,))


def say_yes(visitor, preview):
    page = visitor.get(preview).content.decode()
    shown = re.search(r'name="shown_minor" value="(\d+)"', page)[1]
    return visitor.post(preview.replace("/preview/", "/keep/"), {"shown_minor": shown})


def test_the_discount_stands_below_the_money_and_beside_the_return(order, visitor):
    page = visitor.get(choose(visitor, order).url).content.decode()

    assert "Keep it and get €6.66" in page
    assert page.index("What you get back") < page.index("Keep it and get")
    assert "Send my request" in page
    assert "the legal guarantee stays" in page


def test_who_says_yes_is_paid_and_told_and_may_still_return_it(order, visitor):
    answer = say_yes(visitor, choose(visitor, order).url)
    run_jobs()
    page = visitor.get(answer.url).content.decode()

    refund = Refund.objects.get()
    pay_by_hand(refund.pk, reference="VIR 1", paid_on=today("Europe/Paris"), by="staff:Ana")
    run_jobs()

    assert refund.amount_minor == 666
    assert "€6.66 are on their way to you" in page
    assert "Kept with a discount" in page
    assert "What would you like to return?" in page
    assert "6,66\xa0€" in Message.objects.get(rma=None).text
    assert not Return.objects.exists()


def test_a_second_click_and_a_second_time_pay_nothing_more(order, visitor):
    preview = choose(visitor, order).url
    say_yes(visitor, preview)
    visitor.post(preview.replace("/preview/", "/keep/"), {"shown_minor": "666"})
    again = choose(visitor, order).url

    assert "Keep it and get" not in visitor.get(again).content.decode()
    refused = visitor.post(again.replace("/preview/", "/keep/"), {"shown_minor": "666"})
    assert "You had a part of the price of this article back already." in refused.content.decode()
    assert Refund.objects.count() == 1


def test_a_sum_that_the_policy_no_longer_offers_is_not_paid(order, visitor):
    preview = choose(visitor, order).url
    publish_policy(order.shop, GENEROUS, note="", by="test")
    refused = visitor.post(preview.replace("/preview/", "/keep/"), {"shown_minor": "99999"})

    assert refused.status_code == 409
    assert not Refund.objects.exists()


def test_where_a_person_looks_first_nothing_is_offered(order, visitor):
    preview = choose(visitor, order, **{**ONE_LAMP, "l1-reason": "damaged"})

    page = visitor.get(getattr(preview, "url", page_of(order))).content.decode()
    assert "Keep it and get" not in page
