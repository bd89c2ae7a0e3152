"""Turns an uploaded file into a picture of our own, decoded and encoded again apart from us."""

import hashlib
import struct
import subprocess
import sys
import threading

from rebond.domain.returns import redraw
from rebond.domain.returns.errors import (
    PhotoIsDocument,
    PhotoIsHeic,
    PhotoTooLarge,
    PhotoUnreadable,
)
from rebond.domain.returns.wishes import CleanImage

MOST_BYTES = 10 * 1024 * 1024
HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
"""Brands in the first box of such a file (ISO/IEC 23008-12)."""
SIZE = struct.Struct(">II")
LONGEST_WAIT = 30
AT_ONCE = threading.BoundedSemaphore(2)
"""So many pictures a process of ours has redrawn at the same time; others wait their turn."""


def clean_image(upload: bytes) -> CleanImage:
    """The picture in ``upload``, upright, at most 2000 pixels wide or high, without metadata.

    Nothing of the file survives but its pixels. Raises ``PhotoTooLarge`` above 10 MB or
    40 megapixels, ``PhotoIsHeic`` and ``PhotoIsDocument`` for what people send instead, and
    ``PhotoUnreadable`` for anything else that is not a JPEG, PNG or WebP picture.
    """
    if len(upload) > MOST_BYTES:
        raise PhotoTooLarge(limit="10 MB")
    if upload.startswith(b"%PDF-"):
        raise PhotoIsDocument
    if upload[4:8] == b"ftyp" and upload[8:12] in HEIC:
        raise PhotoIsHeic
    told = _redrawn_apart(upload)
    width, height = SIZE.unpack_from(told)
    jpeg = told[SIZE.size :]
    return CleanImage(jpeg, width, height, hashlib.sha256(jpeg).hexdigest())


def _redrawn_apart(upload: bytes) -> bytes:
    """What the other process wrote. Whatever ends it, a crash included, ends only itself."""
    words = [sys.executable, "-I", redraw.__file__]
    with AT_ONCE:
        try:
            done = subprocess.run(
                words, input=upload, capture_output=True, env={}, timeout=LONGEST_WAIT
            )
        except subprocess.TimeoutExpired as problem:
            raise PhotoUnreadable from problem
    if done.returncode == redraw.TOO_LARGE:
        raise PhotoTooLarge(limit="40 megapixels")
    if done.returncode or len(done.stdout) <= SIZE.size:
        raise PhotoUnreadable
    return done.stdout
