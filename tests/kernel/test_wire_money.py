"""Amounts leave and come back exactly, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.kernel.money import Money
from rebond.kernel.untrusted import json_object, uuid_in, words
from rebond.kernel.wire_money import decimal_text, from_decimal_text, scaled, unscaled

CURRENCIES = st.sampled_from(["JPY", "ISK", "EUR", "HUF", "KWD"])


@given(st.integers(-(10**11), 10**11), CURRENCIES, st.integers(0, 4))
def test_what_can_be_written_is_read_back(minor, currency, digits):
    amount = Money(minor, currency)
    units, text = scaled(amount, digits), decimal_text(amount, digits)

    assert (units is None) is (text is None)
    if units is not None:
        assert unscaled(units, currency, digits) == amount
        assert from_decimal_text(text, currency) == amount


def test_what_needs_rounding_is_not_written():
    assert scaled(Money(550, "HUF"), 0) is None
    assert scaled(Money(5, "ISK"), 2) == 500
    assert decimal_text(Money(-5, "EUR"), 2) == "-0.05"
    assert decimal_text(Money(1234, "KWD"), 2) is None


@pytest.mark.parametrize(
    "text", ["", ".5", "5.", "1e3", "١٢", "5,00", " 5", "0x5", "--5", "5.001", "NaN", None, 5, 5.0]
)
def test_what_is_no_exact_amount_is_refused(text):
    with pytest.raises(ValueError):
        from_decimal_text(text, "EUR")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b"\xff", b"[" * 9999, b'{"a":' * 9999])
def test_what_is_no_object_is_refused_by_one_error(body):
    with pytest.raises(ValueError):
        json_object(body)


def test_words_are_short_and_printable_and_names_are_names():
    assert words("a\r\nSet-Cookie: b\x00", 8) == "aSet-Coo"
    assert [words(x, 9) for x in (None, [], {}, 7)] == ["", "", "", "7"]
    assert [uuid_in(x) for x in (None, 7, "x", "", ["a"])] == [None] * 5
