"""Uploaded pictures are redrawn by a process of their own, with little memory and time."""

import io
import time

import pytest
from PIL import Image

from rebond.domain.returns import images, redraw
from rebond.domain.returns.errors import PhotoTooLarge, PhotoUnreadable
from rebond.domain.returns.images import clean_image


def picture(*size: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "orange").save(out, kind)
    return out.getvalue()


@pytest.fixture
def misbehaving(monkeypatch, tmp_path):
    """Put a program in place of the one that redraws, with the limits of the real one."""

    def put(words: str) -> None:
        program = tmp_path / "program.py"
        folder = redraw.__file__.rpartition("/")[0]
        head = f"import os, sys\nsys.path.insert(0, {folder!r})\nimport redraw\nredraw._limit()\n"
        program.write_text(head + words)
        monkeypatch.setattr(redraw, "__file__", str(program))

    return put


def test_the_largest_picture_that_is_allowed_is_redrawn_within_the_limits():
    made = clean_image(picture(7000, 5700, kind="PNG", mode="RGBA"))

    assert (made.width, made.height) == (2000, 1629)
    assert made.jpeg.startswith(b"\xff\xd8")


def test_a_picture_of_more_points_is_named_as_too_large():
    with pytest.raises(PhotoTooLarge):
        clean_image(picture(8000, 5001))


@pytest.mark.parametrize(
    "words",
    [
        "bytearray(redraw.MOST_MEMORY + 1)",
        "os.kill(os.getpid(), 11)",
        "open('left-behind', 'wb').write(b'x' * 10)",
        "sys.exit(1)",
    ],
)
def test_what_breaks_there_breaks_nothing_here(misbehaving, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    misbehaving(words)

    with pytest.raises(PhotoUnreadable):
        clean_image(picture(60, 40))

    left = tmp_path / "left-behind"
    assert not left.exists() or not left.stat().st_size


def test_what_never_ends_is_ended(misbehaving, monkeypatch):
    misbehaving("while True: pass")
    monkeypatch.setattr(images, "LONGEST_WAIT", 1)
    began = time.monotonic()

    with pytest.raises(PhotoUnreadable):
        clean_image(picture(60, 40))

    assert time.monotonic() - began < 20


def test_it_sees_no_secret_of_ours(misbehaving, monkeypatch):
    monkeypatch.setenv("REBOND_SECRET_KEY", "a secret")
    misbehaving("sys.exit(1 if 'REBOND_SECRET_KEY' in os.environ else redraw.TOO_LARGE)")

    with pytest.raises(PhotoTooLarge):
        clean_image(picture(60, 40))
