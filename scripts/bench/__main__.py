"""Measure what Rebond does on this machine: `python -m scripts.bench [-k WORD]`.

One line for each measure: name, ours, the other, ratio, unit. BENCH_JSON=file writes the same as
JSON. REBOND_DATA=folder has the full data set for pages; without it they use the slice that
ships with the package, and a line says so. BENCH_HOME=folder keeps the database for the next run.
`-k WORD` measures only what has WORD in its name.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from scripts.bench import documents, flow, labels, pages, policies, questions, refunds, trials

GROUPS = (questions, policies, documents, labels, refunds, flow, trials, pages)


def main(words: list[str]) -> int:
    only = words[words.index("-k") + 1] if "-k" in words else ""
    measures = []
    with _home() as home:
        os.environ["REBOND_HOME"] = str(home)
        import_module("rebond.cli.boot").set_up()
        print(f"{'measure':<34}{'ours':>12}{'other':>12}{'ratio':>9}  unit, measured against")
        for group in GROUPS:
            for measure in group.measures(home, only):
                measures.append(measure)
                print(
                    f"{measure.name:<34}{measure.ours:>12.2f}{measure.other:>12.2f}"
                    f"{measure.ratio:>9.2f}  {measure.unit}, {measure.against}",
                    flush=True,
                )
    if target := os.environ.get("BENCH_JSON"):
        rows = [asdict(m) | {"ratio": m.ratio} for m in measures]
        Path(target).write_text(json.dumps(rows, indent=2), encoding="utf-8")
    return 0


@contextmanager
def _home() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_HOME"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="rebond-bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
