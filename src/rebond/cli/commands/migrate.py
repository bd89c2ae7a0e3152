"""Bring the database up to date with this version of Rebond. Safe to run again."""

import argparse
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--quiet", action="store_true", help="print nothing unless it fails")


def run(args: argparse.Namespace) -> int:
    """Apply all migrations."""
    set_up()
    management = import_module("django.core.management")
    management.call_command("migrate", interactive=False, verbosity=0 if args.quiet else 1)
    return 0
