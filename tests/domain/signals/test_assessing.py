"""Returns are looked at by jobs, with a fixed number of queries; people have the last word."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.world import LAMP, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.orders.new import TEST_SOURCE
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.states import LabelState
from rebond.domain.signals.actions import (
    assess_return,
    forget_marks,
    judge_return,
    note_marks,
    set_bounds,
)
from rebond.domain.signals.errors import BoundsUnreadable, CategoryNeeded
from rebond.domain.signals.gathering import gather, level_before_request
from rebond.domain.signals.kinds import Category, Found, MarkKind
from rebond.domain.signals.marks import digits, mailbox, place
from rebond.domain.signals.models import Assessment, Mark, Verdict
from rebond.domain.signals.queries import confirmed_fraud, records_of
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.kernel.clock import now


def shopper_with(shop, orders, *, start=2000, email="lea@client.example"):
    """The returns of somebody who sends everything back."""
    return [
        requested_return(order_of(shop, number=str(start + n), lines=(LAMP,), email=email))
        for n in range(orders)
    ]


def test_a_calm_history_writes_nothing(db):
    shopper_with(small_shop(), 1)
    run_jobs()

    assert not Assessment.objects.exists()


def test_a_busy_history_asks_for_a_look_and_keeps_how_it_came(db):
    shop = small_shop()
    shopper_with(shop, 6)
    run_jobs()

    last = Return.objects.order_by("-number").first()
    found = last.assessments.get(is_latest=True)
    assert found.occasion == "return.requested"
    assert {one.detector for one in found.signals.all()} >= {"return_speed"}


def test_once_more_with_the_same_facts_adds_no_row(db):
    shopper_with(small_shop(), 6)
    run_jobs()
    before = Assessment.objects.count()

    for rma in Return.objects.all():
        assess_return(rma.pk, occasion="clock")
    again = Assessment.objects.count()
    for rma in Return.objects.all():
        assess_return(rma.pk, occasion="clock")

    assert Assessment.objects.count() == again >= before


def test_the_number_of_queries_is_the_same_for_3_and_60(db):
    counts = []
    for slug, rows in (("petite", 3), ("grande", 60)):
        shop = small_shop(slug)
        rma = shopper_with(shop, rows)[-1]
        rma = Return.objects.select_related("order", "shopper__shop").get(pk=rma.pk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            gather(rma.shopper, order=rma.order, rma=rma, moment=now())
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 25


def test_an_order_to_try_with_is_nobodys_private_purchase(db):
    shop = small_shop()
    own = staff_of(shop).user.email
    bought = requested_return(order_of(shop, number="1", email=own))
    tried = requested_return(order_of(shop, number="2", email=own))
    tried.order.source = TEST_SOURCE

    seen = [gather(r.shopper, order=r.order, rma=r, moment=now()) for r in (bought, tried)]

    assert [facts.is_colleague for facts in seen] == [True, False]


def test_an_empty_parcel_is_seen_at_the_inspection(db):
    shop = small_shop()
    rma = shopper_with(shop, 1)[0]
    receive_return(rma.pk, {}, note="only paper", by="staff:Karim")
    inspect_return(rma.pk, [], by="staff:Karim")
    run_jobs()

    found = rma.assessments.get(is_latest=True)
    assert (found.level, found.signals.get().detector) == ("look", "empty_parcel")
    rma.refresh_from_db()
    assert rma.request_state == "approved"


def test_accounts_are_linked_by_fingerprints_that_say_nothing(db):
    shop = small_shop()
    first = order_of(shop, number="1", email="lea@client.example").shopper
    second = order_of(shop, number="2", email="paul@client.example").shopper
    note_marks([first.pk, second.pk])

    facts = gather(first, order=None, rma=None, moment=now())
    assert facts.linked == 1
    kept = " ".join(Mark.objects.values_list("mark", flat=True))
    assert "lea" not in kept and "@" not in kept
    forget_marks(second.pk)
    assert gather(first, order=None, rma=None, moment=now()).linked == 0


def test_two_shops_never_share_a_mark(db):
    marks = []
    for slug in ("ici", "ailleurs"):
        shopper = order_of(small_shop(slug), email="lea@client.example").shopper
        note_marks([shopper.pk])
        marks.append(set(Mark.objects.filter(shopper=shopper).values_list("mark", flat=True)))

    assert not marks[0] & marks[1]


def test_marks_compare_what_people_type_alike():
    assert mailbox("Léa.M+x@Gmail.com ") == mailbox("léam@googlemail.com")
    assert digits("+33 6 12 34 56 78") == digits("06 12 34 56 78")
    assert place(["3, Rue du Puits"], "75005", "FR") == place(["3 rue du puits"], "75 005", "FR")
    assert digits("12") == mailbox("") == place([], "75005", "FR") == ""


def test_what_people_find_can_be_changed_and_is_kept(db):
    shop = small_shop()
    rma, staff = shopper_with(shop, 1)[0], staff_of(shop)
    with pytest.raises(CategoryNeeded):
        judge_return(
            rma.pk, Found.FRAUD, category=Category.NONE, note="", staff=staff, by="staff:Ana"
        )

    judge_return(rma.pk, Found.FRAUD, category=Category.WORN, note="", staff=staff, by="staff:Ana")
    assert list(confirmed_fraud(shop.pk)) == [rma.pk]
    judge_return(
        rma.pk, Found.HONEST, category=Category.NONE, note="sorry", staff=staff, by="staff:Ana"
    )

    assert not confirmed_fraud(shop.pk).exists()
    assert list(rma.verdicts.order_by("turn").values_list("found", "is_latest")) == [
        ("fraud", False),
        ("honest", True),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(turn=1).update(is_latest=True)


def test_confirmed_once_it_is_remembered_and_honest_returns_are_not(db):
    shop = small_shop()
    staff, many = staff_of(shop), shopper_with(shop, 5)
    note_marks([many[0].shopper_id])
    order = order_of(shop, number="9", lines=(LAMP,), email="lea@client.example")
    assert level_before_request(order, now()) != "careful"

    judge_return(
        many[0].pk, Found.FRAUD, category=Category.OTHER, note="", staff=staff, by="staff:Ana"
    )
    assert level_before_request(order, now()) == "careful"
    for rma in many:
        judge_return(
            rma.pk, Found.HONEST, category=Category.NONE, note="", staff=staff, by="staff:Ana"
        )
    assert level_before_request(order, now()) == "none"


def test_the_report_counts_returns_and_what_was_found(db):
    shop = small_shop()
    many, staff = shopper_with(shop, 6), staff_of(shop)
    run_jobs()
    judge_return(
        many[-1].pk, Found.FRAUD, category=Category.WORN, note="", staff=staff, by="staff:Ana"
    )

    moment = now() + timedelta(seconds=1)
    records = records_of(shop, moment - timedelta(days=1), moment)
    speed = next(record for record in records if record.detector == "return_speed")
    assert (speed.fraud, speed.honest, speed.precision) == (1, 0, 100)
    assert speed.spoke == speed.fraud + speed.open
    assert records_of(small_shop("ailleurs"), moment - timedelta(days=1), moment)[0].spoke == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"look_from": 5, "careful_from": 4},
        {"numbers": {"nobody": {}}},
        {"numbers": {"disputes": {"count": 0}}},
    ],
)
def test_bounds_out_of_range_are_refused(db, wrong):
    good = {"numbers": {}, "off": [], "look_from": 2, "careful_from": 4}
    with pytest.raises(BoundsUnreadable):
        set_bounds(small_shop(), **(good | wrong))


def test_a_shops_own_bound_counts_from_the_next_look_on(db):
    shop = small_shop()
    set_bounds(
        shop,
        numbers={"return_speed": {"count": 2, "days": 30}},
        off=[],
        look_from=1,
        careful_from=4,
    )
    shopper_with(shop, 3)
    run_jobs()

    assert Assessment.objects.filter(level="look", is_latest=True).exists()
    assert Mark.objects.filter(kind=MarkKind.READ).exists()


def test_a_parcel_of_another_weight_is_seen_when_it_comes(db):
    shop = small_shop()
    rma = shopper_with(shop, 1)[0]
    parcel = announce_parcel(
        rma.pk, carrier="manual", carrier_name="Post", tracking_number="X1", by="shopper"
    )
    Parcel.objects.filter(pk=parcel.pk).update(weight_grams=2000, weighed_grams=500)

    receive_return(rma.pk, {line.pk: 1 for line in rma.lines.all()}, note="", by="staff:Karim")
    run_jobs()

    (signal,) = rma.assessments.get(is_latest=True).signals.all()
    assert (signal.detector, signal.numbers) == ("parcel_weight", {"percent": 25})


def test_a_small_difference_on_a_small_parcel_is_nothing(db):
    shop = small_shop()
    rma = shopper_with(shop, 1)[0]
    parcel = announce_parcel(
        rma.pk, carrier="manual", carrier_name="Post", tracking_number="X1", by="shopper"
    )
    Parcel.objects.filter(pk=parcel.pk).update(weight_grams=200, weighed_grams=350)

    assert gather(rma.shopper, order=rma.order, rma=rma, moment=now()).weighed_percent is None


def test_labels_with_which_nothing_came_count_for_the_next_request(db):
    shop = small_shop()
    rmas = shopper_with(shop, 3)
    for number, rma in enumerate(rmas):
        parcel = announce_parcel(
            rma.pk, carrier="manual", carrier_name="Post", tracking_number=f"X{number}", by="test"
        )
        Label.objects.create(
            shop=shop,
            parcel=parcel,
            carrier="manual",
            state=LabelState.READY,
            currency="EUR",
            asked_at=now(),
        )
    Return.objects.update(requested_at=now() - timedelta(days=40))
    order = order_of(shop, number="7000", email="lea@client.example")
    facts = gather(order.shopper, order=order, rma=None, moment=now())
    assert sum(one.labels_without_goods for one in facts.returns) == 3

    receive_return(
        rmas[0].pk, {line.pk: 1 for line in rmas[0].lines.all()}, note="", by="staff:Karim"
    )

    facts = gather(order.shopper, order=order, rma=None, moment=now())
    assert sum(one.labels_without_goods for one in facts.returns) == 2
