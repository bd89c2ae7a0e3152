"""Two people put goods into boxes at the same moment: nobody waits for good, nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from tests.domain.shipping.test_methods import labelled
from tests.domain.shipping.test_sharing import PAID, wanting_label, with_label
from tests.world import small_shop

from rebond.domain.shipping.actions import announce_parcel, join_parcel
from rebond.domain.shipping.errors import NotTogether
from rebond.domain.shipping.models import Parcel

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time in memory"),
]
ROUNDS = 6


def at_once(*calls):
    def run(call):
        try:
            return call()
        except NotTogether as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [each.result() for each in [threads.submit(run, call) for call in calls]]


def test_one_return_joins_once_however_often_it_is_asked_for_at_once():
    shop = labelled(small_shop(policy=PAID))
    host, guest = with_label(shop), wanting_label(shop, "1002")

    made = at_once(*[lambda: join_parcel(guest.pk, host.pk, by="shopper")] * 6)

    assert len({parcel.pk for parcel in made}) == 1
    assert Parcel.objects.filter(shop=shop, rma=guest).count() == 1


def test_two_boxes_that_are_put_into_each_other_end_as_one_or_two():
    shop = labelled(small_shop(policy=PAID))
    way = {"carrier": "own_carrier", "carrier_name": "La Poste"}
    for place in range(ROUNDS):
        one, other = (wanting_label(shop, f"{place}-{name}") for name in "ab")
        for rma in (one, other):
            announce_parcel(
                rma.pk, **way, tracking_number=f"6A{place}{rma.number[-2:]}", by="shopper"
            )

        at_once(
            lambda one=one, other=other: join_parcel(one.pk, other.pk, by="shopper"),
            lambda one=one, other=other: join_parcel(other.pk, one.pk, by="shopper"),
        )

        mine = Parcel.objects.filter(shop=shop, rma__in=[one, other])
        lying = mine.filter(inside__isnull=False)
        assert not lying.filter(inside__inside__isnull=False).exists()
