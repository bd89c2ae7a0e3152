"""Copies of a life: all its rows with new ids, numbers and moments, everything else alike."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from rebond.domain.credit_notes.content import hash_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.shops.models import Shop
from rebond.kernel.models import Counter, Job

Row = tuple[Any, ...]
LEFT_OUT = {Counter, Job}


@dataclass(frozen=True)
class Copy:
    """Which copy it is, and by how much it is moved in time."""

    number: int
    later: timedelta

    def name(self, word: str) -> str:
        """The word of this copy that stands for ``word`` of the pattern."""
        return f"{word}-{self.number}"


@dataclass
class Chain:
    """The documents of one series, one after the other."""

    series: str
    number: int = 0
    head: str = ""


@dataclass
class Pattern:
    """The rows of one life. ``ids`` are those that it brought, ``words`` its numbers and names."""

    rows: list[tuple[type[models.Model], dict[str, Any]]]
    ids: list[UUID]
    words: list[str]
    finder: re.Pattern[str]
    label: str = ""

    def copied(self, copy: Copy, chain: Chain) -> Iterable[tuple[type[models.Model], Row]]:
        """The rows of one copy, ready for the database."""
        new = _fresh_ids(self.ids, copy.later)
        names = {str(old): str(fresh) for old, fresh in new.items()}
        names |= {old.hex: fresh.hex for old, fresh in new.items()}
        names |= {word: copy.name(word) for word in self.words}
        if self.label:
            chain.number += 1
            names[self.label] = f"{chain.series}-{chain.number:06d}"

        def text(told: str) -> str:
            return self.finder.sub(lambda found: names[found[0]], told)

        for model, row in self.rows:
            yield model, self._row(model, row, copy, new, text, chain)

    def _row(
        self,
        model: type[models.Model],
        row: dict[str, Any],
        copy: Copy,
        new: dict[UUID, UUID],
        text: Any,
        chain: Chain,
    ) -> Row:
        made = {name: _moved(value, copy, new, text) for name, value in row.items()}
        if model is CreditNote:
            content = json.loads(made["content"])
            content["issued_on"] = made["issued_on"].isoformat()
            content["issued_at"] = made["issued_at"].isoformat()
            made |= {
                "series": chain.series,
                "content": json.dumps(content, ensure_ascii=False),
                "number": chain.number,
                "previous_hash": chain.head,
                "hash": hash_of(chain.head, content),
            }
            chain.head = made["hash"]
        return tuple(made.values())


@dataclass
class Known:
    """The rows that were there before, so that a life's own can be told from them."""

    shop: Shop
    ids: dict[type[models.Model], set[Any]] = field(default_factory=dict)

    def look(self) -> list[tuple[type[models.Model], dict[str, Any]]]:
        """What came since the last look, as columns with plain values."""
        fresh = []
        for model in _tables():
            rows = model._base_manager.filter(**_of_shop(model, self.shop))
            seen = self.ids.setdefault(model, set())
            for row in rows.exclude(pk__in=seen):
                seen.add(row.pk)
                fresh.append((model, {f.attname: _plain(f, row) for f in _fields(model)}))
        return fresh


def pattern_of(rows: list[tuple[type[models.Model], dict[str, Any]]]) -> Pattern:
    """The pattern of a life from its rows."""
    ids = [row["id"] for _, row in rows]
    words, label = set(), ""
    for model, row in rows:
        name = model._meta.label
        if name in {"orders.Order", "returns.Return"}:
            words |= {row["number"], row["number_key"]}
        if model is CreditNote:
            label = row["label"]
    every = sorted({*words, *map(str, ids), *(i.hex for i in ids), *filter(None, [label])})
    finder = re.compile("|".join(map(re.escape, sorted(every, key=len, reverse=True))))
    return Pattern(rows, ids, sorted(words), finder, label)


def columns(model: type[models.Model]) -> list[str]:
    """The columns of ``model`` in the order of a row."""
    return [str(each.column) for each in _fields(model)]


def store(rows: dict[type[models.Model], list[Row]]) -> int:
    """Write them in one transaction; returns how many."""
    with transaction.atomic():
        for model, lines in rows.items():
            insert(model, lines)
    return sum(map(len, rows.values()))


def insert(model: type[models.Model], lines: list[Row]) -> None:
    """Write rows of one table."""
    names = ", ".join(f'"{name}"' for name in columns(model))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as out:
                for line in lines:
                    out.write_row(line)
        else:
            holes = ", ".join("?" * len(lines[0]))
            cursor.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({holes})',
                [tuple(map(_for_sqlite, line)) for line in lines],
            )


def _tables() -> list[type[models.Model]]:
    ours = [m for m in apps.get_models() if m.__module__.startswith("rebond.")]
    return [m for m in ours if m not in LEFT_OUT and _of_shop(m, None) and m._meta.pk.name == "id"]


def _of_shop(model: type[models.Model], shop: Shop | None) -> dict[str, Any]:
    names = {each.attname for each in _fields(model)}
    return {"shop_id": shop.pk if shop else None} if "shop_id" in names else {}


def _fields(model: type[models.Model]) -> Sequence[Any]:
    return model._meta.concrete_fields


def _plain(column: Any, row: models.Model) -> Any:
    value = getattr(row, column.attname)
    if isinstance(column, models.JSONField):
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return value


def _moved(value: Any, copy: Copy, new: dict[UUID, UUID], text: Any) -> Any:
    if isinstance(value, str):
        return text(value) if value else value
    if isinstance(value, UUID):
        return new.get(value, value)
    if isinstance(value, datetime):
        return value + copy.later
    if isinstance(value, date):
        return value + timedelta(days=copy.later.days)
    return value


def _fresh_ids(old: Sequence[UUID], later: timedelta) -> dict[UUID, UUID]:
    """A new id for each, of its moment in the copy."""
    drawn = os.urandom(10 * len(old))
    more = int(later.total_seconds() * 1000)
    made = {}
    for place, each in enumerate(old):
        tail = int.from_bytes(drawn[10 * place : 10 * place + 10], "big")
        low = tail & ~(0xF << 76) & ~(0b11 << 62) | 0x7 << 76 | 0b10 << 62
        made[each] = UUID(int=((each.int >> 80) + more) << 80 | low)
    return made


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value
