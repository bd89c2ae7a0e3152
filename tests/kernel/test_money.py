"""Money adds up, splits without loss, and never mixes currencies."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebond.kernel.money import Money, allocate, exponent_of, half_up


def test_money_adds_and_subtracts_in_one_currency():
    assert Money(150, "EUR") + Money(50, "EUR") - Money(25, "EUR") == Money(175, "EUR")
    assert -Money(150, "EUR") == Money(-150, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")


def test_two_currencies_do_not_mix():
    with pytest.raises(ValueError, match="do not mix"):
        Money(1, "EUR") + Money(1, "USD")


def test_ten_split_in_three_gives_the_cent_to_the_first():
    assert Money(1000, "EUR").split([1, 1, 1]) == [
        Money(334, "EUR"),
        Money(333, "EUR"),
        Money(333, "EUR"),
    ]


def test_a_currency_knows_its_decimals():
    assert [exponent_of(code) for code in ("JPY", "EUR", "KWD", "XXX")] == [0, 2, 3, 2]


def test_money_is_written_with_its_decimals():
    assert str(Money(-1234, "EUR")) == "-12.34 EUR"
    assert str(Money(1234, "JPY")) == "1234 JPY"
    assert str(Money(1234, "KWD")) == "1.234 KWD"


def test_a_half_goes_up_and_its_mirror_down():
    assert [half_up(Fraction(n, 2)) for n in (1, 3, -1, -3, 4)] == [1, 2, -1, -2, 2]
    assert half_up(7) == 7


def test_zero_weights_get_nothing_unless_all_are_zero():
    assert allocate(5, [0, 1, 0]) == [0, 5, 0]
    assert allocate(3, [0, 0]) == [2, 1]
    assert allocate(0, []) == []


def test_a_negative_total_is_the_mirror():
    assert allocate(-1000, [1, 1, 1]) == [-334, -333, -333]


def test_what_cannot_be_spread_is_refused():
    with pytest.raises(ValueError, match="negative"):
        allocate(1, [-1])
    with pytest.raises(ValueError, match="nothing to spread"):
        allocate(1, [])


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_parts_sum_to_the_whole_and_stay_within_a_cent_of_their_share(total, weights):
    parts = allocate(total, weights)

    assert sum(parts) == total
    if any(weights):
        exact = [Fraction(total * weight, sum(weights)) for weight in weights]
        assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
