"""What begins with a text is found through an index, also where the database keeps shops apart."""

import pytest
from tests.world import order_of, small_shop

from rebond.domain.orders.models import Order
from rebond.domain.shoppers.models import Shopper
from rebond.kernel.search import begins_with

pytestmark = pytest.mark.django_db
NAMES = ["Zoé", "Zoë", "zoe", "Zo", "Zp", "50%", "50 years", "a_b", "axb", "🦆", "🦆 duck", "ß"]


def found(text):
    rows = Shopper.objects.filter(begins_with("name", text))
    return sorted(rows.values_list("name", flat=True))


@pytest.fixture
def people():
    shop = small_shop()
    for number, name in enumerate(NAMES):
        order_of(shop, number=str(number), name=name, email=f"{number}@client.example")
    return shop


@pytest.mark.parametrize("text", [*NAMES, "Z", "5", "a_", "🦆 d", "none", "z"])
def test_only_what_begins_like_it_is_found(people, text):
    assert found(text) == sorted(name for name in NAMES if name.startswith(text))


def test_a_column_of_something_beside_it_works_too(people):
    rows = Order.objects.filter(begins_with("shopper__name", "Zo"))

    assert sorted(rows.values_list("shopper__name", flat=True)) == ["Zo", "Zoé", "Zoë"]


@pytest.mark.postgresql
def test_the_index_is_used_although_the_shops_are_kept_apart():
    shop = small_shop()
    for number in range(30):
        order_of(shop, number=f"N-{number}")
    rows = Order.objects.filter(begins_with("number_key", "n-2"), shop=shop).values_list("pk")
    like = Order.objects.filter(number_key__startswith="n-2", shop=shop).values_list("pk")

    plan, plan_of_like = rows.explain(), like.explain()

    # What is asked before the shop of a row is known may be asked of an index.
    assert plan.index("~>=~") < plan.index("current_setting")
    assert plan_of_like.index("~~") > plan_of_like.index("current_setting")
    assert len(rows) == len(like) == 11
