"""A list of products as a file; its columns stand in ``COLUMNS``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from rebond.cli.importing import CannotImport
from rebond.domain.products.actions import Kept, NewProduct, keep_products, tags_in
from rebond.domain.products.errors import ProductUnreadable
from rebond.domain.shops.models import Shop
from rebond.kernel.money import exponent_of
from rebond.kernel.tables import TableUnreadable, columns_of, rows_of

COLUMNS = (
    *("sku", "title", "category", "family", "option", "price", "tax_rate", "stock"),
    *("tags", "returnable", "final_sale", "weight_grams", "hs_code", "origin_country"),
    *("size_chart", "dimensions_cm"),
)
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def import_products(path: Path, *, shop_slug: str) -> Kept:
    """Read ``path`` (CSV, also .gz, or Parquet) into the shop's catalogue, whole or not at all.

    Only ``sku`` must be there; an empty cell keeps what is known. Raises ``CannotImport``.
    """
    shop = Shop.objects.filter(slug=shop_slug).first()
    if shop is None:
        raise CannotImport(f"there is no shop {shop_slug!r}")
    try:
        known = columns_of(path)
        if "sku" not in known:
            raise CannotImport(f"{path.name} has no column sku; it may have {', '.join(COLUMNS)}")
        names = [name for name in COLUMNS if name in known]
        exponent = exponent_of(shop.currency)
        told = [
            _product(line, dict(zip(names, cells, strict=True)), exponent)
            for line, *cells in rows_of(path, names)
        ]
        return keep_products(shop, told, by="import")
    except (TableUnreadable, OSError) as problem:
        raise CannotImport(str(problem)) from problem
    except ProductUnreadable as bad:
        raise CannotImport(f"row {bad.facts['row']}: {bad.facts['problem']} is not right") from bad


def _product(row: int, cells: Mapping[str, object], exponent: int) -> NewProduct:
    text = {name: "" if cell is None else str(cell).strip() for name, cell in cells.items()}
    return NewProduct(
        sku=text["sku"],
        title=text.get("title", ""),
        category=text.get("category", ""),
        family=text.get("family") or None,
        option=text.get("option") or None,
        price_minor=_whole(row, "price", text.get("price", ""), exponent),
        tax_rate=text.get("tax_rate") or None,
        stock=_whole(row, "stock", text.get("stock", ""), 0),
        tags=tags_in(text["tags"]) if text.get("tags") else None,
        is_returnable=_yes_or_no(row, "returnable", text.get("returnable", "")),
        is_final_sale=_yes_or_no(row, "final_sale", text.get("final_sale", "")),
        weight_grams=_whole(row, "weight_grams", text.get("weight_grams", ""), 0),
        hs_code=text.get("hs_code") or None,
        origin_country=text.get("origin_country") or None,
        size_chart=text.get("size_chart") or None,
        dimensions=text.get("dimensions_cm") or None,
    )


def _yes_or_no(row: int, name: str, text: str) -> bool | None:
    if text and text.lower() not in YES_OR_NO:
        raise ProductUnreadable(row=row, problem=name)
    return YES_OR_NO.get(text.lower())


def _whole(row: int, name: str, text: str, exponent: int) -> int | None:
    """``text`` times ten to the ``exponent``, which must be whole; None for an empty cell."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ".")).scaleb(exponent)
    except InvalidOperation as bad:
        raise ProductUnreadable(row=row, problem=name) from bad
    if not value.is_finite() or value != value.to_integral_value():
        raise ProductUnreadable(row=row, problem=name)
    return int(value)
