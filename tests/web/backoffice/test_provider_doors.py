"""A provider that lets nobody in, and the way to its own pages: at the desk."""

import pytest
from tests.world import findings, order_of, received_return

from rebond.domain.refunds import actions
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def shut_out(shop, run_jobs) -> Refund:
    """Money that waits because the shop has no key for its provider."""
    rma = received_return(order_of(shop, provider="adyen"), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return Refund.objects.get(settlement__rma=rma)


def act(client, refund, verb, **values):
    return client.post(f"/desk/{refund.shop.slug}/money/refunds/{refund.pk}/{verb}/", values)


def test_the_task_says_why_and_offers_every_way_out(shut_out, at_desk):
    client = at_desk(shut_out.shop, Role.AGENT)

    tasks = client.get("/desk/galerie/money/").content.decode()
    panel = client.get(f"/desk/galerie/returns/{shut_out.settlement.rma.number}/").content.decode()

    assert "Nothing was sent (not_connected)" in tasks
    assert "(not_connected). Once it is connected, try again" in panel
    for page in (tasks, panel):
        assert f"/money/refunds/{shut_out.pk}/again/" in page
        assert f"/money/refunds/{shut_out.pk}/way/" in page
        assert "https://ca-test.adyen.com/" in page and "See it at the provider" in page
    assert f"/money/refunds/{shut_out.pk}/payment/" in panel


def test_again_starts_a_new_refund_and_two_clicks_start_one(shut_out, at_desk):
    client = at_desk(shut_out.shop, Role.AGENT)

    first = act(client, shut_out, "again")
    act(client, shut_out, "again")

    assert first.status_code == 302
    states = Refund.objects.filter(settlement=shut_out.settlement).order_by("started_at")
    assert [refund.state for refund in states] == ["cancelled", "reserved"]


def test_it_can_be_paid_by_hand(shut_out, at_desk):
    client = at_desk(shut_out.shop, Role.AGENT)
    rma = shut_out.settlement.rma
    rma.refresh_from_db()
    form = {f"pay-{shut_out.pk}-reference": "VIR-9", f"pay-{shut_out.pk}-paid_on": "2026-11-20"}

    answer = act(client, shut_out, "payment", version=rma.version, **form)

    shut_out.refresh_from_db()
    assert answer.status_code == 302
    assert (shut_out.state, shut_out.provider_reference) == ("succeeded", "VIR-9")


def test_another_way_takes_the_place_of_what_was_not_sent(shut_out, at_desk):
    client = at_desk(shut_out.shop, Role.AGENT)
    way = {"way": "store_credit", "yes": "on", "channel": "phone"}

    answer = act(client, shut_out, "way", **way)

    assert answer.status_code == 302
    shut_out.refresh_from_db()
    assert shut_out.state == "cancelled"
    assert Refund.objects.get(provider="store_credit").state == "reserved"


def test_a_refund_that_goes_another_way_has_no_link_to_the_first_provider(shut_out, at_desk):
    client = at_desk(shut_out.shop, Role.AGENT)
    Refund.objects.filter(pk=shut_out.pk).update(provider="paper")

    page = client.get("/desk/galerie/money/").content.decode()

    assert "adyen.com" not in page


def test_a_plain_refusal_is_still_told_as_before(shop, at_desk):
    rma = received_return(order_of(shop, provider="adyen"), {"LAMP-01": 1})
    refund = actions.settle_return(rma.pk, by="staff:Ana").refunds.get()
    armed = actions.arm_refund(refund.pk)
    actions.settle_refund(refund.pk, armed.token, Answer(Outcome.REFUSED, code="declined"))

    page = at_desk(shop).get("/desk/galerie/money/").content.decode()

    assert "The provider says: declined." in page
