"""Take the pictures in docs/pictures anew, from a demo shop made for the purpose.

Every page at 390 and 1440 pixels, in French and English, and a contact sheet of them all. The demo
runs on a free port, in a folder that is thrown away.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"390": (390, 844), "1440": (1440, 900)}
TILE = 300


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    taken: list[tuple[str, Path]] = []
    with (
        tempfile.TemporaryDirectory(prefix="rebond-pictures-") as folder,
        demo_shop(folder) as said,
    ):
        with sync_playwright() as playwright:
            flags = ["--no-sandbox"] if os.geteuid() == 0 else []
            path = (ROOT / ".browser" / "path").read_text().strip()
            browser = playwright.chromium.launch(executable_path=path, args=flags)
            for language in ("fr", "en"):
                for size in SIZES:
                    taken += _walk(browser, said, language, size, Path(folder))
            browser.close()
        _contact_sheet(taken)
    print(f"{len(taken)} pages, contact sheet in {PICTURES / 'pages.png'}")
    return 0


@contextmanager
def demo_shop(folder: str) -> Iterator[dict[str, str]]:
    """A running demo: its address, orders and log-in."""
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
        order, email = re.findall(r"order (\S+), e-mail (\S+)", said)[0]
        found = re.search(r"password for all: (\S+)", said)
        assert found is not None
        yield {"address": ready, "order": order, "email": email, "password": found.group(1)}
    finally:
        demo.terminate()
        demo.wait(20)


def _walk(
    browser: Browser, said: dict[str, str], language: str, size: str, folder: Path
) -> list[tuple[str, Path]]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
    )
    page = context.new_page()
    taken = []
    for name in _pages(page, said, language):
        file = folder / f"{name}-{language}-{size}.png"
        page.set_viewport_size({"width": width, "height": min(_height(page, height), 2 * height)})
        page.screenshot(path=file)
        page.set_viewport_size({"width": width, "height": height})
        taken.append((f"{name} {language} {size}", file))
        if language == "fr" and size == "1440" and name in {"portal-preview", "desk-returns"}:
            page.screenshot(path=PICTURES / f"{name}.png")
    context.close()
    return taken


def _pages(page: Page, said: dict[str, str], language: str) -> Iterator[str]:
    """Leads the page from one place to the next and names each."""
    home, query = said["address"], f"?lang={language}"
    page.goto(f"{home}/s/galerie-rebond/{query}")
    yield "portal-start"
    for name in ("policy", "withdraw"):
        page.goto(f"{home}/s/galerie-rebond/{name}/{query}")
        yield f"portal-{name}"
    page.goto(f"{home}/s/galerie-rebond/{query}")
    page.fill("#number", said["order"])
    page.fill("#proof", said["email"])
    page.locator("form.sheet button").click()
    page.wait_for_url("**/order/**")
    yield "portal-order"
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    yield "portal-choose"
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")
    yield "portal-preview"
    page.goto(f"{home}/desk/login/{query}")
    yield "desk-login"
    page.locator("input[type=email]").fill("olivia@galerie-rebond.example")
    page.locator("input[type=password]").fill(said["password"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/returns/**")
    yield "desk-review"
    desk = f"{home}/desk/galerie-rebond"
    for name, path in (
        ("desk-returns", "returns/?view=all"),
        ("desk-orders", "orders/"),
        ("desk-documents", "documents/"),
        ("desk-balances", "balances/"),
        ("desk-liability", "balances/report/"),
        ("desk-order", f"orders/{said['order']}/"),
        ("desk-refund", f"orders/{said['order']}/refund/"),
        ("desk-money", "money/"),
        ("desk-money-rules", "money/rules/"),
        ("desk-transfers", "money/transfers/"),
        ("desk-keys", "money/keys/"),
        ("desk-reconciliation", "money/reconciliation/"),
        ("desk-exports", "documents/exports/"),
        ("desk-duties", "duties/"),
        ("desk-withdrawals", "withdrawals/"),
        ("desk-today", "home/"),
        ("desk-policy", "policy/"),
        ("desk-policy-public", "policy/public/"),
        ("desk-fair-use", "fair-use/"),
        ("desk-templates", "templates/"),
        ("desk-warehouse", "warehouse/"),
        ("desk-receiving", "warehouse/receiving/"),
        ("desk-pieces", "warehouse/pieces/"),
        ("desk-stock", "warehouse/stock/"),
        ("desk-costs", "costs/?days=90"),
        ("desk-parcels", "parcels/"),
        ("desk-carriers", "parcels/settings/"),
        ("settings", "settings/"),
        ("settings-shop", "settings/shop/"),
        ("settings-brand", "settings/brand/"),
        ("settings-people", "settings/people/"),
        ("settings-reasons", "settings/reasons/"),
        ("settings-products", "settings/products/"),
        ("first-steps", "first-steps/"),
    ):
        page.goto(f"{desk}/{path}")
        yield name
    for view, step in (("review", ""), ("receive", "receipt/"), ("inspect", "inspection/")):
        page.goto(f"{desk}/returns/?view={view}")
        found = re.search(r"/returns/(R-\d+-\d+)/", page.content())
        assert found is not None, view
        page.goto(f"{desk}/returns/{found.group(1)}/")
        yield f"desk-return-{view}"
        if step:
            page.goto(f"{desk}/returns/{found.group(1)}/{step}")
            yield f"desk-{step.strip('/')}"


def _height(page: Page, least: int) -> int:
    """How tall the page is, at least one screen."""
    return max(least, int(page.evaluate("document.documentElement.scrollHeight")))


def _contact_sheet(taken: list[tuple[str, Path]]) -> None:
    """All pages on one picture, small."""
    columns = 6
    rows = -(-len(taken) // columns)
    sheet = Image.new("RGB", (columns * (TILE + 12), rows * (TILE + 30)), "white")
    pen = ImageDraw.Draw(sheet)
    for place, (name, file) in enumerate(taken):
        x, y = place % columns * (TILE + 12), place // columns * (TILE + 30)
        with Image.open(file) as picture:
            picture.thumbnail((TILE, TILE))
            sheet.paste(picture, (x + 6, y + 22))
        pen.text((x + 6, y + 4), name, fill="black")
    sheet.save(PICTURES / "pages.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
