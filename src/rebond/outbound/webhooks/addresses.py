"""Which addresses events may be sent to: public ones, over TLS; those within only if the host says.

Source: Standard Webhooks 1.0, "Server-side request forgery". Whether a name leads inside is looked
at again with every try, by the line itself.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from rebond.kernel.egress import inside_hosts
from rebond.outbound.webhooks.errors import AddressRefused

LONGEST = 500
WITHIN = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


def check_address(url: str) -> str:
    """``url`` without blanks around it. Raises ``AddressRefused``."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise AddressRefused(why="host") from problem
    host = (parts.hostname or "").rstrip(".").lower()
    if len(url) > LONGEST or not url.isascii() or any(c.isspace() or ord(c) < 33 for c in url):
        raise AddressRefused(why="host")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise AddressRefused(why="credentials")
    if host in inside_hosts() and parts.scheme in {"http", "https"}:
        return url
    if parts.scheme != "https":
        raise AddressRefused(why="scheme")
    if port not in {None, 443, 8443}:
        raise AddressRefused(why="port")
    _check_host(host)
    return url


def _check_host(host: str) -> None:
    try:
        if not ip_address(host).is_global:
            raise AddressRefused(why="private")
        return
    except ValueError:
        pass
    if host.endswith(WITHIN):
        raise AddressRefused(why="private")
    # A name has a dot and ends in letters; "2130706433" and "0177.1" are numbers in disguise.
    if "." not in host or not host.rsplit(".", 1)[-1].isalpha():
        raise AddressRefused(why="host")
