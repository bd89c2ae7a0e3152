"""Documents, tax, customs, vouchers and marketplaces."""

from __future__ import annotations

import pytest


def test_a_full_credit_reverses_the_invoice(ask):  # CN-05, CN-06, LC-122
    found = ask("credit_note", {"lines": [{"gross": 12990, "vat_rate": "20"}]})

    assert found["type_code"] == "381"
    assert (found["net"], found["vat"], found["gross"]) == (10825, 2165, 12990)


def test_each_rate_keeps_its_own_vat(ask):  # CN-05, LC-123
    lines = [{"gross": 4800, "vat_rate": "20"}, {"gross": 2110, "vat_rate": "5.5"}]

    found = ask("credit_note", {"lines": lines})

    assert found["by_rate"] == [
        {"vat_rate": "20", "net": 4000, "vat": 800},
        {"vat_rate": "5.5", "net": 2000, "vat": 110},
    ]
    assert (found["net"], found["vat"], found["gross"]) == (6000, 910, 6910)


def test_the_last_credit_takes_the_residual(ask):  # CN-06, LC-124
    invoice = {
        "quantity": 3,
        "unit_gross": 999,
        "vat_rate": "20",
        "net": 2497,
        "vat": 500,
        "gross": 2997,
    }

    found = ask("credit_note", {"invoice": invoice, "credits": "one unit at a time"})

    assert found["credits"] == [
        {"net": 832, "vat": 167},
        {"net": 832, "vat": 167},
        {"net": 833, "vat": 166},
    ]


DATED = {"number": "FA-2026-000123", "issue_date": "2026-10-02"}


@pytest.mark.parametrize(
    ("example", "facts", "valid", "rule"),
    [
        ("LC-125", {"type_code": "381", "preceding_invoice_reference": None}, False, "05"),
        (
            "LC-126",
            {"type_code": "381", "preceding_invoice_reference": DATED | {"issue_date": None}},
            False,
            "05",
        ),
        ("dated", {"type_code": "381", "preceding_invoice_reference": DATED}, True, "05"),
        (
            "LC-127",
            {"type_code": "384", "preceding_invoice_references": ["FA-1", "FA-2"]},
            False,
            "04",
        ),
        ("one", {"type_code": "384", "preceding_invoice_references": [DATED]}, True, "04"),
        ("none", {"type_code": "384", "preceding_invoice_references": []}, False, "04"),
    ],
)
def test_a_credit_note_names_its_invoice(ask, example, facts, valid, rule):  # CN-03
    found = ask("credit_note", facts)

    assert (found["valid"], found["rule"]) == (valid, f"BR-FR-CO-{rule}")


@pytest.mark.parametrize(
    ("issued", "continuous", "missing"),
    [
        ([1, 2, 4], False, [3]),  # LC-128
        ([1, 2, 3], True, []),
        ([1, 2, 2], False, []),
        (["AV-2026-000001", "AV-2026-000003"], False, ["AV-2026-000002"]),
    ],
)
def test_a_series_has_no_gap(ask, issued, continuous, missing):  # CN-02
    found = ask("credit_note", {"series": "AV-2026", "issued": issued})

    assert (found["continuous"], found["missing"]) == (continuous, missing)


def test_a_hostile_series_is_answered_at_once(ask):
    assert len(ask("credit_note", {"issued": [1, 10**15]})["missing"]) == 1000


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("delete an issued credit note", False),  # LC-129
        ("edit the amount of an issued credit note", False),
        ("delete a draft", True),
        ("re-send the credit note marked duplicata", True),
    ],
)
def test_issued_documents_are_final(ask, action, allowed):  # CN-04
    assert ask("credit_note", {"action": action})["allowed"] is allowed


@pytest.mark.parametrize(("requested", "allowed"), [(4000, False), (2991, False), (2990, True)])
def test_credits_never_pass_the_invoice(ask, requested, allowed):  # CN-07, LC-130
    facts = {"invoice_gross": 12990, "already_credited": 10000, "requested_credit": requested}

    found = ask("credit_note", facts)

    assert (found["allowed"], found["max_remaining"]) == (allowed, 2990)


@pytest.mark.parametrize(("sign", "correct"), [(1, True), (-1, False)])
def test_the_type_gives_the_sense(ask, sign, correct):  # CN-06, LC-174
    facts = {"type_code": "381", "net": 10825 * sign, "vat": 2165 * sign, "gross": 12990 * sign}

    found = ask("credit_note", facts)

    assert (found["correct"], found["expected_signs"]) == (correct, "positive")


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        ("2026-11-21", ["CGI"]),  # LC-132
        ("2026-12-31", ["CGI"]),
        ("2027-01-01", ["CGI", "CIBS"]),  # LC-133
        ("2028-06-30", ["CGI", "CIBS"]),  # LC-134
        ("2028-07-01", ["CIBS"]),  # LC-135
    ],
)
def test_the_code_changes_on_its_day(ask, on, allowed):  # CN-13
    assert ask("vat_mention", {"document_date": on})["allowed"] == allowed


