"""V5: pictures that are more than pictures."""

from __future__ import annotations

import io
import re
import struct
import zlib

from PIL import Image
from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Answer, Visitor

TAIL = b"<script>alert(1)</script><?php system('id') ?>PK\x03\x04"


@row(
    54,
    "JPEG with HTML, ZIP or a script behind it, PNG with PHP in a text chunk",
    "another picture: nothing of the file but its pixels",
)
def polyglots(stage: Stage) -> str:
    """Each uploaded, read back by the link, searched for what came with it."""
    link, n = _link(stage), 0
    for upload in (_jpeg() + TAIL, _png(comment=TAIL), _jpeg(comment=TAIL)):
        who = stage.anybody()
        got = _read_last(who, link, _upload(who, link, upload, "photo.jpg"))
        must(got.body.startswith(b"\xff\xd8") and got.body.endswith(b"\xff\xd9"), "no plain JPEG")
        must(b"script" not in got.body and b"php" not in got.body, "the tail is still there")
        must(got.body != upload, "the very file")
        n += 1
    return f"{n} files: JPEGs of our own, tails gone"


@row(
    55,
    "64,000 × 64,000 points in 1 kB, cut short, empty, TIFF, GIF, PSD, EPS named .jpg",
    "422; the server stays",
    missing="memory and seconds in a process of its own",
)
def bombs(stage: Stage) -> str:
    """Each is refused; a picture afterwards is taken."""
    link = _link(stage)
    tiff, gif = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8)).save(tiff, "TIFF")
    Image.new("P", (8, 8)).save(gif, "GIF")
    odd = {
        "bomb": _bomb(64_000),
        "cut short": _jpeg()[:200],
        "empty": b"",
        "TIFF": tiff.getvalue(),
        "GIF": gif.getvalue(),
        "PSD": b"8BPS\x00\x01" + b"\0" * 100,
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "text": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    }
    for name, upload in odd.items():
        answer = _upload(stage.anybody(), link, upload, "photo.jpg")
        must_be(answer.status, (400, 413, 422), name)
    who = stage.anybody()
    must_be(
        _read_last(who, link, _upload(who, link, _jpeg(), "photo.jpg")).status, 200, "a picture"
    )
    return f"{len(odd)} refused; a picture afterwards: taken"


@row(10, "SVG, HTML and PDF named .jpg", "422")
def disguised(stage: Stage) -> str:
    """Texts with scripts under the name of a picture."""
    link = _link(stage)
    for upload in (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        b"GIF89a/*<svg/onload=alert(1)>*/",
    ):
        must_be(_upload(stage.anybody(), link, upload, "photo.jpg").status, 422, str(upload[:20]))
    return "4 refused"


@row(
    56,
    "../, 4,000 letters, CON, a leading dash in a file's name",
    "ignored or refused",
    missing="NUL, turned letters, quotes",
)
def names(stage: Stage) -> str:
    """A picture under each; what is sent back has a name of ours."""
    link = _link(stage)
    odd = ("../" * 8 + "etc/passwd.jpg", "/etc/passwd", "CON", "-rf", "x" * 4000)
    refused = 0
    for name in odd:
        who = stage.anybody()
        answer = _upload(who, link, _jpeg(), name)
        if answer.status == 400:
            refused += 1
            continue
        got = _read_last(who, link, answer)
        must_be(got.headers["content-disposition"], 'inline; filename="photo.jpg"', name[:20])
    must(refused < len(odd), "none was taken")
    files = [path for path in (stage.here.folder / "files").rglob("*") if path.is_file()]
    must(files, "no files")
    for path in files:
        must(
            re.fullmatch(r"[0-9a-z-]+\.[a-z]+", path.name), f"a name that is not ours: {path.name}"
        )
    must(not (stage.here.folder / "etc").exists(), "a file outside")
    return f"{len(odd) - refused} names ignored, {refused} refused; {len(files)} files named by us"


@row(58, "place, thumbnail and XMP in a photo's metadata", "gone")
def metadata(stage: Stage) -> str:
    """A JPEG with a place in its EXIF."""
    picture, out = Image.new("RGB", (64, 48), "green"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(out, "JPEG", exif=exif, comment=b"secret comment")
    who, link = stage.anybody(), _link(stage)
    got = _read_last(who, link, _upload(who, link, out.getvalue(), "photo.jpg"))
    kept = Image.open(io.BytesIO(got.body))
    must(not dict(kept.getexif()), "EXIF")
    must(b"secret" not in got.body and b"Exif" not in got.body, "metadata")
    return "no EXIF, no comment"


@row(
    61, "a photo of another return by its id, with another session", "404", missing="after erasure"
)
def foreign_photo(stage: Stage) -> str:
    """The victim's photo under links and numbers that are not its own."""
    photo, own = stage.of(VICTIM)["photo"], stage.of(VICTIM)["returns"]
    for path in (
        f"/s/{VICTIM}/r/{own['B-3']['link']}/photos/{photo}/",
        f"/s/{VICTIM}/r/{own['B-1']['number']}/photos/{photo}/",
        f"/s/{ATTACKER}/r/{own['B-1']['link']}/photos/{photo}/",
    ):
        must_be(stage.anybody().get(path).status, 404, path)
    right = stage.anybody().get(f"/s/{VICTIM}/r/{own['B-1']['link']}/photos/{photo}/")
    must_be(right.status, 200, "by its own link")
    return "3 ways: 404; by its own link: 200"


def _link(stage: Stage) -> str:
    return f"/s/{ATTACKER}/r/{stage.of(ATTACKER)['returns']['A-1']['link']}/"


def _upload(who: Visitor, link: str, content: bytes, name: str) -> Answer:
    return who.post(f"{link}photos/", files={"photos": (name, content)})


def _read_last(who: Visitor, link: str, answer: Answer) -> Answer:
    must_be(answer.status, 302, "the upload")
    photos = re.findall(r"/photos/[0-9a-f-]{36}/", who.get(link).text)
    must(photos, "no photo on the page")
    return who.get(f"{link}{photos[-1].lstrip('/')}")


def _jpeg(comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(out, "JPEG", comment=comment)
    return out.getvalue()


def _png(comment: bytes) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "blue").save(out, "PNG")
    plain = out.getvalue()
    chunk = _chunk(b"tEXt", b"Comment\0" + comment)
    return plain[:33] + chunk + plain[33:]


def _bomb(side: int) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    sum_ = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_)
