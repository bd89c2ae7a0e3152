"""Another amount than the one worked out: lower on a ground of law, higher as a gesture."""

import pytest
from tests.world import (
    LAMP,
    MUG,
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.actions import answer_approval, pay_by_hand, settle_return
from rebond.domain.refunds.editing import open_grounds
from rebond.domain.refunds.edits import AmountEdit, EditGround
from rebond.domain.refunds.errors import (
    AmountAboveCap,
    AmountUnchanged,
    EditNeedsWords,
    GroundNotOpen,
)
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import MoneyLimit, Refund, Settlement
from rebond.domain.refunds.queries import edited_for
from rebond.domain.returns.actions import approve_return
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import now, today
from rebond.outbound.telling.sums import sum_of, titles_of

pytestmark = pytest.mark.django_db
ANA = "staff:Ana Lopes"
GOODWILL = EditGround.GOODWILL


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def ana(shop):
    return staff_of(shop)


def here(shop, wanted, *, number="1001", reason="changed_mind"):
    """A return whose goods were seen, that waits for its refund."""
    order = order_of(shop, lines=(LAMP, MUG), number=number, days_since_delivery=20)
    rma = requested_return(order, wanted, reason=reason)
    if rma.request_state == "requested":
        approve_return(rma.pk, by=ANA)
    rma.refresh_from_db()
    return rma


def seen(shop, wanted, **more):
    order = order_of(shop, lines=(LAMP, MUG), days_since_delivery=20, **more)
    rma = received_return(order, wanted)
    inspect_return(rma.pk, findings(rma, Grade.B), by="staff:Karim")
    return Return.objects.get(pk=rma.pk)


def rows_add_up(settlement):
    told = sum_of(settlement.figures, titles_of(settlement.order))
    assert sum(row.amount_minor for row in told.rows) == told.total_minor
    return told


def paid(settlement):
    run_jobs()
    for refund in Refund.objects.filter(settlement=settlement):
        pay_by_hand(refund.pk, reference="by hand", paid_on=today("Europe/Paris"), by=ANA)
    run_jobs()
    return CreditNote.objects.get(settlement=settlement)


def test_less_is_kept_on_its_ground_and_told(shop, ana):
    rma = seen(shop, {"LAMP-01": 1})
    edit = AmountEdit(3000, EditGround.LOSS_OF_VALUE, "The shade is stained.")

    made = settle_return(rma.pk, by=ANA, staff=ana, edit=edit)

    assert made.gross_minor == 3000  # 33.33 worked out
    assert made.kept_minor == 333
    told = rows_add_up(made)
    assert [(row.amount_minor, row.why) for row in told.rows][-1] == (
        -333,
        ("The shade is stained.",),
    )
    message = ConversationMessage.objects.get(rma=rma)
    assert message.text == "The shade is stained."
    assert "L221-23" in message.clause
    document = paid(made)
    assert document.gross_minor == 3000
    assert "The shade is stained." in document.content["reason"]


def test_a_gesture_goes_to_what_is_left_of_the_sale(shop, ana):
    rma = seen(shop, {"LAMP-01": 1})
    edit = AmountEdit(10000, GOODWILL, "Sorry for the wait.")

    made = settle_return(rma.pk, by=ANA, staff=ana, edit=edit)

    assert made.gross_minor == 10000
    assert made.lines.get().gross_minor == 10000  # one of three lamps, and the rest of the line
    told = rows_add_up(made)
    assert [row.amount_minor for row in told.rows] == [3333, 6667]
    document = paid(made)
    assert document.gross_minor == 10000
    assert "Sorry for the wait." in document.content["reason"]


def test_a_gesture_reaches_other_articles_and_the_shipping_but_no_further(shop, ana):
    rma = seen(shop, {"LAMP-01": 3})
    most = 10000 + 2590 + 490

    with pytest.raises(AmountAboveCap) as refused:
        settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(most + 1, GOODWILL, "Sorry."))
    assert refused.value.facts["most_minor"] == most
    made = settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(most, GOODWILL, "Sorry."))

    assert made.gross_minor == most
    rows_add_up(made)
    assert paid(made).gross_minor == most


