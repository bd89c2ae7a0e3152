"""Refunds after a withdrawal: when, how much, by which means."""

from __future__ import annotations

import pytest

INFORMED = "2026-11-02"


@pytest.mark.parametrize(
    ("example", "facts", "due"),
    [
        ("LC-040", {"proof_of_dispatch_on": "2026-11-05"}, "2026-11-16"),
        ("LC-041", {"proof_of_dispatch_on": None, "goods_received_on": "2026-11-20"}, "2026-11-20"),
        (
            "LC-042",
            {"proof_of_dispatch_on": "2026-11-18", "goods_received_on": "2026-11-24"},
            "2026-11-18",
        ),
        (
            "LC-043",
            {"trader_offered_to_collect": True, "collected_on": "2026-11-25"},
            "2026-11-16",
        ),
        ("LC-044", {"contract": "distance_service"}, "2026-11-16"),
        ("no word of the goods", {}, "2026-11-16"),
        ("goods on the last day", {"goods_received_on": "2026-11-16"}, "2026-11-16"),
        ("goods a day after", {"goods_received_on": "2026-11-17"}, "2026-11-17"),
    ],
)
@pytest.mark.parametrize("jurisdiction", ["FR", "DE", "EU", "ES"])
def test_the_refund_is_due(ask, example, facts, due, jurisdiction):  # FR-WD-10, FR-WD-11, DE-02
    found = ask("refund_deadline", {"informed_on": INFORMED, **facts}, jurisdiction)

    assert found["refund_due_on_or_before"] == due


def test_waiting_ends_with_the_first_proof(ask):  # FR-WD-11, LC-042
    facts = {"informed_on": INFORMED, "proof_of_dispatch_supplied_on": "2026-11-18"}

    found = ask("refund_deadline", {**facts, "goods_received_on": "2026-11-24"})

    assert found["may_withhold_until"] == "2026-11-18"
    assert found["may_withhold"] is True


def test_nothing_is_due_while_the_trader_may_wait(ask):  # FR-WD-11
    facts = {"informed_on": INFORMED, "goods_received_on": None, "proof_of_dispatch_on": None}

    found = ask("refund_deadline", facts)

    assert found["may_withhold"] is True
    assert "refund_due_on_or_before" not in found


def test_quality_control_moves_nothing(ask):  # FR-WD-11, LC-045
    facts = {
        "informed_on": INFORMED,
        "goods_received_on": "2026-11-09",
        "quality_control_finished_on": "2026-11-27",
    }

    found = ask("refund_deadline", facts)

    assert found["may_wait_for_inspection"] is False
    assert found["refund_due_on_or_before"] == "2026-11-16"


def test_the_target_ignores_the_weekend(ask):  # GEN-06, LC-171
    found = ask("refund_deadline", {"informed_on": "2026-11-07"})

    assert (found["target"], found["latest_reading"]) == ("2026-11-21", "2026-11-23")


def test_a_refund_without_its_statement_lacks_a_fact(ask):
    found = ask("refund_deadline", {})

    assert (found["error"], found["fact"]) == ("FACT_MISSING", "informed_on")


@pytest.mark.parametrize(
    ("example", "facts", "due"),
    [
        ("LC-106", {"goods_received_on": "2026-11-10"}, "2026-11-24"),
        (
            "LC-107",
            {"goods_received_on": "2026-11-10", "proof_of_dispatch_on": "2026-11-05"},
            "2026-11-19",
        ),
        ("LC-108", {"trader_offered_to_collect": True}, "2026-11-16"),
    ],
)
def test_britain_counts_from_the_goods(ask, example, facts, due):  # UK-02
    found = ask("refund_deadline", {"informed_on": INFORMED, **facts}, "UK")

    assert found["refund_due_on_or_before"] == due


def test_the_consumer_sends_back_in_fourteen_days(ask):  # FR-WD-12, LC-046
    found = ask("return_deadline", {"informed_on": INFORMED, "trader_offered_to_collect": False})

    assert (found["send_back_by"], found["test"]) == ("2026-11-16", "dispatch")


