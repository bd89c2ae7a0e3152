"""Whatever a signed message of a provider holds: it is kept or refused, and never our error."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.integrations.harness import harness_of
from tests.odd import CHANGES, JSON, spoiled, written
from tests.world import order_of, small_shop

from rebond.domain.refunds.models import ProviderEvent
from rebond.domain.refunds.ports import DisputeState, payment_providers
from rebond.kernel.models import Job
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db
WITH_HOOKS = [key for key in payment_providers.keys() if harness_of(key).secrets]  # noqa: SIM118
TEN, FIVE = Money(1000, "EUR"), Money(500, "EUR")
KEPT, REFUSED = 204, {400, 401, 413, 503}
tough = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Door:
    """A shop's door for one provider, and genuine messages to spoil."""

    def __init__(self, bench, run_jobs) -> None:
        self.bench, self.run_jobs = bench, run_jobs
        order_of(small_shop(), provider=bench.key)
        payment = bench.opens(TEN)
        order = bench.order(payment, FIVE)
        reference = bench.plug("galerie").refund(order).reference
        self.genuine = [bench.refund_message(reference)]
        self.genuine += [
            bench.dispute_message(payment, FIVE, state)
            for state in (DisputeState.OPEN, DisputeState.LOST)
            if state in bench.dispute_states
        ]

    def says(self, body: bytes) -> int:
        """Bring the message, signed, and let what follows of it be done; the answer's status."""
        request = self.bench.signed(body)
        headers = {k: v for k, v in request.headers.items() if k.lower() != "content-length"}
        answer = Client().post(
            f"/hooks/payments/galerie/{self.bench.key}/",
            request.body,
            content_type=headers.pop("content-type", "application/json"),
            headers=headers,
            query_params=dict(request.query),
        )
        self.run_jobs()
        return answer.status_code


@pytest.fixture
def door(key, tmp_path, monkeypatch, run_jobs):
    bench = harness_of(key)(tmp_path / key)
    bench.start()
    for name, value in bench.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield Door(bench, run_jobs)
    bench.stop()


def is_harmless(door: Door, body: bytes) -> None:
    before = ProviderEvent.objects.count()

    status = door.says(body)

    assert status == KEPT or status in REFUSED
    if status in REFUSED:
        assert ProviderEvent.objects.count() == before
    assert not Job.objects.exclude(last_error="").exists()


@pytest.mark.parametrize("key", WITH_HOOKS)
def test_a_genuine_message_is_kept(key, door):
    assert {door.says(body) for body in door.genuine} == {KEPT}
    assert ProviderEvent.objects.count() >= 1


@pytest.mark.parametrize("key", WITH_HOOKS)
@tough
@given(which=st.integers(0, 9), changes=CHANGES)
def test_a_message_with_anything_wrong_in_it_is_harmless(key, which, changes, door):
    body = door.genuine[which % len(door.genuine)]
    try:
        is_harmless(door, written(spoiled(json.loads(body), changes)))
    except json.JSONDecodeError:
        place, value = changes[0]
        is_harmless(door, body[: place % len(body)] + str(value).encode("utf-8", "replace"))


@pytest.mark.parametrize("key", WITH_HOOKS)
@tough
@given(body=st.one_of(st.binary(max_size=60), JSON.map(written)))
@example(body=b"[" * 100_000)
@example(body=b'{"id": ' + b"9" * 5000 + b"}")
def test_any_signed_body_is_harmless(key, body, door):
    is_harmless(door, body)
