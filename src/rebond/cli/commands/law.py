"""Answer questions of law: JSON Lines in, one answer a line out, nothing stored."""

from __future__ import annotations

import argparse
import sys

from rebond.cli.jsonl import answer_lines, opened
from rebond.domain.law import answer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="cases as JSON Lines (default: standard input)"
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line of the file; 0 when all were answered, 2 when there is no such file."""
    try:
        stream = opened(args.file)
    except OSError as error:
        print(f"rebond law: {args.file}: {error.strerror}", file=sys.stderr)
        return 2
    with stream:
        return answer_lines(stream, sys.stdout, answer)
