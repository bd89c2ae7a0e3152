"""The translations: read the sentences from the code, show the missing ones, fill them, check.

    messages.py extract          bring every catalogue in step with the code (needs gettext)
    messages.py missing [fr]     print {sentence: ""} for what has no translation yet
    messages.py fill FILE [fr]   take translations from such a file ("-" reads standard input)
    messages.py check            exit 1 if a catalogue is incomplete, wrong or out of step
    messages.py compile          write the .mo files (needs polib only)

The sentences in the code are English; each other language has one catalogue,
``src/rebond/locale/<language>/LC_MESSAGES/django.po``. A sentence with a context is shown as
``[context] sentence``, one with a plural as ``one || many`` with a list of forms to fill.
``extract`` and ``fill`` take a lock, so several people may call them at the same time.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "rebond"
LOCALE = PACKAGE / "locale"
FIRST_LANGUAGE = "fr"
PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "de": "nplurals=2; plural=(n != 1);"}
SUFFIXES = {".py", ".html", ".txt"}
# Django's own reader, which shall know `N_` too: "to be translated later, by another".
READER = """
import sys
from django.core.management import execute_from_command_line
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=N_"]
execute_from_command_line(["django-admin", *sys.argv[1:]])
"""
MAKEMESSAGES = (
    *("--keep-pot", "--locale=fr", "--extension=py,html,txt"),
    *("--add-location=file", "--no-wrap", "--verbosity=0"),
)

NAMED = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|\{\w*\}")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdifrxg](?![a-zA-Z])")

Key = tuple[str, str, str]


def main(arguments: list[str]) -> int:
    commands = {
        "extract": extract,
        "missing": missing,
        "fill": fill,
        "check": check,
        "compile": compile_catalogues,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]](*arguments[1:]) or 0


def extract() -> None:
    """Add new sentences to every catalogue, drop those the code no longer says."""
    template = _sentences_in_code()
    with _locked():
        for path in _catalogues() or [_path_of(FIRST_LANGUAGE)]:
            catalogue = _merged(path, template)
            _write(path, str(catalogue).encode())
            print(f"{_language_of(path)}: {len(catalogue)} sentences, ", end="")
            print(f"{len(_untranslated(catalogue))} without translation")


def missing(language: str = FIRST_LANGUAGE) -> None:
    """Print what has no translation as JSON that ``fill`` understands."""
    catalogue = _read(_path_of(language))
    blank = {_label(entry): _blank(entry, catalogue) for entry in _untranslated(catalogue)}
    print(json.dumps(blank, ensure_ascii=False, indent=2))


def fill(file: str, language: str = FIRST_LANGUAGE) -> int:
    """Take the translations in ``file``; empty ones are passed over, wrong ones refused."""
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    path = _path_of(language)
    refused = []
    with _locked():
        catalogue = _read(path)
        entries = {name: entry for entry in catalogue for name in (entry.msgid, _label(entry))}
        for name, translation in json.loads(text).items():
            if not translation or not any(translation):
                continue
            why = _fill_entry(entries.get(name), translation, catalogue)
            if why:
                refused.append(f"{why}: {name!r}")
        _write(path, str(catalogue).encode())
    print("\n".join(refused) or f"{len(_untranslated(catalogue))} left", file=sys.stderr)
    return 1 if refused else 0


def check() -> int:
    """Say what is wrong with the catalogues; without gettext all but being in step."""
    known = None
    if shutil.which("xgettext"):
        known = {_key(entry) for entry in _sentences_in_code()}
    else:
        print("note: xgettext is not installed, so nobody looked for new sentences")
    findings = [
        f"{_language_of(path)}: {finding}"
        for path in _catalogues()
        for finding in findings_in(_read(path), known)
    ]
    if not _path_of(FIRST_LANGUAGE).exists():
        findings.append(f"{FIRST_LANGUAGE}: there is no catalogue; run `make messages`")
    print("\n".join(findings) or f"translations complete in {len(_catalogues())} language(s)")
    return 1 if findings else 0


def compile_catalogues() -> None:
    """Write the .mo beside every .po, where it differs from what is there."""
    for path in _catalogues():
        compiled, target = _read(path).to_binary(), path.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != compiled:
            _write(target, compiled)


def findings_in(catalogue: polib.POFile, known: set[Key] | None) -> Iterator[str]:
    """What is wrong with ``catalogue``; ``known`` are the code's sentences, None if unread."""
    present = {_key(entry) for entry in catalogue if not entry.obsolete}
    for key in sorted((known or present) - present):
        yield f"not extracted: {key[1]!r}"
    for key in sorted(present - (known if known is not None else present)):
        yield f"no longer in the code: {key[1]!r}"
    for entry in catalogue:
        for what in _wrong_with(entry, catalogue):
            yield f"{what}: {_label(entry)!r}"


def _wrong_with(entry: polib.POEntry, catalogue: polib.POFile) -> Iterator[str]:
    if entry.obsolete:
        yield "obsolete"
        return
    if UNNAMED.search(entry.msgid + " " + entry.msgid_plural):
        yield "placeholder without a name"
    if entry.fuzzy:
        yield "fuzzy"
    elif not _is_complete(entry, catalogue):
        yield "no translation"
    else:
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if why := _misfit(entry, forms):
            yield why


