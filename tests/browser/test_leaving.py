"""Hands wait for the page they lead to even where Playwright did not see the way begin."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.browser import leaving

pytestmark = [pytest.mark.browser, pytest.mark.once]


class SlowPage:
    """A server that sends the head of a page and, half a second later, the page."""

    def __enter__(self):
        class Pages(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.flush()
                time.sleep(0.5 if self.path == "/slow" else 0)
                self.wfile.write(b"<!doctype html><title>whole at last</title><p>there")

            def log_message(self, *told):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


FIRST = """<title>first</title><a href="/second">on</a><form action="/second"><button>send</button>
</form><a id="down" href="#below">down</a><a id="kept" href="/second">stay</a>
<script>kept.addEventListener("click", event => event.preventDefault())</script>"""


@pytest.fixture(autouse=True)
def earlier_downloads(monkeypatch):
    """Files of other tests were sent before."""
    monkeypatch.setattr(leaving, "_downloads", ["http://slow.example/a.pdf"])


@pytest.fixture
def first(page):
    def answer(route):
        if route.request.url.endswith("/second"):
            time.sleep(0.4)
            route.fulfill(body="<title>second</title>", content_type="text/html")
        else:
            route.fulfill(body=FIRST, content_type="text/html")

    page.route("http://slow.example/**", answer)
    page.goto("http://slow.example/")
    return page


@pytest.mark.parametrize("what", ["a", "button"])
def test_the_page_led_to_is_waited_for(first, what):
    first.evaluate("what => document.querySelector(what).click()", what)
    assert "second" not in first.url

    leaving.arrive(first, leaving.downloaded())

    assert "second" in first.url


def test_a_page_of_which_only_the_head_has_come_is_waited_for(page):
    with SlowPage() as server:
        page.goto(f"{server.url}/whole")
        page.evaluate("location.href = '/slow'")
        page.wait_for_url("**/slow", wait_until="commit")
        leaving.arrive(page, leaving.downloaded())

        assert page.title() == "whole at last"


@pytest.mark.parametrize("what", ["#down", "#kept"])
def test_a_page_that_stays_is_not_waited_for(first, what):
    began = time.monotonic()
    first.evaluate("what => document.querySelector(what).click()", what)
    leaving.arrive(first, leaving.downloaded())

    assert first.title() == "first"
    assert time.monotonic() - began < 5
