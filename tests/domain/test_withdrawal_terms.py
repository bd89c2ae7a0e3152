"""After a statement of withdrawal the shop's own promises hold, whichever rule makes them."""

import pytest
from tests.domain.duties.test_duties import withdrawn
from tests.world import order_of, small_shop

from rebond.domain.policies.presets import FASHION

pytestmark = pytest.mark.django_db


def test_the_shop_that_pays_the_way_back_pays_it_after_a_withdrawal_too():
    rma = withdrawn(order_of(small_shop(policy=FASHION)))

    terms = rma.terms["terms"]

    assert terms["shopper_pays_return"] is False
    assert terms["pays_at"] == "receipt"
    assert terms["refunds_shipping"] is True


def test_a_version_with_the_rule_for_everything_holds_as_it_did():
    old = {"kind": "refund_terms", "shopper_pays_return": False, "pays_at": "scan"}
    rma = withdrawn(order_of(small_shop(policy={"rules": [{"kind": "window"}, old]})))

    terms = rma.terms["terms"]

    assert (terms["shopper_pays_return"], terms["pays_at"]) == (False, "scan")
