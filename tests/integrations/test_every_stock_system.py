"""The promise every system that hears of stock makes. A new file in the folder is tested by being
there, with a way to set it up in ``HOSTS``."""

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest

from rebond.kernel.companies import Account
from rebond.kernel.egress import request
from rebond.outbound.stock.ports import Heard, StockChange, missing_for, stock_systems
from rebond.simulator.stockroom import Stockroom

EVERY = pytest.mark.parametrize("key", stock_systems.keys())
CHANGE = StockChange(
    key=UUID("01936b2e-0000-7000-8000-000000000001"),
    number=12,
    location_id=UUID("01936b2e-0000-7000-8000-0000000000aa"),
    location="../Étagère, A",
    place="sellable",
    sku="LAMP-01",
    pieces=-2,
    standing=3,
    return_number="",
    at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
)


def _folder(monkeypatch, tmp_path):
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    yield lambda: len(list(tmp_path.rglob("*.csv")))


def _room(monkeypatch, tmp_path):
    made = Stockroom(("127.0.0.1", 0))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setenv("REBOND_STOCK_SIMULATOR_URL", made.url)
    yield lambda: len(made.changes)
    made.shutdown()
    made.server_close()


HOSTS = {"csv_file": _folder, "simulator": _room}
"""How each is set up; what comes is how many changes it has taken."""


@pytest.fixture
def taken(key, monkeypatch, tmp_path):
    yield from HOSTS[key](monkeypatch, tmp_path)


@EVERY
def test_it_says_who_it_is_and_what_it_needs(key, monkeypatch):
    for name in stock_systems[key].settings:
        monkeypatch.delenv(f"REBOND_{name}", raising=False)
    system = stock_systems[key](Account("galerie"))

    assert (system.key, bool(system.title)) == (key, True)
    assert missing_for(key, system.account) == [f"REBOND_{one}" for one in system.settings] != []
    assert system.tell(CHANGE).heard == Heard.NO_ANSWER


@EVERY
def test_told_twice_it_takes_a_change_once_under_one_name(key, taken):
    system = stock_systems[key](Account("galerie"))

    first, again = system.tell(CHANGE), system.tell(CHANGE)

    assert missing_for(key, system.account) == []
    assert (first.heard, bool(first.reference)) == (Heard.TAKEN, True)
    assert (again, taken()) == (first, 1)


def test_a_file_stays_in_its_folder_whatever_the_place_is_called(monkeypatch, tmp_path):
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path / "stock"))

    stock_systems["csv_file"](Account("galerie")).tell(CHANGE)

    found = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert [str(path) for path in found] == ["stock/galerie/stock-etagere-a-000000aa-000000012.csv"]


@pytest.mark.parametrize("status", [301, 404, 408, 503])
def test_an_answer_that_says_neither_yes_nor_no_is_none(monkeypatch, tmp_path, status):
    for taken in _room(monkeypatch, tmp_path):
        system = stock_systems["simulator"](Account("galerie"))
        monkeypatch.setattr("rebond.simulator.stockroom.BEFORE", {"odd": status, "500_before": 500})
        request(
            "POST", f"{system.account.setting('STOCK_SIMULATOR_URL')}/plan", json={"mode": "odd"}
        )

        assert system.tell(CHANGE).heard == Heard.NO_ANSWER
        assert taken() == 0