def test_the_send_back_day_never_moves_for_a_weekend(ask):  # FR-WD-12
    assert ask("return_deadline", {"informed_on": "2026-11-07"})["send_back_by"] == "2026-11-21"


def test_late_dispatch_loses_nothing(ask):  # FR-WD-12, LC-047
    found = ask("return_deadline", {"informed_on": INFORMED, "dispatched_on": "2026-11-20"})

    assert found["withdrawal_lost"] is False
    assert found["may_withhold_until_proof_or_receipt"] is True


EXPRESS = {"delivery_mode": "express", "delivery_paid": 990, "consumer_chose_mode_expressly": True}
SHIRT = {"currency": "EUR", "goods": 8990, "delivery_paid": 490, "full_withdrawal": True}


@pytest.mark.parametrize(
    ("example", "facts", "expected"),
    [
        ("FR-WD-13 LC-048", SHIRT, {"refund": 9480}),
        (
            "FR-WD-14 LC-049",
            SHIRT | EXPRESS | {"standard_delivery_price": 490},
            {"refund": 9480, "not_refunded_supplement": 500},
        ),
        (
            "FR-WD-14 LC-050",
            EXPRESS | {"goods": 12000, "standard_delivery_price": 0},
            {"refund": 12000},
        ),
        (
            "FR-WD-14 LC-051",
            SHIRT | EXPRESS | {"standard_delivery_offered": False},
            {"refund": 9980, "not_refunded_supplement": 0},
        ),
        (
            "FR-WD-14 not chosen",
            SHIRT
            | EXPRESS
            | {"standard_delivery_price": 490, "consumer_chose_mode_expressly": False},
            {"refund": 9980},
        ),
        ("FR-WD-13 LC-052", SHIRT | {"payment_fee": 150}, {"refund": 9630}),
        (
            "FR-WD-15 LC-053",
            SHIRT
            | {
                "return_postage_paid_by_consumer": 595,
                "consumer_informed_he_bears_return_cost": True,
            },
            {"refund": 9480, "return_postage_refunded": 0},
        ),
        (
            "FR-WD-15 LC-054",
            SHIRT
            | {
                "return_postage_paid_by_consumer": 595,
                "consumer_informed_he_bears_return_cost": False,
            },
            {"refund": 10075, "return_postage_refunded": 595},
        ),
        (
            "FR-WD-16 LC-055",
            {"goods": 10000, "restocking_fee_in_terms_percent": 15},
            {"refund": 10000, "restocking_fee_allowed": False},
        ),
        (
            "FR-WD-16 LC-056",
            {"goods": 10000, "opened_box": True, "tested_as_in_shop": True},
            {"refund": 10000, "depreciation_claim": 0},
        ),
        (
            "FR-WD-17 LC-057",
            {
                "goods": 6000,
                "worn_for_days": 5,
                "market_value_before": 6000,
                "market_value_after": 3500,
                "consumer_informed_of_withdrawal_right": False,
            },
            {"refund": 6000, "max_depreciation_claim": 0, "depreciation_claim": 0},
        ),
        (
            "FR-WD-17 LC-058",
            {
                "goods": 6000,
                "worn_for_days": 5,
                "market_value_before": 6000,
                "market_value_after": 3500,
                "informed": True,
            },
            {"refund": 6000, "max_depreciation_claim": 2500, "automatic_deduction_allowed": False},
        ),
        (
            "FR-WD-19 LC-062",
            {
                "items": [{"id": "A", "price": 6000}, {"id": "B", "price": 4000}],
                "order_discount": 1000,
                "returned": ["A"],
            },
            {"refund": 5400, "kept_value": 3600},  # 60 less 6.00, 40 less 4.00
        ),
        (
            "FR-WD-19 LC-063",
            {
                "items": [
                    {"id": "A", "price": 1999},
                    {"id": "B", "price": 2999},
                    {"id": "C", "price": 999},
                ],
                "order_discount": 1000,
                "returned": ["C"],
            },
            {"refund": 832, "discount_allocation": {"A": 333, "B": 500, "C": 167}},
        ),
        (
            "FR-WD-19 LC-064",
            {
                "items": [{"id": "A", "price": 3000}, {"id": "B", "price": 3000}],
                "delivery_paid": 490,
                "delivery_tariff": "flat 490 per order",
                "returned": ["A"],
            },
            {"refund": 3000, "delivery_refunded": 0},
        ),
        (
            "FR-WD-19 LC-065",
            {
                "items": [{"id": "A", "price": 3000}, {"id": "B", "price": 3000}],
                "delivery_paid": 980,
                "delivery_tariff": "490 per item",
                "returned": ["A"],
            },
            {"refund": 3490, "delivery_refunded": 490},
        ),
        (
            "FR-WD-19 all returned",
            {
                "items": [{"id": "A", "price": 3000}, {"id": "B", "price": 3000}],
                "delivery_paid": 980,
                "delivery_tariff": "490 per item",
                "full_withdrawal": True,
            },
            {"refund": 6980, "delivery_refunded": 980},
        ),
        (
            "FR-WD-19 LC-066",
            {
                "items": [{"id": "A", "price": 5000}, {"id": "B", "price": 3000}],
                "delivery_paid": 0,
                "free_delivery_threshold": 6000,
                "standard_delivery_price": 490,
                "returned": ["A"],
            },
            {"refund": 5000, "retroactive_delivery_charge": 0},
        ),
    ],
)
def test_the_amount_to_refund(ask, example, facts, expected):
    found = ask("refund_amount", facts)

    assert {key: found.get(key) for key in expected} == expected


