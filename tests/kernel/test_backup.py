"""Archives: written whole or not at all, refused when a single bit is not as it was."""

import io
import json
import os
import tarfile

import pytest

from rebond.kernel.backup import archive
from rebond.kernel.backup.archive import AnotherIsMade, Part, Unreadable
from rebond.kernel.backup.sealing import PIECE, TAG, SealedReader, SealingWriter, WrongKey

SECRET = "correct horse battery staple"


def sealed(plain: bytes, passphrase: str = SECRET) -> bytes:
    target = io.BytesIO()
    writer = SealingWriter(target, passphrase)
    writer.write(plain)
    writer.close()
    return target.getvalue()


def opened(text: bytes, passphrase: str = SECRET) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(text), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_what_was_sealed_comes_back(size):
    plain = os.urandom(size)

    assert opened(sealed(plain)) == plain


def test_a_sealed_stream_shows_nothing_and_opens_with_its_passphrase_only():
    text = sealed(b"Jeanne Martin, 12 rue des Lilas")

    assert b"Jeanne" not in text
    with pytest.raises(WrongKey):
        opened(text, "another")


@pytest.mark.parametrize("place", [3, 20, 41, 100, -1])
def test_a_flipped_bit_is_refused(place):
    text = bytearray(sealed(b"x" * 200))
    text[place] ^= 1

    with pytest.raises(WrongKey):
        opened(bytes(text))


def test_a_stream_cut_between_two_pieces_is_refused():
    text = sealed(b"x" * (2 * PIECE + 5))

    with pytest.raises(WrongKey):
        opened(text[: -(5 + TAG)])


def test_pieces_in_another_order_are_refused():
    text = sealed(b"a" * PIECE + b"b" * PIECE + b"c")
    begin, size = len(text) - 2 * (PIECE + TAG) - 1 - TAG, PIECE + TAG
    one, two = text[begin : begin + size], text[begin + size : begin + 2 * size]

    with pytest.raises(WrongKey):
        opened(text[:begin] + two + one + text[begin + 2 * size :])


@pytest.fixture
def packed(tmp_path):
    """Packs two files and returns the archive."""

    def pack(passphrase: str = ""):
        (tmp_path / "one").write_bytes(b"1" * 5000)
        (tmp_path / "two").write_bytes(b"")
        parts = [
            Part("files/one", tmp_path / "one"),
            Part("files/deep/two", tmp_path / "two"),
            Part("files/gone", tmp_path / "gone"),
        ]
        target = tmp_path / "kept" / f"rebond-1{archive.PLAIN}"
        with archive.only_one(target.parent) as work:
            facts = {"database": "sqlite", "passphrase": passphrase}
            archive.write(target, parts, facts, work=work)
        return target

    return pack


@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_an_archive_gives_back_what_was_packed(packed, passphrase, tmp_path):
    made = packed(passphrase)

    manifest = archive.unpack(made, tmp_path / "out", passphrase=passphrase)

    assert sorted(manifest["parts"]) == ["files/deep/two", "files/one"]
    assert "passphrase" not in manifest
    assert (tmp_path / "out/files/one").read_bytes() == b"1" * 5000
    assert made.stat().st_mode & 0o077 == 0
    assert [path.name for path in made.parent.iterdir() if path.name != ".lock"] == [made.name]


def test_a_sealed_archive_asks_for_its_passphrase(packed, tmp_path):
    with pytest.raises(Unreadable, match="passphrase"):
        archive.unpack(packed(SECRET), tmp_path / "out")


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_an_archive_that_was_cut_is_refused(packed, share, tmp_path):
    made = packed()
    made.write_bytes(made.read_bytes()[: int(made.stat().st_size * share)])

    with pytest.raises(Unreadable):
        archive.unpack(made, tmp_path / "out")


def test_a_file_that_is_not_as_it_was_packed_is_named(packed, tmp_path):
    made = packed()
    again = tmp_path / "again.tar.gz"
    with tarfile.open(made) as old, tarfile.open(again, "w:gz") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == "files/one":
                content = b"2" * 5000
            new.addfile(entry, io.BytesIO(content))

    with pytest.raises(Unreadable, match="files/one"):
        archive.unpack(again, tmp_path / "out")


@pytest.mark.parametrize("name", ["../elsewhere", "/etc/cron.d/job"])
def test_an_archive_writes_nowhere_else(name, tmp_path):
    made = tmp_path / "bad.tar.gz"
    with tarfile.open(made, "w:gz") as tar:
        for path in (name, archive.MANIFEST):
            text = json.dumps({"format": 1, "parts": {}}).encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))

    with pytest.raises(Unreadable):
        archive.unpack(made, tmp_path / "out")
    assert not (tmp_path / "elsewhere").exists()


def test_two_backups_at_once_do_not_meet(tmp_path):
    with archive.only_one(tmp_path), pytest.raises(AnotherIsMade), archive.only_one(tmp_path):
        pass


def test_only_the_newest_are_kept(tmp_path):
    for day in range(1, 6):
        (tmp_path / f"rebond-2026110{day}T030000Z{archive.PLAIN}").touch()
    (tmp_path / f"rebond-20261103T040000Z{archive.SEALED}").touch()
    (tmp_path / "notes.txt").touch()

    gone = {path.name for path in archive.older(tmp_path, keep=3)}

    assert gone == {f"rebond-2026110{day}T030000Z.tar.gz" for day in (1, 2, 3)}
