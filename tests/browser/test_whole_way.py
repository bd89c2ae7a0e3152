"""Two lines of a real order, one damaged: from the shopper's phone to the paper in their mail.

In French, through the screens only, with a provider, a mail server and a database that are real
processes or real servers on this machine. Runs on both databases.
"""

import email
import io
import socket
from datetime import timedelta
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.world import PASSWORD, small_shop, staff_of

from rebond.cli.importing import run_import
from rebond.demo.shop import SLICE
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import today
from rebond.outbound.notifications.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Mailbox(MessageHandler):
    """Keeps every letter that the mail server took."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[email.message.EmailMessage] = []

    def prepare_message(self, session, envelope):
        return email.message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message) -> None:
        self.letters.append(message)


@pytest.fixture
def mailbox(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = Mailbox()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield found
    controller.stop()


@pytest.fixture
def order(live_server, provider, settings, tmp_path) -> Order:  # noqa: F811
    """A real order of two lines or more, bought some days ago and paid at the provider."""
    cache.clear()
    settings.BASE_URL = live_server.url
    shop = small_shop()
    staff_of(shop, name="Olivia Martin")
    run_import(
        [SLICE],
        shop_slug=shop.slug,
        payment_provider="simulator",
        shift_to=today(shop.time_zone),
        report=tmp_path / "report.csv",
    )
    recent = today(shop.time_zone) - timedelta(days=20)
    order = next(
        found
        for found in Order.objects.filter(
            deliveries__delivered_on__range=(recent, today(shop.time_zone)),
            payments__provider="simulator",
        ).order_by("-ordered_at")[:200]
        if found.lines.filter(quantity__gte=2, total_minor__gt=500).count() >= 2
        and not found.returns.exists()
    )
    payment = order.payments.get()
    provider.opens(payment.reference, payment.captured_minor, payment.currency)
    return order


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def ask(page: Page, address: str, order: Order) -> None:
    """The shopper: two lines, one arrived damaged with a photo, of one they changed their mind."""
    page.goto(address)
    page.get_by_label("Numéro de commande").fill(order.number)
    page.get_by_label("Adresse e-mail ou code postal").fill(order.shopper.email)
    page.get_by_role("button", name="Trouver ma commande").click()
    page.wait_for_url(f"**/order/{order.number}/")
    lines = list(order.lines.order_by("position"))
    chosen = [line for line in lines if line.quantity >= 2 and line.total_minor > 500][:2]
    for line, reason in zip(chosen, ("damaged", "changed_mind"), strict=True):
        card = f"#l{lines.index(line) + 1}"
        page.check(f"{card}-chosen")
        page.select_option(f"{card}-reason", reason)
    first = lines.index(chosen[0]) + 1
    page.set_input_files(
        f"#l{first}-photos", {"name": "casse.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Voir ce qui me sera remboursé").click()
    expect(page.get_by_text("Votre remboursement")).to_be_visible()
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**/r/**")


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/")
    page.locator("input[type=email]").fill("olivia@galerie.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/desk/galerie/returns/**")


def test_two_lines_one_damaged_from_wish_to_credit_note(
    live_server, order, mailbox, browser_context, run_jobs
):
    phone = browser_context(locale="fr-FR", viewport={"width": 390, "height": 844}).new_page()
    desk = browser_context(locale="fr-FR", viewport={"width": 1440, "height": 900}).new_page()

    ask(phone, f"{live_server.url}/s/galerie/", order)
    rma = Return.objects.exclude(origin="import").get()
    status_page = phone.url
    expect(phone.get_by_text(rma.number).first).to_be_visible()
    run_jobs()
    log_in(desk, live_server.url)
    if rma.request_state == "requested":
        desk.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
        desk.get_by_role("button", name="Accepter le retour").click()
        desk.wait_for_load_state("networkidle")
    desk.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/receipt/")
    desk.locator(".floor-end button").click()
    desk.wait_for_url(f"**/{rma.number}/**")
    run_jobs()
    desk.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/inspection/")
    grades = desk.locator(".check")
    grades.nth(0).locator("label.pick-d").click()
    grades.nth(1).locator("label.pick-a").click()
    for place in (0, 1):
        accepted = grades.nth(place).locator("[name$='-accepted']")
        if not accepted.is_checked():
            accepted.check()
    desk.locator(".floor-end button").click()
    desk.wait_for_url(f"**/{rma.number}/")
    run_jobs()

    rma.refresh_from_db()
    note = CreditNote.objects.get(settlement__rma=rma)
    refund = Refund.objects.get(settlement__rma=rma)
    assert (rma.request_state, refund.state) == ("closed", "succeeded")
    assert [row.state for row in Message.objects.filter(rma=rma)] == ["sent"] * len(mailbox.letters)
    last = mailbox.letters[-1]
    (attached,) = list(last.iter_attachments())
    assert attached.get_filename() == f"{note.label}.pdf"
    printed = PdfReader(io.BytesIO(attached.get_content())).pages[0].extract_text()
    assert note.label in printed
    assert order.number in printed
    assert "Avoir" in printed
    assert status_page.split("/r/")[0] in last.get_body(("plain",)).get_content()
    with desk.expect_download() as download:
        desk.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
        desk.get_by_role("link", name=note.label).first.click()
    assert download.value.path().read_bytes() == attached.get_content()
    phone.goto(status_page)
    expect(phone.get_by_text("Remboursé", exact=False).first).to_be_visible()
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []
