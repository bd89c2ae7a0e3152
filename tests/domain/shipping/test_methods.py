"""How goods travel back: what is on offer, what it costs, and that it is charged once."""

import pytest
from tests.world import findings, order_of, requested_return, run_jobs, small_shop

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.queries import expected_for
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    choose_method,
    lay_in_label,
    replace_points,
    set_shipping_terms,
)
from rebond.domain.shipping.errors import (
    MethodFixed,
    MethodNotOffered,
    PointsUnreadable,
    PointUnknown,
)
from rebond.domain.shipping.methods import chosen_of, ways_of
from rebond.domain.shipping.models import ReturnPoint
from rebond.domain.shipping.point_files import points_in
from rebond.domain.shipping.queries import label_is_offered
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db

POINTS = (
    b"reference;kind;name;street;postcode;town;country;carrier;"
    b"latitude;longitude;opening_hours;wheelchair\n"
    b"R1;relay;Tabac du Port;1 quai Rive Neuve;13007;Marseille;FR;Mondial Relay;"
    b"43,2937;5,3690;Mo-Sa 8-20 | Su 9-12;yes\n"
    b"C1;counter;Galerie;5 rue Paradis;13001;Marseille;FR;;43.2957;5.3759;Mo-Sa 10-19;no\n"
)


def policy(*allowed, pays="shopper", **fees):
    return {
        "rules": [
            {"kind": "window", "days": 30},
            {"kind": "return_cost", "paid_by": pays},
            {"kind": "methods", "allowed": list(allowed), **fees},
            {"kind": "refund_terms", "pays_at": "inspection"},
        ]
    }


@pytest.fixture
def shop():
    return labelled(
        small_shop(
            policy=policy(
                "prepaid_label",
                "drop_off",
                "own_carrier",
                "counter",
                label_fee_minor=490,
                drop_off_fee_minor=390,
            )
        )
    )


def labelled(shop, labels=2):
    for number in range(labels):
        lay_in_label(
            shop, carrier_name="Colissimo", tracking_number=f"6A{number}", pdf=b"%PDF-1.7", by="Ana"
        )
    set_shipping_terms(shop, label_carrier="manual", lost_after_days=10, by="Ana")
    return shop


def offered(rma):
    return [(way.method, way.fee_minor) for way in ways_of(rma)]


def test_the_ways_stand_in_the_order_of_the_policy_with_their_fees(shop):
    rma = requested_return(order_of(shop))

    assert offered(rma) == [
        ("prepaid_label", 490),
        ("drop_off", 390),
        ("own_carrier", 0),
        ("counter", 0),
    ]


def test_without_a_carrier_for_labels_no_label_is_on_offer():
    shop = small_shop(policy=policy("prepaid_label", "own_carrier", label_fee_minor=490))

    assert offered(requested_return(order_of(shop))) == [("own_carrier", 0)]


def test_what_is_our_fault_costs_no_label(shop):
    rma = requested_return(order_of(shop), reason="damaged")

    assert {fee for _, fee in offered(rma)} == {0}


def test_where_the_shop_pays_the_way_back_no_label_costs_anything():
    shop = labelled(
        small_shop(policy=policy("prepaid_label", "own_carrier", pays="shop", label_fee_minor=490))
    )

    assert offered(requested_return(order_of(shop))) == [("prepaid_label", 0), ("own_carrier", 0)]


def test_who_withdraws_may_always_use_a_carrier_of_their_own():
    shop = small_shop(policy=policy("counter"))

    assert offered(requested_return(order_of(shop))) == [("counter", 0), ("own_carrier", 0)]


def test_without_a_rule_nothing_is_to_be_chosen():
    rma = requested_return(order_of(small_shop(policy=GENEROUS)))

    assert offered(rma) == []
    with pytest.raises(MethodNotOffered):
        choose_method(rma.pk, method="own_carrier", by="shopper")


def test_the_fee_is_a_line_of_its_own_and_taken_off_once(shop):
    rma = requested_return(order_of(shop), {"LAMP-01": 1})
    before = expected_for(rma)
    choose_method(rma.pk, method="prepaid_label", by="shopper")
    ask_label(rma.pk, by="shopper")
    rma.refresh_from_db()

    expected = expected_for(rma)
    assert expected["way_back_minor"] == 490
    assert expected["total_minor"] == before["total_minor"] - 490
    assert any(why["code"] == "return_shipping_kept" for why in expected["why"])

    receive_return(rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, note="", by="Ana")
    inspect_return(rma.pk, findings(rma), by="Ana")
    run_jobs()

    settlement = rma.settlements.get()
    assert settlement.gross_minor == before["total_minor"] - 490
    assert settlement.kept_minor == 490
    assert settlement.figures["way_back_minor"] == 490
    assert settlement.figures["retained_minor"] == 0
    # The VAT of the fee goes off with it: at 20 % a sixth of what is left.
    assert settlement.tax_minor == pytest.approx(settlement.gross_minor / 6, abs=2)
    assert not [breach for promise in PROMISES for breach in promise.breaches()]


