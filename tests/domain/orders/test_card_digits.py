"""The last four digits of a card come with a file of orders, so that a sale is found by them."""

import pytest
from tests.world import small_shop

from rebond.cli.importing import run_import
from rebond.domain.orders.models import Order, Payment

pytestmark = pytest.mark.django_db
HEAD = "order_number,ordered_at,currency,sku,quantity,unit_price,payment_provider,last_four\n"


def imported(folder, *rows):
    small_shop()
    file = folder / "orders.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    run_import([file], shop_slug="galerie", report=folder / "report.csv")
    return dict(Payment.objects.values_list("order__number", "last_four"))


def test_the_digits_are_kept_with_the_payment(tmp_path):
    assert imported(
        tmp_path,
        "1001,2026-03-02T10:00:00,EUR,MUG,1,10,paper,4242",
        "1002,2026-03-02T10:00:00,EUR,MUG,1,10,paper,42",
        "1003,2026-03-02T10:00:00,EUR,MUG,1,10,paper,",
    ) == {"1001": "4242", "1002": "0042", "1003": ""}


def test_a_whole_card_number_is_refused_and_not_repeated(tmp_path):
    assert not imported(tmp_path, "1001,2026-03-02T10:00:00,EUR,MUG,1,10,paper,4242424242424242")

    said = (tmp_path / "report.csv").read_text(encoding="utf-8")
    assert "bad_last_four" in said
    assert "4242" not in said
    assert not Order.objects.exists()
