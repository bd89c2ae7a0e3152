"""Sixty-four processes redeem one card of 10.00 for 10.00 at once: one of them gets it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from tests.world import small_shop

from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.ledger.models import Account, Entry
from rebond.kernel.money import Money

STORM = Path(__file__).with_name("storm.py")


@pytest.fixture
def database(transactional_db, tmp_path):
    """Gives the address of the tests' database; SQLite's lives in memory and is copied."""

    def address() -> str:
        wanted = connection.settings_dict
        if connection.vendor == "postgresql":
            login = f"{quote(wanted['USER'])}:{quote(wanted['PASSWORD'])}"
            place = f"{wanted['HOST']}:{wanted['PORT']}/{wanted['NAME']}"
            return f"postgresql://{login}@{place}"
        file = tmp_path / "storm.sqlite3"
        connection.ensure_connection()
        driver = sys.modules["sqlite3"]
        copy = driver.connect(file)
        connection.connection.backup(copy)
        copy.close()
        return f"sqlite:///{file}"

    return address


@pytest.mark.parametrize(("processes", "minor", "winners"), [(64, 1000, 1), (16, 300, 3)])
def test_no_storm_spends_a_card_twice(database, processes, minor, winners):
    shop = small_shop()
    issued = issue_card(
        shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Ana"
    )
    url = database()

    wish = {"shop": shop.slug, "code": issued.code, "processes": processes, "minor": minor}
    done = subprocess.run(
        [sys.executable, str(STORM)],
        input=json.dumps(wish),
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=100,
    )

    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert (outcome["took"], outcome["refused"]) == (winners, processes - winners), done.stderr[
        -2000:
    ]
    assert _left(url, issued.card.account_id) == [1000 - winners * minor] * 2


def _left(url: str, account_id) -> list[int]:
    """The balance as it is kept, and as its entries make it."""
    if connection.vendor == "postgresql":
        account = Account.objects.get(pk=account_id)
        entries = Entry.objects.filter(shop=account.shop_id, account=account)
        return [account.balance_minor, sum(entries.values_list("amount_minor", flat=True))]
    driver = sys.modules["sqlite3"]
    found = driver.connect(url.removeprefix("sqlite:///"))
    key = account_id.hex
    (kept,) = found.execute("SELECT balance_minor FROM ledger_account WHERE id = ?", [key])
    (summed,) = found.execute(
        "SELECT SUM(amount_minor) FROM ledger_entry WHERE account_id = ?", [key]
    )
    found.close()
    return [kept[0], summed[0]]
