"""The catalogues are complete, and the tool that says so finds what is wrong with one."""

import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polib
import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "messages.py"

pytestmark = pytest.mark.once


@pytest.fixture
def messages(tmp_path, monkeypatch):
    """The tool, pointed at a package of its own with an empty French catalogue."""
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "PACKAGE", tmp_path)
    monkeypatch.setattr(tool, "LOCALE", tmp_path / "locale")
    return tool


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    file = polib.POFile()
    file.metadata = {"Plural-Forms": "nplurals=2; plural=(n > 1);"}
    file.extend(entries)
    return file


WRONG = {
    "no translation": polib.POEntry(msgid="Send back"),
    "fuzzy": polib.POEntry(msgid="Send back", msgstr="Renvoyer", flags=["fuzzy"]),
    "obsolete": polib.POEntry(msgid="Send back", msgstr="Renvoyer", obsolete=True),
    "placeholders differ": polib.POEntry(msgid="%(count)s left", msgstr="reste %(nombre)s"),
    "placeholder without a name": polib.POEntry(msgid="%s left", msgstr="reste %s"),
    "line breaks at the edges differ": polib.POEntry(msgid="\nLeft", msgstr="Reste"),
}


@pytest.mark.parametrize(("finding", "entry"), WRONG.items(), ids=list(WRONG))
def test_a_wrong_entry_is_found(messages, finding, entry):
    (found,) = messages.findings_in(catalogue(entry), known=None)

    assert found.startswith(finding)


def test_a_plural_needs_all_its_forms(messages):
    entry = polib.POEntry(
        msgid="One piece",
        msgid_plural="%(count)s pieces",
        msgstr_plural={0: "Une pièce", 1: ""},
    )

    assert list(messages.findings_in(catalogue(entry), known=None)) == [
        "no translation: 'One piece || %(count)s pieces'"
    ]


def test_a_complete_catalogue_is_sound(messages):
    file = catalogue(
        polib.POEntry(msgid="%(count)s left, 100 % sure", msgstr="reste %(count)s, sûr à 100 %"),
        polib.POEntry(
            msgid="One piece",
            msgid_plural="%(count)s pieces",
            msgstr_plural={0: "Une pièce", 1: "%(count)s pièces"},
        ),
    )

    assert list(messages.findings_in(file, known=None)) == []


def test_sentences_out_of_step_with_the_code_are_found(messages):
    file = catalogue(polib.POEntry(msgid="Old", msgstr="Vieux"))

    assert list(messages.findings_in(file, known={("", "New", "")})) == [
        "not extracted: 'New'",
        "no longer in the code: 'Old'",
    ]


def test_a_missing_catalogue_is_found(messages, monkeypatch, capsys):
    monkeypatch.setattr(messages.shutil, "which", lambda name: None)

    assert messages.check() == 1
    assert "there is no catalogue" in capsys.readouterr().out


def test_several_people_may_fill_at_the_same_time(messages, tmp_path):
    sentences = [f"Sentence {number}" for number in range(12)]
    path = messages._path_of("fr")
    path.parent.mkdir(parents=True)
    catalogue(*(polib.POEntry(msgid=s) for s in sentences)).save(str(path))
    files = []
    for number, sentence in enumerate(sentences):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps({sentence: f"Phrase {number}"}))

    with ThreadPoolExecutor(6) as people:
        results = list(people.map(messages.fill, map(str, files)))

    assert results == [0] * 12
    assert list(messages.findings_in(polib.pofile(str(path)), known=None)) == []


def test_a_translation_that_does_not_fit_is_refused(messages, tmp_path):
    path = messages._path_of("fr")
    path.parent.mkdir(parents=True)
    catalogue(polib.POEntry(msgid="%(count)s left")).save(str(path))
    file = tmp_path / "fr.json"
    file.write_text(json.dumps({"%(count)s left": "reste %(nombre)s", "Unknown": "Inconnu"}))

    assert messages.fill(str(file)) == 1
    assert polib.pofile(str(path))[0].msgstr == ""
