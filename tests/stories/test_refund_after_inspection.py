"""A shopper sends things back, and what is right is paid, documented and told."""

from datetime import date

import pytest
from tests.world import LAMP, findings, order_of, received_return, requested_return, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.errors import PaymentReferenceNeeded
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.actions import (
    approve_return,
    cancel_return,
    decline_return,
    reopen_return,
)
from rebond.domain.returns.errors import (
    ChangedMeanwhile,
    IllegalTransition,
    OrderCancelled,
    QuantityExceedsBought,
)
from rebond.domain.returns.states import DeclineReason
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.errors import InspectionIncomplete, NotExpected
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


def paid(rma) -> Refund:
    refund = Refund.objects.get(settlement__rma=rma)
    return pay_by_hand(refund.pk, reference="VIR-7", paid_on=date(2026, 11, 20), by="staff:Ana")


def all_kept() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def test_an_inspected_return_is_refunded_documented_and_told(run_jobs):
    rma = received_return(order_of(small_shop()), {"LAMP-01": 2, "MUG-07": 1})

    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    paid(rma)
    run_jobs()

    rma.refresh_from_db()
    settlement = rma.settlements.get()
    note = CreditNote.objects.get(settlement=settlement)
    # two of three lamps at 100.00: 33.33 + 33.34; one of two mugs at 25.90: 12.95
    assert settlement.gross_minor == 6667 + 1295
    assert (rma.request_state, rma.money_state) == ("closed", "succeeded")
    assert (note.label[-6:], note.gross_minor, note.invoice_number) == ("000001", 7962, "FA-1001")
    assert list(
        Event.objects.filter(subject=rma.pk)
        .exclude(name="message.sent")
        .order_by("sequence")
        .values_list("name", flat=True)
    ) == [
        "return.requested",
        "return.approved",
        "parcel.received",
        "return.inspected",
        "settlement.decided",
        "refund.started",
        "refund.pending",
        "refund.succeeded",
        "return.closed",
        "credit_note.issued",
    ]
    kinds = Message.objects.filter(rma=rma).order_by("made_at").values_list("kind", flat=True)
    assert list(kinds) == ["return_approved", "parcel_received", "refunded"]
    assert all_kept() == []


def test_the_vat_of_each_rate_is_what_the_sale_had(run_jobs):
    rma = received_return(order_of(small_shop()), {"LAMP-01": 3, "MUG-07": 2})

    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    paid(rma)
    run_jobs()

    totals = CreditNote.objects.get(settlement__rma=rma).content["totals"]
    # 100.00 and shipping 4.90 at 20 %: 16.67 + 0.82; 25.90 at 5.5 %: 1.35
    assert [(row["rate"], row["tax_minor"]) for row in totals["by_rate"]] == [
        ("0.055", 135),
        ("0.20", 1749),
    ]
    assert totals["gross_minor"] == 13080


def test_three_returns_of_one_piece_give_back_the_price_exactly(run_jobs):
    order = order_of(small_shop(), lines=(LAMP,), shipping_minor=0)

    for _ in range(3):
        rma = received_return(order, {"LAMP-01": 1})
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        run_jobs()
        paid(rma)
        run_jobs()

    refunds = Refund.objects.filter(settlement__order=order).values_list("amount_minor", flat=True)
    assert sorted(refunds) == [3333, 3333, 3334]
    assert all_kept() == []


def test_a_piece_that_is_not_there_is_not_paid(run_jobs):
    rma = requested_return(order_of(small_shop()), {"LAMP-01": 2})
    line = rma.lines.get()

    receive_return(rma.pk, {line.pk: 1}, note="", by="staff:Karim")
    rma.refresh_from_db()
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    rma.refresh_from_db()
    assert rma.inspection_state == "non_compliant"
    assert rma.settlements.get().gross_minor == 3333  # one of three lamps at 100.00


def test_signs_of_use_take_off_their_share_and_its_vat(run_jobs):
    rma = received_return(order_of(small_shop(), days_since_delivery=20), {"LAMP-01": 3})

    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=20), by="staff:Karim")
    run_jobs()
    paid(rma)
    run_jobs()

    note = CreditNote.objects.get(settlement__rma=rma)
    # 100.00 less 20 %: 80.00, VAT inside 13.33 or 13.34
    assert note.gross_minor == 8000
    assert note.tax_minor in {1333, 1334}
    assert all_kept() == []


def test_a_restocking_fee_is_kept_unless_the_fault_is_the_shops(run_jobs):
    later = {"grounds": ["commercial_return"]}
    fee = {"kind": "fee", "percent": 10, "when": later}
    shop = small_shop(policy={"rules": [*GENEROUS["rules"], fee]})
    own_wish = received_return(order_of(shop, days_since_delivery=20), {"LAMP-01": 3})
    fault = requested_return(
        order_of(shop, number="1002", days_since_delivery=20), {"LAMP-01": 3}, reason="defective"
    )
    in_time = requested_return(order_of(shop, number="1003"), {"LAMP-01": 3})

    inspect_return(own_wish.pk, findings(own_wish), by="staff:Karim")
    run_jobs()

    assert own_wish.settlements.get().gross_minor == 9000  # 100.00 less 10 %
    assert not fault.terms["terms"]["fee_percents"]
    assert not in_time.terms["terms"]["fee_percents"]  # within the right to withdraw


