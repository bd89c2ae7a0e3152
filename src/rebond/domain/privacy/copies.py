"""Makes the copy a person gets of all that is held about them: for machines, and for reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import ForeignKey

from rebond.domain.privacy.keeping import months_of
from rebond.domain.shoppers.holdings import Holding, Subject, holdings
from rebond.domain.shops.models import Shop
from rebond.kernel.files import content_of


def copy_of(shop: Shop, subject: Subject, made_at: datetime) -> bytes:
    """A ZIP with ``data.json``, the same as ``data.html``, and the person's photos and papers.

    Source: GDPR arts 15, 20 (GD-06).
    """
    months = months_of(shop)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        tables: dict[str, Any] = {}
        for holding in holdings():
            rows = list(_rows(holding, subject, archive))
            if rows:
                table = tables.setdefault(
                    holding.table,
                    {"kind": holding.kind.value, "kept_months": months[holding.kind], "rows": []},
                )
                table["rows"] += rows
        told = {"shop": shop.name, "made_at": made_at.isoformat(), "data": tables}
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
        archive.writestr("data.html", _readable(shop, made_at, tables))
    return content.getvalue()


def _rows(holding: Holding, subject: Subject, archive: ZipFile) -> Iterator[dict[str, Any]]:
    columns = [*holding.told, *_own(holding)]
    found = holding.rows(subject.shop_id).filter(holding.about(subject)).order_by("pk")
    for row in found.values("pk", *columns, *holding.files):
        told = {name: _plain(row[name]) for name in columns}
        for name in holding.files:
            if row[name]:
                told[name] = _pack(archive, holding, str(row["pk"]), row[name])
        yield told


def _own(holding: Holding) -> list[str]:
    """The personal columns that say something by themselves."""
    columns = holding.model._meta
    return [n for n in holding.fields if not isinstance(columns.get_field(n), ForeignKey)]


def _pack(archive: ZipFile, holding: Holding, pk: str, name: str) -> str:
    inside = f"files/{holding.table.lower()}/{pk}{PurePosixPath(name).suffix}"
    try:
        archive.writestr(inside, content_of(name))
    except FileNotFoundError:
        return ""
    return inside


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _readable(shop: Shop, made_at: datetime, tables: dict[str, Any]) -> str:
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(shop.name)}</title>'
        f"<h1>{escape(shop.name)}</h1><p>{made_at:%Y-%m-%d %H:%M} UTC</p>"
    ]
    for name, table in tables.items():
        parts.append(f"<h2>{escape(name)}</h2>")
        for row in table["rows"]:
            cells = "".join(
                f"<dt>{escape(key)}</dt><dd>{escape(_words(value))}</dd>"
                for key, value in row.items()
                if value not in ("", None, [], {})
            )
            parts.append(f"<dl>{cells}</dl><hr>")
    return "".join(parts)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
