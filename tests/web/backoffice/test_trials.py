"""The desk tries a policy and shows what came out."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import EMAIL, LAMP, MUG, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.policies.actions import create_draft
from rebond.domain.policies.presets import FASHION
from rebond.domain.shops.access import Role
from rebond.insights.trials.models import Trial
from rebond.kernel.clock import today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(db):
    shop = small_shop()
    requested_return(order_of(shop, lines=(LAMP, MUG)), {"LAMP-01": 1})
    return shop


def at_desk(shop, role=Role.OWNER, language="en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(staff_of(shop, role).user)
    return client


def page(shop, number):
    return reverse("backoffice:policy_trial", args=[shop.slug, number])


def start(client, shop, number, **more):
    day = today("Europe/Paris")
    days = {"first": day.replace(day=1), "last": day, "base": "then", "with_orders": "on"}
    return client.post(page(shop, number), days | more)


def test_it_is_begun_watched_stopped_taken_up_and_read(shop):
    draft = create_draft(shop, FASHION, note="", by="test")
    client = at_desk(shop)

    assert start(client, shop, draft.number).status_code == 302
    running = client.get(page(shop, draft.number)).content.decode()
    assert "<progress" in running and '<noscript><meta http-equiv="refresh"' in running
    trial = Trial.objects.get()
    part = client.get(page(shop, draft.number), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part.headers and "<html" not in part.content.decode()
    for name in ("stop", "resume"):
        move = reverse(f"backoffice:policy_trial_{name}", args=[shop.slug, draft.number, trial.pk])
        assert client.post(move).status_code == 302
    run_jobs()

    done = client.get(page(shop, draft.number)).content.decode()
    assert "1 of 1 returns would have been decided otherwise: 1 kinder, 0 stricter" in done
    assert f"/desk/{shop.slug}/returns/R-" in done
    assert "style=" not in done and "<script>" not in done
    part = client.get(page(shop, draft.number), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert EMAIL not in done


def test_days_the_wrong_way_round_are_told_in_place(shop):
    answer = start(at_desk(shop), shop, 1, first="2026-11-20", last="2026-11-01")

    assert answer.status_code == 422
    assert "The last day comes before the first." in answer.content.decode()


def test_what_does_not_exist_or_is_another_shops_is_not_found(shop):
    client = at_desk(shop)

    assert client.get(page(shop, 99)).status_code == 404
    other = small_shop("autre")
    assert client.get(page(other, 1)).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.WAREHOUSE, Role.READ_ONLY])
def test_only_who_sets_the_shop_up_tries(shop, role):
    assert at_desk(shop, role).get(page(shop, 1)).status_code == 403


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "MODÈLE|Modèle de formulaire"), ("en", "Model withdrawal form")]
)
def test_the_text_for_mails_stands_ready_to_copy(shop, language, said):
    answer = at_desk(shop, language=language).get(
        reverse("backoffice:policy_public", args=[shop.slug])
    )
    text = answer.content.decode()

    assert said.split("|")[-1] in text and "policy/embed.js" in text
    assert f"/s/{shop.slug}/withdraw/" in text
