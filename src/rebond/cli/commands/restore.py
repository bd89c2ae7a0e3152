"""Put an archive of `rebond backup` into an empty installation; or only try whether it would go.

  rebond restore ARCHIVE           into this empty installation; no process of it may run
  rebond restore --drill ARCHIVE   beside it, into a place of its own; ends with `verify`, prints
                                   the minutes, leaves nothing behind
An archive of an older version is brought up to date; it goes into the kind of database that it came
from. Afterwards all payouts wait until the providers were asked what happened since: see
`rebond restored`. With PostgreSQL a drill makes a database of its own on the same server; --into
names an empty one where that is not allowed. Exit code 1 when it did not go.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from rebond.cli.boot import set_up
from rebond.cli.passphrase import add_passphrase_option, passphrase_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("archive", type=Path)
    parser.add_argument("--drill", action="store_true", help="try it beside the installation")
    parser.add_argument("--into", metavar="URL", help="with --drill: an empty database for it")
    add_passphrase_option(parser)


def run(args: argparse.Namespace) -> int:
    """Restore, or try to."""
    if not args.archive.is_file():
        print(f"There is no archive {args.archive}.", file=sys.stderr)
        return 2
    set_up()
    if args.drill:
        return int(import_module("rebond.cli.drill").run(args.archive, args, passphrase_of(args)))
    unreadable = import_module("rebond.kernel.backup.archive").Unreadable
    try:
        back = import_module("rebond.cli.archiving").put_back(
            args.archive, passphrase=passphrase_of(args)
        )
    except unreadable as problem:
        print(f"Not restored: {problem}", file=sys.stderr)
        return 1
    print(f"Restored as of {back.taken_at:%Y-%m-%d %H:%M:%S} UTC, {back.files} files.")
    print("Payouts wait until each provider was asked what happened since: start `rebond work`.")
    if not back.has_our_key:
        print(
            "REBOND_SECRET_KEY is not the one of the backup: links in letters and second factors"
            " by an app will not work.",
            file=sys.stderr,
        )
    return 0
