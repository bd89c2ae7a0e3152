"""PostgreSQL shows and takes only rows of the shop it was told: a policy on each table with a shop.

Made from the tables there are, after each migration, by ``bring_in_line``: what is as it should be
is not touched. FORCE, because the role that asks usually owns the tables. Superusers and roles with
BYPASSRLS are held by no policy. See docs/decisions/0019-row-level-security.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

OURS = "rebond_"
# The planner takes a CASE for every second row; an OR it would take for one in hundreds.
_IS_THEIRS = (
    "CASE current_setting('rebond.shop', true) WHEN 'all' THEN true ELSE "
    "{column} = NULLIF(current_setting('rebond.shop', true), '')::uuid END"
)
SHOPS = "shops_shop"
"""The shops themselves: each is found by its name before anybody is told, and changed by itself."""
_STATE = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, p.polname
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)
"""


@dataclass
class _Table:
    """How one table stands. ``policies``: the names of ours."""

    holds: bool
    policies: set[str] = field(default_factory=set)


def tables() -> dict[str, str]:
    """Every table with rows of shops → the column that names the shop."""
    found = {
        model._meta.db_table: "shop_id"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and any(column.column == "shop_id" for column in model._meta.local_fields)
    }
    return found | {SHOPS: "id"}


def bring_in_line() -> list[str]:
    """Make the database as ``settings.ROW_SECURITY`` wants it; the tables that were changed.

    Does nothing on another database than PostgreSQL. For the role that owns the tables.
    """
    if connection.vendor != "postgresql":
        return []
    changed = _differing(_state())
    with connection.cursor() as cursor:
        for statement in (one for statements in changed.values() for one in statements):
            cursor.execute(statement, None)
    return list(changed)


def why_not_apart() -> list[str]:
    """What keeps the database from doing as ``settings.ROW_SECURITY`` says; words for the host."""
    if connection.vendor != "postgresql":
        return ["REBOND_ROW_SECURITY needs PostgreSQL"] if settings.ROW_SECURITY else []
    other = len(_differing(_state()))
    if other and not settings.ROW_SECURITY:
        return ["the database has row security: set REBOND_ROW_SECURITY=on or run `rebond migrate`"]
    if other:
        return [f"{other} tables without row security: run `rebond migrate`"]
    return []


def is_passed_by() -> bool:
    """Whether no policy holds the role that we are: a superuser, or one with BYPASSRLS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@contextmanager
def lifted(names: Iterable[str]) -> Iterator[None]:
    """Let the owner of the tables ``names`` fill them by COPY. Inside a transaction, to its end."""
    standing = _state()
    forced = [name for name in names if name in standing and standing[name].holds]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name in forced:
            cursor.execute(f"ALTER TABLE {quote(name)} NO FORCE ROW LEVEL SECURITY")
        yield
        if forced:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in forced:
            cursor.execute(f"ALTER TABLE {quote(name)} FORCE ROW LEVEL SECURITY")


def _differing(standing: dict[str, _Table]) -> dict[str, list[str]]:
    """Tables that are not as they should be → the statements that mend it."""
    mending: dict[str, list[str]] = {}
    for table, column in tables().items():
        found = standing.get(table)
        wanted = _policies(table, column) if settings.ROW_SECURITY else {}
        if found is None or (found.holds == bool(wanted) and found.policies == wanted.keys()):
            continue
        mending[table] = list(_statements(table, wanted, found.policies))
    return mending


def _policies(table: str, column: str) -> dict[str, str]:
    """Name → the rest of its CREATE POLICY. What is worded anew gets another number."""
    theirs = {f"{OURS}shop_1": f"USING ({_IS_THEIRS.format(column=column)})"}
    return theirs | {f"{OURS}found_1": "FOR SELECT USING (true)"} if table == SHOPS else theirs


def _statements(table: str, wanted: dict[str, str], standing: set[str]) -> Iterator[str]:
    name = connection.ops.quote_name(table)
    for policy in sorted(standing - wanted.keys()):
        yield f"DROP POLICY {policy} ON {name}"
    for policy in sorted(wanted.keys() - standing):
        yield f"CREATE POLICY {policy} ON {name} {wanted[policy]}"
    if wanted:
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    else:
        yield f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"


def _state() -> dict[str, _Table]:
    found: dict[str, Any] = defaultdict(lambda: _Table(holds=False))
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        for table, holds, policy in cursor.fetchall():
            found[table].holds = holds
            if policy is not None and policy.startswith(OURS):
                found[table].policies.add(policy)
    return dict(found)
