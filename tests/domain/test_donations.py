"""Goods that go to a charity instead of the warehouse, for the same refund."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from tests.world import LAMP, MUG, order_of, run_jobs, small_shop, staff_of

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.queries import expected_for, preview_of
from rebond.domain.returns.actions import approve_return, prove_donation, request_return
from rebond.domain.returns.errors import (
    DonationNotOffered,
    IllegalTransition,
    ProofNeeded,
    UnknownOutcome,
)
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import change_return
from rebond.domain.shipping.queries import waits_for_goods
from rebond.domain.warehouse.actions import take_at_counter
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
CHARITY = ["Emmaüs", "2 rue Haute", "69000 Lyon"]


def donation_rule(proof, **more):
    return {"kind": "donate", "charity": CHARITY, "donation_proof": proof, **more}


def shop_with(*rules):
    return small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]})


def donated(shop, *, sku="MUG-07", reason="changed_mind", all_lines=False):
    order = order_of(shop, lines=(LAMP, MUG))
    lines = order.lines.all() if all_lines else order.lines.filter(sku=sku)
    return asked(order, [Wish(line.pk, 1, reason, outcome="donate") for line in lines])


def asked(order, wishes, **more):
    return request_return(
        order,
        wishes,
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
        **more,
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
    ],
    ids=["no rule", "not for every article", "kept anyway"],
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


def mixed(shop):
    """Two lamps go back, one mug is given; of three lamps and two mugs, bought too long ago to
    withdraw."""
    order = order_of(shop, lines=(LAMP, MUG), days_since_delivery=20)
    lamp, mug = order.lines.order_by("position")[:2]
    wishes = [Wish(lamp.pk, 2, "changed_mind"), Wish(mug.pk, 1, "changed_mind", outcome="donate")]
    return order, wishes


def both_of(rma):
    return [rma, *rma.split_off.all()]


def test_what_is_given_stands_apart_from_what_is_sent_back():
    order, wishes = mixed(shop_with(donation_rule("word")))

    sent, given = both_of(asked(order, wishes))

    assert [(one.goods, one.lines.get().sku, one.lines.get().outcome) for one in (sent, given)] == [
        ("sent_back", "LAMP-01", "refund"),
        ("donated", "MUG-07", "refund"),
    ]
    assert (sent.donation, given.donation.name, given.split_from) == (None, "Emmaüs", sent)
    assert waits_for_goods(sent) and not waits_for_goods(given)
    assert list(order.lines.order_by("position").values_list("returned_quantity", flat=True)) == [
        2,
        1,
    ]
    run_jobs()
    assert Message.objects.filter(rma__in=[sent, given]).count() == 2
    assert kept_promises()


def test_each_part_has_its_money_when_its_own_goods_are_settled():
    order, wishes = mixed(shop_with(donation_rule("none")))
    sent, given = both_of(asked(order, wishes))
    run_jobs()

    assert given.settlements.get().gross_minor == 1295
    assert not sent.settlements.exists()
    assert expected_for(sent)["total_minor"] == 6667
    assert kept_promises()


FEES = {
    "kind": "fee",
    "percent": 10,
    "amount_minor": 300,
    "when": {"grounds": ["commercial_return"]},
}


@pytest.mark.parametrize("rules", [[], [FEES], [{**FEES, "cap_minor": 500}]])
@pytest.mark.parametrize("whole", [False, True], ids=["some", "the whole order"])
def test_the_preview_is_the_sum_of_both_and_what_is_given_bears_no_fee(rules, whole):
    order, wishes = mixed(shop_with(donation_rule("none"), *rules))
    if whole:
        wishes = [replace(wishes[0], quantity=3), replace(wishes[1], quantity=2)]
    shown = preview_of(order, wishes, policy=policy_for(order, now()), asked_at=now()).breakdown

    sent, given = both_of(asked(order, wishes))
    run_jobs()
    paid = given.settlements.get()
    rest = expected_for(Return.objects.get(pk=sent.pk))

    assert paid.gross_minor + rest["total_minor"] == shown["total_minor"]
    assert paid.figures["retained_minor"] == 0
    assert bool(rest["retained_minor"]) == bool(rules)


def test_two_charities_get_a_return_each():
    rules = [
        donation_rule("none", when={"skus": ["MUG-07"]}),
        {**donation_rule("photo"), "charity": ["Ressourcerie"]},
    ]
    order = order_of(shop_with(*rules), lines=(LAMP, MUG))

    first = asked(
        order, [Wish(one.pk, 1, "changed_mind", outcome="donate") for one in order.lines.all()]
    )

    assert [one.donation.name for one in both_of(first)] == ["Ressourcerie", "Emmaüs"]


def test_a_request_of_two_parts_counts_once():
    limit = {"kind": "limits", "per_order": 1}
    order, wishes = mixed(shop_with(donation_rule("none"), limit))

    assert [one.request_state for one in both_of(asked(order, wishes))] == ["approved", "approved"]


def test_a_return_that_was_filed_cannot_turn_into_a_gift_nor_goods_on_the_counter():
    order, wishes = mixed(shop_with(donation_rule("none")))
    told = {"policy": policy_for(order, now()), "asked_at": now(), "by": "staff:Ana"}
    rma = asked(order, [wishes[0]])

    with pytest.raises(UnknownOutcome):
        change_return(rma.pk, wishes, **told)
    with pytest.raises(UnknownOutcome):
        take_at_counter(order, [wishes[1]], language="fr", **told)