def _fill_entry(
    entry: polib.POEntry | None, translation: str | list[str], catalogue: polib.POFile
) -> str | None:
    """Write ``translation`` into ``entry``; if it does not fit, say why and leave it."""
    if entry is None:
        return "not in the catalogue"
    forms = [translation] if isinstance(translation, str) else translation
    if len(forms) != (_plural_count(catalogue) if entry.msgid_plural else 1):
        return "wrong number of forms"
    if why := _misfit(entry, forms):
        return why
    if entry.msgid_plural:
        entry.msgstr_plural = dict(enumerate(forms))
    else:
        entry.msgstr = forms[0]
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return None


def _misfit(entry: polib.POEntry, forms: list[str]) -> str | None:
    """Why ``forms`` cannot stand for ``entry``, or None if they can.

    The last form carries exactly the placeholders of the original; a singular may
    leave some out ("one piece"), but has none of its own.
    """
    original = _placeholders(entry.msgid_plural or entry.msgid)
    allowed = original | _placeholders(entry.msgid)
    if _placeholders(forms[-1]) != original or any(_placeholders(f) - allowed for f in forms):
        return "placeholders differ"
    edges = (entry.msgid.startswith("\n"), entry.msgid.endswith("\n"))
    if any((form.startswith("\n"), form.endswith("\n")) != edges for form in forms):
        return "line breaks at the edges differ"
    return None


def _placeholders(text: str) -> set[str]:
    return set(NAMED.findall(text.replace("%%", "")))


def _sentences_in_code() -> polib.POFile:
    """What the code says, read by Django's ``makemessages`` from a copy of the texts."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / PACKAGE.name
        _copy_texts(copy)
        (copy / "locale").mkdir()
        subprocess.run(
            [sys.executable, "-c", READER, "makemessages", *MAKEMESSAGES],
            cwd=copy,
            env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            check=True,
        )
        return _read(copy / "locale" / "django.pot")


def _copy_texts(target: Path) -> None:
    for source in PACKAGE.rglob("*"):
        parts = source.relative_to(PACKAGE).parts
        if source.suffix in SUFFIXES and not {"migrations", "static", "tests"} & set(parts):
            place = target.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)


def _merged(path: Path, template: polib.POFile) -> polib.POFile:
    """The sentences of ``template`` with the translations that ``path`` has for them."""
    old = {_key(entry): entry for entry in _read(path)} if path.exists() else {}
    merged = _empty(_language_of(path))
    for entry in sorted(template, key=_key):
        before = old.get(_key(entry))
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgctxt=entry.msgctxt,
                msgstr=before.msgstr if before else "",
                msgstr_plural=(before and before.msgstr_plural)
                or ({n: "" for n in range(_plural_count(merged))} if entry.msgid_plural else {}),
                comment=entry.comment,
                occurrences=sorted({(file, "") for file, _ in entry.occurrences}),
                flags=[*entry.flags, *(["fuzzy"] if before and before.fuzzy else [])],
            )
        )
    return merged


def _empty(language: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "Rebond",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language) or _plural_rule_of_django(language),
    }
    return catalogue


def _plural_rule_of_django(language: str) -> str:
    import django  # noqa: PLC0415  only a language new to us needs it; setup.py has no Django

    folder = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES"
    return polib.pofile(str(folder / "django.po")).metadata["Plural-Forms"]


def _untranslated(catalogue: polib.POFile) -> list[polib.POEntry]:
    return [
        entry
        for entry in catalogue
        if not entry.obsolete and (entry.fuzzy or not _is_complete(entry, catalogue))
    ]


def _is_complete(entry: polib.POEntry, catalogue: polib.POFile) -> bool:
    if not entry.msgid_plural:
        return bool(entry.msgstr)
    forms = entry.msgstr_plural.values()
    return len(forms) == _plural_count(catalogue) and all(forms)


def _blank(entry: polib.POEntry, catalogue: polib.POFile) -> str | list[str]:
    return [""] * _plural_count(catalogue) if entry.msgid_plural else ""


def _plural_count(catalogue: polib.POFile) -> int:
    found = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 2


def _label(entry: polib.POEntry) -> str:
    context = f"[{entry.msgctxt}] " if entry.msgctxt else ""
    plural = f" || {entry.msgid_plural}" if entry.msgid_plural else ""
    return f"{context}{entry.msgid}{plural}"


def _key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def _catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def _path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _language_of(path: Path) -> str:
    return path.parent.parent.name


def _read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8", wrapwidth=0)


def _write(path: Path, content: bytes) -> None:
    """Replace ``path`` in one step, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(content if content.endswith(b"\n") or path.suffix == ".mo" else content + b"\n")
    os.chmod(new.name, 0o644)
    os.replace(new.name, path)


@contextmanager
def _locked() -> Iterator[None]:
    LOCALE.mkdir(parents=True, exist_ok=True)
    folder = os.open(LOCALE, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
