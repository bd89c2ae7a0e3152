"""Goods that never arrived at the desk: listed, answered, paid back, refused with proof."""

import pytest
from tests.world import order_of

from rebond.domain.non_deliveries.actions import Told, end_contract, report_missing
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.states import EndGround, ReportState, Tracking
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.access import Role
from rebond.kernel.clock import today

HERE = "/desk/galerie/missing/"


@pytest.fixture
def report(order):
    pieces = {order.lines.get(sku="LAMP-01").pk: 2}
    told = Told(pieces, Tracking.DELIVERED, text="Rien dans la boîte.", language="fr")
    return report_missing(order.pk, told, by="shopper")


def counts(report, **wanted):
    return {f"pieces-{line.order_line_id}": wanted["n"] for line in report.lines.all()}


def test_a_report_stands_in_the_list_and_on_the_orders_page(order, report, at_desk):
    ana = at_desk(order.shop)

    listed = ana.get(HERE).content.decode()
    page = ana.get(f"{HERE}{report.pk}/").content.decode()
    on_order = ana.get("/desk/galerie/orders/1001/").content.decode()

    assert report.number in listed
    assert report.number not in ana.get(f"{HERE}?view=waiting").content.decode()
    assert "Rien dans la boîte." in page
    assert report.number in on_order


def test_what_is_told_on_the_phone_is_filed(order, at_desk):
    ana = at_desk(order.shop)
    form = "/desk/galerie/orders/1001/missing/"
    lamp = order.lines.get(sku="LAMP-01")

    assert ana.get(form).status_code == 200
    assert ana.post(form, {f"pieces-{lamp.pk}": "0"}).status_code == 422
    answer = ana.post(form, {f"pieces-{lamp.pk}": "1", "tracking": "nothing"})

    made = NonDelivery.objects.get()
    assert answer.headers["Location"] == f"{HERE}{made.pk}/"
    assert made.lines.get().quantity == 1


def test_a_day_is_announced(order, report, at_desk):
    ana = at_desk(order.shop)

    wrong = ana.post(f"{HERE}{report.pk}/day/", {"day": "soon"})
    ana.post(f"{HERE}{report.pk}/day/", {"day": today("Europe/Paris").isoformat(), "words": "Hi"})

    assert wrong.status_code == 422
    report.refresh_from_db()
    assert (report.state, report.announced_on) == (ReportState.WAITING, today("Europe/Paris"))


def test_pieces_are_sent_again(order, report, at_desk):
    ana = at_desk(order.shop)
    told = {"carrier": "Colissimo", "tracking_number": "6A1"}

    assert ana.post(f"{HERE}{report.pk}/again/", counts(report, n="3") | told).status_code == 422
    ana.post(f"{HERE}{report.pk}/again/", counts(report, n="1") | told)

    answer = report.answers.get()
    assert (answer.kind, answer.tracking_number) == ("sent_again", "6A1")
    assert list(answer.pieces.values()) == [1]


def test_the_sum_is_shown_before_it_is_paid(order, report, at_desk):
    ana = at_desk(order.shop)
    form = f"{HERE}{report.pk}/refund/"

    shown = ana.get(form).content.decode()
    stale = ana.post(form, counts(report, n="1") | {"step": "send", "shown_minor": "6667"})
    assert not Settlement.objects.exists()
    ana.post(form, counts(report, n="1") | {"step": "send", "shown_minor": "3333"})

    assert 'value="6667"' in shown  # two of three lamps at 100.00, half up
    assert 'value="3333"' in stale.content.decode()
    settlement = Settlement.objects.get()
    assert (settlement.origin, settlement.gross_minor) == ("missing", 3333)
    assert settlement.reason == report.number
    page = ana.get("/desk/galerie/orders/1001/").content.decode()
    assert report.number in page


def test_a_closed_report_leads_back_to_its_page(order, report, at_desk):
    ana = at_desk(order.shop)
    noted = ana.post(f"{HERE}{report.pk}/arrival/", follow=True).content.decode()

    assert "Noted. These articles can be returned now." in noted
    assert "is told" not in noted
    answer = ana.get(f"{HERE}{report.pk}/refund/")

    assert answer.headers["Location"] == f"{HERE}{report.pk}/"
    assert ana.post(f"{HERE}{report.pk}/arrival/").status_code == 409


def test_a_refusal_without_proof_keeps_what_was_typed(order, report, at_desk):
    ana = at_desk(order.shop)
    told = {"reason": "handed_over", "words": "Le voisin a signé."}

    nothing = ana.post(f"{HERE}{report.pk}/refusal/", {})
    bare = ana.post(f"{HERE}{report.pk}/refusal/", told)
    ana.post(
        f"{HERE}{report.pk}/refusal/", told | {"evidence_kind": "code", "evidence": "4471, 12 h"}
    )

    assert (nothing.status_code, bare.status_code) == (422, 422)
    assert "Le voisin a signé." in bare.content.decode()
    assert bare.content.decode().count('<details class="more" open>') == 1
    answer = report.answers.get()
    assert (answer.staff.user.name, answer.article) == ("Ana Lopes", "C. conso. L216-2")


def test_the_end_of_the_contract_stands_on_the_board_with_its_cost(
    order, report, at_desk, run_jobs
):
    ana = at_desk(order.shop)
    assert ana.post(f"{HERE}{report.pk}/end/", {}).status_code == 422
    assert ana.post(f"{HERE}{report.pk}/end/", {"ground": "period_over"}).status_code == 409

    ana.post(f"{HERE}{report.pk}/end/", {"ground": "essential_date"})
    run_jobs()

    board = ana.get("/desk/galerie/duties/?kind=refund").content.decode()
    assert report.number in board
    assert "L216-7" in board
    report.refresh_from_db()
    assert report.ended_on == today("Europe/Paris")


def test_the_list_asks_the_same_number_of_questions_for_many(
    order, report, at_desk, django_assert_max_num_queries
):
    ana = at_desk(order.shop)
    for number in range(2000, 2008):
        other = order_of(order.shop, number=str(number))
        report_missing(
            other.pk, Told({line.pk: 1 for line in other.lines.all()}, Tracking.LOST), by="shopper"
        )
    end_contract(report.pk, EndGround.SHOP_CANNOT, by="staff:Ana")

    with django_assert_max_num_queries(20):
        ana.get(f"{HERE}?view=all")


def test_who_may_only_look_sees_no_words_and_no_buttons(order, report, at_desk):
    reader = at_desk(order.shop, Role.READ_ONLY)

    page = reader.get(f"{HERE}{report.pk}/").content.decode()

    assert "Rien dans la boîte." not in page
    assert "refusal/" not in page
