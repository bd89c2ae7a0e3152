"""At the desk: contested grades stand in their own view and are answered by another person."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.test_contest import contest, rma  # noqa: F401
from tests.world import PASSWORD, order_of, small_shop, staff_of

from rebond.domain.contests.models import Contest
from rebond.domain.contests.queries import findings_of
from rebond.domain.returns.links import token_for
from rebond.domain.shops.access import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop(), days_since_delivery=20)


def at_desk(shop, name="Ana Lopes", role=Role.OWNER):
    client = Client(headers={"accept-language": "en"})
    staff = staff_of(shop, role, name=name)
    client.post("/desk/login/", {"email": staff.user.email, "password": PASSWORD})
    return client


@pytest.fixture
def asked(rma):  # noqa: F811
    contest(Client(), rma, token_for(rma))
    return Contest.objects.get()


def answer(client, rma, **fields):  # noqa: F811
    page = reverse("backoffice:answer_contest", args=[rma.shop.slug, rma.number])
    return client.post(page, fields)


def test_it_stands_in_its_own_view(asked):
    client = at_desk(asked.shop)

    page = client.get("/desk/galerie/returns/?view=contested").content.decode()

    assert asked.rma.number in page
    assert "Grade contested" in page


def test_another_person_corrects_it(asked):
    client = at_desk(asked.shop)
    row = findings_of(asked.rma)[0].inspection_id

    done = answer(client, asked.rma, outcome="corrected", answer="You are right.", corrected=row)
    asked.refresh_from_db()

    assert done.status_code == 302
    assert (asked.outcome, asked.answer) == ("corrected", "You are right.")
    page = client.get(f"/desk/galerie/returns/{asked.rma.number}/").content.decode()
    assert "Corrected: what was kept back is paid." in page


def test_who_graded_sees_no_form_and_cannot_answer(asked):
    client = at_desk(asked.shop, name="Karim")
    page = client.get(f"/desk/galerie/returns/{asked.rma.number}/").content.decode()

    refused = answer(client, asked.rma, outcome="stands", answer="No.")

    assert "You graded these articles: somebody else answers." in page
    assert "contest-answer" not in page
    assert refused.status_code == 409
    asked.refresh_from_db()
    assert asked.is_open


def test_neither_word_nor_choice_is_a_refusal(asked):
    client = at_desk(asked.shop)

    assert answer(client, asked.rma, outcome="stands", answer=" ").status_code == 422
    assert answer(client, asked.rma, outcome="corrected", answer="Yes").status_code == 422
    assert answer(client, asked.rma, outcome="x", answer="Yes").status_code == 422


def test_who_only_packs_does_not_answer(asked):
    client = at_desk(asked.shop, name="Lia Reis", role=Role.WAREHOUSE)

    assert answer(client, asked.rma, outcome="stands", answer="No.").status_code == 403
