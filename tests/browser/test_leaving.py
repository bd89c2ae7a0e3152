"""Hands wait for the page they lead to even where Playwright did not see the way begin."""

import time

import pytest
from tests.browser import leaving

pytestmark = [pytest.mark.browser, pytest.mark.once]

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


@pytest.mark.parametrize("what", ["#down", "#kept"])
def test_a_page_that_stays_is_not_waited_for(first, what):
    began = time.monotonic()
    first.evaluate("what => document.querySelector(what).click()", what)
    leaving.arrive(first, leaving.downloaded())

    assert first.title() == "first"
    assert time.monotonic() - began < 5
