"""Return slips from the command line."""

import pytest
from tests.world import order_of, small_shop

from rebond.cli.main import main
from rebond.domain.shipping.models import ReturnSlip
from rebond.kernel.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    shop = small_shop()
    order_of(shop)
    order_of(shop, number="1002")
    return shop


def test_named_orders_and_those_of_a_file_are_printed(tmp_path, capsys):
    numbers, target = tmp_path / "numbers.txt", tmp_path / "slips.pdf"
    numbers.write_text("1001\n\n1002\n")

    codes = [
        main(["slips", "galerie", "--orders", "1001", "--to-file", str(target)]),
        main(["slips", "galerie", "--numbers", str(numbers), "--to-file", str(target)]),
    ]

    assert codes == [0, 0]
    assert target.read_bytes().startswith(b"%PDF-")
    assert "2 slips" in capsys.readouterr().out
    assert ReturnSlip.objects.count() == 2


def test_orders_since_a_day_are_found(tmp_path):
    target = str(tmp_path / "slips.pdf")

    assert main(["slips", "galerie", "--since", "2020-01-01", "--to-file", target]) == 0
    assert main(["slips", "galerie", "--since", str(today("UTC")), "--to-file", target]) == 2


@pytest.mark.parametrize(
    "told", [["nowhere", "--orders", "1001"], ["galerie", "--orders", "4711"],
             ["galerie", "--numbers", "/nowhere/at/all"]],
)  # fmt: skip
def test_what_is_not_there_is_said(tmp_path, capsys, told):
    target = tmp_path / "slips.pdf"

    assert main(["slips", *told, "--to-file", str(target)]) == 2
    assert capsys.readouterr().err.startswith("rebond slips: ")
    assert not target.exists()
