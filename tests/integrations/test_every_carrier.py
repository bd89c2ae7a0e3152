"""The promise every carrier makes. A new file in the folder is tested by being there."""

import pytest

from rebond.domain.shipping.ports import SendingAdvice, carriers

EVERY = pytest.mark.parametrize("key", carriers.keys())


@EVERY
def test_it_says_who_it_is_and_how_to_send(key):
    carrier = carriers[key]()

    assert (carrier.key, bool(carrier.title)) == (key, True)
    assert isinstance(carrier.advice(""), SendingAdvice)


@EVERY
def test_a_number_is_cleaned_once_and_for_all(key):
    carrier = carriers[key]()
    try:
        number = carrier.clean_number(" 6a 123.456 ")
    except ValueError:
        return

    assert carrier.clean_number(number) == number
    assert len(number) <= 80


@EVERY
@pytest.mark.parametrize("junk", ["<script>", "x" * 200, "\x00", "６Ａ"])
def test_junk_is_refused(key, junk):
    with pytest.raises(ValueError):
        carriers[key]().clean_number(junk)
