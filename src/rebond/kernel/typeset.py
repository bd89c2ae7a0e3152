"""Sets documents as PDF: a Typst template and its data in, the same bytes out every time."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
_kept = threading.local()


def typeset(template: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF/A-3 of ``template`` with ``data`` (plain JSON values), tagged for screen readers.

    The template reads ``data`` from ``sys.inputs.data``. ``made_at`` is printed into the file's
    properties; nothing else depends on the clock, the machine or the network.
    """
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "made": json.dumps([made_at.year, made_at.month, made_at.day]),
    }
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-3a"],
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


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
