"""The code of a return slip: drawn by chance, printed as ``S-ABCDE-FGHJK``.  (pure)"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MARK = "S"
SIGNS = 10


def new_code() -> str:
    """A code as it is kept: ``S`` and ten signs, about fifty bits that nobody guesses."""
    return MARK + "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))


def printed(code: str) -> str:
    """``code`` as it is read aloud and drawn in bars."""
    return f"{code[:1]}-{code[1:6]}-{code[6:]}"


def code_in(typed: str) -> str:
    """The code that was typed or scanned, whatever hyphens a keyboard made of it; else "".

    A scanner set to another keyboard sends another sign for a hyphen, so all but letters and
    digits is left out.
    """
    plain = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    is_one = len(plain) == SIGNS + 1 and plain[0] == MARK and set(plain[1:]) <= set(ALPHABET)
    return plain if is_one else ""
