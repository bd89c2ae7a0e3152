"""The API against its own description, at a running server."""

import subprocess
import sys

import pytest
from scripts.contract import ROOT


@pytest.mark.once
@pytest.mark.timeout(600)
def test_no_answer_is_an_error_of_ours_or_not_described():
    ran = subprocess.run(
        [sys.executable, "-m", "scripts.contract", "--phases=coverage", "--no-color"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " generated, " in ran.stdout and "promises kept" in ran.stdout
