"""A click that leads to another page ends when that page is there, on a busy machine too.

Playwright waits for a way it has seen begin while it clicked. Where processes wait for each other
it may see it begin afterwards, and the test goes on with the page that is about to be left. So the
page itself says that it is being left, or that a form with files is on its way from it.
"""

from __future__ import annotations

import time
from typing import Any
from weakref import WeakSet

from playwright.sync_api import BrowserContext, ElementHandle, Error, Locator, Page

LONGEST = 15
SAYS_SO = """(() => {
    const here = href => href.split("#")[0] === location.href.split("#")[0] && href.includes("#");
    const leave = event => setTimeout(() => {
        if (!event.defaultPrevented) window.isBeingLeft = true;
    });
    addEventListener("click", event => {
        const link = event.target.closest && event.target.closest("a[href]");
        if (link && !link.target && !link.hasAttribute("download") && !here(link.href)
            && link.href.startsWith("http")) leave(event);
    });
    addEventListener("submit", event => {
        const form = event.target;
        const button = event.submitter;
        const target = (button && button.getAttribute("formtarget")) || form.target;
        if (!target && form.method !== "dialog") leave(event);
    });
    addEventListener("pageshow", () => { window.isBeingLeft = false; });
})()"""
IS_ON_THE_WAY = """() => new Promise(done => setTimeout(
    () => done(window.isBeingLeft === true || document.readyState !== "complete"
        || document.querySelector("form[data-staying]") !== null)))"""


_watched: WeakSet[BrowserContext] = WeakSet()
_downloads: list[str] = []


def watch(context: BrowserContext) -> None:
    """Let the pages of ``context``, which runs scripts, say when they are being left."""
    context.add_init_script(SAYS_SO)
    context.on("page", lambda page: page.on("download", lambda got: _downloads.append(got.url)))
    _watched.add(context)


def downloaded() -> int:
    """How many files were sent to watched pages so far."""
    return len(_downloads)


def arrive(page: Page, downloads: int) -> None:
    """Wait until the page led to is whole; a file that was sent leaves the page where it is.

    ``downloads``: how many there were before the hand that may have led away.
    """
    ends = time.monotonic() + LONGEST
    while _is_on_the_way(page) and downloaded() == downloads and time.monotonic() < ends:
        page.wait_for_timeout(20)


def _is_on_the_way(page: Page) -> bool:
    if page.is_closed() or page.context not in _watched:
        return False
    try:
        return bool(page.evaluate(IS_ON_THE_WAY))
    except Error:
        return not page.is_closed()


def wait_after(monkeypatch: Any) -> None:
    """Let each hand that can lead to another page wait for it, for the rest of this test."""
    for owner, name in ((Locator, "click"), (Page, "click"), (ElementHandle, "press")):
        monkeypatch.setattr(owner, name, _waiting(getattr(owner, name)))


def _waiting(hand: Any) -> Any:
    def do(target: Any, *args: Any, **options: Any) -> Any:
        page, downloads = _page_of(target), downloaded()
        done = hand(target, *args, **options)
        if page is not None:
            arrive(page, downloads)
        return done

    return do


def _page_of(target: Any) -> Page | None:
    if isinstance(target, Page):
        return target
    if isinstance(target, Locator):
        return target.page
    frame = target.owner_frame()
    return frame.page if frame is not None else None
