"""Pictures that were made to harm whoever decodes them."""

import io
import resource
import struct
import time
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from rebond.domain.returns import redraw
from rebond.domain.returns.images import clean_image
from rebond.kernel.errors import RebondError

SIDE = 30_000
"""Nine hundred megapixels: 0.9 GB where they are unpacked, below a megabyte packed."""
KILLED = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
GREEDY = "import sys\nsys.path.insert(0, {place!r})\nimport redraw\nredraw._limit()\n"
GREEDY += "print(len(bytearray(2 << 30)))\n"


def try_one(which: str) -> dict[str, Any]:
    """What became of one, in how much time, and the most memory of whoever looked at it."""
    with TemporaryDirectory() as folder:
        upload = _upload(which)
        if which.startswith("a helper"):
            helper = Path(folder) / "helper.py"
            helper.write_text(KILLED if "killed" in which else _greedy())
            redraw.__file__ = str(helper)
        began = time.monotonic()
        try:
            clean_image(upload)
            said = "taken"
        except RebondError as refusal:
            said = refusal.code
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"said": said, "seconds": time.monotonic() - began, "megabytes": used / 1024}


def _greedy() -> str:
    return GREEDY.format(place=str(Path(redraw.__file__).parent))


def _upload(which: str) -> bytes:
    if which == "900 megapixels":
        return _png(SIDE, SIDE)
    if which == "900 megapixels that say they are one":
        return _png(1000, 1000)
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(out, "JPEG")
    return out.getvalue()


def _png(width: int, height: int) -> bytes:
    """A grey PNG of this size by its word, and of ``SIDE`` by ``SIDE`` by what is packed in it."""
    packer, row = zlib.compressobj(9), bytes(SIDE + 1)
    packed = b"".join(packer.compress(row) for _ in range(SIDE)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
