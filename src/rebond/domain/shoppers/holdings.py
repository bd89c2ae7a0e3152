"""What each room holds about people: one declaration for each table that does.

A room says it in its file ``personal.py`` as ``HOLDINGS``; nobody has to know all of them. Copies,
erasure and the ends of keeping read these declarations, and a test reads every column against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db.models import JSONField, Model, Q, QuerySet

from rebond.domain.shoppers.models import Shopper, email_key


class DataKind(StrEnum):
    """Classes of data that are kept equally long."""

    IDENTITY = "identity"
    REQUESTS = "requests"
    PHOTOS = "photos"
    MESSAGES = "messages"
    TRACKING = "tracking"
    SIGNALS = "signals"
    BANK = "bank"
    TECHNICAL = "technical"
    STATEMENTS = "statements"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class Subject:
    """One person in one shop: the rows of their mailbox, and the mailbox as it is compared."""

    shop_id: UUID
    mailbox: str
    shoppers: tuple[UUID, ...]


About = Callable[[Subject], Q]
Aged = Callable[[datetime], Q]


@dataclass(frozen=True)
class Holding:
    """Personal data in one table.

    ``about`` finds the rows of a person, ``aged`` those whose time is over when it is counted
    from before a moment; without it they go with something else. ``fields`` are emptied, each as
    ``emptied`` says or to nothing, ``rewritten`` from its value; with ``is_removed`` the row goes
    whole. ``files`` name columns with the name of a file, which goes too. ``told`` are further
    columns for a copy. ``holds`` finds rows with something to rewrite. What the law keeps is not
    touched when a person asks.
    """

    table: str
    kind: DataKind
    about: About
    fields: tuple[str, ...]
    aged: Aged | None = None
    told: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    emptied: Mapping[str, Any] = field(default_factory=dict)
    rewritten: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    holds: Q | None = None
    is_removed: bool = False
    law_keeps: bool = False

    @property
    def model(self) -> type[Model]:
        """The table."""
        return cast("type[Model]", apps.get_model(self.table))

    def rows(self, shop_id: UUID) -> QuerySet[Any]:
        """All rows of a shop that still hold something."""
        found = self.model._default_manager.filter(shop_id=shop_id)
        if self.is_removed or not self.nothing:
            return found
        nothing = Q()
        for name, value in self.nothing.items():
            nothing &= Q(**{name: value})
        return found.filter(~nothing | self.holds if self.holds is not None else ~nothing)

    @property
    def nothing(self) -> Mapping[str, Any]:
        """The value of each field that is simply emptied, when it is empty."""
        otherwise = {*self.emptied, *self.rewritten}
        plain = [*self.fields, *self.files]
        return {name: self._empty(name) for name in plain if name not in otherwise}

    def _empty(self, name: str) -> Any:
        column = self.model._meta.get_field(name)
        if isinstance(column, JSONField):
            return column.get_default() if column.has_default() else []
        return None if getattr(column, "null", False) else ""


def of_shopper(path: str) -> About:
    """Rows whose ``path`` leads to the person."""
    return lambda who: Q(**{f"{path}__in": who.shoppers})


def of_mailbox(path: str) -> About:
    """Rows whose ``path`` is the person's mailbox."""
    return lambda who: Q(**{path: who.mailbox}) if who.mailbox else Q(pk__in=())


def before(path: str) -> Aged:
    """Rows whose ``path`` is a moment that lies before."""
    return lambda moment: Q(**{f"{path}__lt": moment})


def subject_of(shop_id: UUID, email: str) -> Subject:
    """Who reads the mailbox ``email``, as far as the shop knows them."""
    key = email_key(email)
    found = Shopper.objects.filter(shop_id=shop_id, email_key=key).order_by("id")
    return Subject(shop_id, key, tuple(found.values_list("id", flat=True)) if key else ())


def holdings() -> list[Holding]:
    """Those of all rooms, the highest room first, so that what hangs from a row goes before it."""
    found: list[Holding] = []
    for config in reversed(list(apps.get_app_configs())):
        if config.name.startswith("rebond.") and find_spec(f"{config.name}.personal") is not None:
            found += import_module(f"{config.name}.personal").HOLDINGS
    return found
