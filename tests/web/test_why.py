"""Every figure of a quote has a sentence, in both languages."""

import string

import pytest
from django.utils import translation

from rebond.domain.refunds.amounts.why import FIELDS
from rebond.outbound.telling.sums import CODES_WITH_PLURAL, SENTENCES, why_sentence

pytestmark = pytest.mark.once

TITLES = {"L1": "Lampe", "S1": "Livraison", "F1": "Emballage", "P1": "votre carte"}
VALUES = {
    "line_id": "L1",
    "id": "L1",
    "shipping_id": "S1",
    "fee_id": "F1",
    "payment_id": "P1",
    "quantity": 2,
    "units": 3,
    "percent": "10",
    "to": "gift card",
    "error": "AMOUNT_EXCEEDS_REMAINING",
}


def entry(code: str) -> dict:
    return {"code": code} | {name: VALUES.get(name, 1234) for name in FIELDS[code]}


def test_no_code_is_without_a_sentence():
    assert set(SENTENCES) | set(CODES_WITH_PLURAL) == set(FIELDS)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", FIELDS)
def test_every_code_has_a_whole_sentence(code, language):
    with translation.override(language):
        sentence = why_sentence(entry(code), currency="EUR", titles=TITLES)

    assert sentence.endswith(".")
    assert "{" not in sentence and "–" not in sentence
    assert "1234" not in sentence


@pytest.mark.parametrize("code", SENTENCES)
def test_french_is_not_english(code):
    with translation.override("fr"):
        french = why_sentence(entry(code), titles=TITLES)
    with translation.override("en"):
        english = why_sentence(entry(code), titles=TITLES)

    assert french != english


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_uses_only_the_fields_of_its_code(code):
    fields = {name.removesuffix("_minor").removesuffix("_id") for name in FIELDS[code]}
    used = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name}

    assert used <= fields


def test_an_unknown_line_is_a_dash():
    with translation.override("en"):
        assert "“–”" in why_sentence(entry("line_tax_share"))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Vous avez payé 33,33\u00a0€ pour cette pièce."),
        ("en", "You paid €33.33 for this piece."),
    ],
)
def test_one_piece_is_one_piece(language, sentence):
    told = {"code": "line_value", "line_id": "L1", "quantity": 1, "gross_minor": 3333}

    with translation.override(language):
        assert why_sentence(told, currency="EUR", titles=TITLES) == sentence
