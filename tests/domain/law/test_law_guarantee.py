"""The legal guarantee, hidden defects, and the British right to reject."""

from __future__ import annotations

import pytest

from rebond.domain import law


@pytest.mark.parametrize(
    ("example", "facts", "guarantee", "presumption"),
    [
        ("LC-092", {"delivered_on": "2024-12-20", "defect_appeared_on": "2026-11-10"}, True, True),
        (
            "last day",
            {"delivered_on": "2024-12-20", "defect_appeared_on": "2026-12-20"},
            True,
            True,
        ),
        (
            "a day late",
            {"delivered_on": "2024-12-20", "defect_appeared_on": "2026-12-21"},
            False,
            False,
        ),
        (
            "LC-093",
            {
                "delivered_on": "2025-10-01",
                "defect_appeared_on": "2026-11-10",
                "condition": "second_hand",
            },
            True,
            False,
        ),
        (
            "used, last presumed day",
            {
                "delivered_on": "2025-10-01",
                "defect_appeared_on": "2026-10-01",
                "condition": "second_hand",
            },
            True,
            True,
        ),
    ],
)
def test_two_years_of_guarantee(ask, example, facts, guarantee, presumption):
    """FR-GL-01, FR-GL-02."""
    found = ask("legal_guarantee", facts)

    assert (found["guarantee"], found["presumption"]) == (guarantee, presumption)


def test_repair_or_replacement_takes_thirty_days_at_most(ask):  # FR-GL-03, LC-094
    found = ask("legal_guarantee", {"conformity_requested_on": "2026-11-02"})

    assert found["last_day"] == "2026-12-02"


def test_the_seller_bears_the_postage(ask):  # FR-GL-04, LC-099
    found = ask("legal_guarantee", {"defect": True, "return_postage_paid_by_consumer": 1200})

    assert (found["bearer"], found["refund"]) == ("trader", 1200)


def test_a_repair_adds_six_months(ask):  # FR-GL-05, LC-095
    facts = {"delivered_on": "2025-03-10", "repaired_under_guarantee": True}

    assert ask("legal_guarantee", facts)["guarantee_ends"] == "2027-09-10"


def test_six_months_stand_until_french_law_says_twelve(ask):  # FR-GL-05, LC-096
    facts = {"contract_concluded_on": "2026-08-15", "consumer_chose": "repair"}

    found = ask("legal_guarantee", facts)

    assert (found["months_added"], found["confidence"]) == (6, "medium")


def test_a_replacement_for_a_repair_restarts_the_guarantee(ask):  # FR-GL-06, LC-097
    facts = {
        "consumer_chose": "repair",
        "repair_performed": False,
        "replacement_delivered_on": "2026-11-10",
    }

    assert ask("legal_guarantee", facts)["guarantee_ends"] == "2028-11-10"


def test_a_replacement_chosen_at_once_restarts_nothing(ask):  # FR-GL-06
    facts = {
        "delivered_on": "2026-01-10",
        "consumer_chose": "replacement",
        "replacement_delivered_on": "2026-11-10",
    }

    assert ask("legal_guarantee", facts)["guarantee_ends"] == "2028-01-10"


def test_days_in_the_workshop_are_added(ask):  # FR-GL-11
    facts = {"delivered_on": "2025-03-10", "immobilised_days": 20}

    assert ask("legal_guarantee", facts)["guarantee_ends"] == "2027-03-30"


def test_termination_is_refunded_in_fourteen_days(ask):  # FR-GL-07, LC-098
    facts = {"resolution": True, "goods_received_back_on": "2026-11-10"}

    assert ask("legal_guarantee", facts)["refund_due_on_or_before"] == "2026-11-24"


