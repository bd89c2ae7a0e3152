"""What must be true of every table, as functions from models to findings.

Each stands for a promise that a reader of the database may rely on:
shops apart, ids made by us, money in whole minor units, nothing about money deleted by chance.
"""

from collections.abc import Iterable, Iterator

from django.db import models

Model = type[models.Model]

MONEY_WORDS = {"amount", "price", "total", "balance", "fee", "gross", "net", "tax", "refunded"}
STEPS_TO_CURRENCY = 3


def rows_without_shop(tables: Iterable[Model]) -> list[str]:
    """Tables whose rows do not say, always, which shop they belong to."""
    return [f"{table._meta.label} has no shop" for table in tables if _shop_of(table) is None]


def keys_not_led_by_shop(tables: Iterable[Model]) -> list[str]:
    """Unique constraints and indexes that do not begin with the shop."""
    return [
        f"{table._meta.label}: {name} does not begin with the shop"
        for table in tables
        for name, columns in _keys(table)
        if not columns or columns[0] not in {"shop", "shop_id"}
    ]


def ids_not_made_by_us(tables: Iterable[Model]) -> list[str]:
    """Primary keys that a database counts, or that a copy cannot find within its shop."""
    findings = []
    for table in tables:
        key = table._meta.pk
        if not isinstance(key, models.UUIDField) or not key.has_default():
            findings.append(f"{table._meta.label} has no id made by the application")
        uniques = [columns for _, columns in _uniques(table)]
        if not any(columns in (["shop", "id"], ["shop_id", "id"]) for columns in uniques):
            findings.append(f"{table._meta.label} has no unique (shop, id)")
    return findings


def money_not_in_minor_units(tables: Iterable[Model]) -> list[str]:
    """Money that is not a whole number of minor units, or of no known currency."""
    findings = []
    for table in tables:
        for column in table._meta.local_fields:
            where = f"{table._meta.label}.{column.name}"
            if isinstance(column, models.FloatField):
                findings.append(f"{where} is a float")
            elif column.name.endswith("_minor") and not isinstance(column, models.BigIntegerField):
                findings.append(f"{where} is not a BigIntegerField")
            elif isinstance(column, models.DecimalField) and _is_money(column.name):
                findings.append(f"{where} is money, so it ends in _minor")
        if _money_columns(table) and not _has_currency(table, STEPS_TO_CURRENCY):
            findings.append(f"{table._meta.label} has money without a currency")
    return findings


def money_without_check(tables: Iterable[Model]) -> list[str]:
    """Columns of money that no CHECK of their table speaks about."""
    return [
        f"{table._meta.label}.{column} has no CHECK"
        for table in tables
        for column in sorted(_money_columns(table) - _checked_columns(table))
    ]


def money_that_cascades(tables: Iterable[Model]) -> list[str]:
    """References by which deleting a row would delete money, or a row about money."""
    return [
        f"{table._meta.label}.{column.name} cascades"
        for table in tables
        for column in table._meta.local_fields
        if column.remote_field is not None
        and column.remote_field.on_delete is models.CASCADE
        and (_money_columns(table) or _money_columns(column.remote_field.model))
    ]


def _shop_of(table: Model) -> models.Field | None:
    for column in table._meta.fields:
        if column.attname == "shop_id" and not column.null:
            return column
    return None


def _keys(table: Model) -> Iterator[tuple[str, list[str]]]:
    yield from _uniques(table)
    for index in table._meta.indexes:
        yield index.name, [name.lstrip("-") for name in index.fields] or _expressions(index)
    for column in table._meta.local_fields:
        if column.db_index and not column.primary_key and not column.unique:
            yield f"index of {column.name}", [column.name]


def _uniques(table: Model) -> Iterator[tuple[str, list[str]]]:
    for constraint in table._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield constraint.name, list(constraint.fields) or _expressions(constraint)
    for together in table._meta.unique_together:
        yield "unique_together", list(together)
    for column in table._meta.local_fields:
        if column.unique and not column.primary_key:
            yield f"unique {column.name}", [column.name]


def _expressions(key: models.Index | models.UniqueConstraint) -> list[str]:
    return [getattr(part, "name", "an expression") for part in key.expressions]


def _is_money(name: str) -> bool:
    words = set(name.split("_"))
    return bool(words & MONEY_WORDS) and not words & {"rate", "percent"}


def _money_columns(table: Model) -> set[str]:
    return {column.name for column in table._meta.fields if column.name.endswith("_minor")}


def _has_currency(table: Model, steps: int) -> bool:
    """Whether ``table``, or what it belongs to within ``steps`` references, names a currency.

    The shop does not count: its currency is what it sells in, not what was paid in.
    """
    if any(column.name == "currency" for column in table._meta.fields):
        return True
    return steps > 0 and any(
        _has_currency(column.remote_field.model, steps - 1)
        for column in table._meta.fields
        if column.remote_field is not None and column.name != "shop"
    )


def _checked_columns(table: Model) -> set[str]:
    return {
        name.split("__")[0]
        for constraint in table._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        for name in _names_in(constraint.condition)
    }


def _names_in(condition: object) -> Iterator[str]:
    """All columns named in a Q object or expression, on either side of a comparison."""
    if isinstance(condition, models.Q):
        for child in condition.children:
            yield from _names_in(child)
    elif isinstance(condition, tuple):
        yield condition[0]
        yield from _names_in(condition[1])
    elif isinstance(condition, models.F):
        yield condition.name
    elif hasattr(condition, "get_source_expressions"):
        for part in condition.get_source_expressions():
            yield from _names_in(part)
