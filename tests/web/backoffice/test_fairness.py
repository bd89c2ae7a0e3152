"""Second looks and fair use at the desk and in the portal: who may, what is said, other shops."""

import pytest
from django.test import Client
from tests.world import LAMP, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.fair_use.actions import appeal
from rebond.domain.fair_use.kinds import Limit, RestrictionReason
from rebond.domain.fair_use.links import appeal_token
from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.shops.access import Role, rights_of
from rebond.domain.signals.actions import judge_return, restrict_shopper
from rebond.domain.signals.kinds import Category, Found
from rebond.domain.signals.models import SignalSettings, Verdict
from rebond.web.backoffice.queries.beside import beside


@pytest.fixture
def watched(shop):
    """A return that asks for a look."""
    many = [
        requested_return(order_of(shop, number=str(n), lines=(LAMP,)), {LAMP.sku: 3})
        for n in range(2000, 2006)
    ]
    run_jobs()
    return many[-1]


@pytest.fixture
def restricted(watched):
    return restrict_shopper(
        watched.shopper_id,
        limits=[Limit.NO_KEEP_IT],
        reason=RestrictionReason.WORN_GOODS,
        words="Worn more than once.",
        evidence=[watched.number],
        staff=staff_of(watched.shop),
        by="staff:Ana Lopes",
    )


def test_the_page_says_why_and_nobody_is_called_anything(shop, watched, at_desk):
    page = at_desk(shop).get(f"/desk/{shop.slug}/returns/{watched.number}/").content.decode()

    assert "A closer look" in page and "Many returns in a short time" in page
    assert "fraudster" not in page.lower()


def test_who_sees_no_people_sees_no_signals(shop, watched, at_desk):
    client = at_desk(shop, Role.WAREHOUSE)

    page = client.get(f"/desk/{shop.slug}/returns/{watched.number}/").content.decode()
    assert "A closer look" not in page


def test_the_queue_has_a_view_and_a_finding_takes_it_out(shop, watched, at_desk):
    client = at_desk(shop)
    queue = f"/desk/{shop.slug}/returns/?view=closer"
    assert watched.number in client.get(queue).content.decode()

    sent = {"found": "honest", "category": "none", "note": "a bride"}
    answer = client.post(f"/desk/{shop.slug}/returns/{watched.number}/finding/", sent)

    assert answer.status_code == 302
    assert Verdict.objects.get().found == "honest"
    assert watched.number not in client.get(queue).content.decode()


def test_a_finding_without_its_kind_is_refused(shop, watched, at_desk):
    sent = {"found": "fraud", "category": "none", "note": ""}

    answer = at_desk(shop).post(f"/desk/{shop.slug}/returns/{watched.number}/finding/", sent)

    assert answer.status_code == 422
    assert not Verdict.objects.exists()


def test_no_finding_is_chosen_before_somebody_chooses(shop, watched, at_desk):
    client = at_desk(shop)
    sent = {"found": "", "category": "none", "note": ""}

    page = client.get(f"/desk/{shop.slug}/returns/{watched.number}/")
    answer = client.post(f"/desk/{shop.slug}/returns/{watched.number}/finding/", sent)

    assert page.context["finding_form"]["found"].value() is None
    assert answer.status_code == 422
    assert not Verdict.objects.exists()


PAGES = ("fair-use/", "fair-use/signals/", "fair-use/customers/{shopper}/")
FORMS = ("returns/{number}/finding/", "fair-use/{restriction}/end/", "fair-use/appeals/{appeal}/")


def place(path, restricted, watched):
    asked = Appeal.objects.first() or appeal(restricted.pk, "Why?")
    return path.format(
        shopper=watched.shopper_id,
        number=watched.number,
        restriction=restricted.pk,
        appeal=asked.pk,
    )


@pytest.mark.parametrize("role", list(Role))
def test_the_rights(shop, watched, restricted, at_desk, role):
    client = at_desk(shop, role, name="Zoe Roux")
    sees = role in {Role.OWNER, Role.MANAGER, Role.AGENT, Role.ACCOUNTANT}
    decides = role in {Role.OWNER, Role.MANAGER, Role.AGENT}
    base = f"/desk/{shop.slug}/"

    for path in PAGES:
        answer = client.get(base + place(path, restricted, watched))
        assert answer.status_code == (200 if sees else 403), path
    for path in (*FORMS, "fair-use/customers/{shopper}/"):
        answer = client.post(base + place(path, restricted, watched), {})
        assert (answer.status_code == 403) is not decides, path
    settings = client.get(f"{base}fair-use/signals/settings/")
    assert settings.status_code == (200 if role is Role.OWNER else 403)


