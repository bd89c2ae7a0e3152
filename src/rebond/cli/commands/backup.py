"""Make one archive of everything: database, files, secret key; beside a living installation.

  rebond backup                          into the folder `backups` of REBOND_HOME
  rebond backup /mnt/elsewhere --keep 30
The database is copied as it is at one moment; nobody waits for it. The archive is sealed where
REBOND_BACKUP_PASSPHRASE or --passphrase-file gives a passphrase; keep that somewhere else. An
archive appears only when it is whole: one that was interrupted leaves nothing that looks like it.
`rebond restore --drill ARCHIVE` shows that it can be used. Exit code 1 when none was made.
"""

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from rebond.cli.boot import set_up
from rebond.cli.passphrase import add_passphrase_option, passphrase_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", nargs="?", type=Path, help="where archives are kept")
    parser.add_argument("--keep", type=int, metavar="N", help="remove all but the newest N")
    add_passphrase_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write the archive and say what is in it."""
    set_up()
    if args.keep is not None and args.keep < 1:
        print("--keep needs 1 or more.", file=sys.stderr)
        return 2
    archive = import_module("rebond.kernel.backup.archive")
    making = import_module("rebond.cli.archiving")
    settings = import_module("django.conf").settings
    folder = args.folder or settings.STATIC_ROOT.parent / "backups"
    began = time.monotonic()
    try:
        made = making.make(folder, passphrase=passphrase_of(args))
    except archive.AnotherIsMade:
        print(f"Another backup is being made in {folder}.", file=sys.stderr)
        return 1
    except archive.Unreadable as problem:
        print(f"No backup was made: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"No backup was made: {problem}", file=sys.stderr)
        return 1
    size = made.stat().st_size / 1_000_000
    print(f"{made}  {size:.1f} MB  {time.monotonic() - began:.1f} s", flush=True)
    for old in archive.older(folder, args.keep) if args.keep else []:
        old.unlink()
        print(f"removed {old.name}")
    return 0
