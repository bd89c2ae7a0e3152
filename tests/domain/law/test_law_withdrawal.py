"""The withdrawal right: its period, its exercise, its exceptions, its scope."""

from __future__ import annotations

from typing import Any

import pytest

DAYS = [  # FR-WD-02, FR-WD-03: received, last day
    ("LC-001", "2026-11-04", "2026-11-18"),
    ("LC-001 a day earlier", "2026-11-03", "2026-11-17"),
    ("LC-001 a day later", "2026-11-05", "2026-11-19"),
    ("LC-002", "2026-12-12", "2026-12-28"),
    ("LC-003 Sunday", "2026-11-01", "2026-11-16"),
    ("LC-004 Ascension", "2026-04-30", "2026-05-15"),
    ("LC-005 Easter Monday", "2026-03-23", "2026-04-07"),
    ("LC-006 New Year", "2026-12-18", "2027-01-04"),
    ("LC-007 Christmas", "2026-12-11", "2026-12-28"),
    ("Armistice", "2026-10-28", "2026-11-12"),
    ("29 February", "2028-02-15", "2028-02-29"),
]


@pytest.mark.parametrize(("example", "received", "last_day"), DAYS)
def test_the_period_ends_on_a_working_day(ask, example, received, last_day):
    found = ask("withdrawal_period", {"received_on": received})

    assert found["last_day"] == last_day
    assert found["start_event"] == received
    assert "FR-WD-03" in found["rules"]


@pytest.mark.parametrize(
    ("example", "calendar", "received", "last_day"),
    [
        ("LC-008 Good Friday", "FR-alsace-moselle", "2026-03-20", "2026-04-07"),
        ("LC-008 elsewhere", "FR-metropole", "2026-03-20", "2026-04-03"),
        ("LC-009 26 December", "FR-alsace-moselle", "2028-12-12", "2028-12-27"),
        ("LC-009 elsewhere", "FR-metropole", "2028-12-12", "2028-12-26"),
        ("GEN-05 Martinique", "FR-martinique", "2026-05-08", "2026-05-26"),
        ("GEN-05 La Reunion", "FR-974", "2027-12-06", "2027-12-21"),
    ],
)
def test_a_region_adds_its_own_holidays(ask, example, calendar, received, last_day):
    found = ask("withdrawal_period", {"received_on": received, "holiday_calendar": calendar})

    assert found["last_day"] == last_day


def test_holidays_of_both_places_count(ask):  # GEN-04
    facts = {"received_on": "2026-03-20", "holiday_calendar": ["FR-metropole", "FR-57"]}

    assert ask("withdrawal_period", facts)["last_day"] == "2026-04-07"


def test_a_french_region_may_be_the_jurisdiction(ask):  # GEN-05
    found = ask("withdrawal_period", {"received_on": "2027-12-06"}, "FR-974")

    assert found["last_day"] == "2027-12-21"


def test_an_unknown_calendar_is_not_guessed(ask):
    found = ask(
        "withdrawal_period", {"received_on": "2026-11-04", "holiday_calendar": "FR-paris-x"}
    )

    assert found["error"] == "PARAMETER_UNKNOWN"


def test_one_order_ends_with_its_last_item(ask):  # FR-WD-04, LC-010
    received = [{"item": "A", "on": "2026-11-02"}, {"item": "B", "on": "2026-11-09"}]

    found = ask("withdrawal_period", {"received": received})

    assert found["last_day_A"] == found["last_day_B"] == found["last_day"] == "2026-11-23"


def test_separate_orders_keep_separate_clocks(ask):  # FR-WD-04
    received = [{"item": "A", "on": "2026-11-02"}, {"item": "B", "on": "2026-11-09"}]

    found = ask("withdrawal_period", {"order": "two separate orders", "received": received})

    assert (found["last_day_A"], found["last_day_B"]) == ("2026-11-16", "2026-11-23")


def test_a_good_in_pieces_ends_with_its_last_piece(ask):  # FR-WD-04, LC-011
    received = [{"piece": n, "on": f"2026-11-0{n + 1}"} for n in (1, 2, 3)]

    assert ask("withdrawal_period", {"received": received})["last_day"] == "2026-11-18"


def test_a_subscription_starts_with_its_first_box(ask):  # FR-WD-05, LC-012
    deliveries = ["2026-12-02", "2026-11-02", "2027-01-04"]

    found = ask("withdrawal_period", {"deliveries": deliveries})

    assert (found["start_event"], found["last_day"]) == ("2026-11-02", "2026-11-16")


