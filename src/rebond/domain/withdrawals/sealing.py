"""The words of a statement, and the hash that seals them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.wording import words_in


@dataclass(frozen=True)
class Declared:
    """What a consumer declares, before it is received.

    ``pieces`` are as in ``Statement.pieces``; ``order_id`` is None unless they came from the
    page of an order.
    """

    language: str
    name: str
    contract: str
    email: str
    note: str = ""
    order_id: UUID | None = None
    pieces: Sequence[Mapping[str, Any]] = field(default=())


def text_of(shop: Shop, said: Declared) -> str:
    """The whole statement, line by line, in the consumer's language."""
    words = words_in(said.language)
    articles = [f"{piece['quantity']} × {piece['title']} ({piece['sku']})" for piece in said.pieces]
    what = ", ".join(articles) or said.note or words["statement_all"]
    seller = [str(shop.legal.get("legal_name") or shop.name), *_address(shop), shop.email]
    rows = [
        ("statement_to", ", ".join(seller)),
        ("statement_contract", said.contract),
        ("statement_pieces", what),
        ("statement_name", said.name),
        ("statement_email", said.email),
    ]
    colon = "\u00a0:" if said.language == "fr" else ":"
    told = [f"{words[label]}{colon} {value}" for label, value in rows]
    return "\n".join([words["statement_intro"], "", *told])


def local_time(moment: datetime, zone: str) -> str:
    """The moment on the wall of ``zone``, to the second, with its offset from UTC."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def digest_of(reference: str, said: Declared, text: str, local: str) -> str:
    """The SHA-256 over everything that was declared, and when, in hexadecimal digits."""
    sealed = {
        "reference": reference,
        "language": said.language,
        "name": said.name,
        "contract": said.contract,
        "email": said.email,
        "note": said.note,
        "order": str(said.order_id or ""),
        "pieces": [dict(piece) for piece in said.pieces],
        "text": text,
        "received": local,
    }
    written = json.dumps(sealed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _address(shop: Shop) -> list[str]:
    return [str(part) for part in shop.legal.get("address", [])]
