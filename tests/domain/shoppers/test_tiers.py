"""The tier of a customer: told, typed, read by the policy, and first at the desk."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.cli.importing import run_import
from rebond.domain.returns.facts import facts_of
from rebond.domain.shoppers.actions import set_tier
from rebond.domain.shoppers.errors import TierUnreadable
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Role
from rebond.kernel.clock import now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


def at_desk(shop, role=Role.OWNER):
    client = Client(headers={"accept-language": "en"})
    staff = staff_of(shop, role)
    client.post("/desk/login/", {"email": staff.user.email, "password": PASSWORD})
    return client


def test_a_tier_is_read_by_the_policy_as_a_tag(shop):
    order = order_of(shop)

    assert set_tier(order.shopper_id, "  VIP  Gold ", by="staff:Ana")
    assert not set_tier(order.shopper_id, "vip gold", by="staff:Ana")

    order.refresh_from_db()
    assert facts_of(order, (), asked_at=now()).shopper_tags == ("vip gold",)
    assert Event.objects.filter(name="shopper.tier_changed").count() == 1
    with pytest.raises(TierUnreadable):
        set_tier(order.shopper_id, "x" * 31, by="staff:Ana")


def test_a_tier_comes_with_the_file_of_orders(shop, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(
        "order_number,ordered_at,currency,sku,quantity,unit_price,customer,customer_tier\n"
        "1001,2026-03-02T10:00:00,EUR,MUG,1,10,c1,VIP\n"
        "1002,2026-03-02T10:00:00,EUR,MUG,1,10,c2,\n",
        encoding="utf-8",
    )

    run_import([file], shop_slug="galerie", report=tmp_path / "report.csv")

    assert dict(Shopper.objects.values_list("key", "tier")) == {"c1": "vip", "c2": ""}


def test_what_is_open_for_a_vip_stands_in_a_view_of_its_own(shop):
    vip = requested_return(order_of(shop, number="1001"))
    other = requested_return(order_of(shop, number="1002", email="b@client.example"))
    client = at_desk(shop)

    client.post(reverse("backoffice:tier", args=[shop.slug, vip.shopper_id]), {"tier": "vip"})

    page = client.get("/desk/galerie/returns/?view=vip").content.decode()
    assert vip.number in page
    assert other.number not in page
    assert '<span class="tier">VIP</span>' in page
    one = client.get(f"/desk/galerie/returns/{vip.number}/").content.decode()
    assert '<span class="tier">VIP</span>' in one


def test_the_page_of_the_customer_tells_the_figures(shop):
    order = order_of(shop)
    requested_return(order, {"LAMP-01": 1})

    page = at_desk(shop).get(reverse("backoffice:fair_use_of", args=[shop.slug, order.shopper_id]))

    assert "100 % of the orders" in page.content.decode()
    assert "€130.80" in page.content.decode()  # 100.00 + 25.90 + 4.90


def test_who_may_not_decide_sets_no_tier(shop):
    order = order_of(shop)

    refused = at_desk(shop, Role.WAREHOUSE).post(
        reverse("backoffice:tier", args=[shop.slug, order.shopper_id]), {"tier": "vip"}
    )

    assert refused.status_code == 403
