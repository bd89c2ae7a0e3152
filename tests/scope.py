"""Watches every statement: one about a shop's rows must name the shop, or the row itself."""

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps

from rebond.domain.shops.models import ShopRow

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rebond"
# Rooms that read across shops on purpose, each with its reason.
ACROSS_SHOPS = {
    "insights/verification/": "`rebond verify` reads the whole installation",
    "domain/refunds/queries.py:due_for_check": "the clock asks for every refund whose check is due",
    "domain/refunds/queries.py:messages_due": "the clock asks for every message that waits",
    "domain/shipping/queries.py:labels_to_look_up": "the clock asks for every label in doubt",
    "domain/shipping/queries.py:silent_parcels": "the clock asks for every silent parcel",
    "domain/shipping/queries.py:parcels_to_ask_about": "the clock asks for every parcel under way",
    "domain/exchanges/jobs.py": "the clock ends every exchange whose time is over",
    "domain/ledger/due.py": "the clock asks for everything whose time is over",
    "config/gauges.py": "figures of the whole installation, which name no shop",
    "config/views.py": "the front door lists the shops",
    "domain/returns/actions.py:_drop_lines": "what stands on a line is asked by the line itself",
    "cli/importing.py": "one test overtakes a run by changing every run there is",
    "demo/shop.py": "the demo has one shop",
}
# The shop itself, the row itself, or the person whose places are looked for.
NAMED = re.compile(
    r'"?\b(?:shop_id|id)"?\)? (?:=|IN)|"shops_shop"\."slug" =|"shops_staff"\."user_id" =', re.I
)
NOT_ASKING = {"migrations", "guarded_postgresql"}
START = re.compile(r'^\s*(?:SELECT .*? FROM|UPDATE|DELETE FROM)\s+"(\w+)"', re.S | re.I)


def tables() -> set[str]:
    """The tables whose rows belong to a shop."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, ShopRow) or model._meta.label in {"kernel.Event", "kernel.Counter"}
    }


class Watch:
    """A wrapper around every statement of a connection; keeps what it finds."""

    def __init__(self) -> None:
        self.tables = tables()
        self.found: list[str] = []

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        statement = sql if isinstance(sql, str) else str(sql)
        if self.is_loose(statement):
            where = _caller()
            if where and not where.startswith(tuple(ACROSS_SHOPS)):
                self.found.append(f"{where}: {statement[:1000]}")
        return execute(sql, params, many, context)

    def is_loose(self, statement: str) -> bool:
        """Whether the statement reads or changes a shop's rows and names neither shop nor row."""
        start = START.match(statement)
        if start is None or start.group(1) not in self.tables:
            return False
        _, _, where = statement.partition(" WHERE ")
        return NAMED.search(where) is None


def _caller() -> str:
    """The innermost line of ours that asked: file:function."""
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if path.is_relative_to(SOURCE) and not NOT_ASKING & set(path.parts):
            return f"{path.relative_to(SOURCE)}:{frame.name}"
    return ""
