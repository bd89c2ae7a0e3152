"""The page of the shop's own words in letters."""

import pytest
from django.test import Client
from tests.world import order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.shops.access import Role
from rebond.outbound.notifications.models import LetterWords

pytestmark = pytest.mark.django_db
PAGE = "/desk/galerie/settings/letters/return_approved/fr/"
EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def shop():
    return small_shop("galerie")


@pytest.fixture
def owner(shop):
    client = Client(**EN)
    client.force_login(staff_of(shop).user)
    return client


def test_words_are_looked_at_kept_and_named_in_the_list(shop, owner):
    rma = requested_return(order_of(shop), {"MUG-07": 1})
    run_jobs()
    typed = {"subject": "", "opening": "Merci {name}", "closing": ""}

    looked = owner.post(PAGE, {**typed, "look": "1"}).content.decode()
    assert f"Merci {rma.shopper.name}" in looked and not LetterWords.objects.exists()
    assert "The last one that was sent" in looked

    assert owner.post(PAGE, typed).status_code == 302
    listed = owner.get("/desk/galerie/settings/letters/").content.decode()

    assert LetterWords.objects.get().opening == "Merci {name}"
    assert listed.count(", with words of your own") == 1


def test_a_slip_is_said_and_what_was_typed_stays(owner):
    answer = owner.post(PAGE, {"subject": "", "opening": "Merci {prenom}", "closing": ""})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing can be put in for {prenom}." in page and "Merci {prenom}</textarea>" in page


@pytest.mark.parametrize("page", ["one_time_code/fr/", "return_approved/pt/", "none/fr/"])
def test_there_is_no_page_for_what_carries_no_words(owner, page):
    assert owner.get(f"/desk/galerie/settings/letters/{page}").status_code == 404


@pytest.mark.parametrize("role", ["agent", "warehouse", "accountant"])
def test_who_may_not_set_the_shop_up_does_not_get_there(shop, role):
    client = Client(**EN)
    client.force_login(staff_of(shop, role=Role(role)).user)

    assert client.get(PAGE).status_code == 403
