"""Lines of the log: what happened, where in the code, and nobody's name."""

import json
import logging

import pytest

from rebond.kernel.logs import JsonLines, TextLines, masked


def written(form: logging.Formatter, message: str, *args: object, **more: object) -> str:
    record = logging.LogRecord("rebond.test", logging.WARNING, "file.py", 7, message, args, None)
    for name, value in more.items():
        setattr(record, name, value)
    return form.format(record)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no letter to jeanne.martin+1@example.fr today", "no letter to …@… today"),
        ("link WyJhYmMiLCJkZWYiXQ1abcdef9 is over", "link … is over"),
        ("IBAN FR7630006000011234567890189", "IBAN …"),
        ("phone +33 6 12 34 56 78", "phone …"),
        ("return 3f0e1f8e-9d7f-7c1a-8d51-0a6f3f1d2c3b stays", None),
        ("job rebond.outbound.notifications.jobs.send failed", None),
        ("order 1001 has 3 lines", None),
        ("duplicate key\nDETAIL:  Key (name)=(Jeanne Martin) exists.", "duplicate key\nDETAIL: …"),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_masked(said, kept):
    assert masked(said) == (said if kept is None else kept)


def test_a_line_is_one_json_object():
    line = written(JsonLines(), "job failed:\n%s", "so", job="77", other="never")

    told = json.loads(line)
    assert "\n" not in line
    assert (told["message"], told["job"], told["level"]) == ("job failed: so", "77", "warning")
    assert "other" not in told


@pytest.mark.parametrize("form", [JsonLines(), TextLines()])
def test_a_failure_names_its_places_and_not_its_person(form):
    try:
        raise ValueError("cannot write to jeanne@example.fr")
    except ValueError as error:
        line = written(form, "failed", exc_info=(type(error), error, error.__traceback__))

    assert "test_logs.py" in line and "ValueError" in line
    assert "jeanne" not in line
