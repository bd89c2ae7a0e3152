"""The withdrawal function in a browser, point by point of its list (WB-T01 … WB-T20)."""

import json
import re
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.core.cache import cache
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.world import EMAIL, LAMP, MUG, PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.duties.models import Duty
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.kernel.models import Job
from rebond.outbound.notifications.models import Message, MessageState

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 360, "height": 740}
# 200 % zoom of a window of 720 pixels: half as many CSS pixels, each twice as large.
ZOOMED = {"viewport": {"width": 360, "height": 400}, "device_scale_factor": 2}
DESK = {"width": 1440, "height": 900}
LANGUAGES = ("fr", "en", "de")
LINK = {
    "fr": "renoncer au contrat ici",
    "en": "withdraw from contract here",
    "de": "Vertrag widerrufen",
}
CONFIRM = {
    "fr": "confirmer la rétractation",
    "en": "confirm withdrawal",
    "de": "Widerruf bestätigen",
}


@pytest.fixture
def order(live_server):
    cache.clear()
    return order_of(small_shop("galerie"), lines=(LAMP, MUG))


@pytest.fixture
def start(live_server) -> str:
    return f"{live_server.url}/s/galerie/"


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill_in(page: Page, contract: str = "1001") -> None:
    page.fill("#name", "Camille Œuvrard")
    page.fill("#contract", contract)
    page.fill("#email", EMAIL)


# T01, T02, T03, T04, T06, T07, T10, T16, T17
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "screen", [{"viewport": NARROW}, ZOOMED, {"viewport": DESK}], ids=["360px", "zoom", "desk"]
)
@pytest.mark.parametrize("scripts", [True, False], ids=["js", "no-js"])
def test_a_stranger_withdraws(browser_context, order, start, run_jobs, language, screen, scripts):
    page = browser_context(
        locale={"fr": "fr-FR", "en": "en-GB", "de": "de-DE"}[language],
        java_script_enabled=scripts,
        accept_downloads=True,
        **screen,
    ).new_page()
    looked = check if scripts else (lambda page: None)

    page.goto(f"{start}withdraw/")
    link = page.locator(".withdraw-link")
    expect(link).to_be_visible()
    assert link.inner_text() == LINK[language]
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("form.sheet [required]").count() == 3
    assert page.locator("form.sheet input:visible, form.sheet textarea:visible").count() == 4
    looked(page)
    page.locator("form.sheet button").click()
    expect(page.locator("#errors")).to_be_visible()
    looked(page)
    fill_in(page, contract="une lampe")
    page.locator("form.sheet button").click()
    expect(page.locator(".declared")).to_contain_text("une lampe")
    looked(page)
    page.locator("button[name=change]").click()
    assert page.locator("#contract").input_value() == "une lampe"
    page.fill("#contract", "1001")
    page.locator("form.sheet button").click()
    assert page.locator("#confirm").inner_text() == CONFIRM[language]
    looked(page)
    page.locator("#confirm").click()
    page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))
    looked(page)
    with page.expect_download() as download:
        page.locator("a[download]").click()
    run_jobs()

    statement = Statement.objects.get()
    assert statement.language == language
    assert (
        statement.text
        in re.sub(r"<br>", "\n", download.value.path().read_text()).replace("\n\n", "\n")
        or statement.sha256 in download.value.path().read_text()
    )
    assert WithdrawalCase.objects.get().rma is not None


# T01, T02: on every page of the portal, without being known
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_leads_to_it(browser_context, order, start, language):
    rma = requested_return(order, {"MUG-07": 1})
    page = browser_context(locale=f"{language}-FR", viewport=NARROW).new_page()
    page.goto(f"{start}?lang={language}")
    for path in (
        "",
        "withdraw/",
        f"r/{token_for(rma)}/",
        "r/nonsense/",
        f"r/{token_for(rma)}/cancel/",
    ):
        page.goto(start + path)
        link = page.locator(".withdraw-link")
        expect(link).to_be_visible()
        assert link.inner_text() == LINK[language]
    link.click()
    expect(page.locator("#contract")).to_be_visible()


# T16: keyboard alone
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_goes_by_keyboard_alone(browser_context, order, start, language):
    page = browser_context(viewport=NARROW).new_page()
    page.goto(f"{start}withdraw/?lang={language}")

    _tab_to(page, "#name")
    page.keyboard.type("Camille")
    _tab_to(page, "#contract")
    page.keyboard.type("1001")
    _tab_to(page, "#email")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    page.wait_for_selector("#confirm")
    _tab_to(page, "#confirm")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))

    assert Statement.objects.get().language == language


