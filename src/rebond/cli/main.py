"""Finds the command that was asked for and runs it; loads nothing that it does not need."""

import argparse
import ast
import sys
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

from rebond import __version__

COMMANDS = Path(__file__).parent / "commands"


def main(argv: list[str] | None = None) -> int:
    """Run ``argv`` (without the program's name) and return the exit code.

    A name that is no command of ours is handed to Django's own commands
    (``shell``, ``dbshell``, ``makemigrations`` …).
    """
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_table_of_contents())
        return 0
    if words[0] in {"-V", "--version", "version"}:
        print(f"rebond {__version__}")
        return 0
    name, rest = words[0], words[1:]
    if name not in _names():
        return _django(words)
    module = import_module(f"rebond.cli.commands.{_module_of(name)}")
    parser = argparse.ArgumentParser(
        prog=f"rebond {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    try:
        return int(module.run(parser.parse_args(rest)) or 0)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141


def _names() -> list[str]:
    stems = (path.stem for path in COMMANDS.glob("*.py") if path.stem != "__init__")
    return sorted(stem.rstrip("_").replace("_", "-") for stem in stems)


def _module_of(name: str) -> str:
    """The file of a command. One named by a word of Python's ends in an underscore."""
    stem = name.replace("-", "_")
    return f"{stem}_" if iskeyword(stem) else stem


def _table_of_contents() -> str:
    lines = ["rebond: returns and refunds for online shops", "", "usage: rebond COMMAND [options]"]
    lines += ["", "commands:"]
    for name in _names():
        tree = ast.parse((COMMANDS / f"{_module_of(name)}.py").read_text(encoding="utf-8"))
        summary = (ast.get_docstring(tree) or "").split("\n")[0]
        lines.append(f"  {name:<12} {summary}")
    lines += ["", "`rebond COMMAND --help` says more about one."]
    return "\n".join(lines)


def _django(words: list[str]) -> int:
    boot = import_module("rebond.cli.boot")
    management = import_module("django.core.management")
    boot.set_up()
    if words[0] not in management.get_commands():
        print(f"rebond: there is no command {words[0]!r}. Try `rebond --help`.", file=sys.stderr)
        return 2
    management.execute_from_command_line(["rebond", *words])
    return 0
