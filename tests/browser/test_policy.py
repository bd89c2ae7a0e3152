"""The policy in a browser: begun from a preset, changed, tried, published; the portal follows."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.keyboard import shown
from tests.world import EMAIL, LAMP, PASSWORD, order_of, small_shop, staff_of

from rebond.cli.importing import run_import
from rebond.demo.shop import SLICE
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.returns.models import Return
from rebond.kernel.clock import now, today
from rebond.kernel.models import Job

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


PICTURES = os.environ.get("PICTURES")


def check(page, name=""):
    """No breach of accessibility, nothing wider than the screen."""
    if PICTURES and name:
        width = page.viewport_size["width"]
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{width}.png", full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


NAMES = {
    "fr": ("60 jours", "articles marqués", "autre taille"),
    "en": ("60 days", "marked goods", "another size"),
}


def press(page, button):
    with page.expect_navigation():
        button.click()


def by_keyboard(page, button):
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def card(page, name):
    return page.locator(".rule", has=page.locator("h2", has_text=name)).first


def opened(page, name):
    """The card, its fields unfolded by the keyboard."""
    one = card(page, name)
    if one.locator(".rule-edit").get_attribute("open") is None:
        one.locator(".rule-edit > summary").focus()
        page.keyboard.press("Enter")
    return one


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_policy_is_written_tried_on_real_orders_and_the_portal_follows(
    browser_context, live_server, run_jobs, tmp_path, screen, language
):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    run_import(
        [SLICE],
        shop_slug=shop.slug,
        payment_provider="simulator",
        shift_to=today(shop.time_zone),
        report=tmp_path / "report.csv",
    )
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    desk = f"{live_server.url}/desk/galerie/policy/"
    page.goto(desk)
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    check(page)

    write(page, *NAMES[language])
    try_on_the_past(page, run_jobs)
    publish(page)
    for place in ("2/", "changes/?old=1&new=2", "file/"):
        page.goto(f"{desk}{place}")
        check(page)
    page.goto(f"{live_server.url}/s/galerie/policy/")
    expect(page.locator("main")).to_contain_text("30 ")
    expect(page.locator("main")).to_contain_text("10")
    check(page, "policy-page")
    order_of(shop, lines=(LAMP,))
    ask(page, f"{live_server.url}/s/galerie/")

    days, marked, _choice = NAMES[language]
    held = {r["id"]: r for r in PolicyVersion.objects.get(number=2).document["rules"]}
    assert held[marked]["when"] == {"tags": ["final-sale"]}
    assert held[days].get("days", 30) == 30
    assert page.url.endswith("/exchange/")
    assert Return.objects.get(order__number="1001").lines.get().outcome == "exchange"
    assert wrong == []


def write(page, days, marked, choice):
    """Begin with the preset for fashion; 30 days, a tag for final sale, a bonus of 10 %."""
    by_keyboard(page, page.locator("button.preset[value=fashion]"))
    check(page)
    with page.expect_response("**/look/"):
        opened(page, days).locator("input[name$='-days']").fill("30")
    expect(card(page, days).locator(".rule-says")).to_contain_text("30 ")
    opened(page, marked).locator(".rule-more > summary").click()
    check(page)
    card(page, marked).locator("select[name$='-when-add']").select_option("tags")
    by_keyboard(page, card(page, marked).locator("button[value^='when:']"))
    goods = card(page, marked)
    goods.locator("select[name$='-covers']").select_option("all")
    with page.expect_response("**/look/"):
        goods.locator("textarea[name$='-when-tags']").fill("final-sale")
    expect(page.locator("#beside .notice-bad")).to_be_visible()
    check(page)
    goods.locator("select[name$='-ground']").select_option("personalised")
    expect(page.locator("#beside .notice-good")).to_be_visible()
    opened(page, choice).locator("input[name$='-credit_bonus_percent']").fill("10")
    by_keyboard(page, page.locator("button[value=save]"))
    check(page)
    by_keyboard(page, card(page, days).locator("button[value^='down:']"))
    expect(page.locator("button[value^='down:']:focus")).to_be_visible()


def finish(run_jobs):
    """Run the trial to its end; in a test's database its page and its job may meet, then again."""
    for _ in range(10):
        run_jobs()
        waiting = Job.objects.filter(path="rebond.insights.trials.jobs.go_on")
        if not waiting.update(run_at=now()):
            return


def try_on_the_past(page, run_jobs):
    """Replay the draft on the orders and returns that were imported, and look at the charts."""
    press(page, page.locator("a[href$='/trial/']").first)
    by_keyboard(page, page.locator("main form .btn-primary"))
    finish(run_jobs)
    expect(page.locator("#headline")).to_be_visible(timeout=30_000)
    expect(page.locator("svg.line-chart")).to_be_visible()
    assert int("".join(filter(str.isdigit, page.locator("td.amount").first.inner_text()))) > 50
    check(page, "policy-trial")


def publish(page):
    """Put the draft in force, with a note; what the trial said stands beside."""
    page.goto(page.url.split("/policy/")[0] + "/policy/2/publication/")
    expect(page.locator("#tried-title + p")).to_be_visible()
    expect(page.locator("svg.line-chart")).to_be_visible()
    check(page, "policy-publish")
    page.fill("#note", "Rentrée")
    by_keyboard(page, page.locator("aside form button"))
    expect(page.locator("main")).to_contain_text("Rentrée")
    check(page)


def ask(page, start):
    """As a shopper: send the lamp back for another one."""
    page.goto(start)
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    for yes in page.locator("input[type=radio][value=yes]").all():
        yes.check()
    press(page, page.locator(".action-bar button"))
    check(page)
    offered = page.locator("[data-outcomes] input[type=radio]").all()
    assert [one.get_attribute("value") for one in offered] == ["exchange", "refund", "store_credit"]
    expect(page.locator("[data-outcomes]")).to_contain_text("10")
    with page.expect_response(shown):
        offered[0].check()
    expect(page.locator("[data-outcomes] input[value=exchange]")).to_be_focused()
    check(page)
    press(page, page.locator(".action-bar button.btn-primary"))
