"""What every talk with another company needs: a shop's own settings, and a call as it came in."""

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """Whose account: the shop's own settings with a company, read from the environment.

    ``ACME_SECRET`` of the shop ``galerie`` is ``REBOND_GALERIE_ACME_SECRET`` if that is set,
    else ``REBOND_ACME_SECRET``; dashes of the slug count as underscores.
    """

    shop: str = ""

    def setting(self, name: str, default: str = "") -> str:
        """The setting ``name``, or ``default`` where none is set."""
        own = f"REBOND_{self.shop.replace('-', '_').upper()}_{name}"
        return (os.environ.get(own) or os.environ.get(f"REBOND_{name}") or default).strip()


ANY_SHOP = Account()


@dataclass(frozen=True)
class HookRequest:
    """An inbound call exactly as it came: header names in lower case, body untouched.

    ``query`` is what stood behind the question mark of the address; the last of equal names.
    """

    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: dict[str, str] = field(default_factory=dict, repr=False)
