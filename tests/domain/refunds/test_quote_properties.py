"""What must hold for every order and every sequence of refunds, not only for known cases."""

import json
from copy import deepcopy
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebond.cli.jsonl import answer_lines
from rebond.domain.refunds.amounts import answer

modest = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

RATES = st.sampled_from(["0", "0.055", "0.07", "0.10", "0.19", "0.20", "0.23"])


@st.composite
def taxes(draw):
    kind = draw(st.sampled_from(["none", "rate", "stored", "two rates", "two stored", "compound"]))
    if kind == "rate":
        return {"tax_rate": draw(RATES)}
    if kind == "stored":
        return {"tax_total_minor": draw(st.integers(0, 300))}
    if kind == "two rates":
        rows = [{"id": "t1", "rate": draw(RATES)}, {"id": "t2", "rate": draw(RATES)}]
        return {"taxes": rows}
    if kind == "two stored":
        total = st.integers(0, 150)
        return {"taxes": [{"id": i, "total_minor": draw(total)} for i in ("t1", "t2")]}
    if kind == "compound":
        rows = [{"id": "t1", "rate": "0.05"}, {"id": "t2", "rate": "0.10", "compound": True}]
        return {"taxes": rows}
    return {}


@st.composite
def orders(draw):
    lines = []
    for i in range(draw(st.integers(1, 3))):
        quantity, price = draw(st.integers(1, 7)), draw(st.integers(1, 3000))
        line = {"id": f"L{i}", "quantity": quantity, "unit_price_minor": price}
        line["discount_minor"] = draw(st.integers(0, price * quantity // 3))
        lines.append(line | draw(taxes()))
    order = {
        "currency": "EUR",
        "exponent": 2,
        "prices_include_tax": draw(st.booleans()),
        "lines": lines,
        "shipping": [
            {"id": f"S{i}", "amount_minor": draw(st.integers(0, 1500))} | draw(taxes())
            for i in range(draw(st.integers(0, 2)))
        ],
        "order_discounts": [{"id": "D", "amount_minor": draw(st.integers(0, 50))}],
    }
    if draw(st.booleans()):
        order["tax_rounding"] = "document"
    return order


@st.composite
def orders_in_steps(draw):
    """An order and a sequence of partial refunds that selects all of it, in any order."""
    order = draw(orders())
    pieces = []
    for line in order["lines"]:
        left = line["quantity"]
        while left:
            part = draw(st.integers(1, left))
            pieces.append(("line", line["id"], part))
            left -= part
    for charge in order["shipping"]:
        if charge["amount_minor"]:
            if charge["amount_minor"] > 1 and draw(st.booleans()):
                part = draw(st.integers(1, charge["amount_minor"] - 1))
                pieces.append(("part of shipping", charge["id"], part))
            pieces.append(("shipping", charge["id"], "full"))
    pieces = draw(st.permutations(pieces))
    # A part of a shipping charge comes before its rest.
    pieces.sort(key=lambda piece: piece[0] == "shipping")
    return order, [_step(piece) for piece in pieces]


def _step(piece):
    kind, name, part = piece
    if kind == "line":
        return {"action": {"type": "refund", "lines": [{"line_id": name, "quantity": part}]}}
    charge = {"shipping_id": name, "amount_minor": part}
    return {"action": {"type": "refund", "shipping": [charge]}}


def everything(order, verb="refund"):
    lines = [{"line_id": one["id"], "quantity": one["quantity"]} for one in order["lines"]]
    shipping = [
        {"shipping_id": one["id"], "amount_minor": "full"}
        for one in order["shipping"]
        if one["amount_minor"]
    ]
    return {"type": verb, "lines": lines, "shipping": shipping}


def whole(order):
    return answer({"id": 1, "order": order, "action": everything(order)})


def added_up(results, key, name):
    sums = {}
    for result in results:
        for row in result[key]:
            sums[row[name]] = sums.get(row[name], 0) + row["gross_minor"]
    return {k: v for k, v in sums.items() if v}


def tables_added_up(results, key):
    sums = {}
    for result in results:
        for name, amount in result[key].items():
            sums[name] = sums.get(name, 0) + amount
    return {k: v for k, v in sums.items() if v}


@modest
@given(orders_in_steps())
def test_any_sequence_of_parts_ends_at_what_was_paid(case):
    order, steps = case

    results = answer({"order": order, "steps": steps})["steps"]

    full = whole(order)
    assert not [result for result in results if "error" in result]
    assert sum(r["refund_total_minor"] for r in results) == full["refund_total_minor"]
    assert results[-1]["remaining_minor"] == 0
    assert results[-1]["balance_minor"] == 0
    assert sum(r["tax_minor"] for r in results) == full["tax_minor"]
    assert tables_added_up(results, "tax_by_rate_minor") == tables_added_up(
        [full], "tax_by_rate_minor"
    )


@modest
@given(orders_in_steps())
def test_parts_add_up_per_line_and_per_shipping_charge(case):
    order, steps = case
    order.pop("tax_rounding", None)

    results = answer({"order": order, "steps": steps})["steps"]

    full = [whole(order)]
    assert added_up(results, "lines", "line_id") == added_up(full, "lines", "line_id")
    shipped = added_up(full, "shipping", "shipping_id")
    assert added_up(results, "shipping", "shipping_id") == shipped
    assert tables_added_up(results, "tax_by_id_minor") == tables_added_up(full, "tax_by_id_minor")


@modest
@given(orders_in_steps(), st.integers(1, 99))
def test_payments_give_back_exactly_what_they_took(case, percent):
    order, steps = case
    total = whole(order)["refund_total_minor"]
    first = total * percent // 100
    order["payments"] = [
        {"id": "card", "captured_minor": first},
        {"id": "gift", "captured_minor": total - first},
    ]
    order["total_minor"] = total

    results = answer({"order": order, "steps": steps})["steps"]

    if total:
        back = {"card": 0, "gift": 0}
        for tender in (tender for result in results for tender in result["tenders"]):
            back[tender["payment_id"]] += tender["amount_minor"]
        assert back == {"card": first, "gift": total - first}


@modest
@given(orders_in_steps())
def test_nothing_is_negative_and_nothing_above_what_was_paid(case):
    order, steps = case

    results = answer({"order": order, "steps": steps})["steps"]

    paid = results[0]["max_refundable_minor"]
    for result in results:
        for row in (*result["lines"], *result["shipping"]):
            assert min(row["gross_minor"], row["net_minor"], row["tax_minor"]) >= 0
        assert 0 <= result["refund_total_minor"] <= result["max_refundable_minor"]
        assert 0 <= result["refunded_total_minor"] <= paid
        assert result["net_minor"] + result["tax_minor"] == result["refund_total_minor"]


@modest
@given(orders_in_steps())
def test_a_preview_is_the_execution(case):
    order, steps = case
    for step in steps:
        previewed = deepcopy(step)
        previewed["action"]["type"] = "preview"

        seen, done = answer({"order": order, "steps": [previewed, step]})["steps"]

        assert seen == done


@modest
@given(orders_in_steps())
def test_asking_twice_is_refused(case):
    order, steps = case
    finished = answer({"order": order, "steps": [*steps, {"action": everything(order)}]})["steps"]

    assert "error" in finished[-1] or finished[-1]["refund_total_minor"] == 0


@modest
@given(st.integers(1, 9), st.integers(0, 500), RATES, st.booleans())
def test_equal_units_get_equal_amounts_where_it_divides(quantity, price, rate, included):
    order = {
        "currency": "EUR",
        "prices_include_tax": included,
        "lines": [
            {"id": "A", "quantity": quantity, "unit_price_minor": price * 1000, "tax_rate": rate}
        ],
    }
    step = {"action": {"type": "refund", "lines": [{"line_id": "A", "quantity": 1}]}}

    results = answer({"order": order, "steps": [step] * quantity})["steps"]

    grosses = {result["refund_total_minor"] for result in results}
    assert len(grosses) == 1 if not included or rate == "0" else max(grosses) - min(grosses) <= 1


@modest
@given(st.integers(1, 400), st.integers(0, 3000), st.integers(0, 900))
def test_units_differ_by_one_cent_at_most(quantity, total, tax):
    line = {"id": "A", "quantity": quantity, "line_total_minor": total, "tax_total_minor": tax}
    step = {"action": {"type": "refund", "lines": [{"line_id": "A", "quantity": 1}]}}
    steps = [step] * min(quantity, 30)

    results = answer({"order": {"currency": "EUR", "lines": [line]}, "steps": steps})["steps"]

    nets = {result["net_minor"] for result in results}
    assert max(nets) - min(nets) <= 1


@modest
@given(orders_in_steps(), st.integers(1, 100), st.sampled_from(["gross", "net", "list"]))
def test_amounts_on_a_line_also_end_at_the_line(case, percent, basis):
    order, _ = case
    line_id = order["lines"][0]["id"]
    most = answer({"order": order, "action": everything(order)})["lines"][0]
    if not most["gross_minor"]:
        return
    part = max(most["net_minor"] * percent // 100, 1)
    asked = {"line_id": line_id, "amount_minor": part, "amount_basis": basis}
    step = {"action": {"type": "refund", "lines": [asked]}}

    results = answer({"order": order, "steps": [step] * 3})["steps"]

    back = sum(r["lines"][0]["gross_minor"] for r in results if "error" not in r)
    assert back <= most["gross_minor"] + 2  # document rounding may move a cent between lines


WORDS = st.sampled_from(
    [
        "currency",
        "exponent",
        "lines",
        "id",
        "quantity",
        "unit_price_minor",
        "tax_rate",
        "taxes",
        "rate",
        "total_minor",
        "shipping",
        "fees",
        "payments",
        "amount_minor",
        "type",
        "refund",
        "line_id",
        "unit",
        "full",
        "EUR",
        "A",
        "action",
        "order",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(JSON)
def test_any_json_value_gets_an_answer(value):
    assert isinstance(answer(value), dict)
    assert isinstance(answer({"order": value, "action": value}), dict)


def paths(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from paths(inner, (*path, i))


FULL_CASE = {
    "order": {
        "currency": "EUR",
        "exponent": 2,
        "prices_include_tax": True,
        "lines": [
            {"id": "A", "quantity": 3, "unit_price_minor": 1000, "tax_rate": "0.20"},
            {"id": "B", "quantity": 1, "line_total_minor": 500, "taxes": [{"id": "t"}]},
        ],
        "order_discounts": [{"id": "D", "amount_minor": 100}],
        "shipping": [{"id": "S", "amount_minor": 300, "tax_total_minor": 50}],
        "fees": [{"id": "F", "amount_minor": -50}],
        "payments": [
            {"id": "p", "captured_minor": 1500, "charge_currency": "USD"},
            {"id": "q", "captures_minor": [2150], "shares": [{"order": "this", "amount_minor": 9}]},
        ],
        "total_minor": 3650,
        "tax_rounding": "document",
        "cap_minor": 3000,
        "wallet_balance_minor": 5,
    },
    "previous_refunds": [
        {"lines": [{"line_id": "A", "unit": 1, "amount_minor": 5, "tax_minor": 1}]},
        {"payments": [{"payment_id": "p", "amount_minor": 5}], "amount_minor": 5},
    ],
    "steps": [
        {
            "action": {
                "type": "refund",
                "lines": [{"line_id": "A", "quantity": 1}],
                "shipping": [{"shipping_id": "S", "amount_minor": "full"}],
                "fees": [{"fee_id": "F", "amount_minor": "full"}],
                "retain": {"percent": "10", "fixed_minor": 5, "keep_fee_ids": ["F"]},
                "scale_to_cap": True,
                "tender_order": ["q"],
                "amount_minor": 100,
            }
        }
    ],
}
PATHS = list(paths(FULL_CASE))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PATHS[1:]), JSON), min_size=1, max_size=3))
def test_a_case_with_anything_wrong_in_it_gets_an_answer(changes):
    case = deepcopy(FULL_CASE)
    for path, value in changes:
        inner = case
        try:
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue

    result = answer(case)

    json.dumps(result)


@modest
@given(st.lists(st.text(max_size=20), max_size=5))
def test_every_line_is_answered(texts):
    lines = [line for text in texts for line in text.split("\n")]
    out = StringIO()

    code = answer_lines(lines, out, answer)

    spoken = [line for line in lines if line.lstrip("\ufeff").strip()]
    assert code == 0
    assert len(out.getvalue().splitlines()) == len(spoken)
