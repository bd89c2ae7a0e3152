"""The passphrase that seals an archive: from a file or from the environment, never typed openly."""

import argparse
import os
from pathlib import Path

NAME = "REBOND_BACKUP_PASSPHRASE"


def add_passphrase_option(parser: argparse.ArgumentParser) -> None:
    """Declare ``--passphrase-file``."""
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=f"its first line; else {NAME}"
    )


def passphrase_of(args: argparse.Namespace) -> str:
    """The passphrase that was given, or ""."""
    if args.passphrase_file is None:
        return os.environ.get(NAME, "")
    lines: list[str] = args.passphrase_file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise SystemExit(f"{args.passphrase_file} is empty")
    return lines[0]
