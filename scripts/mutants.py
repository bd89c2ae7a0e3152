"""Change the pure money code in thousands of small ways and count which changes a test notices.

    python scripts/mutants.py               every change; many minutes
    python scripts/mutants.py --every 20    one change in twenty

The changes are those of `mutmut`. Each runs in a process of its own: first the samples and the kept
answers, which notice most, then the rules and the properties for what is left. Exits with 1 when
fewer than nine in ten are noticed, and names those that were not.
"""

import argparse
import importlib
import importlib.abc
import importlib.util
import json
import os
import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "rebond.domain.refunds.amounts"
SOURCE = ROOT / "src" / Path(*PACKAGE.split("."))
TESTS = ROOT / "tests" / "domain" / "refunds"
SLOW_TESTS = [str(TESTS / "test_quote_rules.py"), str(TESTS / "test_quote_properties.py")]
WANTED = 0.9
SECONDS = 120
NAME = re.compile(r"\['(x[^']*__mutmut_\d+)'\] =")


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the package with every change in it, each asleep until it is called by name."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name, path=None, target=None):
        if name != PACKAGE and not name.startswith(PACKAGE + "."):
            return None
        is_package = name == PACKAGE
        return importlib.util.spec_from_loader(name, self, is_package=is_package)

    def exec_module(self, module) -> None:
        is_package = module.__name__ == PACKAGE
        file = SOURCE / ("__init__.py" if is_package else f"{module.__name__.rsplit('.', 1)[1]}.py")
        if is_package:
            module.__path__ = [str(SOURCE)]
        module.__file__ = str(file)
        code = mutate_file_contents(str(file), file.read_text()).code
        self.names += [f"{module.__name__}.{name}" for name in NAME.findall(code)]
        exec(compile(code, str(file), "exec"), module.__dict__)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args().every
    mutated = Mutated()
    sys.meta_path.insert(0, mutated)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["MUTANT_UNDER_TEST"] = ""
    checks = quick_checks()
    names = sorted(mutated.names)[::every]
    print(f"{len(names)} changes", flush=True)
    left, began = [], time.monotonic()
    for place, name in enumerate(names, 1):
        if not is_noticed(name, checks):
            left.append(name)
        if place % 100 == 0:
            print(f"  {place}, {len(left)} not noticed yet, {time.monotonic() - began:.0f} s")
    left = [name for name in left if not is_noticed(name, run_slow_tests)]
    share = 1 - len(left) / len(names)
    print(*left, f"noticed {len(names) - len(left)} of {len(names)}: {share:.1%}", sep="\n")
    return 0 if share >= WANTED else 1


def quick_checks():
    """A function that says whether all samples and kept answers are as they should be."""
    quotes = importlib.import_module("tests.domain.refunds.many_quotes")
    answer = sys.modules[PACKAGE].answer
    kept = dict(line.split() for line in quotes.KEPT.read_text().splitlines())
    many = list(quotes.cases())
    random.Random(1).shuffle(many)
    samples = [json.loads(line) for line in (TESTS / "quote_samples.jsonl").open()]
    told = [json.dumps(answer(sample), default=str) for sample in samples]

    def check() -> bool:
        same = all(
            json.dumps(answer(sample), default=str) == one
            for sample, one in zip(samples, told, strict=True)
        )
        return same and all(quotes.digest(case) == kept[name] for name, case in many)

    return check


def run_slow_tests() -> bool:
    """Whether the rules and the properties pass."""
    return pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-n", "0", *SLOW_TESTS]) == 0


def is_noticed(name: str, check) -> bool:
    """Whether ``check`` fails, in a process of its own, with the change ``name`` awake."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        passed = False
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            set_mutant_under_test(name)
            passed = check()
        finally:
            os._exit(0 if passed else 1)
    _, status = os.waitpid(child, 0)
    return status != 0


if __name__ == "__main__":
    sys.exit(main())
