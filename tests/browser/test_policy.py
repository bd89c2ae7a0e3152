"""The policy in a browser: begun from a preset, changed, tried, published; the portal follows."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import EMAIL, LAMP, PASSWORD, order_of, small_shop, staff_of

from rebond.domain.policies.models import PolicyVersion
from rebond.domain.returns.models import Return

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


def check(page):
    """No breach of accessibility, nothing wider than the screen."""
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
def test_a_policy_is_written_and_the_portal_follows(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
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
    publish(page)
    for place in ("2/", "changes/?old=1&new=2", "file/"):
        page.goto(f"{desk}{place}")
        check(page)
    order_of(shop, lines=(LAMP,))
    ask(page, f"{live_server.url}/s/galerie/")

    days, marked, _choice = NAMES[language]
    held = {r["id"]: r for r in PolicyVersion.objects.get(number=2).document["rules"]}
    assert held[marked]["when"] == {"tags": ["final-sale"]}
    assert held[days].get("days", 30) == 30
    assert page.url.endswith("/exchange/")
    assert Return.objects.get().lines.get().outcome == "exchange"
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


def publish(page):
    """Put the draft in force, with a note."""
    press(page, page.locator("a[href$='/publication/']"))
    check(page)
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
    offered = page.locator("input[name=outcome]").all()
    assert [one.get_attribute("value") for one in offered] == ["exchange", "refund", "store_credit"]
    expect(page.locator(".action-bar")).to_contain_text("10")
    offered[0].check()
    press(page, page.locator(".action-bar button.btn-primary"))
