"""Whoever waits for somebody outside leaves room for the others."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import claim, later
from rebond.kernel.lanes import Room, in_lane, lane_of
from rebond.kernel.models import Job
from rebond.kernel.worker import Worker

HERE = __name__
SHOPS = [uuid7() for _ in range(3)]
LANES = ["one", "two", "three"]

done: list[str] = []
gate = threading.Event()


@in_lane("outside")
def waits() -> None:
    gate.wait(30)
    done.append("waits")


@in_lane("elsewhere")
def calls() -> None:
    done.append("calls")


def works() -> None:
    done.append("works")


@pytest.fixture(autouse=True)
def closed_gate():
    done.clear()
    gate.clear()
    yield
    gate.set()


def test_a_function_that_is_gone_has_no_lane():
    assert lane_of(f"{HERE}.waits") == "outside"
    assert lane_of(f"{HERE}.works") == lane_of(f"{HERE}.never_was") == lane_of("no.such.room") == ""


@given(
    st.integers(2, 40),
    st.lists(st.tuples(st.sampled_from(LANES), st.sampled_from(SHOPS)), max_size=120),
)
def test_work_that_calls_nobody_always_finds_a_thread(threads, wanted):
    room = Room(threads)
    taken = [room.take(Job(lane=lane, shop_id=shop_id)) for lane, shop_id in wanted]

    assert not wanted or taken[0]
    assert sum(taken) < threads
    assert room.take(Job(lane="", shop_id=SHOPS[0]))


@pytest.mark.parametrize(
    ("threads", "of_one", "of_all"),
    [(1, 1, 1), (2, 1, 1), (4, 2, 3), (8, 4, 6), (16, 8, 12)],
)
def test_one_lane_gets_most_of_an_idle_worker(threads, of_one, of_all):
    def taken(lane, shops):
        room = Room(threads)
        return sum(room.take(Job(lane=lane, shop_id=one)) for _ in range(20) for one in shops)

    assert taken("one", SHOPS[:1]) == of_one
    assert taken("one", SHOPS) == of_all


@pytest.mark.django_db
def test_a_full_lane_is_passed_by_and_waits_its_turn():
    for _ in range(40):
        later(f"{HERE}.waits", shop_id=SHOPS[0])
    later(f"{HERE}.calls", shop_id=SHOPS[0])
    later(f"{HERE}.waits", shop_id=SHOPS[1])
    later(f"{HERE}.works")

    first = claim(8, Room(8))
    room = Room(8, first)
    second = claim(room.free, room)

    assert [job.path for job in first] == [f"{HERE}.waits"] * 4
    assert [(job.path, job.shop_id) for job in second] == [
        (f"{HERE}.calls", SHOPS[0]),
        (f"{HERE}.waits", SHOPS[1]),
        (f"{HERE}.works", None),
    ]
    assert Job.objects.filter(lease_token=None).count() == 36


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_rest_while_somebody_keeps_it_waiting():
    for _ in range(9):
        later(f"{HERE}.waits", shop_id=SHOPS[0])
    for _ in range(5):
        later(f"{HERE}.calls", shop_id=SHOPS[0])
        later(f"{HERE}.works")
    worker = Worker(threads=4, schedule={})
    thread = threading.Thread(target=worker.run)
    thread.start()
    until = time.monotonic() + 20
    while len(done) < 10 and time.monotonic() < until:
        time.sleep(0.05)
    seen = sorted(done)
    gate.set()
    worker.stopping.set()
    thread.join()

    assert seen == ["calls"] * 5 + ["works"] * 5


@pytest.mark.django_db
def test_the_last_thread_finds_work_that_calls_nobody_behind_any_crowd():
    for _ in range(40):
        later(f"{HERE}.calls", shop_id=SHOPS[0])
    later(f"{HERE}.works")
    held = [Job(lane="outside", shop_id=shop_id) for shop_id in SHOPS]
    room = Room(4, held)

    assert [job.path for job in claim(room.free, room)] == [f"{HERE}.works"]


@in_lane("webhooks")
def waits_away():
    yield gate.wait
    done.append("back")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_who_waits_without_a_thread_holds_up_nobody():
    for shop_id in SHOPS:
        for _ in range(5):
            later(f"{HERE}.waits_away", shop_id=shop_id)
    for _ in range(5):
        later(f"{HERE}.works")
    worker = Worker(threads=1, schedule={})
    thread = threading.Thread(target=worker.run)
    thread.start()
    until = time.monotonic() + 20
    while (len(done) < 5 or Job.objects.filter(lease_token=None).exists()) and (
        time.monotonic() < until
    ):
        time.sleep(0.05)
    seen = list(done)
    for _ in range(30):
        later(f"{HERE}.works")
    gate.set()
    while len(done) < 50 and time.monotonic() < until:
        time.sleep(0.05)
    worker.stopping.set()
    thread.join()

    assert seen == ["works"] * 5
    assert sorted(done[5:]) == ["back"] * 15 + ["works"] * 30
    assert not Job.objects.exists()


def test_places_away_are_shared_by_shops():
    room = Room(64)
    of_one = sum(room.take(Job(lane="webhooks", shop_id=SHOPS[0])) for _ in range(60))
    of_two = sum(room.take(Job(lane="webhooks", shop_id=SHOPS[1])) for _ in range(60))

    assert (of_one, of_two) == (24, 12)
    assert [room.take(Job(lane="webhooks-slow", shop_id=SHOPS[0])) for _ in range(9)].count(
        True
    ) == 8
