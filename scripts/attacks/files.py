"""V5: pictures that are more than pictures."""

from __future__ import annotations

import io
import json
import re
import struct
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

from PIL import Image
from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import CLOSED, Answer, Visitor
from scripts.faults.clients import TURNED_AWAY

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
    "422; the server stays; 10 s and 1 GB for the largest, in a process of its own",
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
    used = stage.ask("redrawn_largest")
    for name in ("largest", "frames"):
        must(used[f"{name} seconds"] < 10, f"{name}: {used[f'{name} seconds']} s")
    must(used["megabytes"] < 1024, f"{used['megabytes']} MB")
    largest = f"40 megapixels: {used['largest seconds']} s, {used['megabytes']} MB apart"
    return f"{len(odd)} refused; a picture afterwards: taken; {largest}"


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
    "../, 4,000 letters, CON, NUL, turned letters, quotes, a leading dash in a file's name",
    "ignored or refused",
)
def names(stage: Stage) -> str:
    """A picture under each; what is sent back has a name of ours."""
    returns = stage.of(ATTACKER)["returns"]
    odd = ("../" * 8 + "etc/passwd.jpg", "/etc/passwd", "CON", "-rf", "x" * 4000)
    odd += ("a\0.jpg", "\u202egpj.exe", '";filename="x.html', "a';filename=x.html", "%00.php")
    refused = 0
    for n, name in enumerate(odd):
        who, order = stage.anybody(), "A-1" if n % 2 else "A-3"
        link = f"/s/{ATTACKER}/r/{returns[order]['link']}/"
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


@row(57, "forty photos, thirty of them at once, and one of 11 MB", "ten of a return, 10 MB each")
def many_photos(stage: Stage) -> str:
    """All by the link of one return; what is kept afterwards."""
    link = f"/s/{ATTACKER}/r/{stage.of(ATTACKER)['returns']['A-3']['link']}/"
    who = stage.anybody()
    large = _upload(who, link, _jpeg() + b"x" * 11_000_000, "photo.jpg").status
    must_be(large, (CLOSED, 400, 413, 422), "11 MB")
    with ThreadPoolExecutor(30) as at_once:
        storm = list(at_once.map(lambda n: _one_photo(stage, link, n), range(30)))
    later = [_one_photo(stage, link, n) for n in range(100, 110)]
    must(max(storm + later) < 500, f"errors of ours: {sorted(set(storm + later))}")
    must_be(set(later), {later[0]}, "photos beyond the tenth")
    must(later[0] >= 400, f"an eleventh photo: {later[0]}")
    kept = set(re.findall(r"/photos/[0-9a-f-]{36}/", stage.anybody().get(link).text))
    must_be(len(kept), 10, "photos of the return")
    return f"10 kept of 40; beyond them {later[0]}; 11 MB: {large}"


@row(59, "the test text of virus scanners as a file", "refused by its kind")
def scanners_text(stage: Stage) -> str:
    """As a photo and as a list of orders."""
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    link, who = _link(stage), stage.anybody()
    must_be(_upload(who, link, eicar, "photo.jpg").status, 422, "as a photo")
    files = [path for path in (stage.here.folder / "files").rglob("*") if path.is_file()]
    must(not [path for path in files if b"EICAR" in path.read_bytes()], "it is kept")
    listed = stage.machine(ATTACKER).call("POST", "/order-imports", eicar)
    must_be(listed.status, (202, 400, 415, 422), "as a list")
    return f"as a photo 422; in none of {len(files)} files"


