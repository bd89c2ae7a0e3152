"""What holds of every answer, whatever the facts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rebond.domain.law import (
    FRANCE,
    answer,
    late_refund_uplift,
    refund_due_on,
    short_scale_percent,
    spread,
    vat_inside,
    withdrawal_last_day,
    withdrawal_period,
    withholding_ends_on,
)
from rebond.domain.law.engine import TOPICS

DAYS = st.dates(date(2022, 1, 1), date(2099, 12, 31))
AMOUNTS = st.integers(0, 10**9)
CONFIDENCES = {"low", "medium", "high"}
ERRORS = {"INVALID_INPUT", "NOT_COVERED", "FACT_MISSING", "PARAMETER_UNKNOWN"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FACT_NAMES = [
    "contract",
    "customer",
    "received_on",
    "holiday_calendar",
    "information_given",
    "order",
    "received",
    "deliveries",
    "concluded_on",
    "deposited_at_relay_point_on",
    "collected_by_consumer_on",
    "information_received_on",
    "ordered_on",
    "dispatched",
    "statement_sent_at",
    "last_day",
    "received_by_trader_at",
    "consumer_time_zone",
    "event",
    "product",
    "personalised",
    "sealed",
    "downloaded_on",
    "employees",
    "channel",
    "customer_country",
    "informed_on",
    "proof_of_dispatch_on",
    "goods_received_on",
    "trader_offered_to_collect",
    "goods",
    "delivery_paid",
    "items",
    "order_discount",
    "returned",
    "delivery_tariff",
    "free_delivery_threshold",
    "handling",
    "market_value_after",
    "market_value_before",
    "paid_with",
    "refund_proposed",
    "fee",
    "bonus",
    "sum_due",
    "product_price",
    "refund_due_on",
    "refunded_on",
    "days_late",
    "legal_interest_rate_bp",
    "contract_terminated_on",
    "contract_concluded_on",
    "online",
    "language",
    "label_function",
    "label_confirm",
    "required_fields",
    "acknowledgement",
    "acknowledgement_shown",
    "function_hidden_from",
    "confirmation_activated_at",
    "delivered_on",
    "condition",
    "defect_appeared_on",
    "conformity_requested_on",
    "postage",
    "balance",
    "request_on",
    "sold_on",
    "invoice",
    "lines",
    "preceding_invoice_reference",
    "preceding_invoice_references",
    "issued",
    "action",
    "invoice_gross",
    "net",
    "type_code",
    "document_date",
    "instrument",
    "sold_for",
    "item_gross",
    "vat_rate",
    "sale",
    "returned_on",
    "seller_size",
    "buyer",
    "issue_date",
    "on",
    "exported_on",
    "state",
    "import_declaration_accepted_on",
    "application_on",
    "marketplace",
    "programme",
    "return_received_on",
    "marketplace_window_days",
    "statutory_last_day",
    "order_total_usd_minor",
    "extended_warranty",
    "policy_days",
    "document",
    "fiscal_year_closed_on",
    "immobilised_days",
]
LIKELY = st.sampled_from(
    [
        "2026-11-04",
        "2026-02-29",
        "2026-11-18T23:30:00Z",
        "9999-12-31",
        "20",
        "5.5",
        "FR",
        "Europe/Paris",
        "amazon.fr",
        [{"id": "A", "price": 5}],
        [{"item": "A", "on": "2026-11-04"}],
        ["A"],
        [1, 2, 4],
        {"date": "2026-11-04", "vat": 3},
        10**30,
        -1,
        1.5,
        True,
    ]
)
PLACES = st.sampled_from(["FR", "EU", "DE", "UK", "CH", "US-CA", "US-NY", "IT", "ZZ"])


@settings(max_examples=400)
@given(JSON)
def test_no_json_value_stops_the_engine(case):
    found = answer(case)

    assert found["error"] in ERRORS
    assert json.loads(json.dumps(found)).keys() == found.keys()


@settings(max_examples=1500)
@given(
    PLACES,
    st.sampled_from(sorted(TOPICS)),
    st.dictionaries(st.sampled_from(FACT_NAMES), LIKELY | JSON, max_size=8),
)
def test_no_fact_stops_the_engine(place: str, topic: str, facts: dict[str, Any]) -> None:
    found = answer({"id": 7, "jurisdiction": place, "topic": topic, "facts": facts})

    assert found["id"] == 7
    assert json.dumps(found)
    if "error" in found:
        assert found["error"] in ERRORS
    else:
        assert found["confidence"] in CONFIDENCES
        assert found["rules"]


@pytest.mark.parametrize("topic", sorted(TOPICS))
@pytest.mark.parametrize("wrong", [1.5, True, [], {}, "2026-13-45", "x" * 3000, -(10**40)])
def test_a_fact_of_another_shape_is_refused(topic: str, wrong: Any) -> None:
    facts = dict.fromkeys(FACT_NAMES, wrong)

    found = answer({"id": 1, "jurisdiction": "FR", "topic": topic, "facts": facts})

    assert found["error"] in ERRORS or found["rules"]


@given(DAYS, st.integers(1, 400))
def test_later_goods_never_end_earlier(received: date, later: int) -> None:
    assert withdrawal_last_day(received + timedelta(days=later)) >= withdrawal_last_day(received)


@given(DAYS)
def test_the_period_is_never_shorter_than_fourteen_days(received: date) -> None:
    last_day = withdrawal_last_day(received)

    assert timedelta(days=14) <= last_day - received <= timedelta(days=19)
    assert FRANCE.is_working(last_day)


@given(DAYS, st.none() | st.integers(-30, 800))
def test_silence_never_shortens_the_period(received: date, told_after: int | None) -> None:
    told_on = None if told_after is None else received + timedelta(days=told_after)

    period = withdrawal_period(received, informed=False, informed_later_on=told_on)
    silent = withdrawal_period(received, informed=False)

    assert withdrawal_last_day(received) <= period.last_day <= silent.last_day


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_waiting_ends_with_the_first_of_the_two(informed, goods, proof):
    ends = withholding_ends_on(goods_received_on=goods, proof_of_dispatch_on=proof)
    due = refund_due_on(informed, goods_received_on=goods, proof_of_dispatch_on=proof)

    assert (ends is None) == (due is None) == (goods is None and proof is None)
    if ends is not None and due is not None:
        assert ends in (goods, proof)
        assert due >= informed + timedelta(days=14)
        assert due >= ends


@given(AMOUNTS, st.integers(0, 2000), AMOUNTS)
@example(9480, 90, 8990)
def test_a_longer_delay_never_costs_less(sum_due: int, days: int, price: int) -> None:
    due_on = date(2026, 3, 16)
    first, second = (
        late_refund_uplift(
            sum_due, days_late=days + more, due_on=due_on, product_price=price, interest_bp=667
        )[0]
        for more in (0, 1)
    )

    assert 0 <= first <= second


@given(st.integers(-5, 400))
def test_the_short_scale_only_rises(days: int) -> None:
    due_on = date(2026, 11, 16)

    steps = [short_scale_percent(days + more, due_on=due_on) for more in (0, 1)]

    assert steps == sorted(steps)


@given(AMOUNTS, st.dictionaries(st.text(min_size=1, max_size=3), AMOUNTS, min_size=1, max_size=6))
def test_the_parts_of_a_discount_add_up(amount: int, weights: dict[str, int]) -> None:
    parts = spread(amount, weights)

    assert sum(parts.values()) == amount
    assert all(part >= 0 for part in parts.values())


@given(AMOUNTS, st.sampled_from(["0", "2.1", "5.5", "10", "20"]))
def test_net_and_vat_are_the_gross(gross: int, rate: str) -> None:
    split = vat_inside(gross, Fraction(rate))

    assert split.net + split.vat == gross
    assert 0 <= split.vat <= split.net or gross < 10


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["5.5", "20"])), min_size=1))
def test_the_rates_of_a_credit_note_add_up(lines: list[tuple[int, str]]) -> None:
    facts = {"lines": [{"gross": gross, "vat_rate": rate} for gross, rate in lines]}

    found = answer({"jurisdiction": "FR", "topic": "credit_note", "facts": facts})

    assert found["gross"] == sum(gross for gross, _ in lines)
    assert found["net"] == sum(part["net"] for part in found["by_rate"])  # type: ignore[attr-defined]
