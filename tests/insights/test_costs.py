"""What a return costs: exact sums, honest estimates, few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.world import findings, order_of, received_return, small_shop, staff_of

from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.signals.actions import judge_return
from rebond.domain.signals.kinds import Category, Found
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.insights.costs.actions import set_cost_terms
from rebond.insights.costs.queries import cost_of_return, costs_between
from rebond.insights.costs.reckon import USUAL_LOSS, Facts, Piece, Rates, Work, cost_of
from rebond.kernel.clock import now

MONEY = st.integers(0, 10**7)
PIECES = st.lists(
    st.builds(Piece, st.integers(1, 20), MONEY, st.sampled_from(["", "missing", *USUAL_LOSS])),
    max_size=5,
)


def parts(cost):
    return {part.kind: part.amount_minor for part in cost.parts}


def test_each_part_is_there_with_its_amount():
    facts = Facts(
        pieces=[Piece(2, 5000, "resell"), Piece(1, 999, "refurbish")],
        works=[Work(minutes=20, parts_minor=150)],
        labels_minor=590,
        kept_minor=1000,
    )

    cost = cost_of(facts, Rates(wage_minor=2400, minutes_per_piece=5))

    assert parts(cost) == {
        "transport": 590,
        "handling": 600,  # three pieces, five minutes each, at 24.00 an hour
        "refurbishing": 950,
        "lost_value": 4150,  # 40 % of 100.00 and 15 % of 9.99, rounded half up
        "kept": -1000,
    }
    assert cost.total_minor == 590 + 600 + 950 + 4150 - 1000


def test_what_is_not_known_is_estimated_and_says_so():
    cost = cost_of(Facts([Piece(1, 10000)], shop_pays_transport=True), Rates())

    assert parts(cost) == {"transport": 1500, "handling": 700}
    assert all(part.is_estimate for part in cost.parts)


def test_what_cannot_be_said_is_not_a_nought():
    assert cost_of(Facts([]), Rates()).parts == ()
    undecided = cost_of(Facts([Piece(1, 10000, "quarantine")]), Rates())
    assert "lost_value" not in parts(undecided)


@given(
    pieces=PIECES,
    works=st.lists(st.builds(Work, st.integers(0, 600), MONEY), max_size=3),
    labels=st.none() | MONEY,
    kept=MONEY,
    wage=st.integers(0, 10_000),
)
def test_the_parts_always_sum_and_only_what_was_kept_is_negative(pieces, works, labels, kept, wage):
    facts = Facts(pieces, works, labels, shop_pays_transport=True, kept_minor=kept)

    cost = cost_of(facts, Rates(wage_minor=wage))

    assert cost.total_minor == sum(parts(cost).values())
    assert all((amount < 0) == (kind == "kept") for kind, amount in parts(cost).items() if amount)


def arrived(shop, number, grade=Grade.A):
    rma = received_return(order_of(shop, number=number), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, grade=grade), by="staff:Karim")
    rma.refresh_from_db()
    return rma


@pytest.mark.django_db
def test_a_return_costs_its_label_hands_and_lost_value():
    shop = small_shop()
    rma = arrived(shop, "1001")
    parcel = Parcel.objects.create(shop=shop, rma=rma, position=9, carrier="manual")
    Label.objects.create(
        shop=shop,
        parcel=parcel,
        carrier="manual",
        state="ready",
        cost_minor=590,
        currency="EUR",
        asked_at=now(),
    )

    found = parts(cost_of_return(rma))

    assert found["transport"] == 590
    assert found["handling"] == 233  # 7 % of 33.33
    assert cost_of_return(rma).total_minor == sum(found.values())


def labelled(shop, rma, position=9, *, cost=590, charged_at="scan"):
    parcel = Parcel.objects.create(shop=shop, rma=rma, position=position, carrier="manual")
    label = Label.objects.create(
        shop=shop,
        parcel=parcel,
        carrier="manual",
        state="ready",
        cost_minor=cost,
        currency="EUR",
        charged_at=charged_at,
        asked_at=now(),
    )
    return label, parcel


@pytest.mark.django_db
@pytest.mark.parametrize("proof", ["handed_in_at", "received_at"])
def test_a_label_charged_at_its_scan_costs_from_then_on_and_never_when_printed(proof):
    shop = small_shop()
    rma = arrived(shop, "1001")
    label, parcel = labelled(shop, rma)

    printed = cost_of_return(rma)
    Parcel.objects.filter(pk=parcel.pk).update(**{proof: now()})
    used = cost_of_return(rma)

    assert (parts(printed)["transport"], parts(used)["transport"]) == (0, 590)
    assert used.total_minor - printed.total_minor == 590
    assert label.waits_for_scan


@pytest.mark.django_db
def test_of_several_labels_only_those_that_cost_are_summed():
    shop = small_shop()
    rma = arrived(shop, "1001")
    labelled(shop, rma, 8)
    labelled(shop, rma, 9, cost=700, charged_at="made")

    assert parts(cost_of_return(rma))["transport"] == 700


@pytest.mark.django_db
def test_an_unused_label_says_nothing_of_another_whose_price_is_not_known():
    shop = small_shop()
    rma = arrived(shop, "1001")
    labelled(shop, rma, 8)
    before = parts(cost_of_return(rma))
    labelled(shop, rma, 9, cost=None, charged_at="made")

    assert before["transport"] == 0
    assert parts(cost_of_return(rma)).get("transport") != 0


@pytest.mark.django_db
def test_what_people_found_to_be_fraud_says_nothing_about_an_article():
    shop = small_shop()
    arrived(shop, "1001")
    cheated = arrived(shop, "1002")
    judge_return(
        cheated.pk,
        Found.FRAUD,
        category=Category.EMPTY_PARCEL,
        note="",
        staff=staff_of(shop),
        by="staff:Ana",
    )

    period = costs_between(shop, now() - timedelta(days=1), now() + timedelta(days=1))

    assert period.returns == 2  # it costs all the same
    assert [group.returns for group in period.articles] == [1]
    assert sum(group.returns for group in period.reasons) == 1


@pytest.mark.django_db
def test_many_returns_take_as_many_questions_as_few():
    shop = small_shop()
    arrived(shop, "1001")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            period = costs_between(shop, now() - timedelta(days=1), now() + timedelta(days=1))
        return len(asked), period

    few, one = questions()
    for number in ("1002", "1003", "1004"):
        arrived(shop, number)
    many, four = questions()

    assert many == few
    assert (one.returns, four.returns) == (1, 4)
    assert four.total_minor == sum(four.parts.values()) == 4 * one.total_minor
    assert sum(group.total_minor for group in four.reasons) == four.total_minor


@pytest.mark.django_db
def test_the_shops_own_rates_count(client):
    shop = small_shop()
    rma = arrived(shop, "1001")
    values = {"handling_percent": 50, "wage_minor": 0}
    set_cost_terms(shop, values, {"resell": 120}, by="staff:Ana")

    assert parts(cost_of_return(rma))["handling"] == 1667
    client.force_login(staff_of(shop).user)
    page = client.get("/desk/galerie/costs/", headers={"accept-language": "en"})
    assert "€16.67" in page.content.decode()
    assert client.get(f"/desk/galerie/returns/{rma.number}/").context["cost"].total_minor
    typed = {
        **{f"lost_{name}": 10 for name in USUAL_LOSS},
        **{"transport_percent": 12, "handling_percent": 8, "refurbishing_percent": 2},
        **{"wage": "24,50", "minutes_per_piece": 4},
    }
    assert client.post("/desk/galerie/costs/rates/", typed | {"wage": "x"}).status_code == 422
    assert client.post("/desk/galerie/costs/rates/", typed).status_code == 302
    assert parts(cost_of_return(rma))["handling"] == 163  # four minutes of 24.50
