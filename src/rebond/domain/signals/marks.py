"""Makes the fingerprints by which accounts are compared; nobody can read them back."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.utils.crypto import salted_hmac

from rebond.domain.shoppers.models import Shopper
from rebond.domain.signals.kinds import MarkKind

LENGTH = 40
SHORTEST_PHONE, COMPARED_DIGITS = 8, 9
DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


def marks_of(shopper: Shopper) -> dict[MarkKind, str]:
    """The marks of one account: mailbox, telephone, address, and one of all that was read."""
    plain = {
        MarkKind.MAIL: mailbox(shopper.email),
        MarkKind.PHONE: digits(shopper.phone),
        MarkKind.ADDRESS: place(shopper.address, shopper.postcode, shopper.country),
    }
    made = {kind: mark(shopper.shop_id, kind, text) for kind, text in plain.items() if text}
    read = "|".join(f"{kind}:{text}" for kind, text in plain.items())
    return {MarkKind.READ: mark(shopper.shop_id, MarkKind.READ, read), **made}


def mark(shop_id: UUID, kind: MarkKind, text: str) -> str:
    """The fingerprint of ``text`` for one shop and one kind."""
    salt = f"rebond.signals:{shop_id}:{kind}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()[:LENGTH]


def mailbox(email: str) -> str:
    """The mailbox that an address reaches: lower case, without a ``+`` part, or dots where they
    mean nothing."""
    name, _, domain = email.strip().lower().rpartition("@")
    if not name:
        return ""
    name = name.partition("+")[0]
    if domain in DOTS_MEAN_NOTHING:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def digits(phone: str) -> str:
    """The last nine digits, which are the same with and without the code of the country."""
    found = "".join(sign for sign in phone if sign.isdigit())
    return found[-COMPARED_DIGITS:] if len(found) >= SHORTEST_PHONE else ""


def place(address: list[str], postcode: str, country: str) -> str:
    """Street, postcode and country as two people type them alike; empty without a street."""
    street = _plain(" ".join(address))
    return f"{street}|{_plain(postcode)}|{country}" if street and postcode else ""


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if sign.isalnum())
