"""The code of a card that a refund issued is told in one letter, and kept nowhere."""

import email
import json
import re
from email.policy import default
from uuid import uuid4

import pytest
from django.apps import apps
from tests.world import order_of, small_shop

from rebond.domain.gift_cards.actions import find_card, issue_card
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.refunds.ports import Account, RefundOrder, payment_providers
from rebond.kernel.models import Job
from rebond.kernel.money import Money
from rebond.outbound.notifications.models import Message

CODE = re.compile(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}")


@pytest.fixture
def letters(settings, tmp_path):
    """What left the house, as text."""
    settings.SMTP_URL = f"file://{tmp_path}/outbox"

    def read() -> list[str]:
        found = sorted((tmp_path / "outbox").glob("*.eml"))
        mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in found]
        return [mail.get_body(("plain",)).get_content() for mail in mails]

    return read


@pytest.fixture
def shop(db):
    return small_shop()


def refund_to_card(shop, destination):
    refund_id = uuid4()
    amount = Money(8000, "EUR")
    wish = RefundOrder(refund_id, "pay_1", amount, f"{refund_id}:0", destination)
    return payment_providers["gift_card"](Account(shop.slug)).refund(wish)


def everything_kept() -> str:
    """All rows of the house as one text."""
    return json.dumps(
        [
            list(model.objects.values())
            for model in apps.get_models()
            if model.__module__.startswith("rebond.")
        ],
        default=str,
        ensure_ascii=False,
    )


def test_the_letter_tells_the_code_and_no_row_holds_it(shop, letters, run_jobs):
    shopper = order_of(shop).shopper

    refund_to_card(shop, f"new:{shopper.pk}")
    run_jobs()

    (letter,) = letters()
    (code,) = CODE.findall(letter)
    assert find_card(shop, code).shopper == shopper
    kept = everything_kept()
    assert code not in kept and code.replace("-", "") not in kept
    assert "••••-••••-••••-••••-••••-" + code[-4:] in Message.objects.get(shop=shop).text


def test_the_letter_is_told_after_the_secret_key_was_changed(shop, letters, run_jobs, settings):
    refund_to_card(shop, f"new:{order_of(shop).shopper.pk}")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"
    run_jobs()

    (letter,) = letters()
    assert find_card(shop, CODE.findall(letter)[0]) == GiftCard.objects.get(shop=shop)


def test_a_key_that_is_lost_leaves_a_job_that_people_see(shop, letters, run_jobs, settings):
    refund_to_card(shop, f"new:{order_of(shop).shopper.pk}")
    settings.SECRET_KEY = "another key"
    run_jobs()

    assert letters() == []
    assert "LookupError" in Job.objects.get(path__endswith="send_message").last_error


def test_a_card_from_the_desk_is_told_at_the_desk(shop, letters, run_jobs):
    issue_card(shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Ana")
    run_jobs()

    assert letters() == []
