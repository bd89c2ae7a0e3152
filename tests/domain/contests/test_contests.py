"""A contested grade: who may, who answers, and what it pays."""

import io
from datetime import timedelta

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

from rebond.domain.contests.actions import answer_contest, contest_grade
from rebond.domain.contests.errors import (
    AnotherGraderNeeded,
    ContestAnsweredAlready,
    ContestEmpty,
    NotContestable,
    NothingCorrected,
)
from rebond.domain.contests.queries import contest_of, findings_of, why_not
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.refunds.models import MoneyTask, Settlement
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import Finding, inspect_return
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
KARIM, ANA = "staff:Karim", "staff:Ana Lopes"


@pytest.fixture
def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def ana(shop):
    return staff_of(shop)


@pytest.fixture
def order(shop):
    return order_of(shop, lines=(LAMP, MUG), days_since_delivery=20)


def graded(order, *, kept=30, wanted=None):
    """A return of which a share is kept, inspected by Karim and paid."""
    rma = received_return(order, wanted or {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=kept), by=KARIM)
    run_jobs()
    rma.refresh_from_db()
    return rma


def refused(order):
    """Two lamps, one of which is not accepted."""
    rma = received_return(order, {"LAMP-01": 2})
    line = rma.lines.get()
    rows = [
        Finding(line.pk, 1, Grade.A, Disposition.RESTOCK, is_accepted=True),
        Finding(line.pk, 1, Grade.D, Disposition.RECYCLE, is_accepted=False),
    ]
    inspect_return(rma.pk, rows, by=KARIM)
    run_jobs()
    rma.refresh_from_db()
    return rma


def correct(rma, staff, *rows, by=ANA):
    chosen = rows or [one.inspection_id for one in findings_of(rma)]
    made = answer_contest(
        rma.pk, ContestOutcome.CORRECTED, "You are right.", staff=staff, by=by, corrected=chosen
    )
    run_jobs()
    return made


def paid(order):
    return sum(one.gross_minor for one in Settlement.objects.filter(order=order))


def test_what_was_kept_is_paid_to_the_cent_once(order, ana):
    rma = graded(order)
    assert paid(order) == 2333  # 33.33 less 30 percent, 10.00

    contest_grade(rma.pk, "It is as new.", by="shopper")
    correct(rma, ana)

    assert paid(order) == 3333
    assert Inspection.objects.get(line__rma=rma).kept_percent == 0
    assert contest_of(rma).was


def test_pieces_that_were_not_accepted_are_paid_after_all(order, ana):
    rma = refused(order)
    assert rma.inspection_state == "non_compliant"
    before = paid(order)

    contest_grade(rma.pk, "Both are fine.", by="shopper")
    correct(rma, ana)

    rma.refresh_from_db()
    assert paid(order) - before == 3333  # the other of three lamps for 100.00
    assert rma.inspection_state == "compliant"
    assert rma.lines.get().accepted_quantity == 2


def test_a_grade_that_stands_pays_nothing_and_is_told(order, ana):
    rma = graded(order)
    before = paid(order)
    contest_grade(rma.pk, "It is as new.", by="shopper")

    answer_contest(rma.pk, ContestOutcome.STANDS, "There is a scratch.", staff=ana, by=ANA)
    run_jobs()

    assert paid(order) == before
    told = Event.objects.get(name="grade.answered")
    assert "There is a scratch." in Message.objects.get(cause=told.pk).text


def test_who_graded_does_not_look_again(order, shop):
    rma = graded(order)
    karim = staff_of(shop, Role.OWNER, name="Karim Benali")
    contest_grade(rma.pk, "It is as new.", by="shopper")

    with pytest.raises(AnotherGraderNeeded):
        correct(rma, karim, by=KARIM)
    assert contest_of(rma).is_open


