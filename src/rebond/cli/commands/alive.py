"""Ask the web process here whether it may be sent visitors: a container's health check.

Asks http://HOST:PORT/ready/. Exit code 1 when it does not answer or is not ready.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request

ANYWHERE = {"0.0.0.0", "::", ""}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))


def run(args: argparse.Namespace) -> int:
    """Ask, and say what is missing."""
    host = os.environ.get("HOST", "127.0.0.1")
    address = f"http://{'127.0.0.1' if host in ANYWHERE else host}:{args.port}/ready/"
    try:
        with urllib.request.urlopen(address, timeout=4):
            return 0
    except urllib.error.HTTPError as answer:
        told = json.loads(answer.read() or b"{}") if answer.code == 503 else {}
        print("; ".join(told.get("missing", [])) or f"it answers {answer.code}", file=sys.stderr)
    except OSError as problem:
        print(f"{address}: {problem}", file=sys.stderr)
    return 1
