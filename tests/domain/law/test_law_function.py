"""The online withdrawal function: when it is owed, and how it must be built."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("example", "facts", "mandatory"),
    [
        ("LC-079", {"contract_concluded_on": "2026-11-09"}, True),
        ("first day", {"contract_concluded_on": "2026-06-19"}, True),
        ("LC-080", {"contract_concluded_on": "2026-06-18"}, False),
        ("LC-081", {"contract_concluded_on": "2026-11-09", "withdrawal_right": False}, False),
        ("by telephone", {"contract_concluded_on": "2026-11-09", "online": False}, False),
    ],
)
@pytest.mark.parametrize("jurisdiction", ["FR", "DE", "EU", "NL"])
def test_the_function_is_owed(ask, example, facts, mandatory, jurisdiction):  # WB-01
    facts = {"online": True, "withdrawal_right": True, **facts}

    assert ask("withdrawal_function", facts, jurisdiction)["mandatory"] is mandatory


def test_britain_knows_no_function(ask):  # UK-01
    facts = {"contract_concluded_on": "2026-11-09", "online": True, "withdrawal_right": True}

    assert ask("withdrawal_function", facts, "UK")["mandatory"] is False


@pytest.mark.parametrize(
    ("language", "function", "confirm"),
    [
        ("fr", "renoncer au contrat ici", "confirmer la rétractation"),  # LC-082
        ("en", "withdraw from contract here", "confirm withdrawal"),  # LC-083
        ("de", "Vertrag widerrufen", "Widerruf bestätigen"),  # LC-084
        ("it", "recedere dal contratto qui", None),
    ],
)
def test_the_words_of_the_two_controls(ask, language, function, confirm):  # WB-02, WB-04
    found = ask("withdrawal_function", {"language": language})

    assert (found["label_function"], found.get("label_confirm")) == (function, confirm)


def test_a_language_without_checked_words_is_not_guessed(ask):
    assert ask("withdrawal_function", {"language": "fi"})["error"] == "PARAMETER_UNKNOWN"


@pytest.mark.parametrize(
    ("example", "facts", "acceptable"),
    [
        ("LC-085", {"language": "fr", "label_function": "Nous contacter"}, False),
        ("my returns", {"language": "en", "label_function": "My returns"}, False),
        ("cancel", {"language": "en", "label_function": "Cancel"}, False),
        ("the law's words", {"language": "fr", "label_function": "Renoncer au contrat ici"}, True),
        ("LC-086", {"label_confirm": "Confirmer et recevoir un bon d'achat"}, False),
        ("LC-086 in English", {"language": "en", "label_confirm": "Confirm and get 10 %"}, False),
        ("alone", {"language": "de", "label_confirm": "Widerruf bestätigen"}, True),
        ("other language", {"language": "de", "label_confirm": "confirm withdrawal"}, False),
    ],
)
def test_only_the_words_of_the_law_pass(ask, example, facts, acceptable):  # WB-02, WB-04
    assert ask("withdrawal_function", facts)["acceptable"] is acceptable


@pytest.mark.parametrize(
    ("fields", "offending"),
    [
        (["first_name", "last_name", "order_number", "email", "reason"], ["reason"]),  # LC-087
        (["name", "contract", "e-mail"], []),
        (["name", "order", "email", "phone", "iban"], ["phone", "iban"]),
        (["lastName", "orderNumber", "email_address", "photo", "account"], ["photo", "account"]),
    ],
)
def test_nothing_else_may_be_required(ask, fields, offending):  # WB-03
    assert ask("withdrawal_function", {"required_fields": fields})["offending"] == offending


@pytest.mark.parametrize(
    ("note", "missing"),
    [
        ({"content": True, "date": True, "time": False, "medium": "e-mail"}, ["time"]),  # LC-088
        ({"content": True, "date": "2026-11-10", "time": "09:12", "medium": "email"}, []),
        ({"content": True, "date": True}, ["time"]),
    ],
)
def test_the_acknowledgement_has_three_parts(ask, note, missing):  # WB-05
    found = ask("withdrawal_function", {"acknowledgement": note})

    assert found["complete"] is (not missing)
    assert found["missing"] == missing


@pytest.mark.parametrize(
    ("shown", "durable"),
    [("on-screen banner only", False), ("e-mail", True), ("PDF to download", True)],
)
def test_a_banner_does_not_last(ask, shown, durable):  # WB-05, LC-089
    found = ask("withdrawal_function", {"acknowledgement_shown": shown})

    assert found["durable_medium"] is durable


@pytest.mark.parametrize(
    ("hidden_from", "met"),
    [
        ("2026-12-26T00:00:00+01:00", False),  # LC-090
        ("2026-12-28T23:59:59+01:00", False),
        ("2026-12-29T00:00:00+01:00", True),
    ],
)
def test_the_function_stays_to_the_last_minute(ask, hidden_from, met):  # WB-06
    facts = {"last_day": "2026-12-28", "function_hidden_from": hidden_from}

    assert ask("withdrawal_function", facts)["met"] is met


@pytest.mark.parametrize(
    ("confirmed_at", "in_time"),
    [
        ("2026-11-18T23:58:40+01:00", True),  # LC-091
        ("2026-11-19T00:00:00+01:00", False),
        ("2026-11-18T22:59:59Z", True),
        ("2026-11-18T23:00:00Z", False),
    ],
)
def test_the_confirmation_decides_not_the_mail(ask, confirmed_at, in_time):  # WB-07
    facts = {
        "last_day": "2026-11-18",
        "confirmation_activated_at": confirmed_at,
        "acknowledgement_sent_at": "2026-11-19T00:03:00+01:00",
    }

    assert ask("withdrawal_function", facts)["in_time"] is in_time
