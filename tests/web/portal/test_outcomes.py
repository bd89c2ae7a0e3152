"""For each article another wish: chosen, looked at, sent."""

import pytest
from tests.web.portal.steps import ONE_LAMP, choose, send, status_page
from tests.world import LAMP, MUG, order_of, run_jobs, small_shop

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
OFFERED = ["refund", "store_credit", "gift_card", "exchange", "replacement"]
BOTH = {**ONE_LAMP, "l2-chosen": "1", "l2-quantity": "1", "l2-reason": "changed_mind"}


@pytest.fixture
def order():
    """A lamp and a mug; every outcome is on offer, credit is worth 10 % more, paid at once."""
    rules = [
        {"kind": "outcomes", "offered": OFFERED, "credit_bonus_percent": 10},
        {"kind": "release", "pays_at": "approval"},
    ]
    shop = small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]})
    keep_products(shop, [NewProduct("LAMP-01", "Paper lamp", stock=2)], by="test")
    return order_of(shop, lines=(LAMP, MUG))


def fields(order, **outcomes):
    skus = {"lamp": "LAMP-01", "mug": "MUG-07"}
    return {
        f"outcome-{order.lines.get(sku=skus[name]).pk}": outcome
        for name, outcome in outcomes.items()
    }


def test_each_article_is_asked_about_and_money_is_marked(order, visitor):
    page = visitor.get(choose(visitor, order, **BOTH).url).content.decode()

    for name in fields(order, lamp="", mug=""):
        assert page.count(f'name="{name}"') >= 4
    assert page.count('value="refund" checked') == 2
    assert page.index('value="refund"') < page.index('value="store_credit"')


def test_the_amounts_of_a_mix_are_shown_before_it_is_sent(order, visitor):
    preview = choose(visitor, order, **BOTH).url
    visitor.post(preview, fields(order, lamp="store_credit", mug="gift_card"))
    page = visitor.get(preview).content.decode()

    assert "€33.33 to your store credit" in page
    assert "+ €3.33 from us = €36.66" in page
    assert "€12.95 to a new gift card" in page
    assert not Return.objects.exists()


def test_an_amount_on_top_of_credit_is_told_and_shown_in_the_sum(find):
    offer = {"kind": "outcomes", "offered": OFFERED, "credit_bonus_minor": 500}
    shop = small_shop(policy={"rules": [offer, *GENEROUS["rules"]]})
    order = order_of(shop, lines=(LAMP, MUG))
    visitor = find(order)
    preview = choose(visitor, order, **BOTH).url
    visitor.post(preview, fields(order, lamp="store_credit", mug="refund"))
    page = visitor.get(preview).content.decode()

    assert "Store credit, with €5.00 on top once" in page
    assert "+ €5.00 from us = €38.33" in page


def test_a_choice_that_was_not_looked_at_is_shown_before_it_is_sent(order, visitor):
    preview = choose(visitor, order, **BOTH).url
    sending = preview.replace("/preview/", "/send/")
    chosen = fields(order, lamp="store_credit", mug="refund")
    first = visitor.post(sending, chosen)
    second = visitor.post(sending, chosen)

    assert first.url == preview
    assert Return.objects.count() == 1
    assert second.url != preview


def test_a_mix_is_paid_article_by_article_and_told(order, visitor):
    preview = choose(visitor, order, **BOTH).url
    visitor.post(preview, fields(order, lamp="store_credit", mug="refund"))
    send(visitor, preview)
    run_jobs()

    rma = Return.objects.get()
    page = visitor.get(status_page(order, rma.number)).content.decode()
    assert dict(rma.lines.values_list("sku", "outcome")) == {
        "LAMP-01": "store_credit",
        "MUG-07": "refund",
    }
    assert Refund.objects.get(provider="store_credit").amount_minor == 3333
    assert "Paper lamp</span> → store credit" in page
    assert "€33.33 to your store credit" in page
    assert "store credit" in Message.objects.filter(kind="return_approved").get().text


def test_the_same_article_again_is_held_as_soon_as_it_is_sent(order, visitor):
    preview = choose(visitor, order).url
    visitor.post(preview, fields(order, lamp="replacement"))
    sent = send(visitor, preview)

    assert "/exchange/" not in sent.url
    assert Product.objects.get(sku="LAMP-01").stock_held == 1
    assert Return.objects.get().lines.get().outcome == "replacement"


def test_what_is_sold_out_is_not_offered_again(order, visitor):
    Product.objects.update(stock_on_hand=0)
    page = visitor.get(choose(visitor, order).url).content.decode()

    assert 'value="exchange"' in page
    assert 'value="replacement"' not in page


@pytest.mark.parametrize("word", ["", "upgrade", "é" * 500])
def test_a_word_that_is_not_on_offer_changes_nothing(order, visitor, word):
    preview = choose(visitor, order).url
    visitor.post(preview, fields(order, lamp=word))
    send(visitor, preview)

    assert Return.objects.get().lines.get().outcome == "refund"


def test_no_money_goes_while_other_goods_are_wished_for(order, visitor):
    preview = choose(visitor, order).url
    visitor.post(preview, fields(order, lamp="exchange"))
    sent = send(visitor, preview)
    run_jobs()

    assert "/exchange/" in sent.url
    assert visitor.get(sent.url).status_code == 200
    assert not Refund.objects.exists()
