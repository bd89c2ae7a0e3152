"""Returns that were asked for at once, as the desk sees them."""

from tests.world import order_of, requested_return

from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import request_basket
from rebond.domain.shipping.actions.baskets import OfOrder
from rebond.kernel.clock import now

MARK = "Several orders at once"


def asked_for(shop):
    orders = [order_of(shop, number=f"200{n}") for n in (1, 2)]
    wishes = [[Wish(order.lines.get(sku="LAMP-01").pk, 1, "changed_mind")] for order in orders]
    asked = [OfOrder(order, wish) for order, wish in zip(orders, wishes, strict=True)]
    return request_basket(asked, method="", asked_at=now(), language="en", by="shopper")


def test_the_queue_marks_what_was_asked_for_at_once_and_nothing_else(shop, order, at_desk):
    requested_return(order)
    queue = f"/desk/{shop.slug}/returns/?view=all"
    client = at_desk(shop)
    assert MARK not in client.get(queue).content.decode()

    asked_for(shop)

    assert client.get(queue).content.decode().count(MARK) == 2


def test_each_page_names_the_other(shop, at_desk):
    first, second = asked_for(shop)

    page = at_desk(shop).get(f"/desk/{shop.slug}/returns/{first.number}/").content.decode()

    assert f'/desk/{shop.slug}/returns/{second.number}/">{second.number}</a>' in page
