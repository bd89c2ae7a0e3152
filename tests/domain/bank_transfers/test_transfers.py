"""Money by bank transfer: accounts, files by two people, what the bank says, the shopper's link."""

import xml.etree.ElementTree as ET

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.world import EMAIL, order_of, run_jobs, small_shop, staff_of

from rebond.domain.bank_transfers import actions as bank
from rebond.domain.bank_transfers.errors import (
    FileNotOpen,
    HolderNeeded,
    IbanUnreadable,
    NothingToTransfer,
    NotSepa,
    OwnAccountNeeded,
    SecondPersonNeeded,
)
from rebond.domain.bank_transfers.iban import check_iban, masked
from rebond.domain.bank_transfers.models import BankAccount, Transfer, TransferFile
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds import actions
from rebond.domain.refunds.links import refund_behind, way_token
from rebond.domain.refunds.models import Consent, MoneyTask, Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.shops.access import Role
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.files import content_of
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db

IBAN = "FR76 3000 6000 0112 3456 7890 189"
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def breaches():
    return [breach for promise in PROMISES for breach in promise.breaches()]


@pytest.fixture
def shop(db):
    made = small_shop()
    bank.set_own_account(made, holder="Galerie SARL", iban=IBAN, by="staff:Ana")
    return made


@pytest.fixture
def failed(shop):
    """A refund of 33.33 that the card's bank refused for good."""
    order = order_of(shop, provider="simulator")
    pieces = (WantedPieces(order.lines.get(sku="LAMP-01").pk, 1),)
    wish = OrderRefund(pieces, reason="late")
    refund = actions.refund_order(order.pk, wish, by="staff:Ana").refunds.get()
    armed = actions.arm_refund(refund.pk)
    refused = Answer(Outcome.REFUSED, code="account_closed")
    actions.settle_refund(refund.pk, armed.token, refused)
    return refund


def link_of(refund):
    return reverse("portal:way", args=[refund.shop.slug, way_token(refund)])


def chosen(client, refund, **typed):
    return client.post(link_of(refund), typed)


# --- accounts -------------------------------------------------------------------------------


def test_an_account_is_checked_and_shown_without_being_told():
    checked = check_iban(IBAN.lower())

    assert (checked.iban, checked.country) == ("FR7630006000011234567890189", "FR")
    assert masked(checked.iban) == "FR76 •••• 0189"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("FR7630006000011234567890188", IbanUnreadable),
        ("FR76", IbanUnreadable),
        ("", IbanUnreadable),
        ("<script>", IbanUnreadable),
        ("BR1800360305000010009795493C1", NotSepa),
    ],
)
def test_a_wrong_account_is_refused(typed, refusal):
    with pytest.raises(refusal):
        check_iban(typed)


def test_an_account_needs_a_name(shop):
    with pytest.raises(HolderNeeded):
        bank.set_own_account(shop, holder=" ", iban=IBAN, by="staff:Ana")


# --- the shopper's own choice ---------------------------------------------------------------


def test_the_letter_about_failed_money_leads_to_a_choice_and_the_choice_to_the_bank(failed, client):
    run_jobs()
    letter = Message.objects.get(shop=failed.shop, kind="refund_failed")
    assert link_of(failed).rsplit("/", 2)[0] in letter.text
    ana, bo = staff_of(failed.shop), staff_of(failed.shop, Role.MANAGER, name="Bo Marin")

    answer = chosen(client, failed, way="bank", holder="Camille Œuvrard", iban=IBAN)
    run_jobs()

    assert answer.status_code == 302
    refund = Refund.objects.get(settlement=failed.settlement, provider="bank_transfer")
    consent = Consent.objects.get(settlement=failed.settlement)
    assert (consent.channel, consent.given_by, consent.noted_by) == ("link", EMAIL, "shopper")
    assert refund.state == "pending"
    made = bank.make_file(failed.shop, staff=ana, by="staff:Ana")
    with pytest.raises(SecondPersonNeeded):
        bank.release_file(made.pk, staff=ana, by="staff:Ana")
    bank.release_file(made.pk, staff=bo, by="staff:Bo")
    bank.end_transfer(Transfer.objects.get().pk, is_paid=True, by="staff:Ana")
    run_jobs()
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert CreditNote.objects.get(order=refund.payment.order).gross_minor == 3333
    assert not MoneyTask.objects.filter(closed_at=None, shop=failed.shop).exists()
    assert not breaches()


