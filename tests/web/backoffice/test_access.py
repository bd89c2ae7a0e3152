"""Passwords, second factors, sessions, and showing once more who one is."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from tests.world import PASSWORD, order_of, staff_of

from rebond.cli.commands import staff as staff_command
from rebond.domain.machines.models import ApiKey
from rebond.domain.shops.access import Role
from rebond.domain.shops.actions import require_second_factor
from rebond.domain.shops.models import Shop, User
from rebond.domain.shops.passwords import link_for
from rebond.domain.sign_in.actions import add_totp, use_code
from rebond.domain.sign_in.models import DeskSession, Factor, RecoveryCode
from rebond.domain.sign_in.throttle import Try, begin_try
from rebond.domain.sign_in.totp import code_of, new_secret, step_at
from rebond.kernel.callers import caller_of
from rebond.kernel.clock import now
from rebond.kernel.models import Event

LOGIN = "/desk/login/"
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def ana(shop):
    return staff_of(shop)


@pytest.fixture
def secret(ana):
    """Ana has an app that shows codes; her recovery codes are with it."""
    made = new_secret()
    codes = add_totp(ana.user, secret=made, code=_code(made), title="Phone", by="staff:Ana")
    Factor.objects.update(last_step=0)
    return made, codes


def _code(secret, later=0):
    return code_of(secret, step_at(now()) + later)


def log_in(client, password=PASSWORD, email="ana@galerie.example", **more):
    return client.post(LOGIN, {"email": email, "password": password, **more})


def later(**span):
    return time_machine.travel(now() + timedelta(**span), tick=False)


# --- passwords ----------------------------------------------------------------------------


def test_a_password_kept_the_old_way_is_kept_anew_at_the_log_in(client, ana, settings):
    settings.PASSWORD_HASHERS = [ARGON2, PBKDF2]
    old = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    User.objects.filter(pk=ana.user_id).update(password=old)

    assert log_in(client).status_code == 302

    assert User.objects.get(pk=ana.user_id).password.startswith("argon2")


@pytest.mark.parametrize("weak", ["short", "password123", "ana@galerie.example"])
def test_a_password_that_is_guessed_at_once_is_refused(client, ana, weak):
    page = client.post(link_for(ana.user), {"password": weak})

    assert page.status_code == 422
    assert User.objects.get(pk=ana.user_id).check_password(PASSWORD)


def test_an_unknown_address_costs_the_server_the_same_hash(client, ana, monkeypatch):
    hashed = []
    plain = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda self, raw: (hashed.append(raw), plain(self, raw))
    )

    log_in(client, email="nobody@galerie.example")

    assert hashed == [PASSWORD]


def test_wrong_passwords_from_everywhere_do_not_lock_the_owner_out(ana):
    log_in(Client(REMOTE_ADDR="192.0.2.7"))
    for number in range(60):
        log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")

    stranger = log_in(Client(REMOTE_ADDR="203.0.113.1"))
    owner = log_in(Client(REMOTE_ADDR="192.0.2.7"))

    assert (stranger.status_code, owner.status_code) == (429, 302)


def test_the_pause_of_one_network_of_the_sixth_version_is_one_pause(db):
    tries = [
        begin_try(Try("password", "ana@galerie.example", caller_of(f"2001:db8::{n}", "")))
        for n in range(1, 7)
    ]

    assert tries[:5] == [0] * 5 and tries[5] > 0


# --- second factor ------------------------------------------------------------------------


def test_the_codes_are_those_of_the_standard():
    # RFC 6238, appendix B (SHA-1), its last six digits; the secret is "12345678901234567890".
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    shown = [code_of(secret, seconds // 30) for seconds in (59, 1111111109, 20000000000)]

    assert shown == ["287082", "081804", "353130"]


def test_an_app_is_added_by_its_square_and_a_code(client, ana):
    log_in(client)
    page = client.get("/desk/account/app/")
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")
    assert b"<svg" in page.content

    wrong = client.post("/desk/account/app/", {"code": "000000"})
    shown = client.post("/desk/account/app/", {"code": _code(secret), "title": "My phone"})

    assert wrong.status_code == 422
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", shown.content.decode())
    assert len(codes) == 10
    assert secret not in Factor.objects.get().secret
    assert not set(codes) & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert Event.objects.get(name="second_factor.changed").payload["change"] == "totp_added"


def test_the_right_password_alone_does_not_open_the_desk(client, ana, secret):
    answer = log_in(client, next="/desk/galerie/orders/")

    assert answer.headers["Location"] == "/desk/login/second/"
    assert client.get("/desk/galerie/orders/").status_code == 302
    wrong = client.post("/desk/login/second/", {"code": "12345"})
    right = client.post("/desk/login/second/", {"code": _code(secret[0])})
    assert wrong.status_code == 422
    assert right.headers["Location"] == "/desk/galerie/orders/"
    assert client.get("/desk/galerie/orders/").status_code == 200


def test_a_code_opens_once(ana, secret):
    code = _code(secret[0])

    assert [use_code(ana.user, code), use_code(ana.user, code)] == [True, False]


def test_a_recovery_code_opens_once(client, ana, secret):
    log_in(client)
    first = client.post("/desk/login/second/", {"code": secret[1][0].upper()})
    client.post("/desk/logout/")
    log_in(client)
    again = client.post("/desk/login/second/", {"code": secret[1][0]})

    assert (first.status_code, again.status_code) == (302, 422)


def test_codes_cannot_be_tried_one_after_the_other(client, ana, secret):
    log_in(client)
    answers = [client.post("/desk/login/second/", {"code": f"{n:06}"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_the_second_step_is_over_after_ten_minutes(client, ana, secret):
    log_in(client)

    with later(minutes=11):
        answer = client.post("/desk/login/second/", {"code": _code(secret[0])})

    assert answer.headers["Location"] == LOGIN


def test_a_letter_with_a_link_does_not_pass_by_the_second_factor(client, ana, secret):
    answer = client.post(link_for(ana.user), {"password": "quite another long one"})

    assert answer.headers["Location"] == "/desk/login/second/"


def test_a_role_that_needs_a_second_factor_gets_nowhere_without_one(client, shop, ana):
    require_second_factor(shop, [Role.OWNER], by="staff:Ana")
    log_in(client)

    sent_on = client.get("/desk/galerie/returns/")
    add_totp(ana.user, secret=(made := new_secret()), code=_code(made), title="x", by="staff:Ana")

    assert sent_on.headers["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200
    assert client.get("/desk/galerie/returns/").status_code == 200


def test_the_owner_says_which_roles_need_one(client, shop, ana):
    log_in(client)

    client.post("/desk/galerie/settings/people/second-factor/", {"roles": ["agent", "nonsense"]})
    page = client.get("/desk/galerie/settings/people/").content.decode()

    assert 'value="agent" id="factor-agent" checked' in page
    assert 'value="owner" id="factor-owner" checked' not in page


def test_the_host_helps_who_lost_everything(client, ana, secret, monkeypatch, capsys):
    monkeypatch.setattr(staff_command, "set_up", lambda: None)
    args = type("Args", (), {"verb": "reset-second-factor", "email": "Ana@galerie.example"})
    DeskSession.objects.create(
        user=ana.user, begun_at=now(), last_used_at=now(), confirmed_at=now()
    )

    assert staff_command.run(args) == 0

    assert not Factor.objects.exists() and not RecoveryCode.objects.exists()
    assert not DeskSession.objects.filter(ended_at=None).exists()
    said = Event.objects.filter(name="second_factor.changed").latest("at")
    assert (said.payload["change"], said.actor) == ("reset", "console")
    assert log_in(client).headers["Location"] == "/desk/"


def test_the_host_gives_the_link_where_no_letter_leaves(
    client, ana, secret, monkeypatch, capsys, run_jobs, settings
):
    monkeypatch.setattr(staff_command, "set_up", lambda: None)
    settings.SMTP_URL = ""
    args = type("Args", (), {"verb": "password-link", "email": "Ana@galerie.example"})

    assert staff_command.run(args) == 0
    run_jobs()

    page = urlsplit(capsys.readouterr().out.strip()).path
    assert client.get(page).status_code == 200
    chosen = client.post(page, {"password": "another phrase, long enough"})
    assert chosen.headers["Location"].startswith("/desk/login/second/")
    assert client.get(page).status_code == 404
    said = Event.objects.get(name="password_link.asked")
    assert said.actor == "console"


@pytest.mark.parametrize("verb", ["password-link", "reset-second-factor"])
def test_for_somebody_unknown_the_host_is_told_and_nothing_happens(db, verb, monkeypatch, capsys):
    monkeypatch.setattr(staff_command, "set_up", lambda: None)

    assert staff_command.run(type("Args", (), {"verb": verb, "email": "nobody@x.example"})) == 1

    out, wrong = capsys.readouterr()
    assert (out, wrong) == ("", "Nobody works here under 'nobody@x.example'.\n")
    assert not Event.objects.exists()


def test_factors_of_somebody_else_are_not_touched(client, shop, ana, secret):
    other = Client()
    other.force_login(staff_of(shop, Role.AGENT, name="Bea Agent").user)

    other.post(f"/desk/account/factors/{Factor.objects.get().pk}/")

    assert Factor.objects.exists()


# --- sessions -----------------------------------------------------------------------------


def test_every_browser_is_listed_and_can_be_ended_from_another(ana):
    here, there = Client(), Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX)
    log_in(here), log_in(there)

    page = here.get("/desk/account/").content.decode()
    elsewhere = DeskSession.objects.get(address="192.0.2.7")
    assert "Firefox, Windows" in page and "192.0.2.7" in page
    here.post(f"/desk/account/sessions/{elsewhere.pk}/")

    assert there.get("/desk/galerie/returns/").status_code == 302
    assert here.get("/desk/galerie/returns/").status_code == 200


def test_all_other_sessions_end_at_once(ana):
    here, there = Client(), Client()
    log_in(here), log_in(there)

    here.post("/desk/account/sessions/")

    assert there.get("/desk/galerie/returns/").status_code == 302
    assert here.get("/desk/galerie/returns/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(shop, ana, at_desk):
    here = Client()
    log_in(here)

    other = at_desk(shop, Role.AGENT, name="Bea Agent")
    other.post(f"/desk/account/sessions/{DeskSession.objects.get(user=ana.user).pk}/")

    assert here.get("/desk/galerie/returns/").status_code == 200


@pytest.mark.parametrize(("hours", "stays"), [(11, True), (13, False)])
def test_a_session_that_nobody_uses_ends(client, ana, hours, stays):
    log_in(client)

    with later(hours=hours):
        assert (client.get("/desk/galerie/returns/").status_code == 200) == stays


def test_a_session_in_daily_use_ends_after_a_week(client, ana):
    log_in(client)
    for hours in range(10, 7 * 24, 10):
        with later(hours=hours):
            assert client.get("/desk/galerie/returns/").status_code == 200

    with later(days=7, hours=1):
        assert client.get("/desk/galerie/returns/").status_code == 302


def test_another_password_ends_every_other_session(ana):
    here, there = Client(), Client()
    log_in(here), log_in(there)

    here.post("/desk/account/password/", {"password": "quite another long one"})

    assert there.get("/desk/galerie/returns/").status_code == 302
    assert here.get("/desk/galerie/returns/").status_code == 200
    assert DeskSession.objects.filter(ended_at=None).count() == 1


# --- once more ----------------------------------------------------------------------------

NEW_KEY = {"title": "Till & co", "scopes": ["returns:read", "refunds:read"]}
KEYS = "/desk/galerie/money/keys/"


@pytest.fixture
def tired(client, ana):
    """Ana logged in twenty minutes ago."""
    log_in(client)
    with later(minutes=20):
        yield client


def carried(page):
    """What a browser would send from the page that asks."""
    text = page.content.decode()
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
    return [(name, value.replace("&amp;", "&")) for name, value in found if name[:4] != "csrf"]


def test_a_key_is_not_made_before_its_maker_has_shown_who_they_are(tired):
    asked = tired.post(KEYS, NEW_KEY)

    assert asked.status_code == 403
    assert not ApiKey.objects.exists()
    again = {}
    for name, value in carried(asked):
        again.setdefault(name, []).append(value)
    assert again == {"title": ["Till & co"], "scopes": NEW_KEY["scopes"]}

    wrong = tired.post(KEYS, again | {"confirm_password": "wrong"})
    assert wrong.status_code == 422 and not ApiKey.objects.exists()

    made = tired.post(KEYS, again | {"confirm_password": PASSWORD})
    assert made.status_code == 200
    assert sorted(ApiKey.objects.get().scopes) == sorted(NEW_KEY["scopes"])

    assert tired.post(KEYS, NEW_KEY).status_code == 200


def test_a_code_of_the_app_is_as_good_as_the_password(tired, ana, secret):
    made = tired.post(KEYS, NEW_KEY | {"confirm_code": _code(secret[0])})

    assert made.status_code == 200 and ApiKey.objects.exists()


def test_passwords_cannot_be_tried_there_either(tired):
    answers = [tired.post(KEYS, NEW_KEY | {"confirm_password": "wrong"}) for _ in range(5)]
    answers.append(tired.post(KEYS, NEW_KEY | {"confirm_password": PASSWORD}))

    assert {answer.status_code for answer in answers} == {422}
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "settings/people/",
        "settings/people/second-factor/",
        "money/rules/",
        "money/transfers/file/",
        "money/transfers/account/",
    ],
)
def test_money_people_and_keys_ask_first(tired, path):
    assert tired.post(f"/desk/galerie/{path}", {}).status_code == 403


def test_a_download_with_personal_data_asks_and_then_comes(tired):
    path = "/desk/galerie/documents/exports/archive/?from=2026-01-01&to=2026-01-31"
    asked = tired.get(path)

    assert asked.status_code == 403
    assert carried(asked) == [("next", path)]
    on = tired.post("/desk/confirm/", {"next": path, "confirm_password": PASSWORD})
    assert on.headers["Location"] == path
    assert tired.get(path).status_code == 200


def test_a_confirmation_leads_nowhere_else(tired):
    on = tired.post("/desk/confirm/", {"next": "//evil.example/", "confirm_password": PASSWORD})

    assert on.headers["Location"] == "/desk/"


@pytest.mark.parametrize(("from_amount", "asks"), [(66_67, True), (66_68, False)])
def test_a_large_refund_by_hand_asks_first(tired, shop, from_amount, asks):
    order = order_of(shop)
    Shop.objects.update(confirm_above_minor=from_amount)
    path = f"/desk/galerie/orders/{order.number}/refund/"
    lamp = order.lines.get(sku="LAMP-01")
    wish = {f"line-{lamp.pk}-quantity": "2", "reason": "late", "way": "original", "token": "t1"}
    shown = tired.post(path, wish | {"step": "look"})
    minor = shown.context["breakdown"]["total_minor"]

    sent = tired.post(path, wish | {"step": "send", "shown_minor": minor})

    assert sent.status_code == (403 if asks else 302)


def test_the_owner_says_from_which_amount(client, ana):
    log_in(client)

    client.post("/desk/galerie/money/rules/", {"confirm_above": "250,50"})
    wrong = client.post("/desk/galerie/money/rules/", {"confirm_above": "-1"})

    assert Shop.objects.get().confirm_above_minor == 25050
    assert wrong.status_code == 422
