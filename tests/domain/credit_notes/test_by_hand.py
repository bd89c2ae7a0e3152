"""Credit notes by hand: from draft to number, within what is left, beside the automatic ones."""

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from tests.world import LAMP, MUG, findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.actions import (
    DraftWish,
    change_draft,
    discard_draft,
    issue_credit_note,
    issue_draft,
    leave_without_document,
    write_draft,
)
from rebond.domain.credit_notes.errors import (
    CreditsExceedInvoice,
    DraftChanged,
    DraftClosed,
    NotDocumentable,
    NothingToCredit,
    PiecesExceedInvoice,
    ReasonNeeded,
)
from rebond.domain.credit_notes.models import CreditNote, CreditNoteDraft, CreditNoteLine
from rebond.domain.credit_notes.queries import paid_without_document, room_of
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.orders.new import NewLine
from rebond.domain.refunds.actions import pay_by_hand, refund_order
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.jobs import MAX_ATTEMPTS
from rebond.kernel.models import Counter, Job
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def wish(order, sku, amount, pieces=0):
    return DraftWish(order.lines.get(sku=sku).pk, amount, pieces)


def drafted(order, *wishes, reason="Price agreed on the phone", sends_letter=True):
    return write_draft(
        order.pk, wishes, reason=reason, sends_letter=sends_letter, by="staff:Claire"
    )


def issued(order, *wishes, **more):
    return issue_draft(drafted(order, *wishes, **more).pk, version=1, by="staff:Claire")


def paid_return(order, wanted, run_jobs, *, kept_percent=0):
    rma = received_return(order, wanted)
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return rma


def sold_as(order):
    fields = ("sku", "title", "quantity", "total_minor", "tax_minor", "taxes", "returned_quantity")
    lines = list(OrderLine.objects.filter(order=order).order_by("position").values(*fields))
    charges = list(OrderCharge.objects.filter(order=order).values("title", "amount_minor"))
    return lines, charges, Order.objects.values("total_minor", "tax_minor").get(pk=order.pk)


def test_a_draft_becomes_a_document_with_the_next_number(run_jobs):
    order = order_of(small_shop())
    before = sold_as(order)

    draft = drafted(order, wish(order, "LAMP-01", 3333, 1))
    assert not Counter.objects.filter(series__startswith="document:").exists()
    note = issue_draft(draft.pk, version=1, by="staff:Claire")
    run_jobs()

    # 33.33 at 20 %: 27.77 + 5.56 (a third of the stored 16.67 is 5.56)
    assert (note.number, note.net_minor, note.tax_minor, note.gross_minor) == (1, 2777, 556, 3333)
    assert note.settlement is None
    assert note.content["paid_back"] == []
    assert note.content["reason"] == "Price agreed on the phone"
    assert note.files.get().findings == []
    assert Message.objects.get().attachments == [f"credit_note:{note.pk}"]
    assert not Refund.objects.exists() and not Settlement.objects.exists()
    assert sold_as(order) == before
    assert broken() == []


def test_a_letter_goes_only_where_it_is_wanted(run_jobs):
    order = order_of(small_shop())

    issued(order, wish(order, "LAMP-01", 3333, 1), sends_letter=False)
    run_jobs()

    assert not Message.objects.exists()


def test_a_discarded_draft_takes_no_number(run_jobs):
    order = order_of(small_shop())
    draft = drafted(order, wish(order, "LAMP-01", 100))

    discard_draft(draft.pk, by="staff:Claire")

    assert not CreditNote.objects.exists()
    assert not Counter.objects.filter(series__startswith="document:").exists()
    with pytest.raises(DraftClosed):
        issue_draft(draft.pk, version=1, by="staff:Claire")
    assert issued(order, wish(order, "LAMP-01", 100)).number == 1


def test_an_issued_draft_is_issued_once():
    order = order_of(small_shop())
    draft = drafted(order, wish(order, "LAMP-01", 100))
    issue_draft(draft.pk, version=1, by="staff:Claire")

    with pytest.raises(DraftClosed):
        issue_draft(draft.pk, version=1, by="staff:Claire")

    assert CreditNote.objects.count() == 1


def test_who_looked_at_an_older_draft_does_not_issue_it():
    order = order_of(small_shop())
    draft = drafted(order, wish(order, "LAMP-01", 100))
    change_draft(
        draft.pk,
        [wish(order, "MUG-07", 200)],
        reason="Other line",
        sends_letter=False,
        version=1,
    )

    with pytest.raises(DraftChanged):
        issue_draft(draft.pk, version=1, by="staff:Claire")
    note = issue_draft(draft.pk, version=2, by="staff:Claire")

    assert [row.order_line.sku for row in note.lines.all()] == ["MUG-07"]