def test_partial_delivery_of_unknown_tariff_is_not_guessed(ask):  # FR-WD-19
    facts = {
        "items": [{"id": "A", "price": 3000}, {"id": "B", "price": 3000}],
        "delivery_paid": 980,
        "returned": ["A"],
    }

    found = ask("refund_amount", facts)

    assert "refund" not in found
    assert found["kept_value"] == 3000


@pytest.mark.parametrize(
    ("informed", "handling", "deduction"),
    [
        (True, "beyond what is necessary", 1500),  # UK-03, LC-109
        (False, "beyond what is necessary", 0),
        (True, "necessary", 0),
    ],
)
def test_britain_nets_off_excessive_handling(ask, informed, handling, deduction):
    facts = {
        "goods": 6000,
        "market_value_before": 6000,
        "market_value_after": 4500,
        "handling": handling,
        "informed": informed,
    }

    found = ask("refund_amount", facts, "UK")

    assert found["max_deduction"] == deduction
    assert found["deduction_from_refund_allowed"] is (deduction > 0)


def test_each_means_gets_its_own_back(ask):  # FR-WD-18, LC-059
    paid = [{"means": "gift_card", "amount": 5000}, {"means": "card", "amount": 3000}]

    found = ask("refund_means", {"paid_with": paid, "full_withdrawal": True})

    assert (found["gift_card"], found["card"]) == (5000, 3000)


@pytest.mark.parametrize(
    ("example", "facts", "compliant"),
    [
        ("LC-060", {"express_consent": False}, False),
        ("LC-061", {"express_consent_at": "2026-11-10T09:12:00+01:00", "fee": 0}, True),
        ("a fee", {"express_consent": True, "fee": 100}, False),
        ("no word of consent", {}, False),
    ],
)
def test_store_credit_needs_express_consent(ask, example, facts, compliant):  # FR-WD-18, VC-01
    paid = [{"means": "card", "amount": 8000}]

    found = ask(
        "refund_means",
        {"paid_with": paid, "refund_proposed": "store_credit", "bonus": 800, **facts},
    )

    assert found["compliant"] is compliant
    assert found.get("store_credit") == (8800 if compliant else None)  # 80 and a bonus of 8


@pytest.mark.parametrize("jurisdiction", ["FR", "DE", "IT"])
def test_the_warranty_ends_with_the_phone(ask, jurisdiction):  # FR-WD-23, LC-170
    facts = {"goods": 59900, "extended_warranty": 2990, "delivery_paid": 0, "full_withdrawal": True}

    found = ask("ancillary_contract", facts, jurisdiction)

    assert found["refund"] == 62890
    assert found["ancillary_contract_terminated"] is True


