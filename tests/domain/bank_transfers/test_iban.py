"""An account as anybody might type it: checked, or refused by name."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.odd import TEXTS

from rebond.domain.bank_transfers.errors import IbanUnreadable, NotSepa
from rebond.domain.bank_transfers.iban import SEPA, check_iban

# Examples of the registry: ISO 13616, release 99.
KNOWN = (
    *("FR1420041010050500013M02606", "DE89370400440532013000", "NL91ABNA0417164300"),
    *("BE68539007547034", "MT84MALT011000012345MTLCAST001S", "NO9386011117947"),
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ‐٣ſ\x00"


@settings(max_examples=300)
@given(typed=st.one_of(TEXTS, st.text(LETTERS, max_size=40)))
@example(typed="FR76" + "9" * 5000)
@example(typed="ＦＲ７６３０００６００００１１２３４５６７８９０１８９")
def test_whatever_is_typed_is_checked_or_refused(typed):
    try:
        found = check_iban(typed)
    except (IbanUnreadable, NotSepa):
        return

    assert found.country in SEPA
    assert found.iban.isascii() and found.iban.isalnum() and len(found.iban) <= 34
    assert check_iban(found.iban) == found


@settings(max_examples=300)
@given(known=st.sampled_from(KNOWN), data=st.data())
def test_one_wrong_sign_or_two_that_changed_places_are_noticed(known, data):
    place = data.draw(st.integers(2, len(known) - 1))
    signs = [sign for sign in LETTERS[:36] if sign != known[place]]
    wrong = known[:place] + data.draw(st.sampled_from(signs)) + known[place + 1 :]
    swapped = known[: place - 1] + known[place] + known[place - 1] + known[place + 1 :]

    assert check_iban(known).iban == known
    for typed in {wrong, swapped} - {known}:
        with pytest.raises((IbanUnreadable, NotSepa)):
            check_iban(typed)


@given(known=st.sampled_from(KNOWN), gaps=st.lists(st.integers(0, 30), max_size=8))
def test_blanks_and_small_letters_do_not_matter(known, gaps):
    typed = known.lower()
    for place in gaps:
        typed = typed[:place] + " " + typed[place:]

    assert check_iban(f" {typed} ").iban == known
