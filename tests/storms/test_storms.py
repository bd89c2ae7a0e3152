"""Every storm once, small: many processes at the same instant, and one exact end."""

import pytest
from scripts.faults import storms

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", storms.CASES, ids=lambda case: case.label)
def test_a_storm_ends_as_it_must(case, stage):
    print(f"seed={stage.seed} db={stage.database} --only '{case.label}'")

    assert case.run(stage)
