"""The two questions over HTTP: the same answers as the commands, kind words for anything else."""

import json
from pathlib import Path

import pytest

from rebond.domain import law
from rebond.domain.refunds import amounts

SAMPLES = Path(__file__).parents[1] / "domain"
QUOTES = (SAMPLES / "refunds" / "quote_samples.jsonl").read_text(encoding="utf-8").splitlines()
FACTS = (SAMPLES / "law" / "law_samples.jsonl").read_text(encoding="utf-8").splitlines()


def ask(client, page, body, kind="application/json"):
    return client.post(f"/api/v1/{page}", body, content_type=kind)


@pytest.mark.parametrize("line", QUOTES[:12], ids=lambda line: json.loads(line)["id"])
def test_a_quote_is_that_of_the_command(client, line):
    answer = ask(client, "quotes", line)

    assert answer.status_code == 200
    assert answer.json() == amounts.answer(json.loads(line))


@pytest.mark.parametrize("line", FACTS[:12], ids=lambda line: json.loads(line)["id"])
def test_a_legal_answer_is_that_of_the_command(client, line):
    answer = ask(client, "legal-answers", line)

    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(law.answer(json.loads(line))))


@pytest.mark.parametrize("page", ["quotes", "legal-answers"])
@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "12", "null", '"text"', "{}" * 2, "[" * 5000, b"\xff\xfe{}", '{"id": NaN}'],
    ids=str,
)
def test_what_is_no_case_is_answered_and_never_a_crash(client, page, body):
    answer = ask(client, page, body)

    assert answer.status_code in {200, 400, 422}
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


def test_the_description_of_the_api_is_there(client):
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/quotes", "/api/v1/legal-answers"} < set(described["paths"])


@pytest.mark.parametrize("page", ["quotes", "legal-answers", "no-such-page"])
def test_another_method_or_page_is_refused(client, page):
    assert client.get(f"/api/v1/{page}").status_code in {404, 405}


@pytest.mark.django_db
def test_the_sign_of_life(client):
    assert client.get("/health/").json() == {"status": "ok"}