# T05, T13: prefilled by the link from our mail, part of the order
def test_the_link_of_a_mail_fills_it_in_and_part_can_be_kept(
    browser_context, order, start, run_jobs
):
    rma = requested_return(order, {"MUG-07": 1})
    page = browser_context(locale="fr-FR", viewport=NARROW).new_page()
    page.goto(f"{start}r/{token_for(rma)}/")
    page.locator(".withdraw-link").click()
    assert page.locator("#name").input_value() == "Camille Œuvrard"
    assert page.locator("#email").input_value() == EMAIL
    check(page)

    page.fill("#pieces_1", "2")
    page.fill("#pieces_2", "0")
    page.locator("form.sheet button").click()
    page.locator("#confirm").click()
    page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))
    run_jobs()

    made = WithdrawalCase.objects.get().rma
    assert list(made.lines.values_list("sku", "quantity")) == [("LAMP-01", 2)]


# T15: twice, and again by reloading
def test_a_double_click_is_one_statement(browser_context, order, start):
    page = browser_context(viewport=NARROW).new_page()
    page.goto(f"{start}withdraw/")
    fill_in(page)
    page.locator("form.sheet button").click()

    page.locator("#confirm").dblclick()
    page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))
    page.reload()

    assert Statement.objects.count() == 1


# T08, T09, T14, T18, T19: the mail server is away, and comes back
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_outage_loses_nothing(
    browser_context, order, start, run_jobs, settings, language, monkeypatch
):
    port = _free_port()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    page = browser_context(viewport=NARROW).new_page()
    page.goto(f"{start}withdraw/?lang={language}")
    fill_in(page)
    page.locator("form.sheet button").click()
    page.locator("#confirm").click()
    page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))
    run_jobs()
    statement = Statement.objects.get()
    letter = Message.objects.get(kind="withdrawal_received")
    assert letter.state == MessageState.QUEUED
    assert Duty.objects.get(kind="acknowledge").done_at is None
    assert re.search(r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d$", statement.local_time)

    box = _Box()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        Job.objects.update(run_at=statement.submitted_at)
        run_jobs()
    finally:
        server.stop()

    ours = [
        mail
        for mail in box.mails
        if statement.reference in str(mail["Subject"]) or statement.local_time in _plain(mail)
    ]
    assert ours and statement.text.splitlines()[0] in _plain(ours[0])
    assert statement.local_time in _plain(ours[0])
    assert Duty.objects.get(kind="acknowledge").done_at is not None
    refund = Duty.objects.get(kind="refund")
    assert refund.rma.requested_at == statement.submitted_at
    approved = Message.objects.get(kind="return_approved")
    assert "/s/galerie/withdraw/" in approved.text


# T12, T20 and the desk: late, unknown, matched by a person, evidence as a file
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["phone", "desk"])
def test_the_desk_takes_it_from_there(
    browser_context, order, start, live_server, run_jobs, language, screen
):
    staff_of(order.shop)
    order_of(order.shop, number="1002", days_since_delivery=40)
    page = browser_context(
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
        viewport=screen,
        bypass_csp=True,
        accept_downloads=True,
    ).new_page()
    for contract in ("le vase bleu", "1002"):
        page.goto(f"{start}withdraw/")
        fill_in(page, contract)
        page.locator("form.sheet button").click()
        page.locator("#confirm").click()
        page.wait_for_url(re.compile(r"/withdraw/[^/]{20,}/"))
    run_jobs()
    _log_in(page, live_server.url)

    desk = f"{live_server.url}/desk/galerie"
    for path in ("withdrawals/", "withdrawals/?view=all", "duties/", "returns/?view=late"):
        page.goto(f"{desk}/{path}")
        check(page)
    unknown = Statement.objects.get(contract="le vase bleu")
    page.goto(f"{desk}/withdrawals/{unknown.pk}/")
    check(page)
    page.locator("button[name=number][value='1001']").click()
    check(page)
    page.locator("form[action$='/return/'] button").click()
    page.wait_for_url("**/returns/R-*/")
    run_jobs()
    page.reload()
    check(page)
    late = Statement.objects.get(contract="1002")
    page.goto(f"{desk}/withdrawals/{late.pk}/")
    check(page)
    with page.expect_download() as download:
        page.locator("a[href$='/file/']").click()
    page.locator("summary h2").click()
    page.fill("#id_note", "Le délai était passé.")
    page.locator("form[action$='/answer/'] button").click()
    check(page)

    rma = Return.objects.get(order=order)
    assert rma.ground == "statutory_withdrawal"
    evidence = json.loads(download.value.path().read_text())
    assert evidence["sha256"] == late.sha256 and evidence["is_whole"] and evidence["is_late"]
    assert evidence["letters"][0]["kind"] == "withdrawal_received"
    assert WithdrawalCase.objects.get(statement=late).answer_reason == "too_late"


class _Box(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails = []

    def handle_message(self, message) -> None:
        self.mails.append(message)


def _plain(mail) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            return part.get_payload(decode=True).decode().replace("\r\n", "\n")
    return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _log_in(page: Page, server: str) -> None:
    page.goto(f"{server}/desk/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()
    page.wait_for_url("**/desk/galerie/returns/")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
