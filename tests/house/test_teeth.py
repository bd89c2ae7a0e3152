"""The bugs that `make teeth` plants still find their places."""

from collections import Counter
from pathlib import Path

import pytest
from scripts.teeth import PLANTS, Edit

ROOT = Path(__file__).parents[2]


def is_lost(edit: Edit) -> bool:
    """Whether what ``edit`` replaces is not there, or more than once."""
    return (ROOT / edit.file).read_text(encoding="utf-8").count(edit.old) != 1


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_each_planted_bug_finds_its_place_and_its_test(plant):
    file, _, name = plant.test.partition("::")

    assert [edit for edit in plant.edits if is_lost(edit)] == []
    assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text(encoding="utf-8")


def test_a_text_that_stands_nowhere_is_lost():
    assert is_lost(Edit("scripts/teeth.py", "no such line" * 3, ""))


def test_no_two_plants_have_one_name():
    assert max(Counter(plant.name for plant in PLANTS).values()) == 1
