"""Gathers what belongs into an archive, and puts what is in one into an empty installation."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

import rebond
from rebond.domain.shops.models import Shop
from rebond.kernel.backup import archive, postgresql, schema, sqlite
from rebond.kernel.backup.archive import Part, Unreadable
from rebond.kernel.clock import now
from rebond.kernel.crash import point

KEY, HEADS, FILES = "secret_key", "heads.jsonl", "files"
DATABASE = "rebond.sqlite3"


@dataclass(frozen=True)
class Restored:
    """What came back: the moment of the backup, and whether its secret key is ours."""

    taken_at: datetime
    files: int
    has_our_key: bool


def make(folder: Path, *, passphrase: str = "") -> Path:
    """Write a new archive into ``folder`` and return it. Raises ``Unreadable``, ``AnotherIsMade``.

    The heads of chains go first, the database then, the files last: what the database names is
    in the archive, and it has every document whose head is.
    """
    with archive.only_one(folder) as work:
        moment = now().astimezone(UTC)
        heads = _copied(Path(settings.HEADS_FILE), work / HEADS)
        database, facts = _database(work)
        point("backup.copied")
        end = archive.SEALED if passphrase else archive.PLAIN
        target = folder / f"{archive.PREFIX}{moment:%Y%m%dT%H%M%SZ}{end}"
        facts |= {
            "rebond": rebond.__version__,
            "taken_at": moment.isoformat(),
            "database": connection.vendor,
            "key": _print_of_key(settings.SECRET_KEY),
            "passphrase": passphrase,
        }
        archive.write(target, [*_key(), *heads, *database, *_files()], facts, work=work)
        point("backup.written")
    return target


def put_back(path: Path, *, passphrase: str = "") -> Restored:
    """Fill this empty installation from the archive at ``path``. Raises ``Unreadable``.

    All payouts are on hold before anybody can use it: see ``rebond restored``. One that is
    interrupted can be begun again.
    """
    home = Path(settings.STATIC_ROOT).parent
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.only_one(home / "restoring") as work:
        manifest = archive.unpack(path, work, passphrase=passphrase)
        if manifest["database"] != connection.vendor:
            raise Unreadable(f"it holds a {manifest['database']} database, not {connection.vendor}")
        _must_be_empty()
        moment = datetime.fromisoformat(manifest["taken_at"])
        has_our_key = _put_key(work / KEY, home / KEY, manifest["key"])
        count = _put_files(work / FILES)
        _put_once(work / HEADS, Path(settings.HEADS_FILE))
        point("restore.files")
        if connection.vendor == "sqlite":
            _put_sqlite(work / sqlite.NAME, moment)
        else:
            _put_postgresql(work / postgresql.FOLDER, manifest, moment)
    shutil.rmtree(home / "restoring", ignore_errors=True)
    return Restored(moment, count, has_our_key)


def is_unfinished() -> bool:
    """Whether a restore into this installation was begun and not ended."""
    return postgresql.is_begun()


def _copied(source: Path, target: Path) -> list[Part]:
    if not source.exists():
        return []
    shutil.copyfile(source, target)
    return [Part(HEADS, target)]


def _database(work: Path) -> tuple[list[Part], dict[str, Any]]:
    if connection.vendor == "sqlite":
        copy = work / DATABASE
        sqlite.copy_out(Path(connection.settings_dict["NAME"]), copy)
        return [Part(sqlite.NAME, copy)], {"migrations": schema.applied()}
    with postgresql.one_snapshot():
        parts, tables = postgresql.copy_out(work)
        return parts, {"migrations": schema.applied(), "tables": tables}


def _key() -> list[Part]:
    kept = Path(settings.STATIC_ROOT).parent / KEY
    return [Part(KEY, kept)] if kept.exists() else []


def _files() -> Iterator[Part]:
    root = Path(settings.MEDIA_ROOT)
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            yield Part(f"{FILES}/{path.relative_to(root).as_posix()}", path)


def _print_of_key(key: str) -> str:
    return hashlib.sha256(b"rebond backup " + key.encode()).hexdigest()[:16]


def _must_be_empty() -> None:
    if postgresql.is_begun():
        return
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return
    if Shop._meta.db_table in connection.introspection.table_names() and Shop.objects.exists():
        raise Unreadable("there is a shop in this installation already: restore into an empty one")


def _put_key(kept: Path, target: Path, wanted: str) -> bool:
    """Put the secret key where none was in use yet; whether processes will have the right one."""
    if "REBOND_SECRET_KEY" not in os.environ and kept.exists():
        kept.replace(target)  # what is there was made by this command's own start, or is the same
        return True
    return _print_of_key(settings.SECRET_KEY) == wanted


def _put_files(unpacked: Path) -> int:
    root, count = Path(settings.MEDIA_ROOT), 0
    for path in sorted(unpacked.rglob("*")) if unpacked.exists() else []:
        if path.is_file():
            target = root / path.relative_to(unpacked)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
            count += 1
    return count


def _put_once(source: Path, target: Path) -> None:
    """A file of witnesses that is still there knows more than the backup does."""
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)


def _put_sqlite(copy: Path, moment: datetime) -> None:
    """Update and hold the copy where nobody sees it, then give it its place in one step."""
    _command(copy, "migrate", "--quiet")
    _hold(copy, moment)
    point("restore.held")
    _fold_log(copy)
    connections.close_all()
    target = Path(connection.settings_dict["NAME"])
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    copy.replace(target)
    archive.sync_folder(target.parent)


def _fold_log(database: Path) -> None:
    """Fold the write-ahead log into the file itself, which then moves alone."""
    with sys.modules["sqlite3"].connect(database) as open_one:
        open_one.execute("PRAGMA journal_mode=DELETE")
    open_one.close()


def _put_postgresql(folder: Path, manifest: dict[str, Any], moment: datetime) -> None:
    postgresql.mark_begun()
    schema.migrate_to(manifest["migrations"])
    postgresql.copy_in(folder, manifest["tables"])
    point("restore.loaded")
    call_command("migrate", interactive=False, verbosity=0)
    _hold(None, moment)
    point("restore.held")
    postgresql.mark_ended()


def _hold(database: Path | None, moment: datetime) -> None:
    """Hold all payouts; the command says so on its last line, and ends with 1 while it is so."""
    said = _command(database, "restored", "--since", moment.isoformat(), may_end=(0, 1)).stdout
    if not said.strip().endswith(("Payouts wait for the comparison.", "Nothing is held.")):
        raise Unreadable("payouts could not be put on hold")


def _command(
    database: Path | None, *words: str, may_end: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[str]:
    """Run one of our commands on ``database``, or on that of the settings."""
    env = dict(os.environ)
    if database is not None:
        env["DATABASE_URL"] = f"sqlite:///{database}"
    done = subprocess.run(
        [sys.executable, "-m", "rebond", *words], env=env, capture_output=True, text=True
    )
    if done.returncode not in may_end:
        raise Unreadable(f"rebond {words[0]} failed: {done.stderr[-1000:]}")
    return done
