"""Requests about personal data at the desk and in the portal."""

import pytest
from tests.world import LAMP, order_of, run_jobs, small_shop

from rebond.domain.privacy.models import RetentionTerm
from rebond.domain.proofs.mailboxes import code_of
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.shoppers.models import DataRequest, Shopper
from rebond.domain.shops.access import Role
from rebond.integrations.channels.email import Email

MAIL = "zoe@mailbox.example"


@pytest.fixture(autouse=True)
def sent(monkeypatch, settings, tmp_path):
    settings.SMTP_URL = f"file://{tmp_path}/outbox"
    letters = []
    monkeypatch.setattr(Email, "send", lambda self, letter: letters.append(letter))
    return letters


@pytest.fixture
def shop(db):
    shop = small_shop()
    order_of(shop, lines=(LAMP,), email=MAIL, name="Zoé Martin")
    return shop


def proven(client, shop):
    client.post("/s/galerie/mailbox/", {"email": MAIL})
    code = OneTimeCode.objects.latest("asked_at")
    client.post("/s/galerie/mailbox/code/", {"code": code_of(shop.pk, code.pk)})


@pytest.mark.django_db(transaction=True)
def test_who_proved_the_mailbox_gets_the_copy_by_mail(client, shop, sent):
    assert client.get("/s/galerie/mailbox/data/").status_code == 302
    proven(client, shop)
    assert b"mailbox/data/" in client.get("/s/galerie/mailbox/orders/").content

    page = client.post("/s/galerie/mailbox/data/", {"kind": "copy"}, follow=True)
    run_jobs()

    assert page.status_code == 200
    link = next(line for line in sent[-1].text.split() if "/data/" in line)
    copy = client.get("/" + link.split("/", 3)[3])
    assert copy.status_code == 200 and copy.content[:2] == b"PK"
    assert "no-store" in copy.headers["Cache-Control"]
    assert client.get("/s/galerie/data/guessed:token:here/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_erasure_needs_a_tick_and_a_person_of_the_shop(client, shop, at_desk, sent):
    proven(client, shop)
    assert client.post("/s/galerie/mailbox/data/", {"kind": "erase"}).status_code == 422
    assert client.post("/s/galerie/mailbox/data/", {"kind": "all"}).status_code == 404
    client.post("/s/galerie/mailbox/data/", {"kind": "erase", "sure": "yes"})
    request = DataRequest.objects.get()
    assert request.is_proven and request.kind == "erase"
    assert client.get("/s/galerie/mailbox/orders/").status_code == 200

    agent = at_desk(shop, Role.AGENT)
    assert agent.post(f"/desk/galerie/settings/privacy/{request.pk}/").status_code == 403
    owner = at_desk(shop, Role.OWNER)
    assert MAIL.encode() in owner.get("/desk/galerie/settings/privacy/").content
    owner.post(f"/desk/galerie/settings/privacy/{request.pk}/", {"do": "yes"})
    run_jobs()

    assert not Shopper.objects.filter(email=MAIL).exists()
    assert sent[-1].to == MAIL
    assert client.get("/s/galerie/mailbox/orders/").status_code == 404


def test_a_request_by_phone_is_noted_with_how_the_person_is_known(shop, at_desk):
    owner = at_desk(shop, Role.OWNER)
    path = "/desk/galerie/settings/privacy/"

    assert owner.post(path, {"email": MAIL, "kind": "copy", "note": ""}).status_code == 422
    unknown = {"email": "nobody@x.example", "kind": "copy", "note": "rang"}
    assert owner.post(path, unknown).status_code == 422
    assert owner.post(path, {**unknown, "email": MAIL}).status_code == 302
    assert owner.post(path, {**unknown, "email": MAIL}).status_code == 422
    request = DataRequest.objects.get()
    owner.post(f"{path}{request.pk}/", {"do": "refuse", "answer": ""})
    assert DataRequest.objects.get().is_open
    owner.post(f"{path}{request.pk}/", {"do": "refuse", "answer": "Not you"})
    assert DataRequest.objects.get().state == "refused"


@pytest.mark.parametrize("months", ["", "0", "-1", "9" * 9, "1e3", "59"])
def test_a_time_out_of_reach_changes_nothing(shop, at_desk, months):
    owner = at_desk(shop, Role.OWNER)
    path = "/desk/galerie/settings/privacy/keep/"

    owner.post(path, {"kind": "statements", "months": months})
    owner.post(path, {"kind": "nothing", "months": "12"})

    assert not RetentionTerm.objects.filter(shop=shop).exists()
    page = owner.get("/desk/galerie/settings/privacy/").content.decode()
    assert 'id="months-statements" name="months" min="60" max="360" value="120"' in page
