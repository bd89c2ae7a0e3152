"""The return form inside the shop's own pages: who may frame it, and that it needs no cookie."""

import pytest
from django.test import Client
from tests.world import EMAIL

from rebond.domain.shops.actions import allow_origins

FORM = "/s/galerie/embed/"
OPEN = "/s/galerie/embed/open/"
SITE = "https://www.galerie.example"


@pytest.fixture
def shop(order):
    return allow_origins(order.shop, [SITE], by="test")


def ancestors(answer):
    rules = answer.headers["Content-Security-Policy"].split(";")
    return next(rule.strip() for rule in rules if "frame-ancestors" in rule)


def framed(site, client=None):
    return (client or Client()).get(
        FORM, headers={"sec-fetch-dest": "iframe", "referer": f"{site}/"}
    )


def test_only_the_sites_of_the_shop_may_frame_the_form(shop):
    answer = framed(SITE)

    assert answer.status_code == 200
    assert ancestors(answer) == f"frame-ancestors {SITE}"
    assert "X-Frame-Options" not in answer.headers


def test_without_a_list_nobody_frames_it(order):
    assert ancestors(Client().get(FORM)) == "frame-ancestors 'none'"


def test_another_site_gets_a_word_and_a_code_instead(shop):
    answer = framed("https://evil.example")

    assert answer.status_code == 403
    assert "origin_not_allowed" in answer.content.decode()
    assert "<form" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/s/galerie/", "/s/galerie/mailbox/", "/s/galerie/withdraw/"])
def test_no_other_page_is_ever_framed(shop, path):
    answer = Client().get(path)

    assert ancestors(answer) == "frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_framed_page_sets_no_cookie_and_needs_none(shop):
    client = Client(headers={"accept-language": "en"})

    page = framed(SITE, client)

    assert not client.cookies
    assert 'target="_top"' in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_what_was_typed_in_the_frame_opens_the_order_in_the_whole_window(shop, order):
    client = Client(enforce_csrf_checks=True)
    told = {"number": order.number, "proof": EMAIL}

    answer = client.post(OPEN, told, headers={"origin": "http://testserver"})

    assert answer.headers["Location"] == f"/s/galerie/order/{order.number}/"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", SITE, "https://testserver", "http://testserver.evil"]
)
def test_a_form_that_another_site_sends_opens_nothing(shop, order, origin):
    client = Client(enforce_csrf_checks=True)
    headers = {"origin": origin} if origin else {}

    answer = client.post(OPEN, {"number": order.number, "proof": EMAIL}, headers=headers)

    assert answer.headers["Location"] == "/s/galerie/"
    assert client.get(f"/s/galerie/order/{order.number}/").status_code == 404


def test_a_wrong_proof_is_told_on_the_front_page_and_counted(shop, order):
    client = Client(headers={"accept-language": "en"})
    told = {"number": order.number, "proof": "69001"}

    answers = [client.post(OPEN, told, headers={"origin": "http://testserver"}) for _ in range(11)]

    assert answers[0].status_code == 422
    assert 'action="/s/galerie/"' in answers[0].content.decode()
    assert answers[-1].status_code == 429


def test_the_script_is_for_everybody_and_names_no_shop_of_its_own(shop):
    answer = Client().get("/s/galerie/embed/form.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "innerHTML" not in answer.content.decode()
