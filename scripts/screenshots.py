"""Open every page of a demo shop and look at it: `make screenshots`.

A shopper's way is walked, then every link of the portal, the letters and the desk is followed, one
page of each kind. Each is opened at 390 and 1440 pixels, in French and English; what axe finds,
what scrolls sideways and what the console says is told, and the exit code is 1. The pictures become
one contact sheet for each language and width in docs/pictures. The demo runs on a free port, in a
folder that is thrown away.
"""

from __future__ import annotations

import email
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from rebond.cli.boot import set_up

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"390": (390, 844), "1440": (1440, 900)}
LANGUAGES = ("fr", "en")
TALLEST = 2600
TILE, COLUMNS = 200, 12
MOST_OF_A_KIND = 60
AXE = (ROOT / "tests" / "browser" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}})
    .then(found => found.violations.flatMap(one => one.nodes.map(
        node => `${one.id}: ${node.target.join(" ")}`)))"""
SHOP = "galerie-rebond"
KEPT = {"portal:preview": "portal-preview", "backoffice:returns": "desk-returns"}
NEVER = {"backoffice:logout"}

Said = dict[str, str]
Taken = list[tuple[str, Path]]


def main() -> int:
    """Take the pictures; returns the exit code."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    count = 0
    with (
        tempfile.TemporaryDirectory(prefix="rebond-pictures-") as folder,
        demo_shop(folder) as said,
        sync_playwright() as playwright,
    ):
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        path = (ROOT / ".browser" / "path").read_text().strip()
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for language in LANGUAGES:
            for size in SIZES:
                taken, found = _looked_at(browser, said, language, size, Path(folder))
                wrong += found
                count += len(taken)
                _contact_sheet(taken, PICTURES / f"pages-{language}-{size}.webp")
                print(f"{language} {size}: {len(taken)} pages, {len(found)} faults", flush=True)
        browser.close()
    for line in wrong:
        print(line)
    print(f"{count} pictures, {len(wrong)} faults; contact sheets in {PICTURES}/pages-*.webp")
    return 1 if wrong else 0


@contextmanager
def demo_shop(folder: str) -> Iterator[Said]:
    """A running demo: its address, orders, log-in and letters."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "REBOND_HOME": folder, "HOST": "127.0.0.1", "PORT": str(port)}
    demo = subprocess.Popen(
        [sys.executable, "-m", "rebond", "demo"], env=env, stdout=subprocess.PIPE, text=True
    )
    said, ready = "", ""
    assert demo.stdout is not None
    for line in demo.stdout:
        said += line
        if line.startswith("Ready: "):
            ready = line.removeprefix("Ready: ").strip()
            break
    try:
        order, address = re.findall(r"order (\S+), e-mail (\S+)", said)[0]
        found = re.search(r"password for all: (\S+)", said)
        assert found is not None
        yield {
            "address": ready,
            "order": order,
            "email": address,
            "password": found.group(1),
            "outbox": f"{folder}/outbox",
        }
    finally:
        demo.terminate()
        demo.wait(20)


def _looked_at(
    browser: Browser, said: Said, language: str, size: str, folder: Path
) -> tuple[Taken, list[str]]:
    """The pictures of all pages in one language and width, and what is wrong with them."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
    )
    page, noise = context.new_page(), []
    page.on("console", lambda said: noise.append(said) if said.type == "error" else None)
    taken: Taken = []
    wrong: list[str] = []
    for name in _pages(page, said, language):
        where = f"{name} {language} {size}"
        wrong += [f"{where}: {fault}" for fault in _faults(page, noise)]
        file = folder / f"{len(taken):03}-{language}-{size}.png"
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": min(max(height, tall), TALLEST)})
        page.screenshot(path=file)
        page.set_viewport_size({"width": width, "height": height})
        taken.append((name, file))
        if name in KEPT and language == "fr" and size == "1440":
            page.screenshot(path=PICTURES / f"{KEPT[name]}.png")
    context.close()
    return taken, wrong


