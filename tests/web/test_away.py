"""What a visitor and a machine are told when nothing goes: come again, or it is our mistake."""

import errno

import pytest
from django.db import OperationalError
from django.test import Client

from rebond.config import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def broken_with(monkeypatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(views.Shop.objects, "order_by", fail)


@pytest.mark.parametrize(
    "error", [OperationalError("the database system is starting up"), OSError(errno.ENOSPC, "full")]
)
def test_what_passes_is_told_with_the_time_to_come_again(visitor, monkeypatch, error):
    broken_with(monkeypatch, error)

    answer = visitor.get("/", headers={"Accept-Language": "fr"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "De retour dans un instant" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_mistake_of_ours_shows_nothing_of_it(visitor, monkeypatch):
    broken_with(monkeypatch, ValueError("secret of Jeanne"))

    answer = visitor.get("/", headers={"Accept-Language": "en"})

    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "Jeanne" not in answer.content.decode()
    assert "Retry-After" not in answer


def test_a_machine_is_told_as_a_problem(visitor, monkeypatch):
    def away(*_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("rebond.domain.machines.models.ApiKey.objects.filter", away)
    monkeypatch.setattr("rebond.domain.machines.models.ApiKey.objects.select_related", away)

    answer = visitor.get("/api/v1/returns", headers={"Authorization": "Bearer rk_x_y"})

    assert answer.status_code in {401, 503}
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_page_needs_no_database(visitor, monkeypatch, django_assert_num_queries):
    broken_with(monkeypatch, OperationalError("away"))

    with django_assert_num_queries(0):
        assert visitor.get("/").status_code == 503