@pytest.mark.parametrize(
    ("example", "refunded_on", "percent", "uplift"),
    [
        ("in time", "2026-11-16", 0, 0),
        ("LC-100", "2026-11-26", 10, 120),
        ("day 14", "2026-11-30", 10, 120),
        ("day 15", "2026-12-01", 20, 240),
        ("LC-101", "2026-12-06", 20, 240),
        ("day 30", "2026-12-16", 20, 240),
        ("day 31", "2026-12-17", 50, 600),
        ("LC-102", "2026-12-26", 50, 600),
    ],
)
def test_late_postage_is_raised(ask, example, refunded_on, percent, uplift):  # FR-GL-08
    facts = {
        "postage": 1200,
        "informed_of_acceptance_on": "2026-11-02",
        "refunded_on": refunded_on,
    }

    found = ask("legal_guarantee", facts)

    assert (found["rate_percent"], found["uplift"]) == (percent, uplift)


@pytest.mark.parametrize("minor", [True, False])
def test_a_minor_defect_never_ends_the_contract(ask, minor):  # FR-GL-09, LC-103
    facts = {"defect_is_minor": minor, "consumer_request": "resolution"}

    found = ask("legal_guarantee", facts)

    assert found["resolution"] is not minor
    assert found["price_reduction"] is True


@pytest.mark.parametrize(
    ("sold_on", "last_day"), [("2020-05-04", "2028-11-10"), ("2007-05-04", "2027-05-04")]
)
def test_hidden_defects_have_two_limits(ask, sold_on, last_day):  # FR-GL-10, LC-104
    facts = {"hidden_defect_discovered_on": "2026-11-10", "sold_on": sold_on}

    assert ask("legal_guarantee", facts)["last_day"] == last_day


def test_german_defects_are_presumed_for_a_year(ask):  # DE-03
    facts = {"delivered_on": "2025-10-01", "defect_appeared_on": "2026-11-02"}

    found = ask("legal_guarantee", facts, "DE")

    assert (found["guarantee"], found["presumption"]) == (True, False)


def test_swiss_guarantee_says_nothing_of_a_presumption(ask):  # CH-01
    found = ask("legal_guarantee", {"delivered_on": "2025-10-01"}, "CH")

    assert found["guarantee_ends"] == "2027-10-01"
    assert "presumption_ends" not in found


def test_thirty_days_to_reject_in_britain(ask):  # UK-04, LC-110
    facts = {
        "delivered_on": "2026-11-01",
        "ownership_transferred": True,
        "installation_required": False,
    }

    assert ask("legal_guarantee", facts, "UK")["last_day"] == "2026-12-01"


@pytest.mark.parametrize(
    ("goods", "rejected_on", "deduction"),
    [
        ("toaster", "2026-11-01", False),  # LC-111, month 4
        ("toaster", "2027-01-01", False),
        ("toaster", "2027-01-02", True),
        ("car", "2026-11-01", True),
    ],
)
def test_no_deduction_for_use_in_six_months(ask, goods, rejected_on, deduction):  # UK-05
    facts = {
        "delivered_on": "2026-07-01",
        "final_right_to_reject_on": rejected_on,
        "goods": goods,
    }

    assert ask("legal_guarantee", facts, "UK")["deduction_for_use"] is deduction


def test_the_directive_alone_gives_no_guarantee_page(ask):
    assert ask("legal_guarantee", {"delivered_on": "2025-10-01"}, "EU")["error"] == "NOT_COVERED"


@pytest.mark.parametrize("minor", [True, False])
def test_once_repair_failed_less_money_or_none_is_left(ask, minor):  # FR-GL-07, FR-GL-09
    facts = {"repair_or_replacement_failed": True, "defect_is_minor": minor}

    found = ask("legal_guarantee", facts)

    assert found["price_reduction"] is True
    assert found["resolution"] is not minor


def test_once_repair_failed_in_britain_the_price_falls_or_the_goods_go_back(ask):  # UK-04
    found = ask("legal_guarantee", {"repair_or_replacement_failed": True}, "UK")

    assert (found["price_reduction"], found["final_rejection"]) == (True, True)


@pytest.mark.parametrize("place", ["DE", "CH", "IT"])
def test_a_page_that_names_no_reduction_gives_none(place):
    found = law.answer(
        {
            "jurisdiction": place,
            "topic": "legal_guarantee",
            "facts": {"repair_or_replacement_failed": True},
        }
    )

    assert "price_reduction" not in found