@pytest.mark.parametrize(
    ("example", "size", "on", "mandatory"),
    [
        ("LC-136", "sme", "2026-11-21", False),
        ("the day before", "sme", "2027-08-31", False),
        ("LC-137", "sme", "2027-09-01", True),
        ("LC-138", "large", "2026-11-21", True),
        ("too early", "large", "2026-08-31", False),
        ("LC-139", "micro", "2026-11-21", False),
    ],
)
def test_sales_to_businesses_go_through_a_platform(ask, example, size, on, mandatory):
    """CN-10."""
    facts = {"seller_size": size, "buyer": "business established in France", "issue_date": on}

    found = ask("e_invoicing", {**facts, "document": "credit note"})

    assert found["mandatory"] is mandatory
    assert found["e_reporting"] is False


@pytest.mark.parametrize(("on", "mandatory"), [("2026-08-31", False), ("2026-09-01", True)])
def test_everybody_receives(ask, on, mandatory):  # CN-10, LC-140
    found = ask("e_invoicing", {"seller_size": "micro", "on": on})

    assert (found["mandatory"], found["since"]) == (mandatory, "2026-09-01")


@pytest.mark.parametrize("buyer", ["private individual", "business established in Germany"])
def test_other_sales_are_reported(ask, buyer):  # CN-10, LC-175
    facts = {"seller_size": "large", "buyer": buyer, "issue_date": "2026-11-21"}

    found = ask("e_invoicing", facts)

    assert (found["e_invoice"], found["e_reporting"]) == (False, True)


@pytest.mark.parametrize(
    ("returned_on", "period", "deadline"),
    [
        ("2026-11-10", "2026-Q4", "2027-01-31"),  # LC-142
        ("2026-09-30", "2026-Q3", "2026-10-31"),
        ("2026-10-01", "2026-Q4", "2027-01-31"),
        ("2029-11-01", None, None),
    ],
)
def test_one_stop_shop_corrects_later(ask, returned_on, period, deadline):  # CN-12
    sale = {"date": "2026-08-20", "country": "DE", "gross": 11900, "vat_rate": "19"}

    found = ask("oss", {"sale": sale, "returned_on": returned_on}, "EU")

    assert (found.get("return_period"), found.get("filing_deadline")) == (period, deadline)
    assert (found["corrected_period"], found["vat_correction"]) == ("2026-Q3", -1900)


def test_documents_are_kept_ten_years(ask):  # CN-14, LC-143
    facts = {"document": "credit note", "fiscal_year_closed_on": "2026-12-31"}

    assert ask("retention", facts)["keep_until"] == "2036-12-31"


@pytest.mark.parametrize(
    ("facts", "kind", "vat"),
    [
        ({"instrument": "gift card, mixed rates", "sold_for": 5000}, "multi_purpose", 0),  # LC-146
        (
            {"instrument": "voucher for one lamp", "sold_for": 4800, "vat_rate": "20"},
            "single_purpose",
            800,  # LC-147
        ),
        ({"instrument": "voucher for one lamp", "sold_for": 4800}, "single_purpose", 800),
        (
            {"instrument": "voucher for a book, VAT 5.5 %", "sold_for": 2110},
            "single_purpose",
            110,
        ),
        (
            {"instrument": "gift card for goods at 20 % and 5.5 %", "sold_for": 5000},
            "multi_purpose",
            0,
        ),
        ({"instrument": "gift card", "sold_for": 5000}, "multi_purpose", 0),
        ({"instrument": "free coupon", "sold_for": 0}, "not_a_voucher", 0),
    ],
)
def test_vat_on_vouchers(ask, facts, kind, vat):  # VC-02
    found = ask("voucher", facts)

    assert (found["kind"], found["vat_at_sale"]) == (kind, vat)


def test_store_credit_follows_a_credit_note(ask):  # VC-03, LC-148
    facts = {"event": "customer accepts store credit", "item_gross": 12990, "vat_rate": "20"}

    found = ask("voucher", facts)

    assert found["credit_note"] == {"net": 10825, "vat": 2165, "gross": 12990}
    assert (found["store_credit"], found["vat_on_store_credit_issue"]) == (12990, 0)


