"""People and roles by a machine with a key: never an owner made, changed or let go."""

import json

import pytest
from tests.api.clients import code, machine, post
from tests.world import small_shop, staff_of

from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.access import GRANTABLE, Right, Role
from rebond.domain.shops.actions import require_second_factor
from rebond.domain.shops.models import OwnRole, Staff
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db
NOWHERE = "01a3d2b8-0000-7000-8000-000000000000"


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def ana(shop):
    return staff_of(shop)


def put(client, page, body):
    return client.put(f"/api/v1/{page}", json.dumps(body), content_type="application/json")


def person(name="Karim", **more):
    return {"email": f"{name.lower()}@galerie.example", "name": name} | more


def test_somebody_new_is_let_in_once_and_gets_a_letter(shop, ana):
    client = machine(shop)

    first = post(client, "staff", person(role="agent"), key="k1")
    again = post(client, "staff", person(role="agent"), key="k1")

    assert (first.status_code, again.content) == (201, first.content)
    told = first.json()
    assert (told["name"], told["role"], told["is_active"]) == ("Karim", "agent", True)
    assert "refund" in told["rights"] and "configure" not in told["rights"]
    asked = Event.objects.get(name="password_link.asked")
    assert (asked.actor, asked.payload["is_new"]) == ("api:till", True)
    assert client.get(f"/api/v1/staff/{told['id']}").json() == told


def test_a_place_is_changed_and_taken_away(shop, ana):
    client, karim = machine(shop), staff_of(shop, Role.AGENT, name="Karim")

    warehouse = put(client, f"staff/{karim.pk}", {"role": "warehouse"}).json()
    gone = put(client, f"staff/{karim.pk}", {"role": "warehouse", "is_active": False}).json()

    assert warehouse["rights"] == ["receive", "see"]
    assert gone["is_active"] is False
    karim.refresh_from_db()
    assert (karim.role, karim.is_active) == ("warehouse", False)
    working = client.get("/api/v1/staff", {"is_active": "true"}).json()
    assert [one["name"] for one in working["items"]] == ["Ana Lopes"]


def test_no_key_makes_an_owner_or_changes_one(shop, ana):
    client, karim = machine(shop), staff_of(shop, Role.AGENT, name="Karim")
    staff_of(shop, name="Zoe")
    refused = (403, "owners_at_desk")

    assert code(post(client, "staff", person("Eve", role="owner"), key="k1")) == refused
    assert code(put(client, f"staff/{karim.pk}", {"role": "owner"})) == refused
    assert code(put(client, f"staff/{ana.pk}", {"role": "agent"})) == refused
    assert code(put(client, f"staff/{ana.pk}", {"role": "owner", "is_active": False})) == refused
    demoted = {"email": "ANA@galerie.example", "name": "Ana", "role": "read_only"}
    assert code(post(client, "staff", demoted, key="k2")) == refused

    ana.refresh_from_db()
    assert (ana.role, ana.is_active) == ("owner", True)
    assert Staff.objects.filter(shop=shop, role=Role.OWNER).count() == 2
    assert not Staff.objects.filter(user__email="eve@galerie.example").exists()


def test_an_own_role_is_made_given_changed_and_removed(shop, ana):
    client, karim = machine(shop), staff_of(shop, Role.AGENT, name="Karim")
    wanted = {"title": "Till", "based_on": "agent", "rights": ["receive", "refund"]}

    made = post(client, "roles", wanted, key="k1")
    assert made.status_code == 201
    assert made.json()["rights"] == ["receive", "refund", "see"]
    assert post(client, "roles", wanted, key="k1").content == made.content
    role_id = made.json()["id"]
    given = put(client, f"staff/{karim.pk}", {"own_role": role_id}).json()
    assert (given["own_role"], given["rights"]) == (role_id, ["receive", "refund", "see"])
    changed = put(client, f"roles/{role_id}", wanted | {"rights": ["decide"]}).json()
    assert (changed["rights"], changed["people"]) == (["decide", "see"], 1)
    assert client.get(f"/api/v1/staff/{karim.pk}").json()["rights"] == ["decide", "see"]

    removal = f"roles/{role_id}/removals"
    assert code(post(client, removal, key="k2")) == (409, "role_in_use")
    put(client, f"staff/{karim.pk}", {"role": "agent"})
    gone = post(client, removal, key="k3")
    assert (gone.status_code, gone.json()["id"]) == (201, role_id)
    assert post(client, removal, key="k3").content == gone.content
    assert code(post(client, removal, key="k4")) == (404, "not_found")
    assert not OwnRole.objects.exists()


@pytest.mark.parametrize(
    "wanted",
    [
        {"title": "Boss", "based_on": "agent", "rights": ["configure"]},
        {"title": "Boss", "based_on": "owner", "rights": ["see"]},
        {"title": "  ", "based_on": "agent", "rights": ["see"]},
    ],
)
def test_a_role_never_holds_what_only_owners_may(shop, ana, wanted):
    assert code(post(machine(shop), "roles", wanted, key="k1")) == (422, "role_unreadable")
    assert not OwnRole.objects.exists()


def test_the_table_of_roles(shop, ana):
    require_second_factor(shop, [Role.MANAGER], by="test")
    client = machine(shop)
    post(client, "staff", person(role="manager"), key="k1")

    table = {one["role"]: one for one in client.get("/api/v1/roles").json()["roles"]}

    assert list(table) == [role.value for role in Role]
    assert set(table["owner"]["rights"]) == set(Right)
    assert set(table["manager"]["rights"]) == GRANTABLE
    assert (table["manager"]["needs_second_factor"], table["manager"]["people"]) == (True, 1)
    karim = client.get("/api/v1/staff").json()["items"][1]
    assert (karim["needs_second_factor"], karim["has_second_factor"]) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        person(),
        person(role="agent", own_role=NOWHERE),
        person(role="king"),
        person(role="agent") | {"email": "nobody"},
        person(role="agent") | {"name": "  "},
    ],
)
def test_what_cannot_be_read_lets_nobody_in(shop, ana, body):
    assert code(post(machine(shop), "staff", body, key="k1")) == (422, "invalid_body")
    assert Staff.objects.count() == 1


def test_people_are_paged_without_a_question_each(shop, ana, django_assert_max_num_queries):
    client = machine(shop)
    for n in range(4):
        staff_of(shop, Role.AGENT, name=f"Person{n}")

    first = client.get("/api/v1/staff", {"limit": 3}).json()
    with django_assert_max_num_queries(8):
        rest = client.get("/api/v1/staff", {"limit": 3, "after": first["next"]}).json()

    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 2, ""]


def test_another_shop_and_a_reader_change_nothing(shop, ana):
    karim = staff_of(shop, Role.AGENT, name="Karim")
    twin, reader = machine(small_shop("autre")), machine(shop, scopes=(Scope.STAFF_READ,))
    role = post(
        machine(shop),
        "roles",
        {"title": "Till", "based_on": "agent", "rights": ["see"]},
        key="k1",
    ).json()["id"]

    assert twin.get("/api/v1/staff").json()["items"] == []
    assert code(put(twin, f"staff/{karim.pk}", {"role": "manager"})) == (404, "not_found")
    assert code(post(twin, "staff", person(own_role=role), key="k1")) == (404, "not_found")
    assert code(put(reader, f"staff/{karim.pk}", {"role": "manager"})) == (403, "scope_missing")
    assert code(put(machine(shop), f"staff/{NOWHERE}", {"role": "agent"})) == (404, "not_found")
    karim.refresh_from_db()
    assert karim.role == "agent"
