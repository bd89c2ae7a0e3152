"""Encrypts a stream under a passphrase, so that a damaged, cut or reordered one is refused.

Pieces of 1 MiB, each under AES-256-GCM; the key is made from the passphrase with scrypt. The nonce
is a random prefix, the number of the piece and whether it is the last.
Source: Hoang, Reyhanitabar, Rogaway, Vizár 2015, "Online Authenticated-Encryption" (STREAM).
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"REBOND-SEALED-1\n"
PIECE = 1 << 20
SALT, PREFIX, TAG = 16, 7, 16


class WrongKey(Exception):
    """The passphrase is not the one it was sealed with, or the stream was damaged or cut."""


class SealingWriter(io.RawIOBase):
    """Takes plain bytes and writes sealed ones to ``target``; ``close`` writes the last piece."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        self._target = target
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._header = MAGIC + salt + self._prefix
        self._box = _box(passphrase, salt)
        self._waiting = bytearray()
        self._number = 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        plain = bytes(data)  # type: ignore[call-overload]
        self._waiting += plain
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(plain)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._target.write(self._box.encrypt(nonce, plain, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Gives the plain bytes of a sealed ``source``. Raises ``WrongKey`` at the first bad piece."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        self._header = source.read(len(MAGIC) + SALT + PREFIX)
        if not is_sealed(self._header):
            raise WrongKey("it is not sealed")
        salt = self._header[len(MAGIC) : len(MAGIC) + SALT]
        self._prefix = self._header[-PREFIX:]
        self._box = _box(passphrase, salt)
        self._next = source.read(PIECE + TAG)
        self._plain = b""
        self._number = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer)  # type: ignore[arg-type]
        while not self._plain and self._next:
            self._open()
        given = self._plain[: len(room)]
        room[: len(given)] = given
        self._plain = self._plain[len(given) :]
        return len(given)

    def _open(self) -> None:
        sealed, self._next = self._next, self._source.read(PIECE + TAG)
        nonce = _nonce(self._prefix, self._number, is_last=not self._next)
        try:
            self._plain = self._box.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise WrongKey("another passphrase, or the archive is damaged or cut") from None
        self._number += 1


def is_sealed(begin: bytes) -> bool:
    """Whether a stream that begins so was written by ``SealingWriter``."""
    return begin.startswith(MAGIC)


def _box(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])
