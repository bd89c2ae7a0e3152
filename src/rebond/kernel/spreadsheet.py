"""Lines of CSV (RFC 4180) in which no spreadsheet finds a formula.  (pure)

Source: OWASP ASVS 5.0, 1.2.10.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

FORMULA_SIGNS = "=+-@"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# A spreadsheet set to another separator begins a new cell within ours.
AFTER_SEPARATOR = re.compile(r"(?<=[;|,])(\s*)(?=\S)")


def line(fields: Iterable[object]) -> str:
    """One line with its end. Numbers stay numbers; None is an empty field."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(field) for field in fields])
    return out.getvalue()


def cell(field: object) -> str:
    """``field`` on one line, behind an apostrophe where it would be taken for a formula."""
    text = "" if field is None else str(field)
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if NUMBER.fullmatch(plain):
        return plain
    parts = AFTER_SEPARATOR.split(plain)
    return "".join(f"'{part}" if _begins_formula(part) else part for part in parts)


def _begins_formula(part: str) -> bool:
    """Also by a sign of double width, which some programs take for the plain one."""
    return unicodedata.normalize("NFKC", part[:1])[:1] in set(FORMULA_SIGNS)
