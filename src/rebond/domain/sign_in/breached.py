"""Passwords that were stolen elsewhere: known from a list of their hashes, never sent anywhere.

The host may name a file of hashes, sorted, as Have I Been Pwned gives out
(https://haveibeenpwned.com/Passwords, "ordered by hash", read 2026-11-23), or the address of a
service with the same answers by the first five signs of a hash
(https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange, read 2026-11-23).
"""

from __future__ import annotations

import logging
from hashlib import sha1
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rebond.kernel.egress import NoAnswer, request

log = logging.getLogger(__name__)

HASH_SIGNS, ASKED_SIGNS = 40, 5
SECONDS_TO_ASK = 3.0
LONGEST_LINE = 80


class NotBreached:
    """Refuses a password that stands in the list; without a list, or an answer, it says nothing."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` with the code ``password_breached``."""
        if is_breached(password, settings.BREACHED_PASSWORDS):
            raise ValidationError(
                _("This password was stolen from another site. Please choose one of your own."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """One sentence beside the field."""
        return _("Not one that was stolen from another site.")


def is_breached(password: str, source: str) -> bool:
    """Whether ``password`` stands in ``source``: a file's path, an ``https://`` address, or ""."""
    if not source:
        return False
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        if source.startswith(("https://", "http://")):
            return _is_told(wanted, source)
        return _stands_in(wanted, Path(source))
    except (NoAnswer, OSError, UnicodeDecodeError) as problem:
        log.warning("the list of stolen passwords cannot be asked: %s", type(problem).__name__)
        return False


def _is_told(wanted: str, address: str) -> bool:
    """Ask for all hashes that begin like it; which of them is meant stays here."""
    reply = request(
        "GET",
        f"{address.rstrip('/')}/range/{wanted[:ASKED_SIGNS]}",
        headers={"Add-Padding": "true"},
        seconds=SECONDS_TO_ASK,
    )
    if reply.status != 200:
        raise NoAnswer(str(reply.status))
    for line in reply.body.decode("ascii").splitlines():
        rest, _colon, count = line.strip().partition(":")
        if rest.upper() == wanted[ASKED_SIGNS:]:
            return count != "0"
    return False


def _stands_in(wanted: str, path: Path) -> bool:
    """Halve the file until the line that could hold it is found; it may be larger than memory."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while high - low > LONGEST_LINE:
            middle = (low + high) // 2
            file.seek(middle)
            file.readline()
            known = file.readline()[:HASH_SIGNS].decode("ascii").upper()
            if known and known <= wanted:
                low = middle
            else:
                high = middle
        file.seek(max(0, low - LONGEST_LINE))
        block = file.read(4 * LONGEST_LINE).decode("ascii").upper()
    return any(line.startswith(wanted) for line in block.splitlines())
