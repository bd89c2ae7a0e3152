"""A whole return is played with the log at its loudest: nobody who is in it is named there."""

import json
import os
import subprocess
import sys

PEOPLE = ("@", "Camille", "Jeanne", "Martin", "rue ")


def test_the_log_of_a_whole_story_names_nobody():
    done = subprocess.run(
        [sys.executable, "-m", "rebond", "story", "--lang=fr"],
        capture_output=True,
        text=True,
        env={**os.environ, "REBOND_LOG_FORM": "json", "REBOND_LOG_LEVEL": "INFO"},
        timeout=300,
    )

    assert done.returncode == 0
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line for line in done.stderr.splitlines() if not line.startswith("{")] == []
    assert [line for line in lines if any(word in str(line) for word in PEOPLE)] == []