REFUSED = {
    "more than the line": (10001, 0, "why", CreditsExceedInvoice),
    "more pieces than sold": (100, 4, "why", PiecesExceedInvoice),
    "no amount": (0, 1, "why", NothingToCredit),
    "no reason": (100, 1, "  ", ReasonNeeded),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_draft_keeps_within_the_invoice(name):
    amount, pieces, reason, refusal = REFUSED[name]
    order = order_of(small_shop())

    with pytest.raises(refusal):
        drafted(order, wish(order, "LAMP-01", amount, pieces), reason=reason)

    assert not CreditNoteDraft.objects.exists()


def test_a_line_of_another_order_cannot_be_credited():
    shop = small_shop()
    order, other = order_of(shop), order_of(shop, number="1002")

    with pytest.raises(NothingToCredit):
        drafted(order, wish(other, "LAMP-01", 100))


def test_the_refusal_says_what_is_left():
    # 129.90 charged, 100.00 credited, 40.00 asked: 29.90 is left
    order = order_of(small_shop(), lines=[NewLine("SOFA", "Sofa", 1, 12990)], shipping_minor=0)
    issued(order, wish(order, "SOFA", 10000))

    with pytest.raises(CreditsExceedInvoice) as refused:
        drafted(order, wish(order, "SOFA", 4000))

    assert refused.value.facts["left_minor"] == 2990


def test_of_two_drafts_for_the_same_money_the_second_is_refused_at_the_issue():
    order = order_of(small_shop())
    first = drafted(order, wish(order, "LAMP-01", 10000, 3))
    second = drafted(order, wish(order, "LAMP-01", 10000, 3))
    issue_draft(first.pk, version=1, by="staff:Claire")

    with pytest.raises(CreditsExceedInvoice):
        issue_draft(second.pk, version=1, by="staff:Claire")

    assert [note.number for note in CreditNote.objects.all()] == [1]
    assert Counter.objects.get(series__startswith="document:").last == 1


def test_three_credits_of_a_third_sum_to_the_invoice():
    # 3 × 9.99 = 29.97 = 24.97 + 5.00: 8.32 + 1.67, 8.33 + 1.66 (running), and the rest
    order = order_of(small_shop(), lines=[NewLine("MUG", "Mug", 3, 2997)], shipping_minor=0)

    notes = [issued(order, wish(order, "MUG", 999, 1)) for _ in range(3)]

    line = order.lines.get()
    assert sum(note.tax_minor for note in notes) == line.tax_minor == 500
    assert sum(note.net_minor for note in notes) == 2497
    assert room_of(order).left_minor == 0


def test_a_return_after_a_credit_by_hand_completes_the_line_to_the_cent(run_jobs):
    # 10.01 at 20 %: 1.67 VAT; 3.34 by hand takes 0.56, so 6.67 by return takes 1.11
    order = order_of(
        small_shop(),
        lines=[NewLine("A", "A", 1, 334), NewLine("B", "B", 1, 1001)],
        shipping_minor=0,
    )
    by_hand = issued(order, wish(order, "B", 334))

    paid_return(order, {"A": 1}, run_jobs)

    assert by_hand.tax_minor == 56
    assert CreditNote.objects.count() == 2
    assert broken() == []


def test_a_note_by_hand_leaves_room_for_a_refund_whose_document_is_to_come(run_jobs):
    order = order_of(small_shop())
    rma = received_return(order, {"LAMP-01": 3})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    with pytest.raises(CreditsExceedInvoice):
        drafted(order, wish(order, "LAMP-01", 1))

    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    assert CreditNote.objects.get().gross_minor == 10000
    assert broken() == []


def test_a_refund_that_a_note_by_hand_credited_already_is_shown_and_can_be_closed(run_jobs):
    shop = small_shop()
    order = order_of(shop, lines=[LAMP], shipping_minor=0)
    by_hand = issued(order, wish(order, "LAMP-01", 10000, 3))
    paid_return(order, {"LAMP-01": 3}, run_jobs)

    settlement = Settlement.objects.get()
    assert paid_without_document(shop) == [settlement]
    with pytest.raises(CreditsExceedInvoice):
        issue_credit_note(settlement.pk, by="system")
    assert broken() == []  # a visible job still tries
    leave_without_document(settlement.pk, reason=f"Credited by {by_hand.label}", by="staff:Claire")
    Job.objects.filter(path="rebond.flows.run.react").update(run_at="2020-01-01T00:00Z")
    run_jobs()

    assert paid_without_document(shop) == []
    assert CreditNote.objects.count() == 1
    assert broken() == []
    with pytest.raises(NotDocumentable):
        leave_without_document(settlement.pk, reason="again", by="staff:Claire")


def test_a_refused_document_is_laid_aside_where_people_see_it(run_jobs):
    shop = small_shop()
    order = order_of(shop, lines=[LAMP], shipping_minor=0)
    issued(order, wish(order, "LAMP-01", 10000, 3))
    paid_return(order, {"LAMP-01": 3}, run_jobs)
    for _ in range(MAX_ATTEMPTS):
        Job.objects.filter(path="rebond.flows.run.react").update(run_at="2020-01-01T00:00Z")
        run_jobs()

    dead = Job.objects.get(is_dead=True, path="rebond.flows.run.react")
    assert "CreditsExceedInvoice" in dead.last_error
    assert len(paid_without_document(shop)) == 1
    assert broken() == []


def test_what_is_kept_can_be_credited_later(run_jobs):
    order = order_of(small_shop(), lines=[LAMP], shipping_minor=0, days_since_delivery=20)
    paid_return(order, {"LAMP-01": 3}, run_jobs, kept_percent=10)
    first = CreditNote.objects.get()

    second = issued(order, wish(order, "LAMP-01", 1000), reason="Fee given back")

    # 100.00 with 16.67: 90.00 with 15.00, then the rest of both
    assert (first.gross_minor, first.tax_minor) == (9000, 1500)
    assert (second.gross_minor, second.tax_minor) == (1000, 167)
    assert room_of(order).left_minor == 0
    assert broken() == []


def test_without_an_invoice_a_voucher_is_made_in_its_own_series():
    order = order_of(small_shop(), invoice="")

    note = issued(order, wish(order, "LAMP-01", 100))

    assert (note.kind, note.series[:2], note.number) == ("refund_voucher", "BR", 1)


def test_shipping_can_be_credited(run_jobs):
    order = order_of(small_shop())
    shipping = order.charges.get()

    note = issued(order, DraftWish(shipping.pk, 490))

    assert note.gross_minor == 490
    assert note.lines.get().charge == shipping


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("model", [CreditNote, CreditNoteLine])
def test_the_database_refuses_to_change_what_was_issued(model, verb):
    order = order_of(small_shop())
    note = issued(order, wish(order, "LAMP-01", 100))
    table, row = model._meta.db_table, model.objects.get()
    key = row.pk.hex if connection.vendor == "sqlite" else row.pk
    statement = {
        "update": f"UPDATE {table} SET gross_minor = 1 WHERE id = %s",
        "delete": f"DELETE FROM {table} WHERE id = %s",
    }[verb]

    refused = pytest.raises(DatabaseError, match=f"rows of {table} are only ever added")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [key])

    assert CreditNote.objects.get().gross_minor == note.gross_minor == 100


