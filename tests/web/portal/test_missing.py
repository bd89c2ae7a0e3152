"""Something has not arrived: the shopper says so, sees the days, ends the contract, contests."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.world import EMAIL, order_of, run_jobs, staff_of

from rebond.domain.non_deliveries.actions import refuse_report
from rebond.domain.non_deliveries.links import report_token
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.states import Evidence, RefusalReason, ReportState
from rebond.domain.orders.models import Order
from rebond.domain.shoppers.models import Shopper

HERE = "/s/galerie/"
FORM = f"{HERE}order/1001/missing/"


@pytest.fixture
def camille(order):
    """The shopper, in whose session the order was found."""
    client = Client(headers={"accept-language": "en"})
    client.post(HERE, {"number": "1001", "proof": EMAIL})
    return client


def send(client, order, **more):
    lamp = order.lines.get(sku="LAMP-01")
    told = {f"pieces-{lamp.pk}": "2", "tracking": "delivered", "text": "Nothing there."} | more
    return client.post(FORM, told)


def report_of(client, order):
    send(client, order)
    return NonDelivery.objects.get()


def page_of(report):
    return f"{HERE}missing/{report_token(report)}/"


def refused(report):
    refuse_report(
        report.pk,
        RefusalReason.HANDED_OVER,
        "Your neighbour signed.",
        staff=staff_of(report.shop),
        by="staff:Ana Lopes",
        evidence_kind=Evidence.SIGNATURE,
        evidence="M. Petit",
    )


def test_what_tracking_calls_delivered_is_reported_and_its_page_shows_the_days(camille, order):
    assert "Something has not arrived" in camille.get(f"{HERE}order/1001/").content.decode()

    answer = send(camille, order)

    report = NonDelivery.objects.get()
    assert (report.language, report.text) == ("en", "Nothing there.")
    page = camille.get(answer.headers["Location"]).content.decode()
    assert report.number in page
    assert "2 × Paper lamp" in page
    assert "within two working days" in page
    assert "End the contract" not in page
    order_page = camille.get(f"{HERE}order/1001/").content.decode()
    assert report.number in order_page


def test_the_same_pieces_twice_are_refused_kindly_and_what_was_typed_stays(camille, order):
    send(camille, order)

    again = send(camille, order)

    assert again.status_code == 422
    page = again.content.decode()
    assert "A whole number from 0 to 1, please." in page
    assert "Nothing there." in page
    assert NonDelivery.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tracking": ""}, "Please say what the tracking says."),
        ({"tracking": "stolen"}, "Please say what the tracking says."),
        ({"expected_on": "tomorrow"}, "Please choose a day."),
        ({"expected_on": "1999-01-01"}, "Please choose a day from"),
        ({"text": "x" * 2001}, "2000"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(camille, order, typed, said):
    answer = send(camille, order, **typed)

    assert answer.status_code == 422
    assert said in answer.content.decode().replace("2,000", "2000")
    assert not NonDelivery.objects.exists()


@pytest.mark.parametrize("typed", ["-1", "4", "two", "1.5", "0"])
def test_counts_are_whole_and_there(camille, order, typed):
    lamp = order.lines.get(sku="LAMP-01")

    answer = send(camille, order, **{f"pieces-{lamp.pk}": typed})

    assert answer.status_code == 422
    assert not NonDelivery.objects.exists()


def test_nobody_else_opens_a_report_or_reports_for_an_order(camille, order):
    report = report_of(camille, order)
    stranger = Client()

    assert stranger.get(FORM).status_code == 404
    assert send(stranger, order).status_code == 404
    assert stranger.get(f"{HERE}missing/{report.number}/").status_code == 404
    assert stranger.post(f"{HERE}missing/{report.number}/arrived/").status_code == 404
    assert stranger.get(f"{HERE}missing/{report_token(report)[:-1]}/").status_code == 404
    assert stranger.get(page_of(report)).status_code == 200


def test_who_only_named_the_order_does_not_read_what_we_wrote(camille, order):
    report = report_of(camille, order)
    refused(report)

    masked = camille.get(f"{HERE}missing/{report.number}/").content.decode()
    whole = camille.get(page_of(report)).content.decode()

    assert "neighbour" not in masked
    assert "M. Petit" not in masked
    assert "Your neighbour signed." in whole
    assert "M. Petit" in whole
    assert "L216-2" in whole
    assert "Ana Lopes" in whole


@pytest.mark.parametrize("step", ["end", "arrived", "contest"])
def test_who_only_named_the_order_decides_nothing(camille, order, step):
    report = report_of(camille, order)
    NonDelivery.objects.update(deliver_by=report.deliver_by - timedelta(days=11))
    if step == "contest":
        refused(report)
    report.refresh_from_db()
    before = (report.state, report.ended_on, report.contested_at)

    answer = camille.post(f"{HERE}missing/{report.number}/{step}/", {"text": "It is here."})

    report.refresh_from_db()
    assert answer.status_code == 403
    assert "show us that the mailbox is yours" in answer.content.decode()
    assert ("Our time to deliver ended on" in answer.content.decode()) is (step != "contest")
    assert f"/{step}/" not in answer.content.decode()
    assert (report.state, report.ended_on, report.contested_at) == before


def test_without_a_mailbox_there_is_nothing_to_prove(camille, order):
    report = report_of(camille, order)
    Shopper.objects.update(email="", email_key="")

    camille.post(f"{HERE}missing/{report.number}/arrived/")

    report.refresh_from_db()
    assert report.state == ReportState.CLOSED


def test_the_contract_is_ended_once_the_period_is_over(camille, order):
    report = report_of(camille, order)
    early = camille.post(f"{page_of(report)}end/")
    assert early.status_code == 409
    assert "You may end the contract from" in early.content.decode()
    NonDelivery.objects.update(deliver_by=report.deliver_by - timedelta(days=11))

    assert "End the contract and get my money back" in camille.get(page_of(report)).content.decode()
    camille.post(f"{page_of(report)}end/")

    page = camille.get(page_of(report)).content.decode()
    assert "By law you get your money by" in page
    assert "L216-7" in page
    report.refresh_from_db()
    assert report.end_ground == "period_over"


def test_where_no_law_is_known_the_page_says_so(camille, order):
    report = report_of(camille, order)
    Order.objects.update(country="DE")
    NonDelivery.objects.update(deliver_by=report.deliver_by - timedelta(days=11))

    camille.post(f"{page_of(report)}end/")

    assert "We know no legal day for this country" in camille.get(page_of(report)).content.decode()


def test_what_arrived_after_all_can_be_returned(camille, order):
    report = report_of(camille, order)

    camille.post(f"{page_of(report)}arrived/")

    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    assert order.lines.get(sku="LAMP-01").delivered_quantity == 3
    assert camille.post(f"{page_of(report)}arrived/").status_code == 409


def test_a_refusal_is_contested_with_words(camille, order):
    report = report_of(camille, order)
    refused(report)

    empty = camille.post(f"{page_of(report)}contest/", {"text": " "})
    camille.post(f"{page_of(report)}contest/", {"text": "I know no Mr Petit."})

    assert empty.status_code == 409
    report.refresh_from_db()
    assert (report.state, report.contest_text) == (ReportState.OPEN, "I know no Mr Petit.")


def test_an_order_of_another_shop_is_not_there(camille, order):
    run_jobs()
    assert camille.get("/s/galerie/order/9999/missing/").status_code == 404
    assert order_of(order.shop, number="1002").number == "1002"
    assert camille.get("/s/galerie/order/1002/missing/").status_code == 404
