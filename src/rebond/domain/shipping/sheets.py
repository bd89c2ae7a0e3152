"""Sets a label: addresses, and its number as bars, squares and text.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rebond.kernel.barcodes import Symbology, drawing_of
from rebond.kernel.typeset import typeset

TEMPLATES = Path(__file__).parent / "templates"
ENGLISH = {"language": "en", "title": "Label", "sender": "From", "recipient": "To"}


def label_sheet(
    number: str,
    *,
    head: str,
    postage: str,
    sender: Sequence[str],
    recipient: Sequence[str],
    paper: str,
    made_at: datetime,
    note: str = "",
    words: Mapping[str, str] = ENGLISH,
) -> bytes:
    """A label of A6 size on ``paper``, ``a6`` or ``a4``; ``words`` has the keys of ``ENGLISH``."""
    data = {
        "number": number,
        "author": head,
        "head": head,
        "postage": postage,
        "sender": [row for row in sender if row],
        "recipient": list(recipient),
        "note": note,
        "paper": paper,
        "words": dict(words),
        **codes_of(number),
    }
    return typeset(TEMPLATES / "label.typ", data, made_at=made_at)


def codes_of(number: str) -> dict[str, str]:
    """``number`` as a template wants it: bars and squares in SVG."""
    return {
        "bars": drawing_of(number, Symbology.BARS),
        "squares": drawing_of(number, Symbology.SQUARES),
    }
