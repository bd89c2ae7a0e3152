"""From the shop's decision over a vendor's fake and its message back, through our own door."""

import pytest
from tests.integrations.harness import harness_of
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.models import Refund
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db
VENDORS = ("stripe", "paypal", "adyen", "mollie")


@pytest.fixture(params=VENDORS)
def bench(request, tmp_path, monkeypatch):
    made = harness_of(request.param)(tmp_path / "bench")
    made.start()
    for name, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield made
    made.stop()


@pytest.fixture
def waiting(bench, run_jobs) -> Refund:
    """A refund that the vendor has received and not yet paid."""
    order = order_of(small_shop(), provider=bench.key)
    captured = Money(order.payments.get().captured_minor, "EUR")
    Payment.objects.filter(order=order, shop=order.shop).update(reference=bench.opens(captured))
    bench.plan("pending")
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return Refund.objects.get(settlement__rma=rma)


def post(client, bench, body: bytes):
    """The message as the vendor sends it to the address in the guide."""
    signed = bench.signed(body)
    return client.post(
        f"/hooks/payments/galerie/{bench.key}/",
        signed.body,
        content_type="application/json",
        headers={name.title(): value for name, value in signed.headers.items()},
    )


def test_what_was_received_is_paid_when_the_vendor_says_so(waiting, bench, client):
    assert (waiting.state, len(bench.booked())) == ("pending", 1)
    bench.advance()

    answers = [
        post(client, bench, bench.refund_message(waiting.provider_reference)).status_code
        for _ in range(3)
    ]

    waiting.refresh_from_db()
    assert answers == [204] * 3
    assert waiting.state == "succeeded"
    assert len(bench.booked()) == 1


def test_money_that_comes_back_later_is_seen(waiting, bench, client):
    bench.advance()
    post(client, bench, bench.refund_message(waiting.provider_reference))
    with bench.running.ledger.writing() as db:
        db.execute("UPDATE refund SET status = 'failed'")

    post(client, bench, bench.refund_message(waiting.provider_reference))

    waiting.refresh_from_db()
    assert waiting.state == "failed_late"


def test_a_forged_message_and_a_door_without_secret(waiting, bench, client, monkeypatch):
    genuine = bench.refund_message(waiting.provider_reference)
    bench.advance()
    forged = bench.signed(genuine, secret="00" * 32)
    address = f"/hooks/payments/galerie/{bench.key}/"

    answer = client.post(
        address,
        forged.body,
        content_type="application/json",
        headers={name.title(): value for name, value in forged.headers.items()},
    )
    for name in bench.secrets:
        monkeypatch.delenv(f"REBOND_{name}")

    assert answer.status_code == 401
    assert post(client, bench, genuine).status_code == 503
    waiting.refresh_from_db()
    assert waiting.state == "pending"


@pytest.mark.parametrize("bench", ["mollie"], indirect=True)
def test_the_token_in_the_address_lets_mollies_plain_call_in(waiting, bench, client):
    bench.advance()
    body = f"id={waiting.payment.reference}"
    kind = "application/x-www-form-urlencoded"

    refused = client.post("/hooks/payments/galerie/mollie/", body, content_type=kind)
    address = "/hooks/payments/galerie/mollie/?token=token-in-the-address"
    taken = client.post(address, body, content_type=kind)

    waiting.refresh_from_db()
    assert (refused.status_code, taken.status_code) == (401, 204)
    assert waiting.state == "succeeded"
