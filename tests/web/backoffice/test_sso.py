"""Logging in at the identity provider of the house; every lie of it opens nothing."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from tests.web.backoffice.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.world import PASSWORD, small_shop, staff_of

from rebond.domain.sign_in.models import DeskSession, OuterIdentity
from rebond.domain.sign_in.sessions import CONFIRMED_FOR
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/desk/login/house/", "/desk/login/house/back/"


@pytest.fixture
def house(settings):
    cache.clear()
    server = IdentityProvider()
    settings.OIDC = {
        "issuer": server.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "title": "Maison",
    }
    yield server
    server.close()


@pytest.fixture
def ana():
    return staff_of(small_shop("galerie")).user


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


def go(browser, house, **more):
    """There and back; the answer to the way back."""
    there = browser.get(BEGIN, more).headers["Location"]
    return browser.get(f"{BACK}?{house.comes_back(there)}")


def is_in(browser):
    return browser.get("/desk/galerie/returns/").status_code == 200


def test_who_the_provider_proves_is_let_in_where_they_wanted_to_go(house, ana, browser):
    page = browser.get("/desk/login/?next=/desk/galerie/orders/").content.decode()
    assert "Log in with Maison" in page

    answer = go(browser, house, next="/desk/galerie/orders/")

    assert answer.url == "/desk/galerie/orders/" and is_in(browser)
    kept = OuterIdentity.objects.get()
    assert (kept.user, kept.issuer, kept.subject) == (ana, house.url, "person-1")


def test_the_question_has_pkce_and_secrets_of_its_own(house, browser):
    asked = [parse_qs(urlsplit(browser.get(BEGIN).headers["Location"]).query) for _ in range(2)]

    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == ["http://127.0.0.1:8000/desk/login/house/back/"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name] and len(asked[0][name][0]) >= 43


def test_later_the_subject_decides_whatever_the_address_is(house, ana, browser):
    go(browser, house)
    house.claims = {"email": "somebody@else.example", "email_verified": False}
    again = Client()

    go(again, house)

    assert is_in(again) and OuterIdentity.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": "nobody@galerie.example"},
    ],
)
def test_an_address_that_is_not_verified_or_not_here_opens_nothing(house, ana, browser, claims):
    house.claims |= claims

    answer = go(browser, house)

    assert answer.url == "/desk/login/" and not is_in(browser)
    assert "no shop here does" in browser.get("/desk/login/").content.decode()
    assert not OuterIdentity.objects.exists()


def test_who_was_shut_out_stays_outside(house, ana, browser):
    go(browser, house)
    ana.places.update(is_active=False)

    again = Client()
    go(again, house)

    assert not is_in(again)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT]},
        {"azp": "another-client"},
        {"iss": "http://evil.example"},
        {"nonce": "0" * 43},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": int(time.time()) + 9999},
        {"sub": None},
    ],
)
def test_a_token_for_others_or_of_another_time_opens_nothing(house, ana, browser, claims):
    house.claims |= claims

    assert go(browser, house).url == "/desk/login/" and not is_in(browser)


@pytest.mark.parametrize(
    "manner",
    [
        "alg none",
        "signed with our secret",
        "signed with its public key",
        "another key",
        "cut",
        "500",
        "no token",
        "rubbish",
    ],
)
def test_a_token_that_is_none_opens_nothing(house, ana, browser, manner):
    house.manner = manner

    assert go(browser, house).url == "/desk/login/" and not is_in(browser)
    assert "did not work" in browser.get("/desk/login/").content.decode()


@pytest.mark.parametrize("manner", ["away", "issuer", "unsafe"])
def test_a_provider_that_cannot_be_read_sends_nobody_away(house, browser, manner):
    house.manner = manner

    assert browser.get(BEGIN).url == "/desk/login/"


def test_a_provider_that_lets_us_wait_costs_its_own_log_in_alone(house, ana, browser, monkeypatch):
    monkeypatch.setattr("rebond.domain.sign_in.oidc.SECONDS_TO_ANSWER", 0.5)
    house.manner = "slow"

    began = time.monotonic()
    assert go(browser, house).url == "/desk/login/" and time.monotonic() - began < 1.4


def test_keys_that_the_provider_changed_are_fetched_once(house, ana, browser):
    go(browser, house)
    house.manner = "new key"
    again = Client()

    go(again, house)

    assert is_in(again) and house.calls.count("/keys") == 2


def test_a_way_is_walked_once_in_its_own_browser_and_in_time(house, ana, browser, monkeypatch):
    query = house.comes_back(browser.get(BEGIN).headers["Location"])
    stranger = Client()

    assert stranger.get(f"{BACK}?{query}").url == "/desk/login/" and not is_in(stranger)
    assert browser.get(f"{BACK}?{query.replace('state=', 'state=x')}").url == "/desk/login/"
    assert browser.get(f"{BACK}?{query}").url == "/desk/login/" and not is_in(browser)

    query = house.comes_back(browser.get(BEGIN).headers["Location"])
    late = now() + timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr("rebond.web.backoffice.views.sso.now", lambda: late)
        assert browser.get(f"{BACK}?{query}").url == "/desk/login/"


@pytest.mark.parametrize(
    "query", ["error=access_denied", "", "code=made-up", "iss=http://x&code=1"]
)
def test_who_was_turned_away_there_is_told_so(house, ana, browser, query):
    there = browser.get(BEGIN).headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]

    assert browser.get(f"{BACK}?state={state}&{query}").url == "/desk/login/"
    assert not is_in(browser)


def test_a_second_factor_of_ours_is_asked_for_unless_the_provider_saw_one(house, ana, browser):
    ana.factors.create(kind="totp", title="app", secret="x")

    assert go(browser, house).url == "/desk/login/second/" and not is_in(browser)
    house.claims["amr"] = ["pwd", "mfa"]
    again = Client()
    go(again, house)
    assert is_in(again) and DeskSession.objects.latest("begun_at").with_factor


def test_a_step_about_money_is_confirmed_by_showing_oneself_anew(house, ana, browser):
    go(browser, house)
    old = now() - CONFIRMED_FOR - timedelta(minutes=1)
    DeskSession.objects.update(confirmed_at=old, begun_at=old)
    there = browser.get(BEGIN, {"next": "/desk/account/"}).headers["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["300"])

    house.claims["auth_time"] = int(time.time()) - 4000
    browser.get(f"{BACK}?{house.comes_back(there)}")
    assert DeskSession.objects.get().confirmed_at == old

    house.claims["auth_time"] = int(time.time())
    house.claims["sub"] = "person-2"
    go(browser, house)
    assert DeskSession.objects.get().confirmed_at == old

    house.claims["sub"] = "person-1"
    assert go(browser, house, next="/desk/account/").url == "/desk/account/"
    assert DeskSession.objects.get().confirmed_at > old


def test_without_a_provider_there_is_no_such_way(ana, browser):
    assert browser.get(BEGIN).status_code == browser.get(BACK).status_code == 404
    assert "login/house" not in browser.get("/desk/login/").content.decode()
    browser.post("/desk/login/", {"email": ana.email, "password": PASSWORD})
    assert is_in(browser)
