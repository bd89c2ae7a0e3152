"""At the inspection the desk proposes what the policy's rule says, and later tells which it was."""

import pytest
from tests.domain.warehouse.test_grade_shares import RULE, arrived, shop_with

from rebond.domain.warehouse.models import Inspection

pytestmark = pytest.mark.django_db


def test_the_desk_proposes_and_the_customer_reads_why(at_desk):
    shop = shop_with(RULE)
    rma = arrived(shop)
    client = at_desk(shop)
    address = f"/desk/galerie/returns/{rma.number}/inspection/"

    page = client.get(address).content.decode()
    assert "Your rule “worn goods” keeps:" in page
    assert 'data-kept="30" data-kept-incomplete="50"' in page
    name = f"{rma.lines.get().pk}-0"
    typed = {
        "version": rma.version,
        f"{name}-quantity": "1",
        f"{name}-grade": "c",
        f"{name}-disposition": "",
        f"{name}-accepted": "on",
        f"{name}-kept": "",
    }
    client.post(address, typed)

    desk = client.get(f"/desk/galerie/returns/{rma.number}/").content.decode()
    assert "30 % kept" in desk
    assert "by the rule “worn goods”" in desk
    assert Inspection.objects.get().kept_percent == 30


def test_on_a_withdrawal_the_desk_says_that_it_is_a_claim(at_desk):
    shop = shop_with(RULE)
    rma = arrived(shop, days=5)

    page = at_desk(shop).get(f"/desk/galerie/returns/{rma.number}/inspection/").content.decode()

    assert "This customer may withdraw: nothing is kept by itself." in page
    assert 'data-kept="0"' in page and 'data-kept="30"' not in page


def test_more_than_the_rule_without_a_word_is_asked_for_the_word(at_desk):
    shop = shop_with(RULE)
    rma, client = arrived(shop), at_desk(shop)
    name = f"{rma.lines.get().pk}-0"
    typed = {"version": rma.version, f"{name}-quantity": "1", f"{name}-grade": "c"}
    typed |= {f"{name}-accepted": "on", f"{name}-kept": "60"}

    answer = client.post(f"/desk/galerie/returns/{rma.number}/inspection/", typed)

    assert answer.status_code == 422
    assert "To keep more, say why in the note." in answer.content.decode()
    assert not Inspection.objects.exists()
