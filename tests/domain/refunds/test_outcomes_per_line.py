"""Each article of a return goes the way its buyer chose, to the cent."""

import pytest
from tests.world import LAMP, MUG, findings, order_of, run_jobs, small_shop

from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.models import Consent, Refund, Settlement
from rebond.domain.refunds.queries import preview_of
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.refunds.wished import wished_way
from rebond.domain.returns.actions import approve_return, request_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
EVERYTHING = ["refund", "store_credit", "gift_card", "exchange", "replacement"]
AT_ONCE = {"kind": "release", "pays_at": "approval"}


def with_rules(*rules):
    return {"rules": [*rules, *GENEROUS["rules"]]}


def offer(*outcomes, bonus=10, **more):
    return {
        "kind": "outcomes",
        "offered": list(outcomes or EVERYTHING),
        "credit_bonus_percent": bonus,
        **more,
    }


def wishes(order, **outcomes):
    """One piece of each line: ``lamp="store_credit"``."""
    skus = {"lamp": "LAMP-01", "mug": "MUG-07"}
    return [
        Wish(order.lines.get(sku=skus[name]).pk, 1, "changed_mind", outcome=outcome)
        for name, outcome in outcomes.items()
    ]


def asked(order, **outcomes):
    moment = now()
    return request_return(
        order,
        wishes(order, **outcomes),
        policy=policy_for(order, moment),
        asked_at=moment,
        language="fr",
        by="shopper",
    )


def previewed(order, **outcomes):
    moment = now()
    policy = policy_for(order, moment)
    return preview_of(order, wishes(order, **outcomes), policy=policy, asked_at=moment)


def paid_ways():
    return {r.provider: r.amount_minor for r in Refund.objects.all()}


def test_one_article_becomes_money_and_the_other_credit_with_its_bonus():
    order = order_of(small_shop(policy=with_rules(offer(), AT_ONCE)), lines=(LAMP, MUG))
    seen = previewed(order, lamp="store_credit", mug="refund")
    asked(order, lamp="store_credit", mug="refund")
    run_jobs()

    settlement = Settlement.objects.get()
    ways = paid_ways()
    assert ways["store_credit"] == 3333
    assert sum(ways.values()) == settlement.gross_minor
    assert Account.objects.get(kind="store_credit").free_minor == 3333 + 333
    assert sorted(share.amount_minor for share in seen.shares) == sorted(ways.values())
    consent = Consent.objects.get()
    assert (consent.way, consent.money_minor, consent.offered_minor) == ("store_credit", 3333, 3666)


def test_an_amount_comes_on_top_of_credit_once_for_the_return():
    rules = (offer(bonus=10, credit_bonus_minor=500), AT_ONCE)
    order = order_of(small_shop(policy=with_rules(*rules)), lines=(LAMP, MUG))
    seen = previewed(order, lamp="store_credit", mug="refund")
    asked(order, lamp="store_credit", mug="refund")
    run_jobs()

    assert seen.shares[1].bonus_minor == 833  # 10 % of 33.33, and 5.00
    assert Account.objects.get(kind="store_credit").free_minor == 3333 + 833
    consent = Consent.objects.get()
    assert (consent.money_minor, consent.offered_minor) == (3333, 4166)


def test_two_articles_for_credit_bring_the_amount_once():
    rules = (
        offer(bonus=20, credit_bonus_minor=500, when={"skus": ["LAMP-01"]}),
        offer(bonus=0, credit_bonus_minor=200),
        AT_ONCE,
    )
    order = order_of(small_shop(policy=with_rules(*rules)), lines=(LAMP, MUG))
    asked(order, lamp="store_credit", mug="store_credit")
    run_jobs()

    credit = paid_ways()["store_credit"]
    assert set(paid_ways()) >= {"store_credit"}
    extra = 666 + 500  # 20 % of the lamp, and the higher amount
    taken = sum(r.amount_minor for r in Refund.objects.filter(provider="store_credit"))
    assert credit <= taken == 3333 + 1295
    assert Account.objects.get(kind="store_credit").free_minor == taken + extra


def test_no_amount_is_added_where_the_order_has_another_currency_than_the_shop():
    rules = (offer(bonus=10, credit_bonus_minor=500), AT_ONCE)
    shop = small_shop(policy=with_rules(*rules))
    order = order_of(shop, lines=(LAMP, MUG))
    Shop.objects.filter(pk=shop.pk).update(currency="CHF")
    order.shop.refresh_from_db()
    seen = previewed(order, lamp="store_credit", mug="refund")

    assert seen.shares[1].bonus_minor == 333


