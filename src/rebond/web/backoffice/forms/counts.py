"""Whole numbers as people type them into a small field."""


def whole(text: str) -> int | None:
    """The number in ``text``, "" counting as 0; None where it is not a plain whole number."""
    plain = text.strip()
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 6 else None