def test_store_credit_is_named_after_the_money_and_kept_as_a_word(failed, client):
    page = client.get(link_of(failed)).content.decode()
    assert page.index("way-bank") < page.index("way-credit")
    assert "checked" not in page

    chosen(client, failed, way="credit")
    run_jobs()

    refund = Refund.objects.get(settlement=failed.settlement, provider="store_credit")
    assert refund.state == "succeeded"
    assert Consent.objects.get(settlement=failed.settlement).way == "store_credit"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"way": "bank", "holder": "", "iban": IBAN},
        {"way": "bank", "holder": "Camille", "iban": "FR7630006000011234567890188"},
        {"way": "cash"},
    ],
)
def test_what_is_missing_is_told_and_nothing_is_sent(failed, client, typed):
    answer = chosen(client, failed, **typed)

    assert answer.status_code == 422
    assert Refund.objects.filter(settlement=failed.settlement).count() == 1
    assert not BankAccount.objects.exists()


def test_the_link_is_good_for_one_refund_once(failed, client):
    chosen(client, failed, way="credit")

    again = chosen(client, failed, way="bank", holder="Eve", iban=IBAN)

    assert again.status_code == 200
    assert Refund.objects.filter(settlement=failed.settlement).count() == 2
    assert not BankAccount.objects.exists()


def test_a_forged_or_borrowed_link_opens_nothing(failed, client):
    twin = small_shop("atelier")
    token = way_token(failed)

    assert refund_behind(twin, token) is None
    assert refund_behind(failed.shop, token[:-1] + "x") is None
    other = reverse("portal:way", args=["atelier", token])
    assert client.get(other).status_code == 404


# --- files ----------------------------------------------------------------------------------


@pytest.fixture
def waiting(failed, client):
    """A transfer that waits for a file."""
    chosen(client, failed, way="bank", holder="Zoë <Müller> & Söhne", iban=IBAN)
    run_jobs()
    return Transfer.objects.get()


def test_the_file_is_what_the_bank_reads(waiting):
    ana = staff_of(waiting.shop)

    made = bank.make_file(waiting.shop, staff=ana, by="staff:Ana")

    tree = ET.fromstring(content_of(made.file))
    assert tree.findtext(".//p:CtrlSum", namespaces=NS) == "33.33"
    assert tree.findtext(".//p:EndToEndId", namespaces=NS) == waiting.refund_id.hex
    assert (
        tree.findtext(".//p:CdtrAcct/p:Id/p:IBAN", namespaces=NS) == "FR7630006000011234567890189"
    )
    assert (
        tree.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=NS) == "FR7630006000011234567890189"
    )
    assert "Zoe" in tree.findtext(".//p:Cdtr/p:Nm", namespaces=NS)
    assert (made.transfers_count, made.sum_minor) == (1, 3333)
    with pytest.raises(NothingToTransfer):
        bank.make_file(waiting.shop, staff=ana, by="staff:Ana")


def test_a_dropped_file_sets_its_transfers_free(waiting):
    ana = staff_of(waiting.shop)
    made = bank.make_file(waiting.shop, staff=ana, by="staff:Ana")

    bank.drop_file(made.pk, staff=ana, by="staff:Ana")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.transfer_file) == ("waiting", None)
    with pytest.raises(FileNotOpen):
        bank.release_file(made.pk, staff=staff_of(waiting.shop, name="Bo"), by="staff:Bo")


def test_the_database_itself_wants_two_people(waiting):
    ana = staff_of(waiting.shop)
    made = bank.make_file(waiting.shop, staff=ana, by="staff:Ana")

    with pytest.raises(IntegrityError), transaction.atomic():
        TransferFile.objects.filter(pk=made.pk).update(state="released", released_by=ana)


def test_money_that_the_bank_sends_back_opens_the_recovery_again(waiting):
    ana, bo = staff_of(waiting.shop), staff_of(waiting.shop, name="Bo Marin")
    made = bank.make_file(waiting.shop, staff=ana, by="staff:Ana")
    bank.release_file(made.pk, staff=bo, by="staff:Bo")
    bank.end_transfer(waiting.pk, is_paid=True, by="staff:Ana")
    run_jobs()

    bank.end_transfer(waiting.pk, is_paid=False, code="AC04", by="staff:Ana")
    run_jobs()

    refund = Refund.objects.get(pk=waiting.refund_id)
    assert (refund.state, refund.failure_code) == ("failed_late", "AC04")
    task = MoneyTask.objects.get(refund=refund, closed_at=None)
    assert (task.kind, task.facts["late"]) == ("failed", True)
    assert not breaches()


def test_without_an_account_of_its_own_a_shop_pays_nothing(db):
    shop = small_shop()

    with pytest.raises(OwnAccountNeeded):
        bank.make_file(shop, staff=staff_of(shop), by="staff:Ana")