def test_a_label_that_was_never_taken_costs_nothing(shop):
    rma = requested_return(order_of(shop))
    full = expected_for(rma)["total_minor"]
    choose_method(rma.pk, method="prepaid_label", by="shopper")
    announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="DHL", tracking_number="", by="shopper"
    )
    rma.refresh_from_db()

    assert expected_for(rma)["total_minor"] == full


def test_a_fee_never_takes_more_than_there_is(shop):
    dear = labelled(
        small_shop("dear", policy=policy("prepaid_label", "own_carrier", label_fee_minor=10**7))
    )
    rma = requested_return(order_of(dear))
    choose_method(rma.pk, method="prepaid_label", by="shopper")

    assert expected_for(rma)["total_minor"] == 0


def test_a_label_is_given_to_who_chose_it_and_to_nobody_else(shop):
    rma = requested_return(order_of(shop))
    assert not label_is_offered(rma)

    choose_method(rma.pk, method="own_carrier", by="shopper")
    assert not label_is_offered(rma)

    choose_method(rma.pk, method="drop_off", by="shopper")
    assert label_is_offered(rma)


def test_the_way_is_fixed_once_a_label_is_there(shop):
    rma = requested_return(order_of(shop))
    choose_method(rma.pk, method="prepaid_label", by="shopper")
    ask_label(rma.pk, by="shopper")

    with pytest.raises(MethodFixed):
        choose_method(rma.pk, method="counter", by="shopper")


def test_a_place_of_another_kind_or_another_shop_is_not_taken(shop):
    replace_points(shop, points_in(POINTS), by="Ana")
    other = small_shop("other")
    replace_points(other, points_in(POINTS), by="Ana")
    rma = requested_return(order_of(shop))
    counter = ReturnPoint.objects.get(shop=shop, kind="counter")
    foreign = ReturnPoint.objects.get(shop=other, kind="relay")

    for point in (counter, foreign):
        with pytest.raises(PointUnknown):
            choose_method(rma.pk, method="drop_off", point_id=point.pk, by="shopper")
    choose_method(rma.pk, method="counter", point_id=counter.pk, by="shopper")
    assert chosen_of(rma).point["name"] == "Galerie"


def test_a_new_list_takes_the_place_of_the_old_and_returns_keep_their_place(shop):
    replace_points(shop, points_in(POINTS), by="Ana")
    rma = requested_return(order_of(shop))
    relay = ReturnPoint.objects.get(shop=shop, kind="relay")
    choose_method(rma.pk, method="drop_off", point_id=relay.pk, by="shopper")

    assert replace_points(shop, points_in(POINTS)[1:], by="Ana") == 1

    assert chosen_of(rma).point["name"] == "Tabac du Port"
    assert chosen_of(rma).point["opening_hours"] == ["Mo-Sa 8-20", "Su 9-12"]


def test_bad_rows_are_named_by_line_and_nothing_is_written(shop):
    replace_points(shop, points_in(POINTS), by="Ana")
    bad = POINTS.replace(b"43,2937", b"here") + POINTS.splitlines()[2] + b"\nX;moon;a;b;c;d;FRA\n"

    with pytest.raises(PointsUnreadable) as refused:
        replace_points(shop, points_in(bad), by="Ana")

    assert refused.value.facts["problems"] == [
        {"line": 2, "problem": "coordinates"},
        {"line": 3, "problem": "twice"},
        {"line": 4, "problem": "twice"},
        {"line": 5, "problem": "kind"},
    ]
    assert ReturnPoint.objects.filter(shop=shop).count() == 2


def test_who_settles_by_hand_gets_the_sum_that_was_shown(shop):
    rma = requested_return(order_of(shop))
    choose_method(rma.pk, method="drop_off", by="shopper")
    ask_label(rma.pk, by="shopper")
    total = expected_for(rma)["total_minor"]

    settlement = settle_return(rma.pk, by="Ana")

    assert settlement.gross_minor == total