@pytest.mark.parametrize(
    ("concluded", "last_day"), [("2026-11-03", "2026-11-17"), ("2026-11-27", "2026-12-11")]
)
def test_a_service_runs_from_the_contract(ask, concluded, last_day):  # FR-WD-06, LC-013
    facts = {"contract": "distance_service", "concluded_on": concluded}

    assert ask("withdrawal_period", facts)["last_day"] == last_day


def test_a_relay_point_is_not_the_consumer(ask):  # FR-WD-02, LC-014
    facts = {"deposited_at_relay_point_on": "2026-11-05", "collected_by_consumer_on": "2026-11-09"}

    found = ask("withdrawal_period", facts)

    assert (found["start_event"], found["last_day"]) == ("2026-11-09", "2026-11-23")
    assert found["confidence"] == "medium"


@pytest.mark.parametrize(
    ("example", "more", "last_day"),
    [
        ("LC-020", {}, "2026-12-04"),
        ("LC-021", {"information_received_on": "2026-03-02"}, "2026-03-16"),
        ("given within the first period", {"information_received_on": "2025-12-01"}, "2025-12-15"),
        ("given before the goods", {"information_received_on": "2025-11-01"}, "2025-12-04"),
        ("given on the last day", {"information_received_on": "2026-12-04"}, "2026-12-04"),
        ("given too late to matter", {"information_received_on": "2027-01-04"}, "2026-12-04"),
    ],
)
def test_silence_costs_twelve_months(ask, example, more, last_day):  # FR-WD-09
    facts = {"received_on": "2025-11-20", "information_given": False, **more}

    found = ask("withdrawal_period", facts)

    assert found["initial_end"] == "2025-12-04"
    assert found["last_day"] == last_day


@pytest.mark.parametrize(
    ("concluded", "extended"), [("2026-06-18", False), ("2026-06-19", True), ("2026-11-09", True)]
)
def test_silence_on_the_function_counts_since_it_is_owed(ask, concluded, extended):
    """WB-09, LC-022."""
    facts = {
        "concluded_on": concluded,
        "received_on": "2026-11-12",
        "information_on_existence_and_place_of_online_function_given": False,
    }

    found = ask("withdrawal_period", facts)

    assert found["extension_applies"] is extended
    assert found["last_day"] == ("2027-11-26" if extended else "2026-11-26")


@pytest.mark.parametrize(
    ("example", "sent_at", "in_time"),
    [
        ("LC-016", "2026-11-18T23:59:30+01:00", True),
        ("LC-017", "2026-11-19T00:00:10+01:00", False),
        ("LC-018", "2026-11-18T23:30:00Z", False),
        ("one minute before midnight in UTC", "2026-11-18T22:59:00Z", True),
    ],
)
def test_a_statement_counts_when_it_is_sent(ask, example, sent_at, in_time):  # FR-WD-08, GEN-02
    facts = {"statement_sent_at": sent_at, "last_day": "2026-11-18"}

    found = ask("withdrawal_exercise", facts)

    assert found["in_time"] is in_time
    assert found["valid"] is in_time


def test_the_local_time_is_shown(ask):  # LC-018
    facts = {
        "statement_sent_at": "2026-11-18T23:30:00Z",
        "last_day": "2026-11-18",
        "consumer_time_zone": "Europe/Paris",
    }

    assert ask("withdrawal_exercise", facts)["local_time"] == "2026-11-19T00:30:00+01:00"


def test_one_may_withdraw_before_the_goods_come(ask):  # FR-WD-07, LC-015
    facts = {
        "ordered_on": "2026-11-02",
        "dispatched": False,
        "received_on": None,
        "statement_sent_at": "2026-11-03T10:00:00+01:00",
    }

    found = ask("withdrawal_exercise", facts)

    assert found["valid"] is True
    assert found["refund_due_on_or_before"] == "2026-11-17"


@pytest.mark.parametrize(
    "event", ["parcel refused at delivery", "goods sent back without any statement"]
)
def test_a_refused_parcel_states_nothing(ask, event):  # FR-WD-08, LC-019
    found = ask("withdrawal_exercise", {"event": event, "on": "2026-11-05"})

    assert found["is_withdrawal"] is False
    assert found["required"]


