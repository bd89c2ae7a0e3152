"""The rules of the quote one by one; the comment gives the sum."""

import pytest

from rebond.domain.refunds.amounts import answer


def sold(*lines, **more):
    """An order in euros, prices without tax."""
    return {"currency": "EUR", "exponent": 2, "lines": list(lines)} | more


def line(line_id="A", price=1000, quantity=1, **more):
    return {"id": line_id, "unit_price_minor": price, "quantity": quantity} | more


def ask(verb="refund", **more):
    return {"type": verb} | more


def units(quantity, line_id="A", **more):
    return {"line_id": line_id, "quantity": quantity} | more


def pay(payment_id, captured, **more):
    return {"id": payment_id, "captured_minor": captured} | more


def quoted(order, action, *previous):
    return answer({"order": order, "previous_refunds": list(previous), "action": action})


def stepped(order, *actions):
    return answer({"order": order, "steps": [{"action": action} for action in actions]})["steps"]


# What a part is worth


def test_two_of_three_units_take_two_thirds():
    order = sold({"id": "A", "quantity": 3, "line_total_minor": 1000, "tax_total_minor": 200})

    found = quoted(order, ask(lines=[units(2)]))

    assert found["net_minor"] == 667  # 666.67
    assert found["tax_minor"] == 133  # 133.33


def test_the_last_unit_takes_what_is_left():
    order = sold({"id": "A", "quantity": 3, "line_total_minor": 1000})

    found = stepped(order, ask(lines=[units(2)]), ask(lines=[units(1)]))

    assert [step["refund_total_minor"] for step in found] == [667, 333]


@pytest.mark.parametrize("first", [1, 2])
def test_taxes_rounded_one_by_one_never_come_to_more_than_the_price(first):
    """A line of 110 that is all tax, 13 and 97: two thirds of each round to 74 of 73."""
    taxes = [{"id": "a", "total_minor": 13}, {"id": "b", "total_minor": 97}]
    order = sold(
        {"id": "A", "quantity": 3, "line_total_minor": 110, "taxes": taxes},
        prices_include_tax=True,
    )

    found = stepped(order, ask(lines=[units(first)]), ask(lines=[units(3 - first)]))

    assert [step["net_minor"] for step in found] == [0, 0]
    assert sum(step["tax_minor"] for step in found) == 110


def test_many_half_cents_do_not_pile_up_on_the_last_unit():
    order = sold({"id": "A", "quantity": 10, "line_total_minor": 1005})

    found = stepped(order, *[ask(lines=[units(1)])] * 10)

    # 100.5 each: five at 101, five at 100, never 101 nine times and 96 at the end.
    assert [step["refund_total_minor"] for step in found] == [101] * 5 + [100] * 5


def test_compound_tax_is_charged_on_the_tax_before_it():
    taxes = [{"id": "gst", "rate": "0.05"}, {"id": "pst", "rate": "0.10", "compound": True}]

    found = quoted(sold(line(price=10000, taxes=taxes)), ask(lines=[units(1)]))

    assert found["tax_by_id_minor"] == {"gst": 500, "pst": 1050}  # 10% of 105.00


def test_compound_tax_inside_the_price_is_taken_out_of_it():
    taxes = [{"id": "gst", "rate": "0.05"}, {"id": "pst", "rate": "0.10", "compound": True}]
    order = sold(line(price=11550, taxes=taxes), prices_include_tax=True)

    found = quoted(order, ask(lines=[units(1)]))

    assert found["net_minor"] == 10000  # 115.50 / (1.05 * 1.10)
    assert found["tax_by_id_minor"] == {"gst": 500, "pst": 1050}


def test_the_stored_tax_rules_over_the_rate():
    found = quoted(
        sold(line(price=10000, tax_rate="0.20", tax_total_minor=1900)), ask(lines=[units(1)])
    )

    assert found["tax_minor"] == 1900
    assert found["tax_by_rate_minor"] == {"0.20": 1900}


def test_an_order_discount_is_spread_by_value_and_lowers_the_tax():
    order = sold(
        line("A", 3000, tax_rate="0.10"),
        line("B", 1000, tax_rate="0.10"),
        order_discounts=[{"id": "D", "amount_minor": 400}],
    )

    found = quoted(order, ask(lines=[units(1, "A")]))

    assert found["discount_minor"] == 300  # 4.00 * 30 / 40
    assert found["net_minor"] == 2700
    assert found["tax_minor"] == 270


