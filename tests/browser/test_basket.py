"""Several orders in one pass, in a browser: a code, two ticks, three steps, one parcel."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.browser.test_finding import DESK, LOCALE, PHONE, type_the_code
from tests.domain.shipping.test_methods import labelled, policy
from tests.world import EMAIL, order_of, small_shop

from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.methods import chosen_of

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAID = policy("prepaid_label", "own_carrier", label_fee_minor=490)


@pytest.fixture
def orders(live_server):
    shop = labelled(small_shop("galerie", policy=PAID))
    return [order_of(shop, number="1001"), order_of(shop, number="1002")]


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def choose(page: Page, place: int) -> None:
    page.locator(f"#o{place}-l1-chosen").check()
    page.locator(f"#o{place}-l1-reason").select_option("changed_mind")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_two_orders_come_back_in_one_pass(
    browser_context, live_server, orders, run_jobs, screen, language
):
    page = browser_context(locale=LOCALE[language], viewport=screen).new_page()
    page.goto(f"{live_server.url}/s/galerie/mailbox/")
    page.fill("#email", EMAIL)
    page.locator("main form button").click()
    page.wait_for_url("**/mailbox/code/")
    type_the_code(page)
    page.wait_for_url("**/mailbox/orders/")
    check(page)

    for number in ("1001", "1002"):
        page.locator(f"input[name=order][value='{number}']").check()
    page.locator("form[action$='/basket/'] .btn-primary").click()
    page.wait_for_url("**/basket/*/")
    check(page)
    page.locator("main form .btn-primary").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    for place in (0, 1):
        choose(page, place)
    check(page)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/preview/")
    check(page)

    with page.expect_response(lambda answer: "preview/" in answer.url and answer.status == 200):
        page.locator("input[name=method][value=prepaid_label]").check()
    expect(page.locator("input[name=method][value=prepaid_label]")).to_be_checked()
    page.locator("main details summary").first.click()
    check(page)
    page.locator("#sending .btn-primary").click()
    page.wait_for_url("**/done/")
    check(page)

    made = list(Return.objects.order_by("number"))
    assert {rma.order.number for rma in made} == {"1001", "1002"}
    assert sum(chosen_of(rma).fee_minor for rma in made) == 490
    assert all(expected_for(rma)["total_minor"] > 0 for rma in made)
    page.locator(f"a[href$='/r/{made[0].number}/']").click()
    expect(page.locator("#together-title")).to_be_visible()
    expect(page.locator("main")).to_contain_text(made[1].number)
    check(page)
    run_jobs()


def test_two_orders_come_back_without_scripts(browser_context, live_server, orders):
    page = browser_context(locale="fr-FR", viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/s/galerie/mailbox/")
    page.fill("#email", EMAIL)
    page.locator("main form button").click()
    type_the_code(page)
    for number in ("1001", "1002"):
        page.locator(f"input[name=order][value='{number}']").check()
    page.locator("form[action$='/basket/'] .btn-primary").click()
    for place in (0, 1):
        choose(page, place)
    page.locator("main form .btn-primary").click()
    page.locator("input[name=method][value=own_carrier]").check()
    page.locator("#sending .btn-primary").click()
    page.locator("#sending .btn-primary").click()
    page.wait_for_url("**/done/")

    assert Return.objects.count() == 2
