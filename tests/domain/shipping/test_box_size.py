"""How large a parcel is, as far as its one piece tells."""

import pytest
from tests.world import order_of, requested_return, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.shipping.announcing import box_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        ({"LAMP-01": 1}, (300, 205, 100)),
        ({"LAMP-01": 2}, None),
        ({"LAMP-01": 1, "MUG-07": 1}, None),
        ({"MUG-07": 1}, None),
    ],
)
def test_it_is_known_for_one_piece_alone(wanted, size):
    shop = small_shop()
    order = order_of(shop)
    keep_products(shop, [NewProduct("LAMP-01", dimensions="30 x 20.5 x 10")], by="test")

    assert box_of(requested_return(order, wanted)) == size