@pytest.mark.parametrize(
    ("request_on", "kind", "allowed"),
    [
        ("2026-11-16", "statutory_withdrawal", False),
        ("2026-11-18", "statutory_withdrawal", False),
        ("2026-11-19", "commercial_return", True),
        ("2026-11-25", "commercial_return", True),  # LC-173
        ("2026-12-04", "commercial_return", True),
        ("2026-12-05", "goodwill", True),
    ],
)
def test_after_the_law_come_the_shops_own_terms(ask, request_on, kind, allowed):  # FR-WD-24
    facts = {"received_on": "2026-11-04", "policy_days": 30, "request_on": request_on}

    found = ask("commercial_return", facts)

    assert (found["kind"], found["allowed"]) == (kind, allowed)


LATE = {
    "currency": "EUR",
    "sum_due": 9480,
    "product_price": 8990,
    "refund_due_on": "2026-03-16",
    "legal_interest_rate_bp": 667,
}


@pytest.mark.parametrize(
    ("example", "days", "uplift", "percent"),
    [
        ("LC-067", 0, 0, 0),
        ("LC-068", 5, 9, None),
        ("day 10", 10, 17, None),  # 94.80 at 6.67 % for 10 of 365 days: 0.173
        ("day 11", 11, 474, 5),
        ("LC-070", 15, 474, 5),
        ("day 20", 20, 474, 5),
        ("day 21", 21, 948, 10),
        ("LC-071", 25, 948, 10),
        ("day 30", 30, 948, 10),
        ("LC-072", 45, 1896, 20),
        ("day 60", 60, 1896, 20),
        ("LC-073", 75, 4740, 50),
        ("day 90", 90, 4740, 50),
        ("LC-074", 100, 5214, 55),
        ("second month begun", 121, 5688, 60),
        ("capped at the price", 900, 8990, 185),
    ],
)
def test_a_late_refund_is_raised(ask, example, days, uplift, percent):  # FR-WD-30
    found = ask("late_refund_penalty", {**LATE, "days_late": days})

    assert found["uplift"] == uplift
    assert found.get("rate_percent") == percent


def test_two_dates_give_the_days(ask):  # FR-WD-30, LC-069
    found = ask("late_refund_penalty", {**LATE, "refunded_on": "2026-03-26"})

    assert found["band"] == "legal_interest"


def test_an_unpublished_rate_is_never_borrowed(ask):  # FR-WD-32
    facts = {"sum_due": 9480, "refund_due_on": "2026-07-10", "refunded_on": "2026-07-15"}

    found = ask("late_refund_penalty", facts)

    assert found["error"] == "PARAMETER_UNKNOWN"
    assert found["parameter"] == "legal_interest.consumer_bp"


def test_the_published_rate_serves_its_half_year(ask):  # FR-WD-32, LC-068
    facts = {"sum_due": 9480, "refund_due_on": "2026-03-16", "refunded_on": "2026-03-21"}

    assert ask("late_refund_penalty", facts)["uplift"] == 9  # 94.80 at 6.67 %, 5 of 365 days


@pytest.mark.parametrize("jurisdiction", ["DE", "EU", "UK", "CH", "US-CA"])
def test_no_other_country_borrows_the_french_scale(ask, jurisdiction):
    assert ask("late_refund_penalty", LATE, jurisdiction)["error"] == "NOT_COVERED"


@pytest.mark.parametrize(
    ("example", "days", "percent", "uplift"),
    [
        ("LC-075", 0, 0, 0),
        ("LC-076", 10, 10, 1000),
        ("day 14", 14, 10, 1000),
        ("day 15", 15, 20, 2000),
        ("LC-077", 20, 20, 2000),
        ("day 30", 30, 20, 2000),
        ("LC-078", 31, 50, 5000),
    ],
)
def test_an_order_that_never_came(ask, example, days, percent, uplift):  # FR-GL-12
    facts = {"sum_due": 10000, "contract_terminated_on": "2026-11-02", "days_late": days}

    found = ask("non_delivery_refund", facts)

    assert (found["rate_percent"], found["uplift"]) == (percent, uplift)
    assert found["refund_due_on_or_before"] == "2026-11-16"