def test_a_gesture_first_lets_go_what_was_kept(shop, ana):
    order = order_of(shop, lines=(LAMP, MUG), days_since_delivery=20)
    rma = received_return(order, {"LAMP-01": 1})
    rma.terms["terms"] |= {"pays_at": "never"}
    rma.save(update_fields=["terms"])
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    rma.refresh_from_db()

    made = settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(2833, GOODWILL, "Sorry."))

    assert made.gross_minor == 2833  # 23.33 worked out: 33.33 less 10.00
    assert made.kept_minor == 500
    assert made.lines.get().gross_minor == 3333
    rows_add_up(made)


def test_an_amount_needs_words_and_a_difference(shop, ana):
    rma = seen(shop, {"LAMP-01": 1})

    with pytest.raises(EditNeedsWords):
        settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(3500, GOODWILL, "  "))
    with pytest.raises(AmountUnchanged):
        settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(3333, GOODWILL, "Same."))
    with pytest.raises(GroundNotOpen):
        settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(3000, GOODWILL, "Less."))


def test_loss_of_value_is_claimed_once_the_goods_were_seen(shop, ana):
    rma = here(shop, {"LAMP-01": 1})

    with pytest.raises(GroundNotOpen) as refused:
        edited_for(rma, AmountEdit(3000, EditGround.LOSS_OF_VALUE, "Worn."))

    assert refused.value.facts["why"] == "not_inspected"
    assert not Settlement.objects.exists()


def test_of_a_faulty_article_less_is_paid_only_where_the_customer_agreed(shop, ana):
    rma = here(shop, {"LAMP-01": 1}, reason="defective")

    with pytest.raises(GroundNotOpen) as refused:
        edited_for(rma, AmountEdit(3000, EditGround.INCOMPLETE, "A screw is missing."))

    assert refused.value.facts["why"] == "our_fault"
    agreed = edited_for(rma, AmountEdit(3000, EditGround.AGREED, "You keep the shade."))
    assert agreed["total_minor"] == 3000


def test_after_a_withdrawal_only_loss_of_value_with_evidence(shop, ana):
    rma = seen(shop, {"LAMP-01": 1})
    Return.objects.filter(pk=rma.pk).update(ground="statutory_withdrawal")
    rma.refresh_from_db()

    for ground, why in (
        (EditGround.AGREED, "withdrawal"),
        (EditGround.INCOMPLETE, "withdrawal"),
        (EditGround.LOSS_OF_VALUE, "no_evidence"),
    ):
        with pytest.raises(GroundNotOpen) as refused:
            edited_for(rma, AmountEdit(3000, ground, "Worn."))
        assert refused.value.facts["why"] == why


def test_while_a_withdrawal_is_possible_only_loss_of_value_with_evidence(shop, ana):
    rma = received_return(order_of(shop, lines=(LAMP, MUG)), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.B), by="staff:Karim")
    rma.refresh_from_db()

    for ground, why in (
        (EditGround.AGREED, "withdrawal"),
        (EditGround.INCOMPLETE, "withdrawal"),
        (EditGround.LOSS_OF_VALUE, "no_evidence"),
    ):
        with pytest.raises(GroundNotOpen) as refused:
            settle_return(rma.pk, by=ANA, staff=ana, edit=AmountEdit(3000, ground, "Worn."))
        assert refused.value.facts["why"] == why
    assert open_grounds(rma) == []
    assert not Settlement.objects.exists()


def test_above_a_limit_a_second_person_is_asked_before_anything_is_said(shop, ana):
    agent = staff_of(shop, Role.AGENT, name="Lou Petit")
    MoneyLimit.objects.create(
        shop=shop,
        role=Spender.AGENT,
        kind=LimitKind.REFUND,
        currency="EUR",
        amount_minor=4000,
        changed_at=now(),
        changed_by=ANA,
    )
    rma = seen(shop, {"LAMP-01": 1})

    made = settle_return(
        rma.pk, by="staff:Lou", staff=agent, edit=AmountEdit(5000, GOODWILL, "Sorry.")
    )

    waiting = made.approvals.get()
    assert waiting.is_granted is None
    assert not ConversationMessage.objects.filter(rma=rma).exists()
    answer_approval(waiting.pk, grants=True, staff=ana, by=ANA)
