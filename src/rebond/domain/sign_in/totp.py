"""Codes of an authenticator app: six digits, new every 30 seconds (RFC 6238).  (pure)"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
LEEWAY = 1
"""So many steps before and after are taken too, for clocks that differ (RFC 6238 section 5.2)."""


def new_secret() -> str:
    """A shared secret of 160 bits, in base 32 (RFC 4226 section 4, R6)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(moment: datetime) -> int:
    """The number of the step in which ``moment`` lies."""
    return int(moment.timestamp()) // STEP


def code_of(secret: str, step: int) -> str:
    """The code of one step."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of_code(secret: str, code: str, moment: datetime, *, after: int = 0) -> int | None:
    """The step whose code this is, near ``moment`` and later than step ``after``; else None."""
    typed, found = "".join(code.split()), None
    for step in range(step_at(moment) - LEEWAY, step_at(moment) + LEEWAY + 1):
        is_code = hmac.compare_digest(code_of(secret, step).encode(), typed.encode())
        if is_code and step > after:
            found = step
    return found


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """What the square holds that an app reads."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"
