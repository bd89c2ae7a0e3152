"""A folder that the platform's own uploader watches: SFTP mount, EDI box, agent."""

import json
import os
from pathlib import Path

from django.conf import settings

from rebond.domain.credit_notes.ports import NotTaken, Outgoing, platforms


@platforms.add
class Folder:
    """Writes each document as PDF, XML and a small JSON note; the note comes last.

    ``REBOND_PLATFORM_FOLDER`` names the folder. Files are named by the document's number, so a
    second attempt writes the same files again. A watcher takes a document when its ``.json`` is
    there: everything else is complete by then.
    """

    key = "folder"
    title = "Folder watched by the platform"
    is_manual = False

    def send(self, document: Outgoing) -> str:
        """Write the files and return the name of the note. Raises ``NotTaken``, ``OSError``."""
        if settings.PLATFORM_FOLDER is None:
            raise NotTaken("REBOND_PLATFORM_FOLDER is not set")
        folder = Path(settings.PLATFORM_FOLDER) / document.shop
        folder.mkdir(parents=True, exist_ok=True)
        note = {
            "key": document.key,
            "label": document.label,
            "issued_on": document.issued_on.isoformat(),
            "seller_siren": document.seller_siren,
            "buyer_siren": document.buyer_siren,
            "currency": document.currency,
            "gross_minor": document.gross_minor,
            "files": [f"{document.label}.pdf", f"{document.label}.xml"],
        }
        _write(folder / f"{document.label}.pdf", document.pdf)
        _write(folder / f"{document.label}.xml", document.xml)
        _write(folder / f"{document.label}.json", json.dumps(note, indent=2).encode())
        return f"{document.shop}/{document.label}.json"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before it bears its name."""
    part = path.with_suffix(path.suffix + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
