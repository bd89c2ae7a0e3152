"""The shop's own words in its letters: a subject, what stands before and after ours."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.models import Shop
from rebond.outbound.notifications.own_words import (
    KINDS,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    Words,
    keep_words,
    spoken,
    words_of,
)

router = Router(tags=["settings"])
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class WordsIn(Body):
    """Own words for one letter; what is empty leaves ours, all empty takes them away.

    ``{name}`` and the other placeholders of the letter may stand in each.
    """

    subject: str = Field("", max_length=LONGEST_SUBJECT)
    opening: str = Field("", max_length=LONGEST_WORDS)
    closing: str = Field("", max_length=LONGEST_WORDS)


class LetterOut(Schema):
    """A letter that may carry own words: what can be put into them, where it carries some."""

    kind: str
    placeholders: list[str]
    languages: list[str]


class WordsOut(Schema):
    """Own words of one letter in one language; empty where ours stand alone."""

    kind: str
    language: str
    subject: str
    opening: str
    closing: str


@router.get(
    "/letters",
    auth=Key(Scope.SETTINGS_READ),
    response={200: list[LetterOut], **REFUSED},
    operation_id="list_letters",
)
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Every letter that may carry words of the shop."""
    own = spoken(shop_of(request))
    return [
        {"kind": kind, "placeholders": list(names), "languages": own.get(kind, [])}
        for kind, names in KINDS.items()
    ]


@router.get(
    "/letters/{kind}/{language}",
    auth=Key(Scope.SETTINGS_READ),
    response={200: WordsOut, **REFUSED},
    operation_id="read_letter_words",
)
def read(request: HttpRequest, kind: str, language: str) -> dict[str, Any]:
    """The words of one letter in one language of the shop."""
    shop = shop_of(request)
    _check(shop, kind, language)
    return _out(kind, language, words_of(shop, kind, language))


@router.put(
    "/letters/{kind}/{language}",
    auth=Key(Scope.SETTINGS_WRITE),
    response={200: WordsOut, **REFUSED},
    operation_id="keep_letter_words",
)
def keep(request: HttpRequest, kind: str, language: str, wanted: WordsIn) -> dict[str, Any]:
    """Say these words from the next letter of this kind on."""
    shop = shop_of(request)
    _check(shop, kind, language)
    kept = keep_words(shop, kind, language, Words(**wanted.dict()), by=actor_of(request))
    return _out(kind, language, kept)


def _check(shop: Shop, kind: str, language: str) -> None:
    if kind not in KINDS or language not in shop.languages:
        raise Http404


def _out(kind: str, language: str, words: Words) -> dict[str, Any]:
    return {"kind": kind, "language": language} | asdict(words)
