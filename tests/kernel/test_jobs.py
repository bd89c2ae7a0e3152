"""Jobs commit with their data, survive whoever drops them, and take effect once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from rebond.kernel import jobs
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import MOST_DEATHS, RetryLater, claim, later, one_action, perform, revive
from rebond.kernel.models import Counter, Job, next_number

pytestmark = pytest.mark.django_db
SHOP = uuid7()


@action
def count_up() -> int:
    return next_number(SHOP, "test")


@one_action
def once() -> None:
    count_up()


def fails() -> None:
    raise ZeroDivisionError("of course")


def waits() -> None:
    raise RetryLater(timedelta(minutes=5))


def counted() -> int:
    return Counter.objects.filter(shop_id=SHOP).values_list("last", flat=True).first() or 0


def overdue() -> None:
    Job.objects.update(run_at=now() - timedelta(seconds=1))


HERE = __name__


def test_a_job_of_a_transaction_that_rolls_back_never_existed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later(f"{HERE}.once")
        fails()

    assert not Job.objects.exists()


def test_a_job_is_done_and_gone(run_jobs):
    later(f"{HERE}.once")

    assert run_jobs() == 1
    assert (counted(), Job.objects.count()) == (1, 0)


def test_a_worker_that_died_leaves_the_job_to_the_next(run_jobs):
    later(f"{HERE}.once")
    claim(1)

    assert run_jobs() == 0
    overdue()
    assert run_jobs() == 1
    assert counted() == 1


def test_a_worker_that_comes_back_too_late_changes_nothing():
    later(f"{HERE}.once")
    (slow,) = claim(1)
    overdue()
    (quick,) = claim(1)

    perform(quick)
    perform(slow)

    assert counted() == 1


def test_a_failure_waits_longer_each_time_and_is_laid_aside_at_last():
    later(f"{HERE}.fails")
    pauses = []
    for _ in range(jobs.MAX_ATTEMPTS):
        overdue()
        perform(claim(1)[0])
        pauses.append((Job.objects.get().run_at - now()).total_seconds())

    job = Job.objects.get()
    assert job.is_dead
    assert "ZeroDivisionError" in job.last_error
    assert pauses[0] < 3 < pauses[3] < pauses[8]
    overdue()
    assert claim(1) == []
    assert revive(job.pk)
    assert len(claim(1)) == 1


def test_waiting_on_purpose_is_no_failure():
    later(f"{HERE}.waits")
    perform(claim(1)[0])

    job = Job.objects.get()
    assert (job.attempts, job.last_error) == (0, "")
    assert job.run_at > now() + timedelta(minutes=4)


def test_a_key_is_taken_once():
    later(f"{HERE}.once", key="one")

    with pytest.raises(IntegrityError), transaction.atomic():
        later(f"{HERE}.once", key="one")


def test_urgent_jobs_come_first():
    later(f"{HERE}.once")
    later(f"{HERE}.fails", priority=5)

    assert [job.path for job in claim(2)] == [f"{HERE}.fails", f"{HERE}.once"]


def test_a_schedule_runs_once_per_turn():
    table = {f"{HERE}.once": timedelta(minutes=1)}

    assert jobs.run_due_schedules(table) == 1
    assert jobs.run_due_schedules(table) == 0


def test_a_number_of_a_transaction_that_rolls_back_is_given_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert next_number(SHOP, "test") == 1
        fails()

    assert [count_up(), count_up()] == [1, 2]


def test_ids_increase_also_when_the_clock_steps_back(monkeypatch):
    before = [uuid7() for _ in range(1000)]
    monkeypatch.setattr("rebond.kernel.ids.time.time_ns", lambda: 0)
    after = [uuid7() for _ in range(1000)]

    ids = before + after
    assert ids == sorted(ids)
    assert len(set(ids)) == 2000
    assert {i.version for i in ids} == {7}


def test_a_job_that_kills_every_worker_is_laid_aside():
    later("tests.kernel.test_jobs.once", shop_id=SHOP)
    for _ in range(MOST_DEATHS):
        assert len(claim(5)) == 1  # and the worker dies
        Job.objects.update(run_at=now() - timedelta(seconds=1))

    assert claim(5) == []

    assert Job.objects.get().is_dead
    assert "died" in Job.objects.get().last_error


def test_a_job_whose_function_is_gone_waits_and_harms_no_other():
    later(f"{HERE}.went_with_an_upgrade", shop_id=SHOP)
    [job] = claim(5)

    jobs.perform(job)

    kept = Job.objects.get()
    assert (kept.lease_token, kept.is_dead) == (None, False)
    assert "went_with_an_upgrade" in kept.last_error


def asks_outside():
    told.append("before")
    try:
        told.append((yield partial(int, "7")))
        yield partial(int, "seven")
    except ValueError:
        told.append("refused")


def asks_and_fails():
    yield partial(int, "seven")


told: list[object] = []


def test_a_job_waits_for_a_call_and_goes_on_with_its_answer(run_jobs):
    told.clear()
    later(f"{HERE}.asks_outside")

    run_jobs()

    assert told == ["before", 7, "refused"]
    assert not Job.objects.exists()


def test_a_call_that_fails_fails_the_job(run_jobs):
    later(f"{HERE}.asks_and_fails")

    run_jobs()

    job = Job.objects.get()
    assert (job.attempts, job.lease_token) == (1, None)
    assert "ValueError" in job.last_error
