"""Fire the attack catalogue at an installation of ours: `python -m scripts.attacks`.

A real web server on loopback, two shops, one of them the attacker's. Exit code 1 when a row failed;
with --strict also while a row is open, that is not built, or not in full.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from importlib import import_module

from scripts.attacks import table
from scripts.attacks.rows import FAIL, LAST, NOT_APPLICABLE, OPEN, PASS, ROWS, Seen, fire
from scripts.attacks.stage import Stage
from scripts.faults.installation import ROOT

PAGE = ROOT / "docs" / "security.md"
CHAPTERS = (
    "encoding",
    "outward",
    "papers",
    "money",
    "credit",
    "background",
    "browser",
    "http",
    "files",
    "sign_in",
    "people",
    "authorisation",
    "tokens",
    "configuration",
)


def main(words: Sequence[str]) -> int:
    """Fire what ``words`` ask for; returns the exit code."""
    args = _arguments().parse_args(words)
    for chapter in CHAPTERS:
        import_module(f"scripts.attacks.{chapter}")
    wanted = _wanted(args)
    with Stage() as stage:
        seen = [_fire(number, stage) for number in wanted]
        kept = stage.here.verify()
        errors = stage.here.web_errors()
    return _sum_up(seen, kept, errors, args)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.attacks", description=__doc__)
    parser.add_argument("--only", default="", help="rows (26,62)")
    parser.add_argument("--sample", action="store_true", help="without the rows that take long")
    parser.add_argument("--strict", action="store_true", help="an open row is a failure")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    return parser


def _wanted(args: argparse.Namespace) -> list[int]:
    if args.only:
        return [int(number) for number in args.only.split(",")]
    every = range(1, LAST + 1)
    return [n for n in every if not args.sample or (n in ROWS and ROWS[n].is_quick)]


def _fire(number: int, stage: Stage) -> Seen:
    began = time.monotonic()
    seen = fire(number, stage)
    print(f"{table.line(seen)} ({time.monotonic() - began:.1f} s)", flush=True)
    return seen


def _sum_up(
    seen: Sequence[Seen], kept: str, errors: Sequence[str], args: argparse.Namespace
) -> int:
    print(f"verify afterwards: {kept}")
    for text in errors:
        print(f"the web server said: {text}")
    many = {result: sum(one.result == result for one in seen) for result in table.RESULTS}
    is_whole = not args.only and not args.sample
    if args.write and is_whole:
        table.write(seen, PAGE)
    elif args.write:
        print("the table was not written: only a whole run is")
    print(
        f"{many[PASS]} passed, {many[NOT_APPLICABLE]} not applicable, "
        f"{many[FAIL]} failed, {many[OPEN]} open"
    )
    is_bad = many[FAIL] or kept != "kept" or errors or not seen or (args.write and not is_whole)
    return 1 if is_bad or (args.strict and many[OPEN]) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave no process behind
    sys.exit(main(sys.argv[1:]))
