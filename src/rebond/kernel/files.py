"""The one way to keep files: named by us, written whole or not at all."""

from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from rebond.kernel.ids import uuid7


def keep(content: bytes, *, shop_id: UUID, folder: str, suffix: str) -> str:
    """Store ``content`` and return its name, which only we choose."""
    name = uuid7().hex
    path = PurePosixPath(str(shop_id), folder, name[:8], name).with_suffix(suffix)
    return default_storage.save(str(path), ContentFile(content))


def content_of(name: str) -> bytes:
    """The bytes kept under ``name``. Raises ``FileNotFoundError``."""
    with default_storage.open(name, "rb") as file:
        return bytes(file.read())


def remove(name: str) -> None:
    """Take the file ``name`` away for good; once more, or for no name, does nothing."""
    if name:
        default_storage.delete(name)
