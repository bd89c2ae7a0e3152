"""The promise every way to a platform makes. A new file in the folder is tested by being there."""

import json
from datetime import date

import pytest

from rebond.domain.credit_notes.ports import NotTaken, Outgoing, platforms

EVERY = pytest.mark.parametrize("key", platforms.keys())
DOCUMENT = Outgoing(
    key="01a2",
    shop="galerie",
    label="AV-2026-000001",
    issued_on=date(2026, 11, 21),
    seller_siren="732829320",
    buyer_siren="404833048",
    currency="EUR",
    gross_minor=1200,
    pdf=b"%PDF-1.7",
    xml=b"<xml/>",
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PLATFORM_FOLDER = tmp_path / "platform"
    return settings.PLATFORM_FOLDER


@EVERY
def test_it_says_who_it_is(key):
    platform = platforms[key]()

    assert (platform.key, bool(platform.title)) == (key, True)
    assert isinstance(platform.is_manual, bool)


@EVERY
def test_it_hands_over_or_says_that_a_person_does(key):
    platform = platforms[key]()
    if platform.is_manual:
        with pytest.raises(NotTaken):
            platform.send(DOCUMENT)
        return

    assert platform.send(DOCUMENT) == platform.send(DOCUMENT) != ""


def test_a_watched_folder_gets_whole_files_and_the_note_last(folder):
    platforms["folder"]().send(DOCUMENT)

    target = folder / "galerie"
    written = sorted(target.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert [path.suffix for path in written] == [".pdf", ".xml", ".json"]
    assert (target / "AV-2026-000001.pdf").read_bytes() == b"%PDF-1.7"
    note = json.loads((target / "AV-2026-000001.json").read_text())
    assert (note["buyer_siren"], note["gross_minor"]) == ("404833048", 1200)


def test_without_a_folder_the_document_waits(settings):
    settings.PLATFORM_FOLDER = None

    with pytest.raises(NotTaken, match="REBOND_PLATFORM_FOLDER"):
        platforms["folder"]().send(DOCUMENT)