def test_a_late_request_is_declined_with_the_last_day():
    rma = requested_return(order_of(small_shop(), days_since_delivery=31))

    assert (rma.request_state, rma.decline_reason) == ("declined", "window_closed")
    assert rma.order.lines.filter(returned_quantity__gt=0).count() == 0


def test_more_than_is_left_is_refused():
    order = order_of(small_shop())
    requested_return(order, {"LAMP-01": 2})

    with pytest.raises(QuantityExceedsBought) as refusal:
        requested_return(order, {"LAMP-01": 2})

    assert refusal.value.facts == {
        "sku": "LAMP-01",
        "bought": 3,
        "already_returned": 2,
        "asked": 2,
    }


def test_a_cancelled_return_frees_its_pieces_and_can_come_back():
    order = order_of(small_shop())
    rma = requested_return(order, {"LAMP-01": 3})

    cancel_return(rma.pk, by="shopper")
    assert order.lines.get(sku="LAMP-01").returned_quantity == 0
    reopen_return(rma.pk, by="staff:Ana")

    assert order.lines.get(sku="LAMP-01").returned_quantity == 3
    assert all_kept() == []


def test_a_return_is_not_reopened_when_its_pieces_are_in_another():
    order = order_of(small_shop())
    first = requested_return(order, {"LAMP-01": 3})
    cancel_return(first.pk, by="shopper")
    requested_return(order, {"LAMP-01": 1})

    with pytest.raises(QuantityExceedsBought):
        reopen_return(first.pk, by="staff:Ana")


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_was_not_put_away_is_not_taken_up_again(is_approved):
    order = order_of(small_shop())
    rma = requested_return(order, {"LAMP-01": 1}, reason="damaged")
    if is_approved:
        approve_return(rma.pk, by="staff:Ana")

    with pytest.raises(IllegalTransition):
        reopen_return(rma.pk, by="staff:Ana")

    assert order.lines.get(sku="LAMP-01").returned_quantity == 1
    assert all_kept() == []


def test_a_declined_return_cannot_be_received():
    rma = requested_return(order_of(small_shop()), reason="damaged")
    decline_return(rma.pk, reason=DeclineReason.OTHER, note="Sorry", by="staff:Ana")

    with pytest.raises(NotExpected):
        receive_return(rma.pk, {rma.lines.first().pk: 1}, note="", by="staff:Karim")


def test_two_people_on_one_return_see_that_they_are_two():
    rma = requested_return(order_of(small_shop()), reason="damaged")
    approve_return(rma.pk, by="staff:Ana", version=rma.version)

    with pytest.raises(ChangedMeanwhile):
        decline_return(
            rma.pk, reason=DeclineReason.OTHER, note="", by="staff:Karim", version=rma.version
        )


def test_a_return_with_goods_here_is_not_cancelled():
    rma = received_return(order_of(small_shop()))

    with pytest.raises(IllegalTransition):
        cancel_return(rma.pk, by="shopper")


def test_every_piece_that_arrived_must_be_graded():
    rma = received_return(order_of(small_shop()), {"LAMP-01": 2})
    one = Finding(rma.lines.get().pk, 1, Grade.A, Disposition.RESTOCK, is_accepted=True)

    with pytest.raises(InspectionIncomplete):
        inspect_return(rma.pk, [one], by="staff:Karim")


def test_paying_by_hand_needs_a_reference_and_never_happens_by_itself(run_jobs):
    rma = received_return(order_of(small_shop()))
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    run_jobs()

    refund = Refund.objects.get(settlement__rma=rma)
    assert (refund.state, refund.needs_person) == ("requires_action", True)
    with pytest.raises(PaymentReferenceNeeded):
        pay_by_hand(refund.pk, reference=" ", paid_on=date(2026, 11, 20), by="staff:Ana")


def test_without_an_invoice_the_document_is_a_voucher_in_its_own_series(run_jobs):
    rma = received_return(order_of(small_shop(), invoice=""))
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    paid(rma)
    run_jobs()

    note = CreditNote.objects.get(settlement__rma=rma)
    assert (note.kind, note.series[:3]) == ("refund_voucher", "BR-")


def test_a_cancelled_order_has_nothing_to_return():
    order = order_of(small_shop())
    order.state = "cancelled"
    order.save(update_fields=["state"])

    with pytest.raises(OrderCancelled):
        requested_return(order, {"LAMP-01": 1})
