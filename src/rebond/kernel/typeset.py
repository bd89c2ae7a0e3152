"""Sets documents as PDF: a Typst template and its data in, the same bytes out every time."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
REPLACEMENT = "?"
_kept = threading.local()
_SHAPELESS = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_CODED = re.compile(r"\\u\{([0-9a-f]+)\}")
_NOT_LATIN = re.compile("[^\n -~\u00a0-\u024f\u2010-\u2027\u20ac]+")
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\0": "\0"}


def typeset(template: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF/A-3 of ``template`` with ``data`` (plain JSON values), tagged for screen readers.

    The template reads ``data`` from ``sys.inputs.data``. ``made_at`` is printed into the file's
    properties; nothing else depends on the clock, the machine or the network. A sign that no
    font of ours can show, such as an emoji in a title, is printed as a question mark.
    """
    while True:
        inputs = {
            "data": json.dumps(data, ensure_ascii=False),
            "made": json.dumps([made_at.year, made_at.month, made_at.day]),
        }
        try:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-3a"],
                timestamp=int(made_at.timestamp()),
            )
        except typst.TypstError as error:
            plainer = _plainer(data, _sign_without_a_shape(str(error)))
            if plainer is None:
                raise
            data = plainer
        else:
            assert isinstance(pdf, bytes)
            return pdf


def _plainer(data: Any, sign: str) -> Any:
    """``data`` without ``sign``; without all that is not Latin where it hides in a cluster."""
    if not sign:
        return None
    plainer = _changed(data, lambda text: text.replace(sign, REPLACEMENT))
    if plainer == data:
        plainer = _changed(data, lambda text: _NOT_LATIN.sub(REPLACEMENT, text))
    return None if plainer == data else plainer


def _sign_without_a_shape(error: str) -> str:
    """What no font of ours can show, as PDF/A demands, out of the words of the error."""
    found = _SHAPELESS.search(error)
    if found is None:
        return ""
    plain = _CODED.sub(lambda code: chr(int(code[1], 16)), found[1])
    return _ESCAPES.get(plain, plain)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with ``change`` made to every text in it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _changed(part, change) for key, part in value.items()}
    return [_changed(part, change) for part in value] if isinstance(value, list | tuple) else value


def _compiler(template: Path) -> typst.Compiler:
    """One compiler for each template and thread: it keeps its inputs, so they are always given."""
    kept: dict[Path, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in kept:
        kept[template] = typst.Compiler(
            str(template),
            root=str(template.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )
    return kept[template]