def _faults(page: Page, noise: list[ConsoleMessage]) -> Iterator[str]:
    """What axe finds on the page, whether it scrolls sideways, and what its console says."""
    page.evaluate(AXE)
    yield from page.evaluate(ASK, TAGS)
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if over > 0:
        yield f"{over} pixels wider than the screen"
    for said in noise:
        yield f"console: {said.text[:160]}"
    noise.clear()


def _pages(page: Page, said: Said, language: str) -> Iterator[str]:
    """Leads the page from one place to the next and names each by its route."""
    seen = set()
    for name in _shoppers_way(page, said, language):
        seen.add(name)
        yield name
    for name, address in _linked(page.context, _doors(said), said["address"]):
        if name.startswith("portal:") and name not in seen:
            seen.add(name)
            page.goto(_in_language(address, language))
            yield name
    page.goto(f"{said['address']}/desk/login/?lang={language}")
    yield "backoffice:login"
    _enter(page, said)
    desk = f"{said['address']}/desk/{SHOP}"
    for name, address in _linked(page.context, [f"{desk}/home/", f"{desk}/settings/"], desk):
        page.goto(address)
        yield name


def _shoppers_way(page: Page, said: Said, language: str) -> Iterator[str]:
    home, query = said["address"], f"?lang={language}"
    page.goto(f"{home}/s/{SHOP}/{query}")
    yield "portal:start"
    page.fill("#number", said["order"])
    page.fill("#proof", said["email"])
    page.locator("form.sheet button").click()
    page.wait_for_url("**/order/**")
    yield "portal:order"
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    yield "portal:order, chosen"
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")
    yield "portal:preview"


def _enter(page: Page, said: Said) -> None:
    """Log in as the owner."""
    page.locator("input[type=email]").fill(f"olivia@{SHOP}.example")
    page.locator("input[type=password]").fill(said["password"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/returns/**")


def _doors(said: Said) -> list[str]:
    """Where shoppers come in: the start, and every link of the letters."""
    found = [f"{said['address']}/s/{SHOP}/"]
    for file in sorted(Path(said["outbox"]).glob("*.eml")):
        letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = letter.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        found += re.findall(rf"{re.escape(said['address'])}/[^\s\"<>]+", text)
    return list(dict.fromkeys(found))


def _linked(context: BrowserContext, doors: list[str], below: str) -> Iterator[tuple[str, str]]:
    """One page of each kind that links lead to from ``doors``, with its address."""
    waits, known = deque(doors), set(doors)
    asked: Counter[str] = Counter()
    found: dict[str, str] = {}
    while waits:
        address = waits.popleft()
        name = _route(address)
        if not name or name in NEVER or asked[name] >= MOST_OF_A_KIND:
            continue
        asked[name] += 1
        answer = context.request.get(address)
        is_page = "text/html" in answer.headers.get("content-type", "")
        if answer.status != 200 or not is_page or "content-disposition" in answer.headers:
            continue
        found.setdefault(name, answer.url)
        for link in re.findall(r'href="([^"#]+)"', answer.text()):
            goes = urljoin(answer.url, unescape(link))
            if goes.startswith(below) and goes not in known and "/static/" not in goes:
                known.add(goes)
                waits.append(goes)
    yield from sorted(found.items())


def _route(address: str) -> str:
    """The name of the page at ``address``, empty where there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def _in_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def _contact_sheet(taken: Taken, into: Path) -> None:
    """All pages on one picture, small."""
    rows = -(-len(taken) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (TILE + 10), rows * (TILE + 28)), "white")
    pen = ImageDraw.Draw(sheet)
    for place, (name, file) in enumerate(taken):
        x, y = place % COLUMNS * (TILE + 10), place // COLUMNS * (TILE + 28)
        with Image.open(file) as picture:
            picture.thumbnail((TILE, TILE))
            sheet.paste(picture, (x + 5, y + 20))
        pen.text((x + 5, y + 4), name.replace("backoffice:", "desk "), fill="black")
    sheet.save(into, quality=70, method=6)


if __name__ == "__main__":
    set_up()
    sys.exit(main())
