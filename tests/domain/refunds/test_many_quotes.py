"""No answer to thousands of cases changes unnoticed."""

import json

from tests.domain.refunds.many_quotes import KEPT, cases, digest

from rebond.domain.refunds.amounts import answer


def test_the_answers_are_those_that_were_kept():
    kept = dict(line.split() for line in KEPT.read_text().splitlines())
    told = 0

    for name, case in cases():
        if digest(case) != kept.pop(name):
            print(name, json.dumps(case), json.dumps(answer(case), default=str), sep="\n")
            told += 1
        assert told < 5, "answers changed: see above; many_quotes.py says how to keep new ones"

    assert (told, kept) == (0, {})


def test_the_cases_come_as_far_as_they_should():
    found = [answer(case) for name, case in cases() if name.startswith("thrown")]
    steps = [one for result in found for one in result.get("steps", [result])]

    assert sum("error" not in one for one in steps) > 700
    assert len({one["error"] for one in steps if "error" in one}) >= 10
