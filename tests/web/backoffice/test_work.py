"""Agents at work: views, assignment, notes that name people, many at once, the home page."""

from datetime import timedelta

import pytest
import time_machine
from tests.web.backoffice.test_queries import queries_of
from tests.world import (
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.conversations.actions import write_to_shop, write_to_shopper
from rebond.domain.conversations.models import Template
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.access import Role
from rebond.domain.shops.models import Staff
from rebond.domain.signals.models import Assessment
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.models import Receipt
from rebond.domain.work.actions import assign_return, do_row, start_run, stop_run
from rebond.domain.work.models import (
    Assignment,
    BulkKind,
    BulkRow,
    BulkRun,
    Mention,
    RowState,
    RunState,
    SavedView,
)
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.web.backoffice.queries.today import figures_of

RETURNS = "/desk/galerie/returns/"


def undecided(shop, number):
    """A return that waits for somebody's word."""
    rma = requested_return(order_of(shop, number=number), {"MUG-07": 1})
    Return.objects.filter(pk=rma.pk).update(request_state=RequestState.REQUESTED, decided_at=None)
    rma.refresh_from_db()
    return rma


@pytest.fixture
def ana(shop, at_desk):
    return at_desk(shop)


# --- assignment and views -----------------------------------------------------------------


def test_a_return_taken_by_ana_stands_on_her_list_until_it_is_over(shop, ana, run_jobs):
    rma = undecided(shop, "1")
    me = staff_of(shop)
    ana.post(f"{RETURNS}{rma.number}/assignment/", {"staff": me.pk})

    listed = ana.get(f"{RETURNS}?view=mine").content.decode()
    nobodys = ana.get(f"{RETURNS}?view=unassigned").content.decode()
    no = {"decline-reason": "other", "decline-note": "Worn."}
    ana.post(f"{RETURNS}{rma.number}/decline/", no, follow=True)
    run_jobs()
    afterwards = ana.get(f"{RETURNS}?view=mine").content.decode()

    assert rma.number in listed
    assert rma.number not in nobodys
    assert rma.number not in afterwards
    assert not Assignment.objects.get(rma=rma).is_open


def test_a_stranger_cannot_be_given_a_return(shop, ana):
    rma = undecided(shop, "1")

    answer = ana.post(f"{RETURNS}{rma.number}/assignment/", {"staff": "someone"})

    assert answer.status_code == 422
    assert not Assignment.objects.filter(rma=rma).exists()


def test_a_view_is_narrowed_saved_counted_and_forgotten(shop, ana):
    old, young = undecided(shop, "1"), undecided(shop, "2")
    Return.objects.filter(pk=old.pk).update(requested_at=now() - timedelta(days=9))

    narrowed = ana.get(f"{RETURNS}?view=review&days=7").content.decode()
    ana.post("/desk/galerie/views/", {"title": "A week", "view": "review", "days": "7"})
    page = ana.get(RETURNS).content.decode()

    assert old.number in narrowed and young.number not in narrowed
    saved = SavedView.objects.get()
    assert saved.filters == {"view": "review", "days": "7"}
    assert '?view=review&amp;days=7"' in page
    ana.post(f"/desk/galerie/views/{saved.pk}/away/")
    assert not SavedView.objects.exists()


def test_counts_are_exact_and_the_page_asks_as_often_for_many(shop, ana):
    for number in range(3):
        undecided(shop, str(number))
    me = staff_of(shop)
    assign_return(Return.objects.first().pk, me.pk, by="staff:Ana Lopes")
    few = queries_of(ana, "returns/")
    for number in range(3, 20):
        rma = undecided(shop, str(number))
        assign_return(rma.pk, me.pk, by="staff:Ana Lopes")

    many = queries_of(ana, "returns/")
    page = ana.get(RETURNS).content.decode()

    assert many == few
    assert '<span class="count">20</span>' in page


# --- notes and colleagues -----------------------------------------------------------------


def test_a_colleague_named_in_a_note_finds_it_at_home_until_seen(shop, ana, at_desk):
    karim = at_desk(shop, Role.AGENT, name="Karim Haddad")
    rma = undecided(shop, "1")
    ana.post(f"{RETURNS}{rma.number}/notes/", {"text": "@karim please look at the photo"})

    home = karim.get("/desk/galerie/home/").content.decode()
    hers = ana.get("/desk/galerie/home/").content.decode()
    karim.post(f"{RETURNS}{rma.number}/mentions/")
    afterwards = karim.get("/desk/galerie/home/").content.decode()

    assert "please look at the photo" in home
    assert "please look at the photo" not in hers
    assert "please look at the photo" not in afterwards
    assert Mention.objects.get().read_at is not None


def test_an_address_in_a_note_calls_nobody(shop, ana):
    rma = undecided(shop, "1")

    ana.post(f"{RETURNS}{rma.number}/notes/", {"text": "wrote to camille@ana.example"})

    assert not Mention.objects.exists()


def test_two_people_at_one_return_are_told_of_each_other(shop, ana, at_desk):
    karim = at_desk(shop, Role.AGENT, name="Karim Haddad")
    rma = undecided(shop, "1")
    ana.post(f"{RETURNS}{rma.number}/presence/", {"version": rma.version})

    told = karim.post(f"{RETURNS}{rma.number}/presence/", {"version": rma.version})
    alone = karim.post(f"{RETURNS}{rma.number}/presence/", {"version": rma.version + 1})

    assert "Ana Lopes has this return open too" in told.content.decode()
    assert "Karim" not in told.content.decode()
    assert "changed this return" in alone.content.decode()


# --- many at once -------------------------------------------------------------------------


def confirm(client, kind, picked, **more):
    asked = client.post("/desk/galerie/bulk/", {"kind": kind, "pick": [r.number for r in picked]})
    assert asked.status_code == 200
    ids = ",".join(str(rma.pk) for rma in picked)
    return client.post(
        "/desk/galerie/bulk/", {"kind": kind, "ids": ids, "sure": "1", "view": "review", **more}
    )


def test_many_are_accepted_each_by_itself_and_the_odd_one_is_told(shop, ana, run_jobs):
    good, gone = undecided(shop, "1"), undecided(shop, "2")
    answer = confirm(ana, "approve", [good, gone])
    ana.post(f"{RETURNS}{gone.number}/decline/", {"decline-reason": "other"})

    run_jobs()

    page = ana.get(answer.headers["Location"]).content.decode()
    good.refresh_from_db()
    gone.refresh_from_db()
    assert (good.request_state, gone.request_state) == ("approved", "declined")
    assert "1 done" in page and "1 left as they are" in page
    assert "the return has moved on" in page
    run = BulkRun.objects.get()
    assert (run.state, run.done, run.total) == (RunState.DONE, 2, 2)


def test_a_stopped_run_leaves_the_rest_and_goes_on_later(shop, ana, run_jobs):
    rows = [undecided(shop, str(number)) for number in range(3)]
    confirm(ana, "approve", rows)
    run = BulkRun.objects.get()
    do_row(run.pk, run.rows.order_by("position").first().pk)
    ana.post(f"/desk/galerie/bulk/{run.pk}/stop/")
    run_jobs()
    stopped = Return.objects.filter(request_state="approved").count()

    ana.post(f"/desk/galerie/bulk/{run.pk}/going-on/")
    run_jobs()

    assert stopped == 1
    assert Return.objects.filter(request_state="approved").count() == 3
    approvals = Event.objects.filter(
        shop_id=shop.pk, name="return.approved", actor="staff:Ana Lopes"
    )
    assert approvals.count() == 3


def test_a_row_is_done_once_even_by_two_workers(shop, run_jobs):
    rma = undecided(shop, "1")
    me = staff_of(shop)
    run = start_run(shop, BulkKind.APPROVE, [rma.pk], staff=me, by="staff:Ana Lopes")
    row = BulkRow.objects.get(run=run)

    first = do_row(run.pk, row.pk)
    again = do_row(run.pk, row.pk)

    run.refresh_from_db()
    assert (first, again, run.done) == (True, False, 1)


def test_nothing_is_done_once_a_run_is_stopped(shop):
    rma = undecided(shop, "1")
    run = start_run(shop, BulkKind.APPROVE, [rma.pk], staff=staff_of(shop), by="staff:Ana Lopes")
    stop_run(shop, run.pk, by="staff:Ana Lopes")

    assert not do_row(run.pk, BulkRow.objects.get(run=run).pk)
    rma.refresh_from_db()
    assert rma.request_state == "requested"


def test_who_lost_the_right_meanwhile_does_nothing_more(shop, ana, run_jobs):
    rma = undecided(shop, "1")
    me = staff_of(shop, Role.AGENT, name="Bea Agent")
    run = start_run(shop, BulkKind.APPROVE, [rma.pk], staff=me, by="staff:Bea Agent")
    Staff.objects.filter(pk=me.pk).update(role=Role.READ_ONLY)

    run_jobs()

    rma.refresh_from_db()
    row = BulkRow.objects.get(run=run)
    assert (rma.request_state, row.state, row.code) == (
        "requested",
        "refused",
        "no_longer_allowed",
    )
    page = ana.get(f"/desk/galerie/bulk/{run.pk}/").content.decode()
    assert "Who began this may not do it any more." in page


def test_one_foreign_return_among_those_ticked_stops_them_all(shop, ana):
    mine, theirs = undecided(shop, "1"), undecided(small_shop("other"), "2")
    for ticked in ({"pick": [mine.number, "R-NOBODY"]}, {"ids": f"{mine.pk},{theirs.pk}"}):
        asked = {"kind": "approve", "sure": "1", "view": "review", **ticked}
        assert ana.post("/desk/galerie/bulk/", asked).status_code == 422

    assert not BulkRow.objects.exists()
    mine.refresh_from_db()
    assert mine.request_state == "requested"


def test_what_asks_for_a_closer_look_is_not_accepted_in_bulk(shop, ana, run_jobs):
    rma = undecided(shop, "1")
    Assessment.objects.create(
        shop=shop, rma=rma, turn=1, points=8, level="careful", occasion="clock", at=now()
    )
    confirm(ana, "approve", [rma])

    run_jobs()

    rma.refresh_from_db()
    row = BulkRow.objects.get()
    assert rma.request_state == "requested"
    assert (row.state, row.code, row.facts["why"]) == (
        RowState.REFUSED,
        "something_open",
        "closer",
    )


def test_customers_are_asked_for_photos_in_their_language(shop, ana, run_jobs):
    rma = undecided(shop, "1")

    confirm(ana, "ask", [rma])
    run_jobs()

    rma.refresh_from_db()
    assert rma.request_state == "needs_info"
    letter = rma.messages.get(kind="shop_wrote")
    assert "Camille" in letter.text and rma.number in letter.text
    assert letter.language == rma.language


def test_only_inspected_returns_are_refunded_in_bulk(shop, ana, run_jobs):
    seen = received_return(order_of(shop, number="1", provider="simulator"))
    inspect_return(seen.pk, findings(seen), by="staff:Karim")
    unseen = received_return(order_of(shop, number="2", provider="simulator"))
    confirm(ana, "refund", [seen, unseen])

    run_jobs()

    assert seen.settlements.count() == 1
    assert unseen.settlements.count() == 0


def test_the_warehouse_may_not_do_many_at_once(shop, at_desk):
    karim = at_desk(shop, Role.WAREHOUSE)

    assert karim.post("/desk/galerie/bulk/", {"kind": "approve"}).status_code == 403


def test_nothing_ticked_is_told(shop, ana):
    answer = ana.post("/desk/galerie/bulk/", {"kind": "approve"})

    assert answer.status_code == 422
    assert "tick at least one" in answer.content.decode()


def test_the_whole_view_is_meant_when_it_says_so(shop, ana):
    for number in range(3):
        undecided(shop, str(number))

    page = ana.post(
        "/desk/galerie/bulk/", {"kind": "approve", "whole": "1", "view": "review"}
    ).content.decode()

    assert "3 returns" in page


# --- home ---------------------------------------------------------------------------------


def test_home_shows_the_week_as_a_drawing_and_as_numbers(shop, ana):
    rma = undecided(shop, "1")
    Return.objects.filter(pk=rma.pk).update(requested_at=now() - timedelta(days=5))

    page = ana.get("/desk/galerie/home/").content.decode()

    assert "<svg" in page and "Requests, day by day" in page
    assert "Changed my mind" in page or "changed" in page.lower()


def test_home_counts_the_parcels_that_arrived_by_the_clock_of_the_shop(shop, ana):
    early, late = undecided(shop, "1"), undecided(shop, "2")
    for rma, moment in ((early, "2026-11-22T22:30Z"), (late, "2026-11-22T23:30Z")):
        Receipt.objects.create(shop=shop, rma=rma, at=moment, by="staff:Karim", counts={})

    with time_machine.travel("2026-11-23T10:00Z"):
        arrivals = figures_of(shop).arrivals
    page = ana.get("/desk/galerie/home/").content.decode()

    assert [(str(day), bar.value) for day, bar in arrivals[-2:]] == [
        ("2026-11-22", 1),
        ("2026-11-23", 1),
    ]
    assert "Parcels that arrived, day by day" in page


def test_pieces_without_a_reason_are_told_apart(shop, ana):
    told, untold = undecided(shop, "1"), undecided(shop, "2")
    ReturnLine.objects.filter(rma=untold).update(reason=None, quantity=3)

    figures = figures_of(shop)
    page = ana.get("/desk/galerie/home/").content.decode()

    assert [reason.code for reason, _ in figures.reasons] == [told.lines.get().reason.code]
    assert figures.reasons[0][1].percent == 100
    assert figures.unexplained == 3
    assert "3 more pieces without a reason" in page


def test_home_costs_the_same_for_few_and_many(shop, ana):
    undecided(shop, "1")
    few = queries_of(ana, "home/")
    for number in range(2, 12):
        undecided(shop, str(number))

    assert queries_of(ana, "home/") == few


# --- conversation -------------------------------------------------------------------------


def test_a_question_waits_for_the_answer_and_the_answer_is_up_for_review(shop, ana, run_jobs):
    rma = undecided(shop, "1")
    ana.post(
        f"{RETURNS}{rma.number}/messages/",
        {"text": "Could you send a photo, {name}?", "asks": "1", "clause": "1"},
    )
    run_jobs()
    rma.refresh_from_db()
    asked = rma.request_state
    letter = rma.messages.get(kind="shop_wrote")

    write_to_shop(rma.pk, "Here it is.", by="shopper")

    rma.refresh_from_db()
    assert (asked, rma.request_state) == ("needs_info", "requested")
    assert "Could you send a photo, Camille" in letter.text
    page = ana.get(f"{RETURNS}?view=answer").content.decode()
    assert rma.number in page
    assert "Here it is." in ana.get(f"{RETURNS}{rma.number}/").content.decode()


def test_articles_have_their_names_where_the_policy_speaks_of_them(shop, ana, run_jobs):
    rma = undecided(shop, "1")
    line = rma.lines.get()
    asks = {"rule": "evidence", "code": "photo_missing", "verdict": "review"}
    rma.terms["findings"] = [asks | {"line": str(line.order_line_id), "numbers": {"sku": line.sku}}]
    rma.save()

    ana.post(f"{RETURNS}{rma.number}/messages/", {"text": "One more thing.", "clause": "1"})
    run_jobs()

    page = ana.get(f"{RETURNS}{rma.number}/").content.decode()
    assert page.count("A photo of “Blue mug” would help") == 2  # what is said, what may be added
    letter = rma.messages.get(kind="shop_wrote")
    assert "Blue mug" in letter.text and line.sku not in letter.text


def test_an_answer_ends_the_waiting(shop, ana):
    rma = undecided(shop, "1")
    write_to_shop(rma.pk, "May I wash it first?", by="shopper")

    write_to_shopper(rma.pk, "Please do not.", by="staff:Ana Lopes")

    assert rma.number not in ana.get(f"{RETURNS}?view=answer").content.decode()


def test_a_message_can_need_no_answer(shop, ana):
    rma = undecided(shop, "1")
    write_to_shop(rma.pk, "Thank you!", by="shopper")

    ana.post(f"{RETURNS}{rma.number}/messages/answered/")

    assert not rma.conversation.filter(waits=True).exists()


def test_a_template_is_kept_put_in_and_put_away(shop, ana):
    rma = undecided(shop, "1")
    ana.post(
        "/desk/galerie/templates/",
        {"title": "Sorry", "language": "en", "text": "Dear {name}, we are sorry about {articles}."},
    )
    listed = ana.get("/desk/galerie/templates/").content.decode()
    key = shop_template(shop).pk

    page = ana.get(f"{RETURNS}{rma.number}/?template={key}").content.decode()

    assert "Sorry" in listed
    assert "we are sorry about Blue mug" in page
    ana.post(f"/desk/galerie/templates/{key}/away/")
    assert f'value="{key}"' not in ana.get(f"{RETURNS}{rma.number}/").content.decode()


def shop_template(shop):
    return Template.objects.get(shop=shop)


@pytest.mark.parametrize("text", ["Dear {nmae}", "", "   "])
def test_a_template_with_a_slip_is_refused_and_not_lost(shop, ana, text):
    answer = ana.post(
        "/desk/galerie/templates/", {"title": "Sorry", "language": "en", "text": text}
    )

    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()


def test_words_that_cannot_be_filled_in_are_not_sent(shop, ana):
    rma = undecided(shop, "1")

    answer = ana.post(f"{RETURNS}{rma.number}/messages/", {"text": "Dear {nmae}"})

    assert answer.status_code == 422
    assert "Dear {nmae}" in answer.content.decode()
    assert not rma.conversation.exists()


def test_the_same_message_sent_twice_counts_once(shop, ana):
    rma = undecided(shop, "1")
    for _ in range(2):
        ana.post(f"{RETURNS}{rma.number}/messages/", {"text": "We look at it today."})

    assert rma.conversation.count() == 1


def test_the_history_of_customer_and_article_stands_beside_the_return(shop, ana):
    earlier = undecided(shop, "1")
    Return.objects.filter(pk=earlier.pk).update(shopper=None)
    rma, other = undecided(shop, "2"), undecided(shop, "3")
    Return.objects.filter(pk=other.pk).update(shopper=rma.shopper)

    page = ana.get(f"{RETURNS}{rma.number}/").content.decode()

    assert f">{other.number}</a>" in page
    assert "3 pieces came back" in page
