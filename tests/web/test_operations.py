"""What the host's machines see: life, readiness, figures; and a log without people in it."""

import json
import logging
import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from tests.world import findings, order_of, received_return, small_shop

from rebond.config import operations
from rebond.domain.refunds.actions import settle_return
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.jobs import later
from rebond.kernel.logs import JsonLines
from rebond.kernel.models import Job

pytestmark = pytest.mark.django_db
SAMPLE = re.compile(r'^[a-z_]+(\{([a-z]+="[^"]*",?)*\})? [0-9.e+inf-]+$')


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.delenv("REBOND_METRICS_TOKEN", raising=False)
    cache.clear()
    operations._migrated.clear()


def test_a_process_that_lives_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/").json() == {"status": "ok"}


def test_ready_when_the_database_is_there_and_up_to_date(client):
    assert client.get("/ready/").status_code == 200


def test_not_ready_while_the_database_does_not_answer(client, monkeypatch):
    def away(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)

    answer = client.get("/ready/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["missing"] == ["the database does not answer"]


def test_not_ready_before_the_database_is_up_to_date(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel'")

    assert client.get("/ready/").json()["missing"] == [
        "the database is not up to date: rebond migrate"
    ]


@pytest.mark.postgresql
def test_not_ready_while_setting_and_database_disagree_about_row_security(client, settings):
    settings.ROW_SECURITY = not settings.ROW_SECURITY

    (missing,) = client.get("/ready/").json()["missing"]

    assert "row security" in missing


def test_figures_are_only_for_who_has_the_token(client, monkeypatch, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    settings.BASE_URL = "https://returns.example.com"
    assert client.get("/metrics").status_code == 404
    monkeypatch.setenv("REBOND_METRICS_TOKEN", "s3cret")
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_figures_tell_what_waits_and_how_long_answers_took(client, shop_with_work):
    client.get("/s/galerie/")
    client.get("/no/such/page/")
    later("rebond.outbound.notifications.jobs.send", "x", shop_id=shop_with_work.pk)
    Job.objects.filter(path__endswith="nightly").update(is_dead=True)

    page = client.get("/metrics").content.decode()

    samples = [line for line in page.splitlines() if not line.startswith("#")]
    assert [line for line in samples if not SAMPLE.match(line)] == []
    figures = dict(line.rsplit(" ", 1) for line in samples)
    path = "rebond.outbound.notifications.jobs.send"
    assert float(figures[f'rebond_jobs{{kind="{path}",state="waiting"}}']) >= 1
    assert float(figures[f'rebond_jobs_due{{kind="{path}"}}']) >= 1
    assert figures['rebond_refunds_open{state="reserved"}'] == "1"
    assert figures["rebond_payouts_held"] == "0"
    assert figures["rebond_stock_reports_waiting"] == figures["rebond_stock_reports_refused"] == "0"
    counted = [name for name in figures if name.startswith("rebond_request_seconds_count")]
    assert any('route="/s/<slug:slug>/"' in name and 'status="2xx"' in name for name in counted)
    assert any('route="none"' in name and 'status="4xx"' in name for name in counted)


def test_each_kind_of_figure_is_announced_once(client, shop_with_work):
    client.get("/s/galerie/")
    client.get("/desk/")

    announced = [x for x in client.get("/metrics").content.decode().splitlines() if "# TYPE" in x]

    assert len(announced) == len(set(announced))


def test_asking_often_does_not_load_the_database(client, django_assert_num_queries):
    client.get("/metrics")

    with django_assert_num_queries(0):
        client.get("/metrics")


def test_a_request_has_an_id_and_keeps_a_decent_one(client):
    assert client.get("/health/", headers={"X-Request-Id": "abc-12345"})["X-Request-Id"] == (
        "abc-12345"
    )
    assert client.get("/health/", headers={"X-Request-Id": "a b\n<c>"})["X-Request-Id"] != "a b"


def test_the_log_of_a_request_tells_its_route_and_nobodys_link(client, caplog):
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonLines())

    client.get("/s/galerie/r/WyJqZWFubmUubWFydGluQGV4YW1wbGUuZnIiXQ1234/?email=j@example.fr")
    client.get("/health/")

    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert any(line.get("route") == "/health/" and line["status"] == 200 for line in lines)
    assert all(line["milliseconds"] >= 0 for line in lines if line["logger"] == "rebond.requests")
    assert "WyJq" not in caplog.text and "example.fr" not in caplog.text


@pytest.fixture
def shop_with_work():
    shop = small_shop()
    order = order_of(shop, provider="simulator")
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    settle_return(rma.pk, by="staff:Ana")
    return shop
