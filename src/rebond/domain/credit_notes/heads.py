"""The heads of the document chains, written where whoever changes the database cannot reach.

A chain of hashes shows a change in its middle; cut short at its end, or rewritten whole, it would
look sound. The last hash of each series, kept elsewhere, shows that too. One JSON line for each
series whose head has moved; lines are only ever added.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from rebond.domain.shops.models import Shop


class Chained(Protocol):
    """A table of documents that are numbered by series and chained by their hashes."""

    objects: Any
    shop: Shop
    series: str
    number: int
    label: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The last document of a series at a moment."""

    at: str
    shop: str
    shop_id: str
    series: str
    number: int
    label: str
    hash: str


def heads_now(chain: type[Chained], shop_id: UUID, *, at: datetime) -> list[Head]:
    """The head of each series of one shop among the documents of ``chain``."""
    lasts = chain.objects.filter(shop_id=shop_id).values("series").annotate(last=Max("number"))
    found = []
    for row in lasts.order_by("series"):
        note = chain.objects.select_related("shop").get(
            shop_id=shop_id, series=row["series"], number=row["last"]
        )
        found.append(
            Head(
                at=at.isoformat(),
                shop=note.shop.slug,
                shop_id=str(shop_id),
                series=note.series,
                number=note.number,
                label=note.label,
                hash=note.hash,
            )
        )
    return found


def write_heads(heads: list[Head]) -> list[Head]:
    """Add the heads that have moved since they were last written; returns those.

    The file is on the disk before this returns. A head that went back is written as well:
    `rebond verify` holds the chain against every head of the file, so nothing is hidden by that.
    """
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = {(h.shop_id, h.series): (h.number, h.hash) for h in _read(file)}
        moved = [h for h in heads if known.get((h.shop_id, h.series)) != (h.number, h.hash)]
        file.write(as_lines(moved))
        file.flush()
        os.fsync(file.fileno())
    return moved


def as_lines(heads: Iterable[Head]) -> str:
    """``heads`` as JSON, one a line, as they stand in the file."""
    lines = [json.dumps(asdict(head), ensure_ascii=False, sort_keys=True) for head in heads]
    return "".join(f"{line}\n" for line in lines)


def written_heads() -> list[Head]:
    """Every head that was ever written, each once: all of them have to hold."""
    path = heads_file()
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        found = {(head.shop_id, head.series, head.number, head.hash): head for head in _read(file)}
    return list(found.values())


def heads_file() -> Path:
    """Where heads are written."""
    return Path(settings.HEADS_FILE)


def _read(lines: Iterable[str]) -> Iterator[Head]:
    """The heads in ``lines``. A last line that was cut by a power failure is passed over."""
    for line in lines:
        try:
            yield Head(**json.loads(line))
        except (ValueError, TypeError):
            continue
