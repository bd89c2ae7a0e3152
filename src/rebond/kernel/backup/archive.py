"""One file that holds everything: written whole or not at all, and checked when it is unpacked.

A tar, packed with gzip, sealed where a passphrase is given. Its last entry, `manifest.json`, names
every other one with its size and SHA-256: an archive without it was cut short.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from rebond.kernel.backup.sealing import SealedReader, SealingWriter, WrongKey, is_sealed

MANIFEST = "manifest.json"
PREFIX, PLAIN, SEALED = "rebond-", ".tar.gz", ".tar.gz.sealed"
FORMAT = 1
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError)


class Unreadable(Exception):
    """The archive cannot be used. The text says why."""


class AnotherIsMade(Exception):
    """Another process makes a backup in the same folder."""


@dataclass(frozen=True)
class Part:
    """A file that goes into the archive under ``name``, with slashes."""

    name: str
    path: Path


@contextmanager
def only_one(folder: Path) -> Iterator[Path]:
    """Keep the folder of archives for this process; gives an empty folder to work in.

    What a backup that was killed left behind is taken away. Raises ``AnotherIsMade``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherIsMade(str(folder)) from None
        work = folder / ".making"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def write(target: Path, parts: Iterable[Part], facts: dict[str, Any], *, work: Path) -> None:
    """Pack ``parts`` and ``facts`` into ``target``; it appears when it is whole and on the disk.

    A file that was removed meanwhile is left out. ``facts["passphrase"]`` seals and is not kept.
    """
    facts = dict(facts)
    passphrase = facts.pop("passphrase", "")
    growing = work / target.name
    handle = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with _packed(file, passphrase) as tar:
            told = {part.name: seen for part in parts if (seen := _add(tar, part)) is not None}
            _add_bytes(tar, MANIFEST, json.dumps({**facts, "format": FORMAT, "parts": told}))
        file.flush()
        os.fsync(file.fileno())
    growing.replace(target)
    sync_folder(target.parent)


def unpack(archive: Path, folder: Path, *, passphrase: str = "") -> dict[str, Any]:
    """Unpack into the empty ``folder`` and return the manifest. Raises ``Unreadable``.

    Every file has the size and the checksum that the manifest names.
    """
    seen: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with archive.open("rb") as file, _unpacked(file, passphrase) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None or not entry.isfile():
                    raise Unreadable(f"{entry.name} is not a plain file")
                if entry.name == MANIFEST:
                    manifest = json.load(content)
                else:
                    seen[entry.name] = _keep(content, _place(folder, entry.name))
    except WrongKey as wrong:
        raise Unreadable(str(wrong)) from wrong
    except _DAMAGE as damage:
        raise Unreadable(f"it is damaged: {damage or type(damage).__name__}") from damage
    return _checked(manifest, seen)


def older(folder: Path, keep: int) -> list[Path]:
    """The archives in ``folder`` beyond the newest ``keep``, by the moment in their names."""
    return _newest_first(folder)[keep:]


def newest(folder: Path) -> Path | None:
    """The newest archive in ``folder``."""
    return next(iter(_newest_first(folder)), None)


def sync_folder(folder: Path) -> None:
    """Let the names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _newest_first(folder: Path) -> list[Path]:
    found = [p for end in (PLAIN, SEALED) for p in folder.glob(f"{PREFIX}*{end}")]
    return sorted(found, key=lambda path: path.name.partition(".")[0], reverse=True)


@contextmanager
def _packed(file: BinaryIO, passphrase: str) -> Iterator[tarfile.TarFile]:
    sealed: Any = SealingWriter(file, passphrase) if passphrase else None
    with (
        gzip.GzipFile(fileobj=sealed or file, mode="wb", compresslevel=3, mtime=0) as small,
        tarfile.open(fileobj=small, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield tar
    if sealed is not None:
        sealed.close()


@contextmanager
def _unpacked(file: BinaryIO, passphrase: str) -> Iterator[tarfile.TarFile]:
    begin = file.read(32)
    file.seek(0)
    if is_sealed(begin) and not passphrase:
        raise Unreadable("it is sealed: give its passphrase")
    source: Any = file
    if is_sealed(begin):
        source = io.BufferedReader(SealedReader(file, passphrase), 1 << 20)
    with gzip.GzipFile(fileobj=source, mode="rb") as large:
        with tarfile.open(fileobj=large, mode="r|") as tar:
            yield tar
        while large.read(1 << 20):  # to the end, where gzip keeps its own checksum
            pass


def _add(tar: tarfile.TarFile, part: Part) -> dict[str, Any] | None:
    try:
        file = part.path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        entry = tarfile.TarInfo(part.name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        watched = _Watched(file)
        tar.addfile(entry, watched)
    return {"size": entry.size, "sha256": watched.digest.hexdigest()}


def _add_bytes(tar: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    content = text.encode()
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


class _Watched:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _place(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Unreadable(f"{name} would lie outside the folder")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _keep(content: Any, path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while data := content.read(1 << 20):
            digest.update(data)
            size += len(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return {"size": size, "sha256": digest.hexdigest()}


def _checked(manifest: dict[str, Any] | None, seen: dict[str, Any]) -> dict[str, Any]:
    if manifest is None:
        raise Unreadable("it has no manifest: it was cut short")
    if manifest["format"] != FORMAT:
        raise Unreadable(f"its format is {manifest['format']}; this version reads {FORMAT}")
    wrong = _differing(manifest["parts"], seen)
    if wrong:
        raise Unreadable(f"these files are not as they were packed: {', '.join(wrong[:5])}")
    return manifest


def _differing(told: dict[str, Any], seen: dict[str, Any]) -> Sequence[str]:
    return sorted(name for name in told.keys() | seen.keys() if told.get(name) != seen.get(name))
