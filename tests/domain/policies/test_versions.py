"""The life of a policy, and which version judges an order."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from tests.world import LAMP, MUG, order_of, received_return, requested_return, run_jobs, small_shop

from rebond.domain.ledger.models import Account
from rebond.domain.policies.actions import (
    call_off_policy,
    create_draft,
    publish_draft,
    publish_policy,
    replace_draft,
    roll_back,
)
from rebond.domain.policies.errors import (
    PolicyAgainstLaw,
    PolicyAlreadyPublished,
    PolicyChangedMeanwhile,
    PolicyNotReadable,
    PublishedInThePast,
    UnknownPolicyVersion,
)
from rebond.domain.policies.frozen import replayed
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for, policy_in_force, versions_of
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
BY = {"by": "staff:Ana"}


def windows(days):
    return {"rules": [{"kind": "window", "days": days}, {"kind": "refund_terms"}]}


def stands(shop, at=None):
    return {row.version.number: row.standing.value for row in versions_of(shop, at or now())}


def test_a_version_holds_from_its_moment_until_the_next():
    shop = small_shop()
    draft = create_draft(shop, windows(20), note="", **BY)
    assert stands(shop) == {1: "in_force", 2: "draft"}

    monday = now() + timedelta(days=3)
    publish_draft(shop, draft.number, revision=1, at=monday, **BY)

    assert stands(shop) == {1: "in_force", 2: "scheduled"}
    assert stands(shop, monday) == {1: "superseded", 2: "in_force"}
    assert policy_in_force(shop, monday).version == 2


def test_of_two_who_edit_one_draft_the_second_is_told():
    shop = small_shop()
    draft = create_draft(shop, windows(20), note="", **BY)
    replace_draft(shop, draft.number, windows(25), note="", revision=1, **BY)

    with pytest.raises(PolicyChangedMeanwhile) as refusal:
        replace_draft(shop, draft.number, windows(99), note="", revision=1, **BY)

    assert refusal.value.facts == {"number": 2, "revision": 2, "seen": 1}
    assert PolicyVersion.objects.get(shop=shop, number=2).document["rules"][0]["days"] == 25
    with pytest.raises(PolicyChangedMeanwhile):
        publish_draft(shop, draft.number, revision=1, **BY)


def test_a_published_version_never_changes_and_one_to_come_can_be_called_off():
    shop = small_shop()
    draft = create_draft(shop, windows(20), note="", **BY)
    publish_draft(shop, 2, revision=1, at=now() + timedelta(days=1), **BY)

    with pytest.raises(PolicyAlreadyPublished):
        replace_draft(shop, 2, windows(30), note="", revision=2, **BY)
    called_off = call_off_policy(shop, 2, **BY)
    replace_draft(shop, 2, windows(30), note="", revision=called_off.revision, **BY)
    with pytest.raises(PolicyAlreadyPublished):
        call_off_policy(shop, 1, **BY)
    with pytest.raises(UnknownPolicyVersion):
        call_off_policy(shop, 9, **BY)
    assert draft.number == 2


def test_a_rollback_is_a_new_version_with_the_old_document():
    shop = small_shop()
    publish_policy(shop, windows(20), note="", **BY)

    again = roll_back(shop, 1, note="as before", **BY)

    assert (again.number, again.based_on) == (3, 1)
    assert again.document == PolicyVersion.objects.get(shop=shop, number=1).document
    assert stands(shop) == {1: "superseded", 2: "superseded", 3: "in_force"}


def test_what_is_below_the_law_is_not_published_but_may_be_drafted():
    shop = small_shop()
    draft = create_draft(shop, windows(7), note="", **BY)

    with pytest.raises(PolicyAgainstLaw) as refusal:
        publish_draft(shop, draft.number, revision=1, **BY)

    (breach,) = refusal.value.facts["breaches"]
    assert breach["code"] == "window_too_short" and breach["rule"] == "window"
    assert "C. conso. L221-18" in breach["articles"]
    with pytest.raises(PolicyNotReadable):
        create_draft(shop, {"rules": [{"kind": "magic"}]}, note="", **BY)
    with pytest.raises(PublishedInThePast):
        publish_policy(shop, windows(20), note="", at=now() - timedelta(days=1), **BY)


def test_an_order_is_judged_by_the_kinder_of_its_version_and_todays():
    with time_machine.travel(now() - timedelta(days=90), tick=True):
        shop = small_shop(policy=windows(60))
    order = order_of(shop, days_since_delivery=40)
    publish_policy(shop, windows(20), note="stricter", **BY)
    later = order_of(shop, number="1002", days_since_delivery=40)

    stricter = requested_return(order, {"LAMP-01": 1})

    assert (stricter.request_state, stricter.terms["version"]) == ("approved", 1)
    publish_policy(shop, windows(90), note="kinder", **BY)
    rma = requested_return(later, {"LAMP-01": 1})
    assert (rma.request_state, rma.terms["version"]) == ("approved", 3)


def test_the_return_keeps_the_decision_with_its_facts_and_replays_it():
    order = order_of(small_shop())
    rma = requested_return(order, {"LAMP-01": 1})

    kept = Return.objects.get(pk=rma.pk).terms

    assert set(kept["rules"]) == {rule["kind"] for rule in GENEROUS["rules"]}
    assert kept["facts"]["lines"][0]["reason"] == "changed_mind"
    assert replayed(kept, policy_in_force(order.shop, now())) == kept


def with_rules(*rules):
    return {"rules": [*rules, *GENEROUS["rules"]]}


def test_small_things_are_kept_and_refunded_without_a_parcel():
    keep = {"kind": "keep_it", "below_minor": 5000}
    rma = requested_return(order_of(small_shop(policy=with_rules(keep))), {"LAMP-01": 1})

    run_jobs()

    assert rma.keeps_goods
    assert Settlement.objects.get(rma=rma).gross_minor == 3333


def test_a_wait_after_receipt_is_kept():
    wait = {"kind": "release", "pays_at": "receipt", "wait_days": 3}
    rma = received_return(order_of(small_shop(policy=with_rules(wait))), {"LAMP-01": 1})
    run_jobs()
    assert not Settlement.objects.filter(rma=rma).exists()

    with time_machine.travel(now() + timedelta(days=3, minutes=1), tick=True):
        run_jobs()

    assert Settlement.objects.get(rma=rma).gross_minor == 3333


def test_fees_by_line_with_an_amount_and_a_cap_are_kept_from_the_refund():
    after = {"grounds": ["commercial_return"]}
    fees = [
        {"kind": "fee", "percent": 10, "amount_minor": 200, "cap_minor": 400, "when": after},
    ]
    shop = small_shop(policy=with_rules(*fees, {"kind": "release", "pays_at": "approval"}))

    rma = requested_return(order_of(shop, days_since_delivery=20), {"LAMP-01": 1})
    run_jobs()

    # 33.33 less 3.33 and 2.00, at most 4.00
    assert Settlement.objects.get(rma=rma).gross_minor == 2933


def test_a_parcel_goes_where_the_policy_says():
    route = {"kind": "routing", "send_to": ["Atelier", "1 rue du Port", "59000 Lille"]}

    rma = requested_return(order_of(small_shop(policy=with_rules(route))), {"LAMP-01": 1})

    assert rma.send_to == ["Atelier", "1 rue du Port", "59000 Lille"]
    assert requested_return(order_of(small_shop("autre"), lines=(LAMP,))).send_to[0] == "Autre"


def test_a_rule_may_be_about_the_tags_of_a_product():
    sale = replace(LAMP, tags=("sale",))
    rule = {"kind": "verdict", "say": "review", "when": {"tags": ["sale"]}}
    shop = small_shop(policy=with_rules(rule))

    tagged = requested_return(order_of(shop, lines=(sale,)))
    other = requested_return(order_of(shop, number="1002", lines=(MUG,)))

    assert (tagged.request_state, other.request_state) == ("requested", "approved")


def test_store_credit_that_was_wished_for_is_given_with_its_bonus():
    offer = {"kind": "outcomes", "offered": ["refund", "store_credit"], "credit_bonus_percent": 10}
    payout = {"kind": "release", "pays_at": "approval"}
    order = order_of(small_shop(policy=with_rules(offer, payout)))
    line = order.lines.get(sku="LAMP-01")

    rma = request_return(
        order,
        [Wish(line.pk, 1, "changed_mind", outcome="store_credit")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
    )
    run_jobs()

    account = Account.objects.get(shop=order.shop, kind="store_credit")
    assert rma.request_state == "approved"
    assert account.free_minor == 3333 + 333


def test_an_order_from_before_any_version_is_judged_by_todays():
    shop = small_shop()

    assert policy_for(order_of(shop), now()).newer is None
