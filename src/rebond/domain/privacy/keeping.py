"""Empties or removes some rows of one holding, its files first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.law.calendar import add_months
from rebond.domain.privacy.models import RetentionTerm
from rebond.domain.privacy.terms import TERMS
from rebond.domain.shoppers.holdings import DataKind, Holding, Subject, holdings
from rebond.domain.shops.models import Shop
from rebond.kernel.files import remove

AT_ONCE = 500


def months_of(shop: Shop) -> dict[DataKind, int]:
    """How long ``shop`` keeps each kind of data."""
    own = dict(RetentionTerm.objects.filter(shop=shop).values_list("kind", "months"))
    return {kind: own.get(kind, term.months) for kind, term in TERMS.items()}


def over(shop: Shop, holding: Holding, moment: datetime, months: Mapping[DataKind, int]) -> Any:
    """The rows of ``holding`` that were kept long enough at ``moment``."""
    if holding.aged is None:
        return holding.model._default_manager.none()
    day = add_months(moment.date(), -months[holding.kind])
    begins = moment.replace(year=day.year, month=day.month, day=day.day)
    return holding.rows(shop.pk).filter(holding.aged(begins))


def empty_some(holding: Holding, shop_id: UUID, rows: QuerySet[Any]) -> int:
    """Take the content of up to ``AT_ONCE`` of ``rows`` away, files first; how many there were.

    A row is deleted without a look at what hangs from it: the database refuses where that
    should have gone before.
    """
    pks = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if not pks:
        return 0
    some = holding.model._default_manager.filter(shop_id=shop_id, pk__in=pks)
    if holding.files:
        for names in some.values_list(*holding.files):
            for name in names:
                remove(name)
    if holding.is_removed:
        some._raw_delete(some.db)
        return len(pks)
    values = {**holding.nothing, **holding.emptied}
    if values:
        some.update(**values)
    for name, rewrite in holding.rewritten.items():
        for pk, value in some.values_list("pk", name):
            changed = rewrite(value)
            if changed != value:
                some.filter(pk=pk).update(**{name: changed})
    return len(pks)


def erase_all(subject: Subject) -> tuple[int, int]:
    """Empty all that is held about ``subject``; how many rows, and how many the law keeps."""
    gone = kept = 0
    for holding in holdings():
        rows = holding.rows(subject.shop_id).filter(holding.about(subject))
        if holding.law_keeps:
            kept += rows.count()
            continue
        pks: list[UUID] = list(rows.values_list("pk", flat=True))
        for start in range(0, len(pks), AT_ONCE):
            part = holding.rows(subject.shop_id).filter(pk__in=pks[start : start + AT_ONCE])
            gone += empty_some(holding, subject.shop_id, part)
    return gone, kept
