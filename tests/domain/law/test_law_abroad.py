"""Other countries: their own rules, or none, and never a neighbour's."""

from __future__ import annotations

import pytest

from rebond.domain.law.engine import TOPICS


@pytest.mark.parametrize(
    ("example", "received", "last_day"),
    [
        ("LC-112", "2026-11-01", "2026-11-16"),
        ("LC-113", "2026-12-11", "2026-12-28"),
        ("Reunification", "2025-09-19", "2025-10-06"),
    ],
)
def test_germany_moves_to_a_working_day(ask, example, received, last_day):  # DE-01
    found = ask("withdrawal_period", {"received_on": received}, "DE")

    assert found["last_day"] == last_day
    assert any("BGB" in reference for reference in found["references"])


@pytest.mark.parametrize(
    ("received", "last_day"), [("2026-11-07", "2026-11-21"), ("2026-12-11", "2026-12-25")]
)
def test_britain_never_moves_the_last_day(ask, received, last_day):  # UK-01, LC-105
    found = ask("withdrawal_period", {"received_on": received}, "UK")

    assert found["last_day"] == last_day
    assert found["weekend_extension"] is False
    assert found["rules"] == ["UK-01"]


def test_british_silence_costs_twelve_months(ask):  # UK-01
    facts = {"received_on": "2026-11-07", "information_given": False}

    assert ask("withdrawal_period", facts, "UK")["last_day"] == "2027-11-21"


def test_a_member_state_has_the_directive_and_its_own_holidays(ask):  # XX-01
    facts = {"received_on": "2026-07-07"}  # 21 July is a holiday in Belgium only

    assert ask("withdrawal_period", facts, "BE")["last_day"] == "2026-07-22"
    assert ask("withdrawal_period", facts, "NL")["last_day"] == "2026-07-21"


def test_abroad_no_french_article_is_cited(ask):  # XX-01
    found = ask("withdrawal_period", {"received_on": "2026-07-07"}, "IT")

    assert not any("conso" in reference for reference in found["references"])


@pytest.mark.parametrize(
    ("directed", "customer", "pack"),
    [(True, "consumer", "FR"), (False, "consumer", "CH"), (True, "professional", "CH")],
)
def test_the_consumers_country_protects_him(ask, directed, customer, pack):  # EU-01, LC-117
    facts = {
        "seller_country": "CH",
        "customer_country": "FR",
        "site_directed_to_customer_country": directed,
        "customer": customer,
    }

    assert ask("conflict_of_laws", facts, "EU")["rule_pack"] == pack


@pytest.mark.parametrize(
    ("change", "liable"),
    [
        ({}, True),  # LC-118
        ({"returned_on": "2026-12-01"}, True),
        ({"returned_on": "2026-12-02"}, False),
        ({"policy_conspicuously_posted": True}, False),
        ({"proof_of_purchase": False}, False),
        ({"customised": True}, False),
    ],
)
def test_a_californian_policy_must_be_posted(ask, change, liable):  # US-01
    facts = {
        "policy_conspicuously_posted": False,
        "purchased_on": "2026-11-01",
        "returned_on": "2026-11-28",
        "proof_of_purchase": True,
    }

    found = ask("posted_policy", facts | change, "US-CA")

    assert (found["liable"], found["window_days"]) == (liable, 30)


@pytest.mark.parametrize(
    ("balance", "on", "cash"),
    [
        (1499, "2026-11-10", True),  # LC-119
        (1500, "2026-11-10", False),  # LC-120
        (1200, "2026-03-15", False),  # LC-121
        (1200, "2026-03-31", False),
        (1200, "2026-04-01", True),
        (999, "2026-03-15", True),
    ],
)
def test_small_balances_are_paid_out(ask, balance, on, cash):  # US-02
    facts = {"currency": "USD", "balance": balance, "request_on": on}

    assert ask("gift_card", facts, "US-CA")["cash_redemption"] is cash


def test_a_german_voucher_ends_with_the_third_year(ask):  # DE-06, VC-05, LC-115
    facts = {"sold_on": "2026-03-10", "expiry_printed": None}

    assert ask("gift_voucher", facts, "DE")["last_day"] == "2029-12-31"


@pytest.mark.parametrize(
    ("topic", "jurisdiction"),
    [
        ("posted_policy", "US-NY"),
        ("posted_policy", "FR"),
        ("gift_card", "US"),
        ("gift_voucher", "FR"),
        ("gift_voucher", "IT"),
        ("withdrawal_period", "CH"),
        ("withdrawal_period", "US-CA"),
        ("withdrawal_exception", "UK"),
        ("b2b_scope", "DE"),
        ("credit_note", "DE"),
        ("e_invoicing", "DE"),
        ("customs", "UK"),
        ("withdrawal_period", "JP"),
        ("terms_of_carriage", "FR"),
    ],
)
def test_what_a_page_does_not_state_is_not_covered(ask, topic, jurisdiction):
    found = ask(topic, {}, jurisdiction)

    assert found["error"] == "NOT_COVERED"


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_empty_facts_lack_a_fact(ask, topic):
    jurisdiction = {"posted_policy": "US-CA", "gift_card": "US-CA", "gift_voucher": "DE"}

    found = ask(topic, {}, jurisdiction.get(topic, "FR"))

    settled_by_defaults = topic in ("b2c_scope", "withdrawal_exception")
    assert settled_by_defaults or found["error"] == "FACT_MISSING"
