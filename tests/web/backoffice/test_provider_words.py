"""The desk says of every payment provider whether it was ever tried with real money."""

import pytest
from django.utils import translation
from tests.world import order_of

from rebond.domain.refunds.ports import payment_providers
from rebond.web.backoffice.templatetags.desk import provider


@pytest.mark.parametrize("key", payment_providers.keys())
def test_a_provider_never_tried_live_is_marked(key):
    shown = provider(key)

    assert ("not yet tried live" in shown) is not payment_providers[key].tried_live


def test_the_mark_explains_itself_and_speaks_french():
    with translation.override("fr"):
        shown = provider("stripe")

    assert shown.startswith("Stripe <span")
    assert 'title="Écrite d’après la documentation' in shown
    assert "pas encore essayée en réel" in shown


def test_a_provider_that_is_no_longer_there_is_shown_by_its_name():
    assert provider("old_<b>") == "Old_<B>"
    assert not hasattr(provider("old_<b>"), "__html__")


def test_the_orders_page_shows_the_mark_beside_the_payment(shop, at_desk):
    order = order_of(shop, provider="stripe")

    page = at_desk(shop).get(f"/desk/galerie/orders/{order.number}/").content.decode()

    assert "Stripe" in page
    assert "not yet tried live" in page