EXCEPTIONS: list[tuple[str, dict[str, Any], bool]] = [
    ("LC-023", {"personalised": True, "production_started": False}, False),
    ("LC-024", {"product": "shirt, size and colour chosen", "personalised": False}, True),
    ("LC-025", {"hygiene_seal": True, "seal_broken_by_consumer": True}, False),
    ("LC-026", {"hygiene_seal": True, "seal_broken_by_consumer": False}, True),
    (
        "LC-027",
        {"product": "mattress", "hygiene_seal": True, "seal_broken_by_consumer": True},
        True,
    ),
    (
        "LC-028",
        {"product": "video game on disc", "sealed": True, "seal_broken_by_consumer": True},
        False,
    ),
    ("LC-028 unsealed", {"product": "video game on disc", "sealed": False}, False),
    ("LC-028 still sealed", {"product": "video game on disc", "sealed": True}, True),
    ("LC-028 by its flag", {"media_seal_broken": True}, False),
    ("LC-029", {"product": "video game console", "box_opened": True}, True),
    ("LC-030", {"product": "single issue of a magazine"}, False),
    ("LC-030 by its flag", {"press_issue": True}, False),
    ("LC-031", {"press_subscription": True, "press_issue": True}, True),
    ("LC-032", {"product": "fresh oysters"}, False),
    ("LC-032 by its flag", {"perishable": True}, False),
    ("LC-032 denied", {"product": "fresh oysters", "perishable": False}, True),
    ("LC-033", {"product": "coat at half price"}, True),
    ("LC-034", {"downloaded_on": "2026-11-10"}, True),
    ("1°", {"service_done": True, "prior_express_consent": True}, True),
    (
        "1° with both proofs",
        {"service_done": True, "prior_express_consent": True, "acknowledged_loss_of_right": True},
        False,
    ),
    ("2°", {"market_priced": True}, False),
    ("6°", {"mixed": True}, False),
    ("7°", {"alcohol_future_delivery": True}, False),
    ("8°", {"urgent_repair": True}, False),
    ("11°", {"public_auction": True}, False),
    ("12°", {"dated_service": True}, False),
]


@pytest.mark.parametrize(("example", "facts", "right"), EXCEPTIONS)
@pytest.mark.parametrize("jurisdiction", ["FR", "DE", "EU", "IT"])
def test_thirteen_exceptions_and_no_other(ask, example, facts, right, jurisdiction):
    """FR-WD-20."""
    assert ask("withdrawal_exception", facts, jurisdiction)["right_exists"] is right


@pytest.mark.parametrize(
    "lacking",
    [None, "prior_express_consent", "acknowledged_loss_of_right", "confirmation_on_durable_medium"],
)
def test_a_download_needs_all_three_proofs(ask, lacking):  # FR-WD-21, LC-034, LC-035
    proofs = (
        "prior_express_consent",
        "acknowledged_loss_of_right",
        "confirmation_on_durable_medium",
    )
    facts = {"downloaded_on": "2026-11-10"} | {proof: proof != lacking for proof in proofs}

    assert ask("withdrawal_exception", facts)["right_exists"] is (lacking is not None)


@pytest.mark.parametrize(
    ("example", "channel", "employees", "inside", "right"),
    [
        ("LC-036", "online", 3, False, False),
        ("LC-037", "off_premises", 5, False, True),
        ("LC-038", "off_premises", 6, False, False),
        ("LC-039", "off_premises", 2, True, False),
    ],
)
def test_small_firms_are_protected_off_premises(ask, example, channel, employees, inside, right):
    """FR-WD-22."""
    facts = {
        "customer": "professional",
        "employees": employees,
        "channel": channel,
        "object_in_main_activity": inside,
    }

    assert ask("b2b_scope", facts)["right_exists"] is right


def test_a_firm_buys_at_a_distance_unless_the_case_says_otherwise(ask):  # FR-WD-22
    assert ask("b2b_scope", {"customer": "professional", "employees": 3})["right_exists"] is False


def test_a_firm_of_unknown_size_off_premises_lacks_a_fact(ask):
    found = ask("b2b_scope", {"channel": "off_premises"})

    assert (found["error"], found["fact"]) == ("FACT_MISSING", "employees")


@pytest.mark.parametrize(
    ("jurisdiction", "facts", "right"),
    [
        ("FR", {"channel": "online"}, True),
        ("FR", {"channel": "in_shop"}, False),
        ("IT", {}, True),
        ("UK", {}, True),
        ("CH", {"channel": "online"}, False),  # CH-01, LC-116
        ("CH", {"channel": "doorstep"}, True),
        ("CH", {"channel": "online", "customer_country": "FR"}, True),
        ("US-NY", {"channel": "online"}, False),  # US-03
    ],
)
def test_where_a_consumer_may_withdraw(ask, jurisdiction, facts, right):  # FR-WD-01
    assert ask("b2c_scope", facts, jurisdiction)["right_exists"] is right


def test_nothing_is_said_of_a_period_without_a_receipt(ask):
    found = ask("withdrawal_period", {"information_given": True})

    assert (found["error"], found["fact"]) == ("FACT_MISSING", "received_on")


def test_a_professional_has_no_period_of_his_own(ask):
    found = ask("withdrawal_period", {"customer": "professional", "received_on": "2026-11-04"})

    assert found["error"] == "NOT_COVERED"