def test_photos_come_with_the_words(order, jpeg):
    rma = graded(order)

    made = contest_grade(rma.pk, "Look.", [CleanImage(jpeg, 60, 40, "a" * 64)], by="shopper")

    assert made.photos == [str(rma.photos.get(taken_by="shopper").pk)]


def test_a_correction_names_what_it_corrects(order, ana, shop):
    rma = graded(order)
    other = graded(order_of(shop, number="1002", days_since_delivery=20))
    contest_grade(rma.pk, "It is as new.", by="shopper")

    with pytest.raises(NothingCorrected):
        answer_contest(rma.pk, ContestOutcome.CORRECTED, "Yes.", staff=ana, by=ANA)
    with pytest.raises(NothingCorrected):
        correct(rma, ana, findings_of(other)[0].inspection_id)


def test_it_is_contested_once_and_answered_once(order, ana):
    rma = graded(order)
    contest_grade(rma.pk, "It is as new.", by="shopper")

    with pytest.raises(NotContestable):
        contest_grade(rma.pk, "Really.", by="shopper")
    correct(rma, ana)
    with pytest.raises(ContestAnsweredAlready):
        correct(rma, ana)


def test_words_are_wanted(order):
    with pytest.raises(ContestEmpty):
        contest_grade(graded(order).pk, "   ", by="shopper")


def test_where_everything_is_paid_there_is_nothing_to_contest(order):
    assert why_not(graded(order, kept=0), now()) == "nothing_kept"


def test_before_the_inspection_and_after_thirty_days_nothing_is_contested(order):
    assert why_not(received_return(order, {"MUG-07": 1}), now()) == "state"
    rma = graded(order)

    assert why_not(rma, now() + timedelta(days=29)) == ""
    with time_machine.travel(now() + timedelta(days=31)), pytest.raises(NotContestable):
        contest_grade(rma.pk, "It is as new.", by="shopper")


def test_a_fee_of_the_policy_is_not_paid_with_the_correction(order, ana):
    rma = received_return(order, {"LAMP-01": 1})
    rma.terms["terms"] |= {"fee_percents": None, "restocking_fee_percent": 10}
    rma.save(update_fields=["terms"])
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by=KARIM)
    run_jobs()
    assert paid(order) == 2000  # 33.33 less 10.00 for its state and 3.33 of fee

    contest_grade(rma.pk, "It is as new.", by="shopper")
    correct(rma, ana)

    assert paid(order) == 3000


def test_one_piece_was_refused_and_another_paid_in_part(order, ana):
    rma = received_return(order, {"LAMP-01": 2, "MUG-07": 1})
    lamp, mug = rma.lines.order_by("position")
    rows = [
        Finding(lamp.pk, 1, Grade.A, Disposition.RESTOCK, is_accepted=True),
        Finding(lamp.pk, 1, Grade.D, Disposition.RECYCLE, is_accepted=False),
        Finding(mug.pk, 1, Grade.C, Disposition.RESELL, is_accepted=True, kept_percent=20),
    ]
    inspect_return(rma.pk, rows, by=KARIM)
    run_jobs()
    assert paid(order) == 3333 + 1036  # 12.95 less 20 percent, 2.59

    contest_grade(rma.pk, "All are fine.", by="shopper")
    correct(rma, ana)

    assert paid(order) == 6666 + 1295  # the third lamp has the odd cent


def test_a_withdrawal_waits_for_a_person_until_nothing_is_kept(order, ana):
    rma = received_return(order, {"LAMP-01": 1})
    Return.objects.filter(pk=rma.pk).update(ground="statutory_withdrawal")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rebond.domain.warehouse.actions.parcels._check_evidence", lambda *_: None)
        inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by=KARIM)
    run_jobs()
    assert not Settlement.objects.exists()
    assert MoneyTask.objects.filter(closed_at=None).exists()

    contest_grade(rma.pk, "It is as new.", by="shopper")
    correct(rma, ana)

    assert paid(order) >= 3333
