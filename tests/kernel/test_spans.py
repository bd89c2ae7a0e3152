"""Traces reach a real collector, say nothing about people, and cost nothing where they are off."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.world import EMAIL, order_of, small_shop

from rebond.kernel import egress, spans
from rebond.kernel.jobs import later
from rebond.kernel.models import Job

pytestmark = pytest.mark.django_db


class Collector(ThreadingHTTPServer):
    """Takes what OpenTelemetry sends over HTTP; asked for anything it answers 200."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Door)
        self.told = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self):
        """Each span: its kind, name, attributes, status, trace."""
        return [
            (
                one.kind,
                one.name,
                {a.key: a.value.string_value or a.value.int_value for a in one.attributes},
                one.status.code,
                one.trace_id,
            )
            for body in self.told
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for one in scope.spans
        ]


class Door(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.told.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def collector(monkeypatch):
    server = Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.url)
    spans._made.cache_clear()
    yield server
    spans._made(os.getpid()).shutdown()
    spans._made.cache_clear()
    server.shutdown()
    server.server_close()


def fails_over(name):
    raise ValueError(f"this is about {name}")


def asks(url):
    yield lambda: egress.request("GET", f"{url}/secret/path?who=camille")


def test_a_request_is_told_by_its_route_and_shop_and_by_nothing_else(collector):
    shop = small_shop()
    order = order_of(shop)
    client = Client(headers={"accept-language": "en"})

    client.post("/s/galerie/", {"number": order.number, "proof": EMAIL})
    client.get("/s/galerie/nothing/here/")
    spans.hand_over()

    (_, name, said, status, _), (_, _, lost, *_) = collector.spans()
    assert name == "POST /s/<slug:slug>/"
    assert said == {
        "http.request.method": "POST",
        "http.route": "/s/<slug:slug>/",
        "http.response.status_code": 302,
        "rebond.shop": str(shop.pk),
    }
    assert status == 0
    assert lost["http.response.status_code"] == 404
    body = b"".join(collector.told)
    assert order.number.encode() not in body and EMAIL.encode() not in body


def test_a_job_that_fails_tells_the_kind_of_its_error_and_not_its_words(collector, run_jobs):
    shop = small_shop()
    later(f"{__name__}.fails_over", "Camille", shop_id=shop.pk)
    run_jobs()
    spans.hand_over()

    [(_, name, said, status, _)] = [one for one in collector.spans() if "fails_over" in one[1]]
    assert name == f"job {__name__}.fails_over"
    assert (said["error.type"], said["rebond.shop"], status) == ("ValueError", str(shop.pk), 2)
    assert b"Camille" not in b"".join(collector.told)


def test_a_call_to_another_company_belongs_to_its_job(collector, run_jobs):
    shop = small_shop()
    Job.objects.all().delete()
    later(f"{__name__}.asks", collector.url, shop_id=shop.pk)
    run_jobs()
    spans.hand_over()

    told = collector.spans()
    [call] = [one for one in told if one[1] == "GET"]
    jobs = [one for one in told if one[1] == f"job {__name__}.asks"]
    assert call[2] == {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "http.response.status_code": 200,
    }
    assert call[4] in {one[4] for one in jobs}
    assert b"camille" not in b"".join(collector.told)


def test_off_means_that_nothing_of_it_is_loaded():
    script = "import sys; from rebond.cli.boot import set_up; set_up(); "
    script += "from rebond.kernel.spans import Kind, span\n"
    script += "with span('x', Kind.SERVER) as told: told.say(a=1)\n"
    script += "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    for more in ({}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}):
        known = {name: text for name, text in os.environ.items() if not name.startswith("OTEL_")}
        ran = subprocess.run(
            [sys.executable, "-c", script], env=known | more, capture_output=True, text=True
        )
        assert ran.stdout.strip() == "[]", ran.stderr


def test_a_collector_that_cannot_be_reached_stops_nothing(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    spans._made.cache_clear()
    small_shop()

    assert Client().get("/s/galerie/").status_code == 200

    spans._made(os.getpid()).shutdown()
    spans._made.cache_clear()


def test_what_is_raised_passes_and_marks_its_own_span_alone(collector):
    with pytest.raises(KeyError), spans.span("outer", spans.Kind.CLIENT):
        try:
            raise ValueError("known")
        except ValueError:
            with spans.span("inner", spans.Kind.CLIENT):
                pass
        raise KeyError("secret")
    spans.hand_over()

    told = {name: said.get("error.type") for _, name, said, *_ in collector.spans()}
    assert told == {"outer": "KeyError", "inner": None}
    assert b"secret" not in b"".join(collector.told)
