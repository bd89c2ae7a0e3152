"""Settings over the API: sites that show the form, and the system that hears of the stock."""

import json

import pytest
from tests.api.clients import code, machine, post
from tests.world import run_jobs, small_shop

from rebond.domain.machines.scopes import Scope
from rebond.domain.warehouse.actions import add_location, adjust_stock
from rebond.domain.warehouse.kinds import Place
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


def put(client, page, body):
    return client.put(f"/api/v1/{page}", json.dumps(body), content_type="application/json")


def test_sites_are_set_as_origins_and_read_again(shop):
    client = machine(shop)

    kept = put(client, "form-sites", {"origins": ["https://a.example/shop", "www.b.example"]})
    read = client.get("/api/v1/form-sites").json()

    assert kept.json() == read
    assert read["origins"] == ["https://a.example", "https://www.b.example"]
    assert read["form"].endswith("/s/galerie/embed/")
    changed = Event.objects.get(name="shop.changed")
    assert (changed.actor, changed.payload["fields"]) == ("api:till", "embed_origins")
    assert put(client, "form-sites", {"origins": []}).json()["origins"] == []


@pytest.mark.parametrize(
    "origin", ["https://*.example", "http://a.example", "'self'", "", "a" * 9999]
)
def test_a_site_that_cannot_be_allowed_changes_nothing(shop, origin):
    client = machine(shop)
    put(client, "form-sites", {"origins": ["https://a.example"]})

    refused = put(client, "form-sites", {"origins": ["https://b.example", origin]})

    assert code(refused) == (422, "origin_unreadable")
    assert client.get("/api/v1/form-sites").json()["origins"] == ["https://a.example"]


def test_reading_needs_one_scope_and_setting_another(shop):
    reader = machine(shop, scopes=(Scope.SETTINGS_READ,))
    stranger = machine(shop, scopes=(Scope.WAREHOUSE_WRITE,))

    assert reader.get("/api/v1/form-sites").status_code == 200
    assert code(put(reader, "form-sites", {"origins": []})) == (403, "scope_missing")
    assert code(put(reader, "stock/system", {"system": ""})) == (403, "scope_missing")
    assert code(stranger.get("/api/v1/form-sites")) == (403, "scope_missing")


def test_a_system_hears_of_stock_is_told_again_and_a_movement_is_left_out(
    shop, monkeypatch, tmp_path
):
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    client = machine(shop)
    shelf = add_location(shop, "Shelf A", Place.SELLABLE, by="staff:Ana")
    chosen = put(client, "stock/system", {"system": "csv_file"}).json()
    blocked = tmp_path / "galerie" / f"stock-shelf-a-{shelf.pk.hex[-8:]}-000000001.csv"
    blocked.parent.mkdir()
    blocked.write_text("somebody else's")
    adjust_stock(shop, shelf.pk, "LAMP-01", 4, why="counted", by="staff:Ana")
    adjust_stock(shop, shelf.pk, "LAMP-01", -1, why="counted", by="staff:Ana")
    run_jobs()

    first = client.get("/api/v1/stock/reports", {"state": "refused"}).json()["items"][0]
    again = post(client, f"stock/reports/{first['id']}/tries", key="k1")
    too_soon = post(client, f"stock/reports/{first['id']}/omissions", {"why": "no"}, key="k2")
    run_jobs()
    left = post(client, f"stock/reports/{first['id']}/omissions", {"why": "no"}, key="k3").json()
    run_jobs()

    assert chosen["system"] == "csv_file"
    assert (first["number"], first["pieces"], first["location"]) == (1, 4, "Shelf A")
    assert (again.status_code, again.json()["state"]) == (201, "waiting")
    assert code(too_soon) == (409, "report_ended")
    assert (left["state"], left["why"]) == ("left_out", "no")
    listed = client.get("/api/v1/stock/reports").json()["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(2, "told"), (1, "left_out")]


def test_another_shop_sees_no_report(shop, monkeypatch, tmp_path):
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    client = machine(shop)
    put(client, "stock/system", {"system": "csv_file"})
    shelf = add_location(shop, "Shelf A", Place.SELLABLE, by="staff:Ana")
    adjust_stock(shop, shelf.pk, "LAMP-01", 4, why="counted", by="staff:Ana")
    found = client.get("/api/v1/stock/reports").json()["items"][0]
    twin = machine(small_shop("atelier"))

    assert twin.get("/api/v1/stock/reports").json()["items"] == []
    assert post(twin, f"stock/reports/{found['id']}/tries", key="k1").status_code == 404
    assert code(put(twin, "stock/system", {"system": "fax"})) == (422, "unknown_system")
