"""The model withdrawal form: the words of the law, on screen, in a mail and as PDF.

Source: C. conso. annex to R221-1; Dir. 2011/83/EU annex I(B).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from rebond.domain.shops.addresses import withdrawal_page
from rebond.domain.shops.models import Shop
from rebond.kernel.typeset import typeset

TEMPLATE = Path(__file__).parent / "templates" / "model_form.typ"
FIRST_LANGUAGE = "en"


@cache
def form_words(language: str) -> Mapping[str, Any]:
    """The words of the form in ``language``, or in English."""
    every = tomllib.loads(
        resources.files(__package__).joinpath("model_form.toml").read_text("utf-8")
    )
    return every.get(language) or every[FIRST_LANGUAGE]


def trader_of(shop: Shop) -> str:
    """Name, geographical and e-mail address, as the form has to name the trader."""
    name = shop.legal.get("legal_name") or shop.legal.get("name") or shop.name
    address = shop.legal.get("address") or shop.return_address
    return ", ".join([str(name), *map(str, address), shop.email])


def form_text(shop: Shop, language: str) -> str:
    """The form as plain text."""
    words = form_words(language)
    to = f"{words['to']} {trader_of(shop)}{words['colon']}"
    blanks = [f"{label}{words['colon']} ____________________" for label in words["blanks"]]
    rows = [words["title"], words["note"], "", to, words["statement"], "", *blanks]
    return "\n".join([*rows, "", words["delete"]])


def form_pdf(shop: Shop, language: str, *, made_at: datetime) -> bytes:
    """The form as a tagged PDF, to be printed and filled in by hand."""
    words = form_words(language)
    data = {
        "words": {**words, "blanks": list(words["blanks"])},
        "language": language,
        "to": f"{words['to']} {trader_of(shop)}{words['colon']}",
        "shop": shop.name,
        "online": withdrawal_page(shop),
    }
    return typeset(TEMPLATE, data, made_at=made_at)
