"""A body holds the fields that we know, and no other."""

from collections import defaultdict
from importlib import import_module
from inspect import isclass
from pathlib import Path

import pytest
from ninja import Schema
from tests.api.clients import code, machine, post
from tests.world import order_of, small_shop

from rebond.api import v1
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    return order_of(small_shop())


def test_a_misspelt_amount_does_not_refund_all_that_is_left():
    till = machine(small_shop())
    order = order_of(till.key.shop)

    answer = post(till, f"orders/{order.number}/refunds", {"amount": 100, "reason": "x"}, key="1")

    assert code(answer) == (422, "invalid_body")
    assert answer.json()["facts"]["places"][0]["at"].endswith("amount")
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("field", ["shop_id", "request_state", "approved_by", "id"])
def test_what_only_we_write_is_refused_in_a_new_return(field):
    till = machine(small_shop())
    order = order_of(till.key.shop)
    line = {"order_line": str(order.lines.first().pk), "quantity": 1, "reason": "changed_mind"}

    answer = post(till, "returns", {"order": "1001", "lines": [line], field: "x"}, key="1")

    assert code(answer) == (422, "invalid_body")
    assert not Return.objects.exists()


def test_no_cache_keeps_what_a_key_was_told():
    till = machine(small_shop())

    assert till.get("/api/v1/orders").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("amount", ["100", True, 1.0, [100]])
def test_what_only_looks_like_an_amount_pays_nothing(order, amount):
    answer = post(
        machine(order.shop),
        f"orders/{order.number}/refunds",
        {"amount_minor": amount, "reason": "late"},
        key="k1",
    )

    assert code(answer) == (422, "invalid_body")
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("day", [0, "0", "1772442000", 1.5])
def test_a_number_is_no_day(order, day):
    body = {"asked_on": day, "ordered_on": "2026-03-02", "country": "FR", "lines": []}

    answer = post(machine(order.shop), "policies/decisions", body)

    assert code(answer) == (422, "invalid_body")


def test_no_two_shapes_share_a_name():
    """The document names a shape by its class alone: of two with one name, one would be lost."""
    places = defaultdict(set)
    for file in sorted(Path(v1.__file__).parent.glob("*.py")):
        module = import_module(f"{v1.__name__}.{file.stem}")
        for name, shape in vars(module).items():
            if isclass(shape) and issubclass(shape, Schema) and name == shape.__name__:
                places[name].add(shape.__module__)

    assert places
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