def test_the_shopper_sees_money_first_and_the_bonus_apart():
    order = order_of(small_shop(policy=with_rules(offer())), lines=(LAMP, MUG))
    seen = previewed(order, lamp="store_credit", mug="refund")

    assert seen.shares[0].payment and not seen.shares[0].bonus_minor
    assert (seen.shares[1].way, seen.shares[1].bonus_minor) == ("store_credit", 333)


def test_delivery_costs_go_back_the_way_they_came_in_a_mix():
    rules = (offer(), AT_ONCE, {"kind": "refund_terms", "refunds_shipping": True})
    order = order_of(small_shop(policy=with_rules(*rules)), lines=(LAMP, MUG))
    asked(order, lamp="store_credit", mug="gift_card")
    run_jobs()

    ways = paid_ways()
    total = Settlement.objects.get().gross_minor
    goods = ways["store_credit"] + ways["gift_card"]
    assert sum(ways.values()) == total
    assert total - goods == sum(n for way, n in ways.items() if way not in
                                {"store_credit", "gift_card"})  # fmt: skip


def test_a_gift_card_is_issued_for_its_article_only():
    order = order_of(small_shop(policy=with_rules(offer(), AT_ONCE)), lines=(LAMP, MUG))
    asked(order, lamp="refund", mug="gift_card")
    run_jobs()

    card = GiftCard.objects.get()
    assert card.account.free_minor == paid_ways()["gift_card"] == 1295
    assert Consent.objects.get().way == "gift_card"


def test_what_is_not_offered_for_an_article_stays_money():
    only_mugs = offer("refund", "store_credit", when={"skus": ["MUG-07"]})
    lamps = offer("refund", when={"skus": ["LAMP-01"]})
    approve = {"kind": "verdict", "say": "approve"}
    order = order_of(
        small_shop(policy=with_rules(only_mugs, lamps, AT_ONCE, approve)), lines=(LAMP, MUG)
    )
    rma = asked(order, lamp="store_credit", mug="store_credit")
    run_jobs()

    offered = rma.terms["terms"]["line_outcomes"]
    assert offered[str(order.lines.get(sku="LAMP-01").pk)] == ["refund"]
    assert paid_ways()["store_credit"] == 1295
    assert wished_way(rma).lines[0].order_lines == {order.lines.get(sku="MUG-07").pk}


def test_money_credit_and_other_goods_in_one_return():
    shop = small_shop(policy=with_rules(offer()))
    lamp = {"family": "lamp", "price_minor": 4000}
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", option="white", stock=3, **lamp),
            NewProduct("LAMP-02", "Paper lamp", option="red", stock=2, **lamp),
        ],
        by="test",
    )
    order = order_of(shop, lines=(LAMP, MUG))
    rma = asked(order, lamp="exchange", mug="store_credit")
    line = rma.lines.get(sku="LAMP-01")
    yes = Yes(Channel.LINK, "camille")
    agree_exchange(rma.pk, [Instead(line.pk, "LAMP-02", 1)], yes, by="shopper")
    looked_at(rma)

    assert paid_ways() == {"exchange": 3333, "store_credit": 1295}
    assert Account.objects.get(kind="store_credit").free_minor == 1295 + 129
    assert set(Consent.objects.values_list("way", flat=True)) == {"exchange", "store_credit"}


def test_the_same_article_again_is_held_and_costs_nothing_more():
    shop = small_shop(policy=with_rules(offer()))
    keep_products(shop, [NewProduct("LAMP-01", "Paper lamp", stock=1)], by="test")
    rma = asked(order_of(shop, lines=(LAMP, MUG)), lamp="replacement")
    line = rma.lines.get()
    yes = Yes(Channel.LINK, "camille")
    agree_exchange(rma.pk, [Instead(line.pk, "LAMP-01", 1)], yes, by="shopper")
    held = Product.objects.get(sku="LAMP-01").stock_held
    looked_at(rma)

    line.refresh_from_db()
    assert (held, line.outcome) == (1, "replacement")
    assert paid_ways() == {"exchange": 3333}
    assert rma.exchanges.get().due_minor == 0


def test_who_wished_for_other_goods_and_chose_none_gets_the_money():
    rma = asked(order_of(small_shop(policy=with_rules(offer()))), lamp="exchange")
    looked_at(rma)

    assert Settlement.objects.get().gross_minor == 3333
    assert Consent.objects.count() == 0


def looked_at(rma):
    rma = Return.objects.get(pk=rma.pk)
    if rma.request_state == "requested":
        approve_return(rma.pk, by="test")
    receive_return(rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, note="", by="test")
    inspect_return(rma.pk, findings(rma, Grade.A), by="test")
    run_jobs()