def test_another_shop_finds_nothing(shop, watched, restricted, at_desk):
    elsewhere = small_shop("ailleurs")
    client = at_desk(elsewhere, name="Eva Lind")

    for path in ("fair-use/customers/{shopper}/",):
        answer = client.get(f"/desk/ailleurs/{place(path, restricted, watched)}")
        assert answer.status_code == 404
    for path in FORMS:
        sent = {"found": "honest", "category": "none", "outcome": "kept", "answer": "x"}
        answer = client.post(f"/desk/ailleurs/{place(path, restricted, watched)}", sent)
        assert answer.status_code == 404, path


def test_a_restriction_is_made_at_the_desk(shop, watched, at_desk):
    sent = {
        "limits": ["no_keep_it", "after_inspection"],
        "reason": "worn_goods",
        "words": "Worn more than once.",
        "evidence": f"{watched.number}, ",
        "months": "6",
    }
    path = f"/desk/{shop.slug}/fair-use/customers/{watched.shopper_id}/"
    client = at_desk(shop)

    assert client.post(path, sent | {"words": ""}).status_code == 422
    assert client.post(path, sent | {"evidence": "R-1999-9"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    made = Restriction.objects.get()
    assert made.limits == ["after_inspection", "no_keep_it"]
    assert "waits for its notice to leave" in client.get(path).content.decode()


def test_bounds_are_set_and_wrong_ones_told(shop, at_desk):
    client = at_desk(shop)
    path = f"/desk/{shop.slug}/fair-use/signals/settings/"
    form = client.get(path).context["form"]
    sent = {field.html_name: field.value() for field in form}
    sent = {name: "on" if value is True else value for name, value in sent.items()}

    assert client.post(path, sent | {"careful_from": 1}).status_code == 422
    assert client.post(path, sent | {"disputes__count": 0}).status_code == 422
    del sent["on_bracketing"]
    assert client.post(path, sent | {"disputes__count": 3}).status_code == 302
    kept = SignalSettings.objects.get()
    assert (kept.off, kept.numbers["disputes"]["count"]) == (["bracketing"], 3)


def test_the_shopper_reads_appeals_and_gets_an_answer(shop, restricted, at_desk):
    path = f"/s/{shop.slug}/fair-use/{appeal_token(restricted)}/"
    shopper = Client(headers={"accept-language": "en"})
    page = shopper.get(path)
    assert page.status_code == 200
    assert "Worn more than once." in page.content.decode()
    assert "Your legal rights remain exactly the same" in page.content.decode()

    assert shopper.post(path, {"text": " "}).status_code == 422
    assert shopper.post(path, {"text": "It was my sister."}).status_code == 302
    assert "A person is looking at it" in shopper.get(path).content.decode()
    run_jobs()
    client = at_desk(shop)
    assert "Appeal" in client.get(f"/desk/{shop.slug}/duties/").content.decode()
    sent = {"outcome": "kept", "answer": "We looked again."}
    asked = Appeal.objects.get()
    assert client.post(f"/desk/{shop.slug}/fair-use/appeals/{asked.pk}/", sent).status_code == 302
    assert "We looked again." in shopper.get(path).content.decode()


def test_a_token_that_is_not_good_opens_nothing(shop, restricted):
    client = Client()

    assert client.get(f"/s/{shop.slug}/fair-use/nonsense/").status_code == 404
    small_shop("ailleurs")
    assert client.get(f"/s/ailleurs/fair-use/{appeal_token(restricted)}/").status_code == 404


def test_the_shoppers_own_page_never_shows_a_signal(shop, watched):
    from rebond.domain.returns.links import token_for  # noqa: PLC0415

    page = Client(headers={"accept-language": "en"}).get(f"/s/{shop.slug}/r/{token_for(watched)}/")

    assert page.status_code == 200
    assert "closer look" not in page.content.decode()


def test_what_was_found_to_be_fraud_says_nothing_about_the_article(shop, watched, at_desk):
    ana = staff_of(shop, name="Berthe Petit")
    other = requested_return(order_of(shop, number="3001", email="other@client.example"))
    sku = other.lines.order_by("position").values_list("sku", flat=True).first()
    rights = rights_of(Role.OWNER)

    def pieces() -> int:
        return next(one.pieces for one in beside(other, ana, rights).articles if one.sku == sku)

    before = pieces()
    said = {"note": "", "staff": ana, "by": "staff:Berthe Petit"}
    judge_return(watched.pk, Found.FRAUD, category=Category.EMPTY_PARCEL, **said)
    counted = sum(watched.lines.filter(sku=sku).values_list("quantity", flat=True))

    assert counted > 0
    assert pieces() == before - counted
    judge_return(watched.pk, Found.HONEST, category=Category.NONE, **said)
    assert pieces() == before