def test_shipping_may_contain_its_tax_where_the_prices_do_not():
    shipping = [{"id": "S", "amount_minor": 1200, "tax_rate": "0.20", "tax_included": True}]

    found = quoted(
        sold(line(), shipping=shipping),
        ask(shipping=[{"shipping_id": "S", "amount_minor": "full"}]),
    )

    assert found["refund_total_minor"] == 1200
    assert found["tax_minor"] == 200


def test_shipping_amounts_go_gross_unless_said():
    shipping = [{"id": "S", "amount_minor": 1000, "tax_rate": "0.23"}]

    found = quoted(
        sold(line(), shipping=shipping),
        ask(shipping=[{"shipping_id": "S", "amount_minor": 615}]),
    )

    assert found["shipping"][0]["net_minor"] == 500
    assert found["shipping"][0]["tax_minor"] == 115


def test_a_yen_has_no_cents():
    order = sold(line(price=1000, quantity=3, tax_rate="0.10"), currency="JPY", exponent=0)

    found = quoted(order, ask(lines=[units(1)]))

    assert found["refund_total_minor"] == 1100


def test_the_order_tax_is_shared_where_no_part_says_its_own():
    order = sold(line("A", 3000), line("B", 1000), tax_total_minor=800, total_minor=4800)

    found = quoted(order, ask(lines=[units(1, "B")]))

    assert found["tax_minor"] == 200  # 8.00 * 10 / 40


def test_document_tax_is_rounded_once_for_the_lines_that_go_back_together():
    lines = [line(name, 6833, tax_rate="0.20") for name in "ABC"]

    found = quoted(sold(*lines, tax_rounding="document"), ask(lines=[units(1, "A"), units(1, "B")]))

    assert found["tax_minor"] == 2733  # 2 * 1366.6 = 2733.2, not 2 * 1367


def test_a_voucher_above_the_goods_lowers_the_shipping():
    order = sold(
        line(price=2294),
        shipping=[{"id": "S", "amount_minor": 840}],
        order_discounts=[{"id": "V", "amount_minor": 3000}],
        payments=[pay("p", 134)],
    )

    found = quoted(
        order, ask(lines=[units(1)], shipping=[{"shipping_id": "S", "amount_minor": "full"}])
    )

    assert found["refund_total_minor"] == 134  # 22.94 + 8.40 - 30.00


# Amounts in each basis


def test_a_net_amount_on_a_price_with_tax_inside():
    order = sold(line(price=1200, tax_rate="0.20"), prices_include_tax=True)

    found = quoted(order, ask(lines=[{"line_id": "A", "amount_minor": 500, "amount_basis": "net"}]))

    assert found["refund_total_minor"] == 600
    assert found["tax_minor"] == 100


def test_a_list_amount_is_before_the_order_discount():
    order = sold(
        line(price=1000, tax_rate="0.10"), order_discounts=[{"id": "D", "amount_minor": 200}]
    )

    found = quoted(
        order, ask(lines=[{"line_id": "A", "amount_minor": 500, "amount_basis": "list"}])
    )

    assert found["net_minor"] == 400
    assert found["discount_minor"] == 100
    assert found["tax_minor"] == 40


