"""What the desk says of an article beside a return."""

import pytest
from tests.world import LAMP, order_of, received_return, small_shop, staff_of

from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.domain.signals.actions import judge_return
from rebond.domain.signals.kinds import Category, Found
from rebond.web.backoffice.queries.around_sale import around
from rebond.web.backoffice.queries.beside import beside
from rebond.web.backoffice.queries.customer import figures_of
from rebond.web.backoffice.queries.sales import sale_of

pytestmark = pytest.mark.django_db


def judged(rma, found, staff):
    category = Category.EMPTY_PARCEL if found is Found.FRAUD else Category.NONE
    judge_return(rma.pk, found, category=category, note="", staff=staff, by="staff:Ana")


def pieces(rma, staff):
    return [article.pieces for article in beside(rma, staff, frozenset()).articles]


def test_an_articles_figures_leave_confirmed_fraud_out_and_take_it_back_in():
    shop = small_shop()
    staff = staff_of(shop)
    seen, cheated = (
        received_return(order_of(shop, lines=[LAMP], number=number), {"LAMP-01": count})
        for number, count in (("1001", 1), ("1002", 2))
    )
    assert pieces(seen, staff) == [3]

    judged(cheated, Found.UNCLEAR, staff)
    assert pieces(seen, staff) == [3]
    judged(cheated, Found.FRAUD, staff)
    assert pieces(seen, staff) == [1]
    assert pieces(cheated, staff) == [3]  # its own page counts what lies on the table
    judged(cheated, Found.HONEST, staff)
    assert pieces(seen, staff) == [3]


def test_the_fraud_of_another_shop_changes_no_figure_here():
    shop, other = small_shop(), small_shop("autre")
    seen = received_return(order_of(shop, lines=[LAMP]), {"LAMP-01": 1})
    theirs = received_return(order_of(other, lines=[LAMP]), {"LAMP-01": 2})
    judged(theirs, Found.FRAUD, staff_of(other))

    assert pieces(seen, staff_of(shop)) == [1]


def test_what_was_split_off_a_return_is_no_other_return_of_the_customer():
    shop = small_shop()
    order = order_of(shop)
    first, part, other = (
        received_return(order, {sku: 1}) for sku in ("LAMP-01", "LAMP-01", "MUG-07")
    )
    Return.objects.filter(pk=part.pk).update(split_from=first)
    part.refresh_from_db()
    people = frozenset({Right.SEE_PEOPLE})

    seen = {one: beside(one, staff_of(shop), people) for one in (first, part, other)}

    assert {one.returns for one in seen.values()} == {2}
    assert seen[first].earlier == [other] == seen[part].earlier
    assert seen[other].earlier == [first]
    assert around(sale_of(order), people).returns == 2
    assert figures_of(order.shopper).returns == 2