@row(
    60,
    "lists of orders with 100,000 columns, formulas, zero bytes, mixed encodings, a packed bomb",
    "refused by the row; the server stays; a fair row goes on",
)
def odd_lists(stage: Stage) -> str:
    """The import of orders; a fair row beside them goes on."""
    machine = stage.machine(ATTACKER)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as sheet:
        sheet.writestr("xl/worksheets/sheet1.xml", b"\0" * 20_000_000)
    lists = {
        "wide": json.dumps({f"c{n}": n for n in range(100_000)}).encode(),
        "xlsx": packed.getvalue(),
        "zero": b'{"number": "Z\\u0000"}',
        "zero byte": b'{"number": "Z\0"}',
        "utf-16": '{"number": "Z"}'.encode("utf-16"),
        "latin": b'{"number": "Z\xe9"}',
        "DDE": b'{"number": "=cmd|/C calc!A0"}',
    }
    for name, body in lists.items():
        answer = machine.call("POST", "/order-imports", body)
        must_be(answer.status, (202, 400, 413, 415, 422), name)
    stage.here.live()
    before = stage.ask("counts", slug=ATTACKER)["orders.Order"]
    paid = {"provider": "paper", "method": "card", "reference": "f", "captured_minor": 1000}
    fair = {
        "number": "FAIR-1",
        "ordered_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "shopper": {"email": "fair@client.example", "name": "Fair", "address": ["1 rue"]},
        "lines": [{"sku": "F", "title": "F", "quantity": 1, "total_minor": 1000}],
        "payments": [paid],
    }
    odd = b'{"number": "=1+1"}\n\xff\xfe\n' + json.dumps(fair).encode()
    must_be(machine.call("POST", "/order-imports", odd).status, 202, "a list with one fair row")
    stage.here.live()
    after = stage.ask("counts", slug=ATTACKER)["orders.Order"]
    must_be(after, before + 1, "orders")
    return f"{len(lists)} odd lists: no order, no error of ours; the fair row: entered"


@row(58, "place, thumbnail and XMP in a photo's metadata", "gone")
def metadata(stage: Stage) -> str:
    """A JPEG with a place in its EXIF."""
    picture, out = Image.new("RGB", (64, 48), "green"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(out, "JPEG", exif=exif, comment=b"secret comment")
    own = stage.of(VICTIM)["returns"]["B-3"]["link"]  # a return takes ten photos; others are full
    who, link = stage.anybody(), f"/s/{VICTIM}/r/{own}/"
    got = _read_last(who, link, _upload(who, link, out.getvalue(), "photo.jpg"))
    kept = Image.open(io.BytesIO(got.body))
    must(not dict(kept.getexif()), "EXIF")
    must(b"secret" not in got.body and b"Exif" not in got.body, "metadata")
    return "no EXIF, no comment"


@row(
    61,
    "a photo of another return by its id, with another session, after its shopper was erased",
    "404; its file is gone after the erasure",
)
def foreign_photo(stage: Stage) -> str:
    """The victim's photo under links and numbers that are not its own; then one that is erased."""
    photo, own = stage.of(VICTIM)["photo"], stage.of(VICTIM)["returns"]
    for path in (
        f"/s/{VICTIM}/r/{own['B-3']['link']}/photos/{photo}/",
        f"/s/{VICTIM}/r/{own['B-1']['number']}/photos/{photo}/",
        f"/s/{ATTACKER}/r/{own['B-1']['link']}/photos/{photo}/",
    ):
        must_be(stage.anybody().get(path).status, 404, path)
    right = stage.anybody().get(f"/s/{VICTIM}/r/{own['B-1']['link']}/photos/{photo}/")
    must_be(right.status, 200, "by its own link")
    erased = stage.ask("photo_to_erase", slug=ATTACKER)
    page = f"/s/{ATTACKER}/r/{erased['link']}/photos/{erased['photo']}/"
    seen = stage.anybody().get(page)
    must_be((seen.status, seen.body[:3]), (200, b"\xff\xd8\xff"), "before the erasure")
    owner, privacy = stage.new_staff(ATTACKER, "owner"), f"/desk/{ATTACKER}/settings/privacy/"
    asked = owner.post(privacy, {"kind": "erase", "email": erased["email"], "note": "by letter"})
    must_be(asked.status, 302, "noting the request")
    waiting = [one for one in stage.ask("data_requests", slug=ATTACKER) if one["state"] == "open"]
    answer = owner.post(f"{privacy}{waiting[-1]['id']}/", {"do": "yes"})
    must_be(answer.status, 302, "the owner's yes")
    told = {one["id"]: one["state"] for one in stage.ask("data_requests", slug=ATTACKER)}
    must_be(told[waiting[-1]["id"]], "done", "the request")
    must_be(stage.anybody().get(page).status, 404, "after the erasure")
    must(not (stage.here.folder / "files" / erased["file"]).exists(), "the file still lies there")
    return "3 ways: 404; by its own link: 200; after the erasure 404, the file is gone"


def _one_photo(stage: Stage, link: str, n: int) -> int:
    shade = io.BytesIO()
    Image.new("RGB", (64, 48), (n % 256, n // 2, 9)).save(shade, "JPEG")
    while True:
        status = _upload(stage.anybody(), link, shade.getvalue(), "photo.jpg").status
        if status != TURNED_AWAY:
            return status
        time.sleep(1 + n % 3)  # as its Retry-After asks


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
