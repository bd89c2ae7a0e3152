"""Whether two colours can be told apart by everybody, as WCAG 2.2 measures it.  (pure)"""

from __future__ import annotations

import re

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
ENOUGH = 4.5
"""The least contrast of text, level AA (WCAG 2.2, 1.4.3)."""
WHITE, BLACK = "#ffffff", "#10201b"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as ``#0f6b57``, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """White or nearly black, whichever reads better on ``colour``."""
    return max((WHITE, BLACK), key=lambda ink: contrast(colour, ink))


def _luminance(colour: str) -> float:
    if not COLOUR.fullmatch(colour):
        raise ValueError(colour)
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
