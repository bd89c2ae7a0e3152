"""The command: lines in, answers out, in order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).with_name("law_samples.jsonl")


def test_every_line_is_answered_in_order(tmp_path):
    lines = SAMPLES.read_text("utf-8").splitlines()
    asked = tmp_path / "facts.jsonl"
    asked.write_text("\n".join([*lines, "no JSON"]), "utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "rebond", "law", str(asked)], capture_output=True, text=True
    )

    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert [answer["id"] for answer in found[:-1]] == [json.loads(line)["id"] for line in lines]
    assert found[-1]["error"] == "INVALID_INPUT"


def test_the_command_loads_no_framework():
    program = "import rebond.cli.commands.law, sys; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
