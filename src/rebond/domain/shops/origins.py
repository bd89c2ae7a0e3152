"""Origins of a shop's own pages, in which its return form may be shown.  (pure)

An origin is a scheme, a host and a port: ``https://www.galerie.example``. It is put into the header
``Content-Security-Policy: frame-ancestors``, so nothing else may come through. Source: CSP Level 3,
section 6.4.2 (frame-ancestors); RFC 6454.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST_ORIGINS = 20
LONGEST = 200
OWN_MACHINE = frozenset({"localhost", "127.0.0.1"})
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def origin_in(typed: str) -> str:
    """The origin of an address that was typed, or "" where it has none that can be allowed.

    ``https`` only, but for one's own machine; no wildcard, no name and password. What stands behind
    the host is left out. Signs of other languages become what browsers send (IDNA).
    """
    text = typed.strip()
    if not text or len(text) > LONGEST:
        return ""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return ""
    if parts.username is not None or parts.password is not None or not _HOST.fullmatch(host):
        return ""
    is_own = host in OWN_MACHINE
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own):
        return ""
    if "." not in host and not is_own:
        return ""
    is_usual = port is None or port == (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{port}"