@pytest.mark.parametrize(
    ("change", "relief"),
    [
        ({}, True),  # LC-161
        ({"exported_on": "2023-11-01"}, False),  # LC-162
        ({"exported_on": "2023-11-01", "special_circumstances": True}, True),
        ({"exported_on": "2023-11-10"}, True),
        ({"exported_on": "2023-11-09"}, False),
        ({"state": "improved by treatment abroad"}, False),  # LC-163
    ],
)
@pytest.mark.parametrize("jurisdiction", ["EU", "FR", "DE"])
def test_returned_goods_relief(ask, change, relief, jurisdiction):  # CU-01
    facts = {"exported_on": "2023-12-01", "returned_on": "2026-11-10", "state": "as exported"}

    assert ask("customs", facts | change, jurisdiction)["relief"] is relief


def test_the_new_customs_code_is_not_guessed(ask):  # CU-01
    facts = {"exported_on": "2026-12-01", "returned_on": "2027-09-21", "state": "as exported"}

    assert ask("customs", facts, "EU")["error"] == "PARAMETER_UNKNOWN"


@pytest.mark.parametrize(
    ("accepted", "applied", "possible"),
    [
        ("2026-09-01", "2026-11-25", True),  # LC-164
        ("2026-09-01", "2026-11-30", True),
        ("2026-09-01", "2026-12-01", False),
        ("2026-08-01", "2026-11-25", False),  # LC-165
    ],
)
def test_an_import_may_be_undone_in_ninety_days(ask, accepted, applied, possible):  # CU-03
    facts = {
        "import_declaration_accepted_on": accepted,
        "goods_exported_back_to_supplier_on": "2026-11-20",
        "application_on": applied,
        "distance_contract": True,
    }

    assert ask("customs", facts, "EU")["invalidation"] is possible


@pytest.mark.parametrize(
    ("received", "due"), [("2026-11-20", "2026-11-24"), ("2026-11-10", "2026-11-13")]
)
def test_amazon_prime_refunds_in_two_business_days(ask, received, due):
    """MP-01, LC-166, LC-167."""
    facts = {
        "marketplace": "amazon.fr",
        "programme": "seller-fulfilled Prime",
        "return_received_on": received,
    }

    assert ask("marketplace", facts)["refund_due_on_or_before"] == due


def test_ebay_resolves_in_three_business_days(ask):  # MP-02, LC-168
    facts = {"marketplace": "ebay.fr", "return_request_opened_on": "2026-11-20"}

    assert ask("marketplace", facts)["last_day"] == "2026-11-25"


@pytest.mark.parametrize(
    ("request_on", "kind", "statutory"),
    [
        ("2026-11-18", "statutory_withdrawal", True),
        ("2026-11-25", "commercial_return", False),  # LC-169
        ("2026-12-05", "goodwill", False),
    ],
)
def test_a_longer_window_is_the_marketplaces(ask, request_on, kind, statutory):  # MP-00
    facts = {
        "marketplace_window_days": 30,
        "statutory_last_day": "2026-11-18",
        "received_on": "2026-11-04",
        "request_on": request_on,
    }

    found = ask("marketplace", facts)

    assert (found["kind"], found["statutory_protections_apply"]) == (kind, statutory)
    assert found["commercial_last_day"] == "2026-12-04"


@pytest.mark.parametrize(("total", "covered"), [(24000, True), (25000, True), (25001, False)])
def test_etsy_covers_small_orders(ask, total, covered):  # MP-03, LC-176
    facts = {
        "marketplace": "etsy",
        "order_total_usd_minor": total,
        "issue": "item never arrived",
    }

    found = ask("marketplace", facts)

    assert (found["covered"], found["ceiling_minor"]) == (covered, 25000)


@pytest.mark.parametrize("name", ["cdiscount", "fnac-darty", "amazon.de"])
def test_terms_that_were_not_found_are_not_invented(ask, name):  # MP-06, MP-07
    facts = {"marketplace": name, "return_received_on": "2026-11-20"}

    assert ask("marketplace", facts)["error"] == "PARAMETER_UNKNOWN"


def test_zalando_takes_back_for_thirty_days(ask):  # MP-04
    facts = {
        "marketplace": "zalando",
        "received_on": "2026-11-04",
        "statutory_last_day": "2026-11-18",
        "request_on": "2026-11-25",
    }

    found = ask("marketplace", facts)

    assert (found["kind"], found["commercial_last_day"]) == ("commercial_return", "2026-12-04")
    assert found["confidence"] == "low"


def test_manomano_sellers_answer_in_two_business_days(ask):  # MP-05
    facts = {"marketplace": "manomano.fr", "return_request_opened_on": "2026-11-20"}

    assert ask("marketplace", facts)["last_day"] == "2026-11-24"
