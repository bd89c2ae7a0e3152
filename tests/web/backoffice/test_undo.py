"""What was done a moment ago can be taken back; a colleague’s decline is told after that moment."""

import re
from datetime import timedelta

import pytest
from tests.web.backoffice.test_work import undecided
from tests.world import staff_of

from rebond.domain.conversations.models import Template
from rebond.domain.returns.actions import decline_return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.work.models import Assignment, SavedView
from rebond.kernel.models import Event, Job
from rebond.outbound.notifications.models import Message

RETURNS = "/desk/galerie/returns/"
NO = {"decline-reason": "other", "decline-note": "Worn."}
FORM = re.compile(r'<form class="undo" method="post" action="([^"]+)".*?</form>', re.DOTALL)
FIELD = re.compile(r'name="(?!csrf)(\w+)" value="([^"]*)"')


@pytest.fixture
def ana(shop, at_desk):
    return at_desk(shop)


def offered(answer):
    """Where the button on a page sends what, or None."""
    form = FORM.search(answer.content.decode())
    return (form[1], dict(FIELD.findall(form[0]))) if form else None


def letters(rma, kind="return_declined"):
    return Message.objects.filter(rma=rma, kind=kind).count()


def test_a_decline_taken_back_in_time_was_never_told(shop, ana, run_jobs, settings):
    settings.UNDO_SECONDS = 15
    rma = undecided(shop, "1")
    page = ana.post(f"{RETURNS}{rma.number}/decline/", NO, follow=True)
    run_jobs()
    address, fields = offered(page)

    ana.post(address, fields)
    settings.UNDO_SECONDS = 0
    Job.objects.update(run_at="2000-01-01T00:00Z")
    run_jobs()

    rma.refresh_from_db()
    assert (rma.request_state, rma.decline_note) == ("requested", "")
    assert letters(rma) == 0


def test_a_decline_that_nobody_takes_back_is_told_after_a_moment(shop, ana, run_jobs, settings):
    settings.UNDO_SECONDS = 15
    rma = undecided(shop, "1")
    ana.post(f"{RETURNS}{rma.number}/decline/", NO)
    run_jobs()
    early = letters(rma)
    declined = Event.objects.get(name="return.declined")
    waits = Job.objects.get(arguments__0=str(declined.pk))
    step = waits.run_at - declined.at

    settings.UNDO_SECONDS = 0
    Job.objects.update(run_at="2000-01-01T00:00Z")
    run_jobs()

    assert early == 0
    assert timedelta(seconds=13) < step < timedelta(seconds=17)
    assert letters(rma) == 1


def test_what_the_policy_declines_is_told_at_once(shop, run_jobs, settings):
    settings.UNDO_SECONDS = 15
    rma = undecided(shop, "1")
    decline_return(rma.pk, reason=DeclineReason.OTHER, note="", by="policy")

    run_jobs()

    assert letters(rma) == 1


def test_undo_is_offered_once_and_refused_where_the_world_went_on(shop, ana):
    rma = undecided(shop, "1")
    page = ana.post(f"{RETURNS}{rma.number}/decline/", NO, follow=True)
    address, fields = offered(page)
    again = ana.get(f"{RETURNS}{rma.number}/")
    ana.post(address, fields)

    late = ana.post(address, fields)

    assert offered(again) is None
    assert late.status_code in (302, 409, 412)
    assert Event.objects.filter(name="return.reopened").count() == 1


def test_a_return_goes_back_to_who_had_it(shop, ana):
    rma, me = undecided(shop, "1"), staff_of(shop)
    ana.post(f"{RETURNS}{rma.number}/assignment/", {"staff": me.pk})
    page = ana.post(f"{RETURNS}{rma.number}/assignment/", {"staff": ""}, follow=True)

    ana.post(*offered(page))

    assert Assignment.objects.get(rma=rma).staff_id == me.pk


def test_a_view_and_a_template_come_back_as_they_were(shop, ana):
    ana.post("/desk/galerie/views/", {"view": "mine", "title": "My morning", "days": "3"})
    kept = SavedView.objects.get()
    words = {"title": "Sorry", "language": "en", "text": "Dear {name}"}
    ana.post("/desk/galerie/templates/", words)
    template = Template.objects.get()

    gone = ana.post(f"/desk/galerie/views/{kept.pk}/away/", follow=True)
    without = SavedView.objects.count()
    ana.post(*offered(gone))
    away = ana.post(f"/desk/galerie/templates/{template.pk}/away/", follow=True)
    template.refresh_from_db()
    was_away = not template.is_active
    ana.post(*offered(away))
    template.refresh_from_db()

    assert without == 0
    assert (SavedView.objects.get().title, SavedView.objects.get().filters) == (
        "My morning",
        kept.filters,
    )
    assert was_away and template.is_active


def test_a_template_is_looked_at_filled_in_and_not_kept(shop, ana):
    rma = undecided(shop, "1")
    typed = {"title": "", "language": "en", "text": "About {number}: {articles}", "look": "1"}

    page = ana.post("/desk/galerie/templates/", typed).content.decode()
    slip = ana.post("/desk/galerie/templates/", typed | {"text": "Dear {nmae}"}).content.decode()

    assert f"About {rma.number}: Blue mug" in page
    assert "nmae" in slip and "Blue mug" not in slip
    assert not Template.objects.exists()
