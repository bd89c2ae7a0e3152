"""A shop's own colours, as custom properties of its pages."""

import re
from collections.abc import Mapping

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PROPERTIES = {"brand": ("--brand", "--bs-primary", "--bs-link-color"), "brand_ink": ("--on-brand",)}


def colour_of(colours: Mapping[str, str], token: str, otherwise: str) -> str:
    """The shop's colour for ``token``, or ``otherwise`` where it has none that is one."""
    named = str(colours.get(token, ""))
    return named if COLOUR.fullmatch(named) else otherwise


def sheet_of(colours: Mapping[str, str]) -> str:
    """The style sheet for ``colours``; what is no hexadecimal colour is left out."""
    rules = [
        f"{name}: {colours[token]};"
        for token, names in PROPERTIES.items()
        for name in names
        if colour_of(colours, token, "")
    ]
    return f":root {{ {' '.join(rules)} }}\n"
