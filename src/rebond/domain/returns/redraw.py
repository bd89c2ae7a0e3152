"""Decodes an uploaded picture to pixels and encodes them again: a program of its own.

It knows nothing of Rebond, so that a file made to harm whoever decodes it harms a process that
holds no key, no database and no more memory or time than it is given. The picture comes in on
standard input; out come width, height and a JPEG. Exit codes say what else it was.
"""

import io
import resource
import struct
import sys
import warnings
from contextlib import suppress

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
QUALITY = 85
MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: 40 megapixels of PNG take 480 MB while they are turned upright."""
MOST_SECONDS = 10
UNREADABLE, TOO_LARGE = 3, 4


class Unreadable(Exception):
    """No JPEG, PNG or WebP picture."""


class TooLarge(Exception):
    """More than ``MOST_PIXELS``."""


def redrawn(upload: bytes) -> tuple[bytes, int, int]:
    """JPEG, width and height of the picture, upright, at most 2000 pixels wide or high.

    Raises ``Unreadable`` and ``TooLarge``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(upload), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = _upright(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise TooLarge from problem
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError) as problem:
        raise Unreadable from problem
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), fresh.width, fresh.height


def _upright(picture: Image.Image) -> Image.Image:
    """``picture`` turned as its metadata says; as it lies where they cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError, ValueError, SyntaxError, OSError):
        return picture


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(what, (most, most))


def main() -> int:
    """Redraw what comes in; returns the exit code."""
    _limit()
    warnings.simplefilter("ignore")
    try:
        jpeg, width, height = redrawn(sys.stdin.buffer.read())
    except TooLarge:
        return TOO_LARGE
    except Unreadable:
        return UNREADABLE
    sys.stdout.buffer.write(struct.pack(">II", width, height) + jpeg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
