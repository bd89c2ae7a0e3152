"""From where a request comes, behind a proxy of ours too.  (pure)"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
OUR_NETWORKS = [
    ipaddress.ip_network(block)
    for block in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]


def caller_of(direct: str, forwarded_for: str) -> Address | None:
    """The client's address; None where it cannot be read.

    A proxy is believed only when it speaks to us from a private address; of what it passes on in
    ``X-Forwarded-For``, the last entry is its own.
    """
    near, told = _address(direct), _address(forwarded_for.rpartition(",")[2])
    return told if told is not None and near is not None and _is_ours(near) else near


def is_within(address: Address | None, networks: Sequence[str]) -> bool:
    """Whether ``address`` lies in one of ``networks`` ("192.0.2.7", "2001:db8::/32")."""
    return address is not None and any(
        address in ipaddress.ip_network(network, strict=False) for network in networks
    )


def _is_ours(address: Address) -> bool:
    return any(address in network for network in OUR_NETWORKS)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None
