"""A worn piece is discussed with its shopper before anything is decided."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from PIL import Image
from tests.world import (
    LAMP,
    MUG,
    findings,
    order_of,
    received_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.discussions.actions import (
    Point,
    Proposal,
    answer_discussion,
    close_return,
    lapse_discussion,
    open_discussion,
    send_pieces_back,
)
from rebond.domain.discussions.errors import (
    DiscussionOpen,
    DiscussionOver,
    KeepingNotOffered,
    MoreThanAgreed,
    NotDiscussable,
    NoTimeToDiscuss,
    ProposalIncomplete,
    ReplyEmpty,
)
from rebond.domain.discussions.jobs import look_at_discussions
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.states import Reply
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import now, today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
ANA = "staff:Ana Lopes"


@pytest.fixture
def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def rma(shop):
    return received_return(order_of(shop, lines=(LAMP, MUG)), {"LAMP-01": 1})


@pytest.fixture
def discuss(jpeg):
    def ask(rma, *, percent=30, days=5, photo=True, **changed):
        points = tuple(Point(line.pk, line.quantity, percent) for line in rma.lines.all())
        said = {"points": points, "text": "The shade is stained.", "clause": "L221-23"} | changed
        images = [CleanImage(jpeg, 60, 40, "a" * 64)] if photo else []
        return open_discussion(rma.pk, Proposal(days=days, **said), images, by=ANA)

    return ask


def test_the_shopper_is_shown_what_was_found_and_nothing_is_decided_before(shop, rma, discuss):
    made = discuss(rma)
    run_jobs()

    assert made.answer_by == today(shop.time_zone) + timedelta(days=5)
    assert made.points[0]["kept_minor"] == 1000  # 30 percent of 33.33
    letter = Message.objects.get(kind="discussion_opened")
    assert "The shade is stained." in letter.text
    assert "L221-23" in letter.text
    with pytest.raises(DiscussionOpen):
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
    with pytest.raises(DiscussionOpen):
        settle_return(rma.pk, by=ANA, staff=staff_of(shop))
    assert not Settlement.objects.exists()


def test_a_return_is_not_put_away_over_an_open_question(rma, discuss):
    discuss(rma)

    with pytest.raises(DiscussionOpen):
        close_return(rma.pk, by=ANA)
    rma.refresh_from_db()
    assert rma.request_state == "approved"

    answer_discussion(rma.pk, Reply.CONTEST, "It came so.", by="shopper")
    assert close_return(rma.pk, by=ANA).request_state == "closed"


def test_what_was_agreed_is_the_most_that_is_kept(rma, discuss):
    discuss(rma)

    answer_discussion(rma.pk, Reply.ACCEPT, by="shopper")

    with pytest.raises(MoreThanAgreed):
        inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=31), by="staff:Karim")
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    run_jobs()
    assert Settlement.objects.get().gross_minor == 2333


def test_who_sees_it_differently_says_how_and_then_the_shop_decides(rma, discuss, jpeg):
    discuss(rma)

    with pytest.raises(ReplyEmpty):
        answer_discussion(rma.pk, Reply.CONTEST, "  ", by="shopper")
    photo = CleanImage(jpeg, 60, 40, "b" * 64)
    row = answer_discussion(rma.pk, Reply.CONTEST, "It came so.", [photo], by="shopper")

    assert row.state == "contested"
    assert len(row.reply_photos) == 1
    seen = replace(
        findings(rma, Grade.C, kept_percent=50)[0], note="Worn", photo_id=UUID(row.photos[0])
    )
    inspect_return(rma.pk, [seen], by="staff:Karim")


def test_who_wants_the_articles_back_gets_them_and_no_refund(rma, discuss):
    discuss(rma)
    answer_discussion(rma.pk, Reply.KEEP, by="shopper")

    with pytest.raises(DiscussionOpen):
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
    send_pieces_back(rma.pk, carrier="Colissimo", tracking_number="6A123", by=ANA)
    run_jobs()

    rma.refresh_from_db()
    assert rma.request_state == "closed"
    assert rma.lines.get().is_given_back
    assert rma.lines.get().order_line.returned_quantity == 0
    assert "6A123" in Message.objects.get(kind="pieces_sent_back").text
    assert not Settlement.objects.exists()


def test_single_pieces_do_not_go_back_alone(shop, discuss):
    rma = received_return(order_of(shop, lines=(LAMP, MUG)))
    line = rma.lines.order_by("position").first()
    discuss(rma, points=(Point(line.pk, 1, 100),))

    with pytest.raises(KeepingNotOffered):
        answer_discussion(rma.pk, Reply.KEEP, by="shopper")


def test_without_an_answer_the_shop_decides_after_the_day(rma, discuss):
    made = discuss(rma, days=4)

    assert not lapse_discussion(rma.pk, by="system")
    with time_machine.travel(now() + timedelta(days=3)):
        look_at_discussions()
        look_at_discussions()
        run_jobs()
        assert Message.objects.filter(kind="discussion_reminded").count() == 1
    with time_machine.travel(now() + timedelta(days=5)):
        look_at_discussions()
    made.refresh_from_db()
    assert made.state == "lapsed"
    with pytest.raises(DiscussionOver):
        answer_discussion(rma.pk, Reply.ACCEPT, by="shopper")
    inspect_return(rma.pk, findings(rma), by="staff:Karim")


def test_the_answer_is_awaited_only_before_the_day_of_the_law(shop, rma, discuss):
    asked = now() - timedelta(days=11)
    Return.objects.filter(pk=rma.pk).update(ground="statutory_withdrawal", requested_at=asked)
    rma.refresh_from_db()

    made = discuss(rma, days=10)

    assert made.answer_by == today(shop.time_zone) + timedelta(days=2)  # due on the third


def test_where_the_law_leaves_no_day_it_is_decided_at_once(rma, discuss):
    asked = now() - timedelta(days=13)
    Return.objects.filter(pk=rma.pk).update(ground="statutory_withdrawal", requested_at=asked)
    rma.refresh_from_db()

    with pytest.raises(NoTimeToDiscuss):
        discuss(rma)


def test_the_legal_day_is_not_held_up(rma, discuss):
    discuss(rma)

    settle_return(rma.pk, by="law")

    assert Settlement.objects.get().gross_minor == 3333


def test_a_proposal_has_pieces_words_a_rule_and_a_photo(rma, discuss):
    for wrong in (
        {"points": ()},
        {"points": (Point(rma.lines.get().pk, 2, 30),)},
        {"points": (Point(rma.lines.get().pk, 1, 101),)},
        {"text": " "},
        {"clause": ""},
        {"photo": False},
    ):
        with pytest.raises(ProposalIncomplete):
            discuss(rma, **wrong)
    assert not Discussion.objects.exists()


def test_it_is_discussed_once_and_before_the_inspection(rma, discuss, shop):
    discuss(rma)
    with pytest.raises(NotDiscussable) as refused:
        discuss(rma)
    assert refused.value.facts["why"] == "again"

    other = received_return(order_of(shop, number="1002"), {"LAMP-01": 1})
    inspect_return(other.pk, findings(other), by="staff:Karim")
    with pytest.raises(NotDiscussable):
        discuss(other)


def test_a_return_whose_pieces_are_wanted_back_is_neither_closed_nor_cancelled(rma, discuss):
    discuss(rma)
    answer_discussion(rma.pk, Reply.KEEP, by="shopper")

    with pytest.raises(DiscussionOpen):
        close_return(rma.pk, by=ANA)
    with pytest.raises(IllegalTransition):  # its goods are here
        cancel_return(rma.pk, by=ANA)

    rma.refresh_from_db()
    assert rma.request_state == "approved"
