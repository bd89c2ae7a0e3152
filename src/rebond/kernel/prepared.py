"""Questions asked with every request: their SQL is worked out once, then only the values change.

Working out the SQL of one question costs the ORM more than the database needs to answer it. A
``Prepared`` is written as a queryset like any other, and answers the same rows: see
``docs/decisions/0016-prepared-questions.md`` for what it saves and where it is worth its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=models.Model)
_MARK = 0x52_65_62_6F_6E_64 << 32


@dataclass(frozen=True)
class _Written:
    """What Django made of a question. ``places`` maps a parameter to the value that goes there."""

    sql: str
    given: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    locks: bool
    compiler: Any
    converters: dict[int, Any]
    model: type[models.Model]
    names: list[str]
    own: slice
    others: list[Any]

    def rows(self, found: Any) -> Iterator[Any]:
        """The objects of ``found`` rows, as a queryset makes them."""
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        for row in found:
            made = self.model.from_db(connection.alias, self.names, row[self.own])
            for other in self.others:
                other.populate(row, made)
            yield made


class Prepared(Generic[M]):
    """A question with as many values as ``types`` has; ``build`` makes its queryset of them.

    Values are of type ``UUID``, ``str``, ``int`` or ``datetime`` and never None. What ``build``
    writes must not depend on what the values are. Rows come with what ``select_related`` named,
    and without what ``prefetch_related`` would.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *types: type) -> None:
        self._build = build
        self._types = types
        self._written: dict[str, _Written] = {}

    def all(self, *values: UUID | str | int | datetime) -> list[M]:
        """The rows that match ``values``."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write()
        if written.locks and connection.get_autocommit():
            raise TransactionManagementError("a question that locks outside a transaction")
        asked = list(written.given)
        for place, number in written.places:
            asked[place] = _as_sent(values[number])
        with connection.cursor() as cursor:
            cursor.execute(written.sql, asked)
            return list(written.rows(cursor.fetchall()))

    def first(self, *values: UUID | str | int | datetime) -> M | None:
        """The first row that matches ``values``; the queryset says in which order, and ``[:1]``."""
        return next(iter(self.all(*values)), None)

    def _write(self) -> _Written:
        marks = [_mark(kind, number) for number, kind in enumerate(self._types)]
        rows: Any = self._build(*marks)
        if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:
            raise TypeError("a prepared question is about rows alone")
        compiler = rows.query.get_compiler(connection=connection)
        sql, given = compiler.as_sql()
        sent = [_as_sent(mark) for mark in marks]
        places = tuple((at, sent.index(each)) for at, each in enumerate(given) if each in sent)
        if {number for _, number in places} != set(range(len(marks))):
            raise TypeError("a value of a prepared question is not asked for as it is")
        about, select = compiler.klass_info, compiler.select
        own = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
        populators: Any = get_related_populators
        return _Written(
            sql=sql,
            given=tuple(given),
            places=places,
            locks=rows.query.select_for_update and connection.features.has_select_for_update,
            compiler=compiler,
            converters=compiler.get_converters([each[0] for each in select[: compiler.col_count]]),
            model=about["model"],
            names=[each[0].target.attname for each in select[own]],
            own=own,
            others=populators(about, select, connection.alias),
        )


def lay_beside(row: models.Model, name: str, found: Sequence[models.Model]) -> None:
    """Let ``row.<name>.all()`` answer ``found``, as ``prefetch_related`` does."""
    relation: Any = row._meta.get_field(name)
    for each in found:
        relation.field.set_cached_value(each, row)
    rows: Any = relation.related_model._default_manager.get_queryset()
    rows._result_cache, rows._prefetch_done = list(found), True
    theirs = {relation.field.name: row}
    if isinstance(getattr(row, "shop_id", None), UUID):
        theirs["shop_id"] = row.shop_id  # type: ignore[attr-defined]
    rows._deferred_filter = (False, (), theirs)
    vars(row).setdefault("_prefetched_objects_cache", {})[relation.cache_name] = rows


def _mark(kind: type, number: int) -> UUID | str | int | datetime:
    """A value of ``kind`` that no question names by itself."""
    if kind is UUID:
        return UUID(int=_MARK + number)
    if kind is int:
        return 1_919_000_000 + number
    if kind is datetime:
        return datetime(1, 1, 2, microsecond=number, tzinfo=UTC)
    if kind is str:
        return f"\0mark {number}"
    raise TypeError(f"no mark of {kind}")


def _as_sent(value: Any) -> Any:
    """``value`` as Django sends it to this database."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value)} is no value of a prepared question")
