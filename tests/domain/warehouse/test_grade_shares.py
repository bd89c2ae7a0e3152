"""What is refunded follows the grade by the policy's rule; the law stays above it."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from tests.api.clients import machine, post
from tests.world import EMAIL, NAME, order_of, run_jobs, small_shop, staff_of

from rebond.domain.orders.new import NewLine
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.engine import decide, kinder, read_policy
from rebond.domain.policies.frozen import facts_in
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.models import MoneyTask, Settlement
from rebond.domain.returns.actions import add_photo, approve_return, request_return
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.errors import EvidenceNeeded, MoreThanRule
from rebond.domain.warehouse.grades import USUAL_DISPOSITION, Grade
from rebond.domain.warehouse.models import Inspection
from rebond.domain.warehouse.shares import shares_of
from rebond.domain.withdrawals.actions import submit_statement
from rebond.domain.withdrawals.sealing import Declared
from rebond.kernel.clock import now
from rebond.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
RULE = {
    "id": "worn goods",
    "kind": "refund_by_grade",
    "grade_b_percent": 90,
    "grade_c_percent": 70,
    "grade_d_percent": 0,
    "incomplete_percent": 50,
}
AFTER_THE_LEGAL_DAYS = 20
LAMPS = NewLine("LAMP-01", "Paper lamp", 3, 30_000)


def shop_with(*rules):
    return small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]})


def arrived(shop, *, days=AFTER_THE_LEGAL_DAYS, reason="changed_mind", pieces=1):
    """A return of lamps at 100.00 that is here, asked for so long after the delivery."""
    order = order_of(shop, lines=(LAMPS,), shipping_minor=0, days_since_delivery=days)
    moment = now()
    line = order.lines.get()
    rma = request_return(
        order,
        [Wish(line.pk, pieces, reason)],
        policy=policy_for(order, moment),
        asked_at=moment,
        language="en",
        by="shopper",
    )
    if rma.request_state == "requested":
        approve_return(rma.pk, by="staff:Ana")
    receive_return(rma.pk, {rma.lines.get().pk: pieces}, note="", by="dock")
    rma.refresh_from_db()
    return rma


def paid_out():
    """What the one settlement refunds, in minor units."""
    return Settlement.objects.get().breakdown["total_minor"]


def finding(rma, grade, pieces=1, **more):
    told = {"is_accepted": True} | more
    return Finding(rma.lines.get().pk, pieces, grade, USUAL_DISPOSITION[grade], **told)


def photo_of(rma):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    picture = clean_image(out.getvalue())
    kept = add_photo(rma.pk, picture, line_id=rma.lines.get().pk, taken_by="warehouse", by="dock")
    return kept.pk


@pytest.mark.parametrize(
    ("grade", "is_incomplete", "paid"),
    [
        (Grade.A, False, 10_000),
        (Grade.B, False, 9_000),
        (Grade.C, False, 7_000),
        (Grade.D, False, 0),
        (Grade.A, True, 5_000),
        (Grade.C, True, 5_000),
    ],
)
def test_the_refund_follows_the_grade_by_itself(grade, is_incomplete, paid):
    rma = arrived(shop_with(RULE))

    inspect_return(rma.pk, [finding(rma, grade, is_incomplete=is_incomplete)], by="staff:Ana")
    run_jobs()

    kept = Inspection.objects.get()
    assert paid_out() == paid  # of 100.00
    assert (kept.rule, kept.rule_percent) == ("worn goods", 100 - paid // 100)
    assert kept.kept_percent == kept.rule_percent


def test_pieces_in_different_states_are_refunded_each_by_its_own():
    rma = arrived(shop_with(RULE), pieces=3)

    found = [finding(rma, Grade.A), finding(rma, Grade.C), finding(rma, Grade.D)]
    inspect_return(rma.pk, found, by="staff:Ana")
    run_jobs()

    assert paid_out() == 17_000  # 100.00 + 70.00 + nothing


def test_a_person_may_keep_less_but_more_only_with_a_reason():
    rma = arrived(shop_with(RULE))

    with pytest.raises(MoreThanRule) as refused:
        inspect_return(rma.pk, [finding(rma, Grade.C, kept_percent=40)], by="staff:Ana")
    assert refused.value.facts == {"sku": "LAMP-01", "rule": "worn goods", "rule_percent": 30}
    with pytest.raises(MoreThanRule):
        inspect_return(rma.pk, [finding(rma, Grade.C, is_accepted=False)], by="staff:Ana")
    inspect_return(rma.pk, [finding(rma, Grade.C, kept_percent=10)], by="staff:Ana")

    kept = Inspection.objects.get()
    assert (kept.kept_percent, kept.rule_percent) == (10, 30)


def test_more_than_the_rule_says_is_kept_with_words():
    rma = arrived(shop_with(RULE))

    found = finding(rma, Grade.C, kept_percent=40, note="The cord was cut off")
    inspect_return(rma.pk, [found], by="staff:Ana")

    assert Inspection.objects.get().kept_percent == 40


def test_who_may_withdraw_is_paid_in_full_unless_a_person_claims_the_loss_with_evidence():
    rma = arrived(shop_with(RULE), days=5)
    assert shares_of(rma, rma.lines.all())[rma.lines.get().pk].is_claim

    inspect_return(rma.pk, [finding(rma, Grade.C)], by="staff:Ana")
    run_jobs()

    assert Inspection.objects.get().kept_percent == 0
    assert paid_out() == 10_000


def test_a_claim_on_who_may_withdraw_needs_evidence_and_a_person_pays():
    rma = arrived(shop_with(RULE), days=5)

    with pytest.raises(EvidenceNeeded):
        inspect_return(rma.pk, [finding(rma, Grade.C, kept_percent=30)], by="staff:Ana")
    claim = finding(rma, Grade.C, kept_percent=30, note="Worn", photo_id=photo_of(rma))
    inspect_return(rma.pk, [claim], by="staff:Ana")
    run_jobs()

    assert not Settlement.objects.exists()
    assert MoneyTask.objects.get().facts["code"] == "loss_of_value"
    settle_return(rma.pk, by="law")
    assert paid_out() == 10_000  # the legal day came first: nothing is kept without a person


@pytest.mark.parametrize("is_accepted", [True, False])
def test_without_a_rule_too_who_may_withdraw_loses_nothing_without_evidence(is_accepted):
    rma = arrived(small_shop(), days=5)
    cut = replace(finding(rma, Grade.C, kept_percent=30), is_accepted=is_accepted)

    for without in (cut, replace(cut, note="Worn"), replace(cut, photo_id=photo_of(rma))):
        with pytest.raises(EvidenceNeeded) as refusal:
            inspect_return(rma.pk, [without], by="staff:Ana")
        assert refusal.value.facts["article"] == "C. conso. L221-23"
    assert not Inspection.objects.exists()

    claim = replace(cut, note="Worn", photo_id=photo_of(rma))
    inspect_return(rma.pk, [claim], by="staff:Ana")
    run_jobs()

    assert not Settlement.objects.exists()  # a person decides


def test_without_a_rule_a_share_is_kept_once_the_days_to_withdraw_are_over():
    rma = arrived(small_shop(), days=20)

    inspect_return(rma.pk, [finding(rma, Grade.C, kept_percent=30)], by="staff:Ana")
    run_jobs()

    assert paid_out() == 7_000


def test_a_person_who_claims_the_loss_pays_the_rest():
    rma = arrived(shop_with(RULE), days=5)
    claim = finding(rma, Grade.C, kept_percent=30, note="Worn", photo_id=photo_of(rma))
    inspect_return(rma.pk, [claim], by="staff:Ana")
    run_jobs()

    settle_return(rma.pk, by="staff:Ana", staff=staff_of(rma.shop))

    assert paid_out() == 7_000


def test_a_statement_of_withdrawal_is_proposed_the_share_too():
    shop = shop_with(RULE)
    order = order_of(shop, lines=(LAMPS,), days_since_delivery=5)
    said = Declared("en", NAME, order.number, EMAIL)
    submit_statement(shop, said, key=uuid7())
    run_jobs()
    rma = order.returns.get()

    shares = shares_of(rma, rma.lines.all())

    assert rma.is_withdrawal
    assert [(one.rule, one.is_claim) for one in shares.values()] == [("worn goods", True)]


def test_a_faulty_article_is_never_cut():
    rma = arrived(shop_with(RULE), reason="damaged")

    assert shares_of(rma, rma.lines.all()) == {}


def test_kinds_of_goods_have_shares_of_their_own_and_the_first_rule_counts():
    lamps = {"kind": "refund_by_grade", "when": {"skus": ["LAMP-01"]}, "grade_c_percent": 95}
    rma = arrived(shop_with(lamps, RULE))

    inspect_return(rma.pk, [finding(rma, Grade.C)], by="staff:Ana")

    kept = Inspection.objects.get()
    assert (kept.rule, kept.kept_percent) == ("refund_by_grade", 5)


def test_what_was_promised_with_the_return_holds_though_the_policy_is_another_now():
    shop = shop_with(RULE)
    rma = arrived(shop)
    harder = RULE | {"grade_c_percent": 10}
    publish_policy(shop, {"rules": [harder, *GENEROUS["rules"]]}, note="", by="test")

    inspect_return(rma.pk, [finding(rma, Grade.C)], by="staff:Ana")

    assert Inspection.objects.get().kept_percent == 30


def test_the_kinder_of_two_policies_decides_about_grades_too():
    facts = facts_in(arrived(shop_with(RULE)).terms)
    older = decide(read_policy({"rules": [RULE]}), facts)
    newer = decide(read_policy({"rules": [RULE | {"grade_c_percent": 99}]}), facts)

    assert kinder(older, newer) is newer
    assert kinder(newer, older) is newer
    assert kinder(older, decide(read_policy({"rules": []}), facts)).terms.grade_shares is None


def test_without_a_rule_nothing_is_kept_by_itself():
    rma = arrived(small_shop())

    inspect_return(rma.pk, [finding(rma, Grade.D)], by="staff:Ana")

    kept = Inspection.objects.get()
    assert (kept.kept_percent, kept.rule, kept.rule_percent) == (0, "", None)


def test_the_api_tells_the_shares_and_leaves_the_share_to_the_rule():
    shop = shop_with(RULE)
    rma = arrived(shop)
    client = machine(shop)
    line = str(rma.lines.get().pk)

    told = client.get(f"/api/v1/returns/{rma.number}/grade-shares").json()
    found = {"line": line, "quantity": 1, "grade": "c", "disposition": "resell"}
    page = f"returns/{rma.number}/inspections"
    made = post(client, page, {"findings": [found]}, key="k1", version=rma.version)

    assert told == [
        {
            "line": line,
            "rule": "worn goods",
            "refund_percents": {"a": 100, "b": 90, "c": 70, "d": 0, "incomplete": 50},
            "is_claim": False,
        }
    ]
    assert made.status_code == 201
    assert Inspection.objects.get().kept_percent == 30


def test_the_public_page_tells_the_shares(client):
    shop_with(RULE)

    page = client.get("/s/galerie/policy/?lang=en").content.decode()

    assert "What an article is worth when it comes back" in page
    assert "C, signs of use (70 %)" in page
    assert "Where parts are missing, 50 % at most" in page