def test_too_large_a_net_amount_names_the_net_that_is_left():
    found = quoted(
        sold(line(tax_rate="0.10")),
        ask(lines=[{"line_id": "A", "amount_minor": 1001, "amount_basis": "net"}]),
    )

    assert found["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found["max_refundable_minor"] == 1000


def test_an_amount_replaces_the_computed_total():
    found = quoted(sold(line(), line("B")), ask(lines=[units(1)], amount_minor=1500))

    assert found["refund_total_minor"] == 1500


def test_a_lower_amount_takes_its_share_of_the_tax():
    found = quoted(sold(line(tax_rate="0.20")), ask(lines=[units(1)], amount_minor=600))

    assert (found["net_minor"], found["tax_minor"]) == (500, 100)


def test_own_amounts_that_agree_are_no_mismatch():
    found = quoted(
        sold(line(tax_rate="0.10")), ask(lines=[units(1, amount_minor=1100)], amount_minor=1100)
    )

    assert found["refund_total_minor"] == 1100


# The whole


def test_everything_is_paid_minus_refunded_not_a_sum_of_rounded_parts():
    order = sold(line("A", 333, tax_rate="0.20"), line("B", 333, tax_rate="0.20"), total_minor=799)

    found = stepped(order, ask(lines=[units(1, "A")]), ask(lines=[units(1, "B")]))

    # 3.33 + 0.67 twice is 8.00; 7.99 was charged.
    assert [step["refund_total_minor"] for step in found] == [400, 399]


def test_after_an_amount_without_lines_the_parts_cost_their_full_price():
    found = stepped(sold(line(), line("B")), ask(amount_minor=500), ask(lines=[units(1)]))

    assert found[1]["refund_total_minor"] == 1000


def test_after_an_amount_without_lines_everything_is_too_much():
    found = stepped(
        sold(line(), line("B")), ask(amount_minor=500), ask(lines=[units(1), units(1, "B")])
    )

    assert found[1]["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found[1]["max_refundable_minor"] == 1500


def test_what_was_given_up_on_one_unit_does_not_come_back_with_the_next():
    found = stepped(
        sold(line(quantity=2)), ask(lines=[units(1, amount_minor=400)]), ask(lines=[units(1)])
    )

    assert [step["refund_total_minor"] for step in found] == [400, 1000]


def test_a_cent_between_charge_and_payment_blocks_no_refund():
    order = sold(line(), payments=[pay("p", 999)], total_minor=1000)

    found = quoted(order, ask(lines=[units(1)]))

    assert found["refund_total_minor"] == 999
    assert found["remaining_minor"] == 0


# Units


def test_a_named_unit_keeps_its_quantity_until_it_is_empty():
    part = {"line_id": "A", "unit": 1, "quantity": 1, "amount_minor": 400}
    found = stepped(
        sold(line(quantity=2)),
        ask(lines=[part]),
        ask("query_remaining", lines=[{"line_id": "A", "unit": 1}]),
        ask(lines=[units(2)]),
    )

    assert found[1]["remaining_minor"] == 600
    assert found[2]["refund_total_minor"] == 1600


def test_a_unit_that_is_gone_is_already_refunded():
    unit = {"line_id": "A", "quantity": 1, "unit": 2}

    found = stepped(sold(line(quantity=2)), ask(lines=[unit]), ask(lines=[unit]))

    assert found[1]["error"] == "ALREADY_REFUNDED"


def test_all_units_by_name_end_at_the_line():
    names = [{"line_id": "A", "quantity": 1, "unit": n} for n in (3, 1, 2)]
    order = sold({"id": "A", "quantity": 3, "line_total_minor": 1000})

    found = quoted(order, ask(lines=names))

    assert found["refund_total_minor"] == 1000
    assert [row["quantity"] for row in found["lines"]] == [3]


def test_more_than_is_left_of_a_unit_is_refused():
    before = {"lines": [{"line_id": "A", "unit": 1, "amount_minor": 600}], "amount_minor": 600}
    wanted = {"line_id": "A", "quantity": 1, "unit": 1, "amount_minor": 500}

    found = quoted(sold(line(quantity=2)), ask(lines=[wanted]), before)

    assert found["error"] == "AMOUNT_EXCEEDS_REMAINING"


# Limits


def test_a_pending_refund_uses_up_the_balance_and_a_failed_one_does_not():
    lines = [{"line_id": "A", "quantity": 1, "amount_minor": 1000}]
    pending = {"lines": lines, "amount_minor": 1000, "status": "pending"}

    held = quoted(sold(line()), ask(lines=[units(1)]), pending)
    freed = quoted(sold(line()), ask(lines=[units(1)]), pending | {"status": "failed"})

    assert held["error"] == "QUANTITY_EXCEEDS_REMAINING"
    assert freed["refund_total_minor"] == 1000


def test_two_pending_refunds_of_sixty_do_not_fit_into_a_hundred():
    wanted = ask(amount_minor=6000, provider_result="pending")

    found = stepped(sold(line(price=10000)), wanted, wanted)

    assert found[1]["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found[1]["max_refundable_minor"] == 4000


def test_money_is_limited_by_what_was_captured():
    order = sold(line(price=10000), payments=[pay("p", 6000)])

    found = quoted(order, ask(lines=[units(1)]))

    assert found["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found["max_refundable_minor"] == 6000


def test_full_shipping_that_is_gone_is_already_refunded():
    wanted = ask(shipping=[{"shipping_id": "S", "amount_minor": "full"}])
    order = sold(line(), shipping=[{"id": "S", "amount_minor": 500}])

    found = stepped(order, wanted, wanted)

    assert found[1]["error"] == "SHIPPING_ALREADY_REFUNDED"


def test_free_shipping_is_nothing_to_refund():
    order = sold(line(), shipping=[{"id": "S", "amount_minor": 500, "discount_minor": 500}])

    found = quoted(order, ask(shipping=[{"shipping_id": "S", "amount_minor": "full"}]))

    assert found["error"] == "NOTHING_TO_REFUND"


def test_a_free_line_gives_zero_and_no_tender():
    found = quoted(sold(line(price=0), line("B")), ask(lines=[units(1)]))

    assert found["refund_total_minor"] == 0
    assert found["tenders"] == []


def test_the_cap_limits_all_refunds_together():
    order = sold(line("A"), line("B"), cap_minor=1500)

    found = stepped(order, ask(lines=[units(1)]), ask(lines=[units(1, "B")]))

    assert found[1]["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found[1]["max_refundable_minor"] == 500


def test_half_a_spent_gift_card_is_its_limit():
    order = sold(line(price=200, product_type="gift_card"), wallet_balance_minor=100)

    found = stepped(
        order,
        ask(lines=[units(1)]),
        ask(lines=[{"line_id": "A", "amount_minor": 100}]),
        ask(amount_minor=1),
    )

    assert found[0]["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found[1]["refund_total_minor"] == 100
    assert found[2]["error"] == "AMOUNT_EXCEEDS_REMAINING"


def test_names_and_numbers_that_cannot_be():
    order = sold(line(quantity=2), fees=[{"id": "F", "amount_minor": 100}])
    refusals = {
        "LINE_NOT_IN_ORDER": ask(lines=[units(1, "Z")]),
        "DUPLICATE_LINE": ask(lines=[units(1), units(1)]),
        "QUANTITY_NOT_POSITIVE": ask(lines=[units(0)]),
        "QUANTITY_NOT_INTEGER": ask(lines=[units(1.5)]),
        "QUANTITY_EXCEEDS_REMAINING": ask(lines=[units(3)]),
        "AMOUNT_NOT_POSITIVE": ask(amount_minor=0),
        "AMOUNT_EXCEEDS_REMAINING": ask(fees=[{"fee_id": "F", "amount_minor": 101}]),
        "NOTHING_TO_REFUND": ask(),
        "INVALID_INPUT": ask(lines=[units(True)]),
    }

    found = {code: quoted(order, action)["error"] for code, action in refusals.items()}

    assert found == {code: code for code in refusals}


def test_a_cancelled_order_gives_nothing_back():
    order = sold(line(), status="cancelled")

    assert quoted(order, ask(lines=[units(1)]))["error"] == "NOT_REFUNDABLE"
    assert quoted(order, ask("query_remaining"))["remaining_minor"] == 0


# Payments


def test_a_full_only_payment_is_left_alone_by_a_part():
    order = sold(
        line(price=3000), payments=[pay("a", 2000, partial_refundable=False), pay("b", 1000)]
    )

    found = quoted(order, ask(amount_minor=700))

    assert found["tenders"] == [{"payment_id": "b", "amount_minor": 700, "currency": "EUR"}]


def test_what_no_payment_takes_is_reported_and_not_counted():
    order = sold(line(price=3000), payments=[pay("a", 2000), pay("b", 1000, refundable=False)])

    found = quoted(order, ask(lines=[units(1)]))

    assert found["refund_total_minor"] == 2000
    assert found["unallocated_minor"] == 1000
    assert found["balance_minor"] == -1000


def test_the_full_only_payments_that_fit_best_are_found():
    order = sold(
        line(price=1600),
        payments=[pay(name, n, partial_refundable=False) for name, n in (("a", 600), ("b", 500))]
        + [pay("c", 500, partial_refundable=False)],
    )

    found = quoted(order, ask("allocate_tenders", amount_minor=1000))

    assert [t["payment_id"] for t in found["tenders"]] == ["b", "c"]  # 5 + 5, not 6 alone
    assert found["unallocated_minor"] == 0


def test_a_cancellation_takes_the_equal_payment_first():
    order = sold(line("A", 1000), line("B", 2300), payments=[pay("a", 2300), pay("b", 1000)])

    found = quoted(order, ask("cancel_items", lines=[units(1)]))

    assert [t["payment_id"] for t in found["tenders"]] == ["b"]


def test_the_preferred_payment_goes_first_and_the_rest_follows():
    order = sold(line(price=3000), payments=[pay("a", 2000), pay("b", 1000)])

    found = quoted(order, ask(amount_minor=1500, prefer_payment="b"))

    assert [(t["payment_id"], t["amount_minor"]) for t in found["tenders"]] == [
        ("b", 1000),
        ("a", 500),
    ]


def test_only_eligible_tenders_are_used():
    order = sold(line(price=3000), payments=[pay("a", 2000), pay("b", 1000)])

    found = quoted(order, ask(amount_minor=1500, tender_order=["b"], eligible_tenders_only=True))

    assert found["refund_total_minor"] == 1000
    assert found["unallocated_minor"] == 500


def test_without_automatic_refund_a_person_pays_all():
    order = sold(line(price=3000), payments=[pay("a", 3000)])

    found = quoted(order, ask("cancel_order", auto_refund=False))

    assert (found["refund_total_minor"], found["manual_minor"]) == (3000, 3000)
    assert found["tenders"] == []


def test_without_a_person_the_manual_part_is_not_placed():
    order = sold(line(price=3000), payments=[pay("a", 2000), pay("b", 1000, auto_refundable=False)])

    found = quoted(order, ask("cancel_order", manual_refund=False))

    assert (found["refund_total_minor"], found["unallocated_minor"]) == (2000, 1000)


def test_each_payment_has_a_rest_of_its_own():
    order = sold(line(price=3000), payments=[pay("a", 2000), pay("b", 1000)])
    before = {"amount_minor": 1500, "payments": [{"payment_id": "a", "amount_minor": 1500}]}

    found = quoted(order, ask(amount_minor=600, payment_id="a"), before)

    assert found["error"] == "AMOUNT_EXCEEDS_REMAINING"
    assert found["max_refundable_minor"] == 500


def test_a_payment_in_another_currency_gives_back_that_currency():
    order = sold(line(price=1000), payments=[pay("p", 90000, charge_currency="INR")])

    found = stepped(order, ask(amount_minor=333), ask(amount_minor=667))

    # 333 of 1000 euro cents are 29970 of 90000 paise.
    assert [step["tenders"][0]["amount_minor"] for step in found] == [29970, 60030]
    assert found[1]["tenders"][0]["currency"] == "INR"


# What the shop keeps


def test_the_tax_of_what_is_kept_stays_with_it():
    order = sold(
        line(price=12000, tax_rate="0.20"),
        fees=[{"id": "F", "amount_minor": 500}],
        prices_include_tax=True,
    )

    found = quoted(order, ask("cancel_order", retain={"percent": "10", "keep_fee_ids": ["F"]}))

    assert found["refund_total_minor"] == 10800
    assert found["tax_minor"] == 1800  # 20.00 less a tenth; the fee has no tax
    assert found["fees"] == []


def test_an_amount_without_items_takes_its_share_of_the_tax():
    order = sold(line(price=1000, tax_rate="0.20"))

    found = stepped(order, ask(amount_minor=500), ask(amount_minor=700))

    assert [step["tax_minor"] for step in found] == [83, 117]  # 83.33, then the rest of 2.00


def test_a_percentage_is_of_the_lines_and_never_of_the_fees():
    order = sold(line(price=4100), fees=[{"id": "F", "amount_minor": 500}])
    retain = {"percent": "10", "keep_fee_ids": ["F"]}

    found = quoted(order, ask("cancel_order", retain=retain))

    assert found["retained_minor"] == 910  # 5.00 + 10% of 41.00
    assert found["refund_total_minor"] == 3690
    assert found["order_total_after_minor"] == 910
    assert found["balance_minor"] == 0


def test_what_is_kept_is_limited_to_what_was_paid():
    order = sold(line(price=4600), payments=[pay("p", 2000)])

    found = quoted(order, ask("cancel_order", retain={"fixed_minor": 3000}))

    assert (found["retained_minor"], found["refund_total_minor"]) == (2000, 0)


def test_free_units_do_not_count():
    order = sold(line("A", 2300), line("B", 0))

    found = quoted(order, ask("cancel_order", retain={"per_unit_minor": 200, "skip_free": True}))

    assert found["retained_minor"] == 200


def test_keeping_nothing_is_still_said():
    assert quoted(sold(line()), ask("cancel_order", retain={}))["retained_minor"] == 0


def test_what_was_kept_does_not_come_back_with_the_rest():
    order = sold(line("A", 1000), line("B", 1000))

    found = stepped(
        order,
        ask("cancel_items", lines=[units(1)], retain={"percent": "10"}),
        ask(lines=[units(1, "B")]),
    )

    assert [step["refund_total_minor"] for step in found] == [900, 1000]


def test_cancelling_without_money_leaves_it_owed():
    found = quoted(sold(line("A"), line("B")), ask("cancel_items", lines=[units(1)], refund=False))

    assert found["refund_total_minor"] == 0
    assert found["order_total_after_minor"] == 1000
    assert found["balance_minor"] == -1000


def test_items_of_an_order_that_was_not_fully_paid():
    order = sold(line("A", 1800), line("B", 2800), payments=[pay("p", 3000)])

    found = quoted(order, ask("cancel_items", lines=[units(1)]))

    assert found["refund_total_minor"] == 200  # 30.00 paid, 28.00 still due
    assert found["balance_minor"] == 0


def test_only_what_was_received_is_paid():
    found = quoted(sold(line(quantity=3)), ask("return", lines=[units(3, received=2)]))

    assert found["refund_total_minor"] == 2000


def test_a_refusal_keeps_the_id_of_the_case():
    case = {"id": "case", "order": sold(line()), "action": ask(lines=[units(1), units(1)])}

    found = answer(case)

    assert (found["id"], found["error"]) == ("case", "DUPLICATE_LINE")


# The other verbs


def test_an_exchange_for_something_cheaper_is_owed_to_the_customer():
    order = sold(line(price=10000, tax_rate="0.10"))
    goods = [{"unit_price_minor": 8000, "quantity": 1, "tax_rate": "0.10"}]

    found = quoted(order, ask("exchange", lines=[units(1)], replacements=goods))

    assert found["order_total_after_minor"] == 8800
    assert found["balance_minor"] == -2200  # 88.00 - 110.00


def test_a_credit_note_moves_no_money_and_counts():
    order = sold(line(price=1000), payments=[pay("p", 400)])

    found = quoted(order, ask("credit_note", lines=[units(1)]))

    assert (found["refund_total_minor"], found["refunded_total_minor"]) == (1000, 1000)
    assert found["max_refundable_minor"] == 400
    assert found["tenders"] == []


def test_a_scaled_refund_ends_at_the_cap():
    order = sold(*[line(name, 100) for name in "ABC"], cap_minor=100)

    found = stepped(order, *[ask(lines=[units(1, n)], scale_to_cap=True) for n in "ABC"])

    assert [step["refund_total_minor"] for step in found] == [33, 33, 34]


def test_money_back_with_the_items_still_sold_leaves_them_to_be_returned():
    found = stepped(
        sold(line(), line("B")),
        ask(lines=[units(1)], adjust_items=False),
        ask(lines=[units(1)]),
    )

    assert found[0]["balance_minor"] == 1000
    assert found[1]["refund_total_minor"] == 1000


def test_every_figure_says_why():
    found = quoted(sold(line(quantity=2, tax_rate="0.20")), ask(lines=[units(1)]))

    codes = [why["code"] for why in found["why"]]
    assert codes == [
        "line_value",
        "line_tax_share",
        "items_total",
        "tender_chosen",
        "order_total_after",
        "balance",
    ]
