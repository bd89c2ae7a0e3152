"""Roles of the shop's own: made from the table of rights, given to people, removed."""

import pytest
from tests.world import order_of, requested_return, small_shop, staff_of

from rebond.domain.shops.access import GRANTABLE, Right, Role, rights_of
from rebond.domain.shops.actions import change_place, invite, keep_own_role
from rebond.domain.shops.errors import LastOwner
from rebond.domain.shops.models import OwnRole, Staff
from rebond.kernel.models import Event

ROLES = "/desk/galerie/settings/roles/"


@pytest.fixture
def owner(shop, at_desk):
    return at_desk(shop)


@pytest.fixture
def counter(shop):
    """Who works at the counter decides, and sees neither people nor money."""
    rights = [Right.SEE, Right.DECIDE]
    return keep_own_role(
        shop, None, title="Counter", based_on=Role.AGENT, rights=rights, by="staff:Ana"
    )


@pytest.fixture
def karim(shop, counter):
    made = staff_of(shop, Role.READ_ONLY, name="Karim Benali")
    return change_place(
        shop, made.pk, role=Role.AGENT, own_role=counter, is_active=True, by="staff:Ana"
    )


def test_every_role_of_the_table_stands_on_the_page(owner):
    page = owner.get(ROLES).content.decode()

    for title in ("Owner", "Manager", "Customer service", "Accounting", "Analysis"):
        assert f'<th scope="row">{title}<' in page


def test_an_analyst_sees_figures_and_exports_but_no_people():
    assert rights_of(Role.ANALYST) == {Right.SEE, Right.SEE_MONEY, Right.EXPORT}


def test_a_role_of_ones_own_holds_what_was_ticked(owner, shop):
    typed = {"do": "keep", "title": "Counter", "rights": ["decide", "configure", "fly"]}

    answer = owner.post(ROLES, typed | {"based_on": "manager"})

    own = OwnRole.objects.get()
    assert answer.status_code == 302
    assert own.granted == {Right.SEE, Right.DECIDE}
    assert own.based_on == "manager"
    assert Event.objects.get(name="own_role.changed").payload["rights"] == "decide,see"


def test_who_has_it_comes_as_far_as_its_rights(client, shop, order, karim):
    rma = requested_return(order, {"MUG-07": 2}, reason="damaged")
    client.force_login(karim.user)

    seen = client.get(f"/desk/galerie/returns/{rma.number}/")
    approved = client.post(f"/desk/galerie/returns/{rma.number}/approval/")
    money = client.get("/desk/galerie/money/")

    assert b"Camille" not in seen.content and b"Counter" in seen.content
    assert approved.status_code == 302
    assert money.status_code == 403


def test_other_rights_hold_at_once(owner, client, karim, counter):
    client.force_login(karim.user)
    assert client.get("/desk/galerie/money/").status_code == 403
    typed = {"do": "keep", "role_id": counter.pk, "title": "Till", "rights": ["see_money"]}

    owner.post(ROLES, typed | {"based_on": "manager"})

    assert client.get("/desk/galerie/money/").status_code == 200
    karim.refresh_from_db()
    assert karim.role == "manager"


@pytest.mark.parametrize(
    "typed",
    [
        {"title": "", "rights": ["see"]},
        {"title": "counter", "rights": ["see"]},
        {"title": "New", "rights": []},
    ],
)
def test_a_role_needs_a_name_of_its_own_and_a_right(owner, counter, typed):
    answer = owner.post(ROLES, typed | {"do": "keep", "based_on": "agent"})

    assert answer.status_code == 422
    assert OwnRole.objects.count() == 1


def test_a_role_that_somebody_has_stays(owner, shop, karim, counter):
    refused = owner.post(ROLES, {"do": "remove", "role_id": counter.pk})
    change_place(shop, karim.pk, role=Role.AGENT, is_active=True, by="staff:Ana")
    removed = owner.post(ROLES, {"do": "remove", "role_id": counter.pk})

    assert (refused.status_code, removed.status_code) == (409, 302)
    assert not OwnRole.objects.exists()


def test_people_get_it_from_the_page_of_people(owner, shop, counter):
    typed = {"name": "Bea", "email": "bea@galerie.example", "role": str(counter.pk)}

    owner.post("/desk/galerie/settings/people/", typed)

    bea = Staff.objects.get(shop=shop, user__email="bea@galerie.example")
    assert bea.own_role == counter
    assert bea.rights == {Right.SEE, Right.DECIDE}


def test_a_role_of_another_shop_is_none_here(owner, shop, counter, at_desk):
    twin = small_shop("atelier")
    stranger = at_desk(twin, name="Zoe Zimmer")

    removed = stranger.post("/desk/atelier/settings/roles/", {"role_id": counter.pk})
    typed = {"name": "Bea", "email": "bea@galerie.example", "role": str(counter.pk)}
    given = stranger.post("/desk/atelier/settings/people/", typed)

    assert (removed.status_code, given.status_code) == (404, 422)
    assert OwnRole.objects.filter(pk=counter.pk).exists()


def test_nobody_but_an_owner_says_who_may_do_what():
    assert Right.CONFIGURE not in GRANTABLE


def test_the_last_owner_stays_one_whatever_role_they_are_given(shop, counter):
    ana = staff_of(shop)

    with pytest.raises(LastOwner):
        change_place(
            shop, ana.pk, role=Role.AGENT, own_role=counter, is_active=True, by="staff:Ana"
        )
    with pytest.raises(LastOwner):
        invite(shop, email=ana.user.email, name="Ana", role=Role.AGENT, by="staff:Ana")


def test_the_page_asks_as_often_for_many_roles_as_for_few(
    owner, shop, django_assert_num_queries, django_assert_max_num_queries
):
    def add(count):
        for number in range(count):
            keep_own_role(
                shop,
                None,
                title=f"Role {number} of {count}",
                based_on=Role.AGENT,
                rights=[Right.SEE],
                by="staff:Ana",
            )

    add(3)
    with django_assert_max_num_queries(60) as few:
        owner.get(ROLES)
    asked = few.final_queries - few.initial_queries
    add(25)
    with django_assert_num_queries(asked):
        owner.get(ROLES)


def test_an_order_page_hides_people_from_an_analyst(shop, at_desk):
    order_of(shop)

    page = at_desk(shop, Role.ANALYST).get("/desk/galerie/orders/1001/").content

    assert b"Camille" not in page
