"""Play one return from the wish to the credit note, on a database that is thrown away.

Every step goes through the same actions as the screens. Shows each event, amount and document,
in the language of your terminal.
"""

import argparse
import locale
import os
import tempfile
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--lang", choices=["fr", "en"], help="language (that of the terminal)")


def run(args: argparse.Namespace) -> int:
    """Play the story in a temporary folder."""
    language = args.lang or _language_of_terminal()
    with tempfile.TemporaryDirectory(prefix="rebond-story-") as folder:
        os.environ["REBOND_HOME"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/story.sqlite3"
        os.environ["REBOND_SMTP_URL"] = f"file://{folder}/outbox"
        set_up()
        import_module("django.core.management").call_command(
            "migrate", interactive=False, verbosity=0
        )
        import_module("rebond.cli.story").play(language)
    return 0


def _language_of_terminal() -> str:
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "fr" if wanted.lower().startswith("fr") else "en"