def test_the_database_refuses_more_credit_than_invoice():
    order = order_of(small_shop())
    issued(order, wish(order, "LAMP-01", 100))
    table = "credit_notes_creditroom"

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET credited_minor = limit_minor + 1")


def test_a_draft_of_nobody_is_not_found():
    with pytest.raises(CreditNoteDraft.DoesNotExist):
        discard_draft(UUID(int=1), by="staff:Claire")


def paid_gesture(order, amount, run_jobs):
    refund_order(order.pk, OrderRefund(amount_minor=amount, reason="late"), by="staff:Ana")
    run_jobs()
    paid = Refund.objects.get(settlement__order=order)
    pay_by_hand(paid.pk, reference="VIR-0", paid_on=date(2026, 11, 19), by="staff:Ana")
    run_jobs()


@pytest.mark.parametrize("kept_percent", [0, 5])
def test_a_gesture_gives_way_to_the_article_that_comes_back_later(run_jobs, kept_percent):
    shop = small_shop()
    order = order_of(shop, lines=[LAMP, MUG], days_since_delivery=20)
    paid_gesture(order, 2000, run_jobs)
    paid_return(order, {"LAMP-01": 3}, run_jobs, kept_percent=kept_percent)

    gesture, returned = CreditNote.objects.order_by("number")
    gross = 10000 - 100 * kept_percent
    assert (gesture.gross_minor, returned.gross_minor) == (2000, gross)
    of_lamp = CreditNoteLine.objects.filter(order_line__sku="LAMP-01")
    of_mug = CreditNoteLine.objects.filter(order_line__sku="MUG-07")
    assert sum(row.gross_minor for row in of_lamp) <= 10000
    assert sum(row.gross_minor for row in of_mug) <= 2590
    assert sum(row.gross_minor for row in [*returned.lines.all()]) == gross
    assert paid_without_document(shop) == []
    assert not Job.objects.filter(attempts__gt=0, path="rebond.flows.run.react").exists()
    assert broken() == []


def test_after_a_gesture_everything_that_is_left_can_come_back_to_the_cent(run_jobs):
    order = order_of(small_shop(), lines=[LAMP, MUG])
    paid_gesture(order, 2000, run_jobs)
    paid_return(order, {"LAMP-01": 3}, run_jobs)
    left = room_of(order).left_minor
    paid_gesture_again = OrderRefund(amount_minor=left, reason="late")
    refund_order(order.pk, paid_gesture_again, by="staff:Ana")
    run_jobs()
    last = Refund.objects.order_by("started_at", "id").last()
    pay_by_hand(last.pk, reference="VIR-9", paid_on=date(2026, 11, 21), by="staff:Ana")
    run_jobs()

    order.refresh_from_db()
    notes = CreditNote.objects.filter(order=order)
    assert sum(note.gross_minor for note in notes) == order.total_minor
    assert sum(note.tax_minor for note in notes) == order.tax_minor
    assert broken() == []
