"""Goods that go to a charity instead of the warehouse, for the same refund."""

import io

import pytest
from PIL import Image
from tests.world import LAMP, MUG, order_of, run_jobs, small_shop, staff_of

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import settle_return
from rebond.domain.returns.actions import approve_return, prove_donation, request_return
from rebond.domain.returns.errors import DonationNotOffered, IllegalTransition, ProofNeeded
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.queries import waits_for_goods
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
CHARITY = ["Emmaüs", "2 rue Haute", "69000 Lyon"]


def donation_rule(proof, **more):
    return {"kind": "donate", "charity": CHARITY, "donation_proof": proof, **more}


def shop_with(*rules):
    return small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]})


def donated(shop, *, sku="MUG-07", reason="changed_mind", outcome="refund", all_lines=False):
    order = order_of(shop, lines=(LAMP, MUG))
    lines = order.lines.all() if all_lines else order.lines.filter(sku=sku)
    return request_return(
        order,
        [Wish(line.pk, 1, reason, outcome=outcome) for line in lines],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
        donates=True,
    )


def receipt():
    held = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(held, "PNG")
    return clean_image(held.getvalue())


def kept_promises():
    return [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_without_a_proof_the_refund_goes_once_the_return_is_accepted():
    rma = donated(shop_with(donation_rule("none")))
    run_jobs()
    rma.refresh_from_db()

    assert (rma.goods, rma.donation.name) == ("donated", "Emmaüs")
    assert rma.settlements.get().gross_minor == 1295
    assert not waits_for_goods(rma)
    assert kept_promises()


@pytest.mark.parametrize(("proof", "images"), [("word", ()), ("photo", "receipt")])
def test_with_a_proof_a_person_looks_and_refunds(proof, images):
    shop = shop_with(donation_rule(proof))
    rma = donated(shop)
    run_jobs()
    assert not rma.settlements.exists()

    prove_donation(rma.pk, "Ce matin", [receipt()] if images else [], by="shopper")
    run_jobs()
    assert not rma.settlements.exists()

    settlement = settle_return(rma.pk, by="staff:Ana", staff=staff_of(shop))
    assert settlement.gross_minor == 1295
    assert kept_promises()


def test_words_are_not_enough_where_a_photo_is_wanted():
    rma = donated(shop_with(donation_rule("photo")))

    with pytest.raises(ProofNeeded):
        prove_donation(rma.pk, "C’est fait", by="shopper")
    with pytest.raises(ProofNeeded):
        prove_donation(rma.pk, " ", by="shopper")
    assert rma.donation.proven_at is None


def test_it_is_shown_once_and_only_for_an_accepted_donation():
    shop = shop_with(donation_rule("word"))
    rma = donated(shop, reason="damaged")
    with pytest.raises(IllegalTransition):
        prove_donation(rma.pk, "C’est fait", by="shopper")

    approve_return(rma.pk, by="staff:Ana")
    prove_donation(rma.pk, "C’est fait", by="shopper")
    with pytest.raises(IllegalTransition):
        prove_donation(rma.pk, "Encore", by="shopper")


@pytest.mark.parametrize(
    ("rules", "more"),
    [
        ([], {}),
        ([donation_rule("none", when={"skus": ["MUG-07"]})], {"all_lines": True}),
        ([{"kind": "keep_it", "below_minor": 9000}, donation_rule("none")], {}),
        ([donation_rule("none")], {"outcome": "exchange"}),
    ],
    ids=["no rule", "not for every article", "kept anyway", "other goods are wished for"],
)
def test_where_it_is_not_offered_it_is_refused(rules, more):
    with pytest.raises(DonationNotOffered):
        donated(shop_with(*rules), **more)


def test_the_letter_names_the_charity_and_asks_for_no_parcel():
    rma = donated(shop_with(donation_rule("photo")))
    run_jobs()

    letter = Message.objects.get(rma=rma).text
    assert "Merci de donner l’article à Emmaüs" in letter
    assert "photo du reçu" in letter
    assert "colis" not in letter
