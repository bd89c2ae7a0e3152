"""Turns an uploaded file into a picture of our own: decoded to pixels, encoded again."""

import hashlib
import io
import struct
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from rebond.domain.returns.errors import (
    PhotoIsDocument,
    PhotoIsHeic,
    PhotoTooLarge,
    PhotoUnreadable,
)
from rebond.domain.returns.wishes import CleanImage

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
QUALITY = 85
HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
"""Brands in the first box of such a file (ISO/IEC 23008-12)."""


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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(upload), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise PhotoTooLarge(limit="40 megapixels")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = _upright(picture).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as problem:
        raise PhotoUnreadable from problem
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    jpeg = out.getvalue()
    return CleanImage(jpeg, fresh.width, fresh.height, hashlib.sha256(jpeg).hexdigest())


def _upright(picture: Image.Image) -> Image.Image:
    """``picture`` turned as its metadata says; as it lies where they cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError, ValueError, SyntaxError, OSError):
        return picture
