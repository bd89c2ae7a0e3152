"""A restriction is told first, holds for its time, ends by itself, and a person hears appeals."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.world import LAMP, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.duties.models import Duty
from rebond.domain.fair_use.actions import answer_appeal, appeal, lift_restriction, set_fair_use
from rebond.domain.fair_use.errors import (
    AlreadyAppealed,
    AnotherPersonNeeded,
    AppealAnsweredAlready,
    AppealEmpty,
    RestrictionNeedsGrounds,
    RestrictionOver,
)
from rebond.domain.fair_use.kinds import AppealOutcome, Limit, RestrictionReason
from rebond.domain.fair_use.links import appeal_token, restriction_behind
from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.signals.actions import restrict_shopper
from rebond.integrations.channels.email import Email
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

WORDS = "Trois articles sont revenus portés."


@pytest.fixture(autouse=True)
def post_office(monkeypatch):
    """Mail that always leaves."""
    monkeypatch.setattr(Email, "send", lambda self, letter: None)


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop, lines=(LAMP,)))


def restricted(rma, **more):
    given = {
        "limits": [Limit.REVIEW_ALWAYS, Limit.NO_KEEP_IT],
        "reason": RestrictionReason.WORN_GOODS,
        "words": WORDS,
        "evidence": [rma.number],
        "staff": staff_of(rma.shop),
        "by": "staff:Ana Lopes",
    }
    return restrict_shopper(rma.shopper_id, **(given | more))


@pytest.mark.parametrize(
    "lacking", [{"limits": []}, {"words": " "}, {"evidence": []}, {"evidence": ["R-1999-1"]}]
)
def test_it_needs_something_words_and_evidence(rma, lacking):
    with pytest.raises(RestrictionNeedsGrounds):
        restricted(rma, **lacking)


def test_the_evidence_is_of_this_shopper(shop, rma):
    other = requested_return(order_of(shop, number="77", email="else@client.example"))

    with pytest.raises(RestrictionNeedsGrounds):
        restricted(rma, evidence=[other.number])


def test_the_notice_goes_first_in_the_shoppers_language(rma):
    made = restricted(rma)
    assert made.state_at(now() + timedelta(days=10)) == "untold"
    run_jobs()

    letter = Message.objects.get(kind="restricted")
    made.refresh_from_db()
    assert made.state_at(now()) == "coming"
    assert "Un changement dans nos services en plus" in letter.subject
    assert WORDS in letter.text and rma.number in letter.text
    assert "Vos droits légaux restent exactement les mêmes" in letter.text
    assert appeal_token(made) in letter.text
    assert "fraud" not in letter.text.lower()


def test_it_holds_from_its_day_and_ends_by_itself(shop, rma):
    made = restricted(rma)
    run_jobs()
    moment = now()

    findings = {}
    for days in (1, 4, 200, 400):
        with time_machine.travel(moment + timedelta(days=days)):
            late = requested_return(order_of(shop, number=f"N{days}", lines=(LAMP,)))
            findings[days] = {found["code"] for found in late.terms["findings"]}

    assert ["review_always" in findings[days] for days in (1, 4, 200, 400)] == [
        False,
        True,
        True,
        False,
    ]
    made.refresh_from_db()
    assert made.state_at(moment + timedelta(days=400)) == "ended"


def test_a_notice_that_never_left_restricts_nobody(shop, rma):
    restricted(rma)
    with time_machine.travel(now() + timedelta(days=30)):
        late = requested_return(order_of(shop, number="later", lines=(LAMP,)))

    assert "review_always" not in {found["code"] for found in late.terms["findings"]}


def test_an_appeal_is_a_duty_and_a_person_lifts_it(rma):
    made = restricted(rma)
    run_jobs()

    asked = appeal(made.pk, "C’était ma sœur.")
    with pytest.raises(AlreadyAppealed):
        appeal(made.pk, "Et encore.")
    run_jobs()
    duty = Duty.objects.get(appeal=asked)
    assert (duty.kind, duty.done_at, (duty.due_on - duty.since_on).days) == ("appeal", None, 14)

    answer_appeal(
        asked.pk,
        AppealOutcome.LIFTED,
        "Vous avez raison.",
        staff=staff_of(rma.shop),
        by="staff:Ana",
    )
    run_jobs()
    duty.refresh_from_db()
    made.refresh_from_db()
    assert duty.done_at is not None
    assert made.state_at(now()) == "lifted"
    assert "Vous avez raison." in Message.objects.get(kind="appeal_answered").text
    assert not Message.objects.filter(kind="restriction_lifted").exists()
    with pytest.raises(AppealAnsweredAlready):
        answer_appeal(asked.pk, AppealOutcome.KEPT, "Non.", staff=staff_of(rma.shop), by="x")
    with pytest.raises(RestrictionOver):
        appeal(made.pk, "Encore.")


def test_kept_with_reasons_and_where_else_to_turn(rma):
    made = restricted(rma)
    asked = appeal(made.pk, "Pourquoi ?")
    with pytest.raises(AppealEmpty):
        answer_appeal(asked.pk, AppealOutcome.KEPT, " ", staff=staff_of(rma.shop), by="x")

    answer_appeal(asked.pk, AppealOutcome.KEPT, "Voici.", staff=staff_of(rma.shop), by="x")
    run_jobs()

    text = Message.objects.get(kind="appeal_answered").text
    assert "Voici." in text and "autorité de protection des données" in text


def test_with_four_eyes_another_person_answers(shop, rma):
    set_fair_use(shop, needs_another=True)
    made = restricted(rma)
    asked = appeal(made.pk, "Pourquoi ?")

    with pytest.raises(AnotherPersonNeeded):
        answer_appeal(asked.pk, AppealOutcome.KEPT, "Non.", staff=made.made_by_staff, by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=asked.pk).update(answered_by=made.made_by_staff)
    other = staff_of(shop, name="Bo Lin")
    assert answer_appeal(asked.pk, AppealOutcome.LIFTED, "Oui.", staff=other, by="x").answered_at


def test_lifting_is_told(rma):
    made = restricted(rma)
    lift_restriction(made.pk, by="staff:Ana")
    run_jobs()

    assert "Tout est comme avant" in Message.objects.get(kind="restriction_lifted").text
    with pytest.raises(RestrictionOver):
        lift_restriction(made.pk, by="staff:Ana")


def test_a_restriction_without_end_or_notice_cannot_be_stored(rma):
    made = restricted(rma)
    for wrong in ({"ends_at": made.starts_at}, {"starts_at": made.made_at}, {"words": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Restriction.objects.filter(pk=made.pk).update(**wrong)


def test_the_link_opens_one_restriction_in_one_shop(rma):
    made = restricted(rma)

    assert restriction_behind(rma.shop, appeal_token(made)) == made
    assert restriction_behind(small_shop("ailleurs"), appeal_token(made)) is None
    assert restriction_behind(rma.shop, appeal_token(made)[:-1] + "x") is None
