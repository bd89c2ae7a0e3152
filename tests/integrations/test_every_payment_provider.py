"""The promise every payment provider makes. A new file in the folder is tested by being there.

Each provider is tried against its fake on loopback (``harness/<key>.py``), so this shows that our
side does what the vendors' documentation asks for. It cannot show that a vendor does what its
documentation says.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from tests.integrations.harness import Bench, applies, harness_of

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    Hook,
    HookRequest,
    KnownRefund,
    Outcome,
    PaymentProvider,
    RefundOrder,
    payment_providers,
)
from rebond.kernel.money import Money

KEYS = payment_providers.keys()
PROMISES: list[str] = []
FOR_EVERYBODY = {"it_says_who_it_is", "a_provider_that_is_away_never_raises"}
TEN, FIVE, THREE = (Money(minor, "EUR") for minor in (1000, 500, 300))
DEFINITE = {Outcome.REFUSED}
UNDECIDED = {Outcome.NO_ANSWER, Outcome.WAITS_FOR_PERSON}


def promise(test):
    """Hold every plug to ``test``, but for those whose harness says why it does not apply."""
    PROMISES.append(test.__name__.removeprefix("test_"))
    return pytest.mark.parametrize("key", [tried(key) for key in KEYS if applies(test, key)])(test)


def tried(key):
    """The key of a provider; with a database for one whose books are our own."""
    try:
        needs_database = harness_of(key).needs_database
    except LookupError:
        needs_database = False
    return pytest.param(key, marks=[pytest.mark.django_db] if needs_database else [])


@pytest.fixture
def bench(key, tmp_path, monkeypatch, request):
    """The provider's bench, started, with the settings that connect a shop to it."""
    try:
        harness = harness_of(key)
    except LookupError as missing:
        pytest.fail(str(missing), pytrace=False)
    if harness.needs_database:
        request.getfixturevalue("db")
    made = harness(tmp_path / key)
    made.start()
    for name, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield made
    made.stop()


@pytest.fixture
def plug(bench: Bench) -> PaymentProvider:
    return bench.plug()


def looked_up(plug: PaymentProvider, order: RefundOrder) -> list[KnownRefund]:
    """What the provider lists under our reference, whatever the amount."""
    listed = plug.refunds_of(order.payment_reference)
    assert listed is not None
    return [known for known in listed if known.refund_id == order.refund_id]


def told(bench: Bench, plug: PaymentProvider, body: bytes) -> Hook:
    """The one thing that a genuine message says."""
    (hook,) = plug.read_hook(bench.signed(body))
    return hook


def paid(bench: Bench, plug: PaymentProvider, amount: Money = FIVE) -> tuple[RefundOrder, str]:
    """A refund that the provider has booked: what was asked, and the provider's name for it."""
    order = bench.order(bench.opens(TEN), amount)
    answer = plug.refund(order)
    assert answer.outcome is bench.at_once
    return order, answer.reference


def set_all(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], shop: str = "") -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"REBOND_{shop.upper()}_{name}" if shop else f"REBOND_{name}", value)


# --- the table of excuses -----------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_an_excuse_names_a_promise_and_says_why(key):
    try:
        excused = harness_of(key).excused
    except LookupError as missing:
        pytest.fail(str(missing), pytrace=False)

    assert set(excused) <= set(PROMISES) - FOR_EVERYBODY
    assert all(len(why.strip()) > 15 for why in excused.values())


def test_a_provider_without_a_harness_is_told_to_write_one():
    with pytest.raises(LookupError, match=r"harness/nobody\.py"):
        harness_of("nobody")


# --- asking for money -----------------------------------------------------------------------


@promise
def test_it_says_who_it_is(key, plug):
    assert plug.key == key
    assert plug.title
    kinds = {plug.is_idempotent, plug.is_manual, plug.can_be_asked, plug.tried_live}
    assert kinds <= {True, False}
    assert timedelta(0) <= plug.lists_after < timedelta(days=1)
    assert plug.is_idempotent is (plug.key_lifetime > timedelta(0))


@promise
def test_the_same_key_twice_pays_once(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)

    first, second = plug.refund(order), plug.refund(order)

    assert first.outcome is bench.at_once
    assert first == second
    (booked,) = bench.booked()
    assert (booked.refund_id, booked.amount) == (str(order.refund_id), FIVE)
    assert booked.reference == first.reference


@promise
@pytest.mark.parametrize("fault", ["timeout_after", "reset_after", "cut_after", "garbage"])
def test_a_lost_answer_is_found_by_our_reference(key, fault, bench, plug):
    payment = bench.opens(TEN)
    lost, twin = bench.order(payment, THREE), bench.order(payment, THREE)
    bench.plan(fault, seconds=3)

    unclear = plug.refund(lost)
    plug.refund(twin)

    assert unclear.outcome in {Outcome.NO_ANSWER, Outcome.BROKEN_ANSWER}
    (found,), (other,) = looked_up(plug, lost), looked_up(plug, twin)
    assert found.answer.outcome is bench.at_once
    assert found.amount == other.amount == THREE
    assert found.reference != other.reference
    assert found.payment_reference == payment
    assert len(bench.booked()) == 2


@promise
def test_an_error_after_paying_is_repeated_and_found(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("500_after")

    answers = [plug.refund(order).outcome for _ in range(3)]

    assert answers == [Outcome.BROKEN_ANSWER] * 3
    assert len(looked_up(plug, order)) == len(bench.booked()) == 1


@promise
def test_an_error_before_paying_is_repeated_until_a_new_key(key, bench, plug):
    payment = bench.opens(TEN)
    order = bench.order(payment, FIVE)
    bench.plan("500_before")

    answers = [plug.refund(order).outcome for _ in range(2)]

    assert answers == [Outcome.BROKEN_ANSWER] * 2
    assert bench.booked() == []
    again = RefundOrder(order.refund_id, payment, FIVE, f"{order.refund_id}:1")
    assert plug.refund(again).outcome is bench.at_once
    assert [b.refund_id for b in bench.booked()] == [str(order.refund_id)]


@promise
def test_too_many_requests_is_no_answer(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("429")

    first, second = plug.refund(order), plug.refund(order)

    assert (first.outcome, second.outcome) == (Outcome.NO_ANSWER, bench.at_once)
    assert len(bench.booked()) == 1


@promise
@pytest.mark.parametrize("fault", ["drip", "timeout_before"])
def test_a_reply_that_never_ends_is_cut_off(key, fault, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan(fault, seconds=9)
    began = time.monotonic()

    answer = plug.refund(order)

    assert answer.outcome is Outcome.NO_ANSWER
    assert time.monotonic() - began < 2.5  # the harness allows 0.6 seconds for a call


@promise
def test_a_redirect_is_not_followed(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("redirect")

    answer = plug.refund(order)

    assert answer.outcome is Outcome.BROKEN_ANSWER
    assert bench.booked() == []


@promise
def test_more_than_was_paid_is_refused(key, bench, plug):
    payment = bench.opens(TEN)
    plug.refund(bench.order(payment, Money(600, "EUR")))
    order = bench.order(payment, Money(401, "EUR"))

    answer = bench.final(plug, order, plug.refund(order))

    assert answer.outcome in DEFINITE
    assert answer.code
    assert sum(b.amount.minor for b in bench.booked()) == 600
    assert plug.refund(bench.order(payment, Money(400, "EUR"))).outcome is bench.at_once


@promise
def test_an_unknown_payment_is_refused(key, bench, plug):
    order = bench.order(bench.nobodys(), FIVE)

    answer = bench.final(plug, order, plug.refund(order))

    assert answer.outcome in DEFINITE
    assert answer.code
    assert not plug.refunds_of(order.payment_reference)
    assert bench.booked() == []


@promise
def test_amounts_keep_their_currency(key, bench, plug):
    for currency in bench.currencies:
        amount = Money(12300, currency)  # 12300 JPY, 123.00 EUR, 12.300 KWD
        payment = bench.opens(Money(99900, currency))

        answer = plug.refund(bench.order(payment, amount))

        assert answer.outcome is bench.at_once, currency
        booked = bench.booked()[-1]
        assert booked.amount == amount
        assert told(bench, plug, bench.refund_message(booked.reference)).amount == amount
        listed = plug.refunds_of(payment)
        assert listed is None or [known.amount for known in listed] == [amount]


@promise
def test_an_amount_that_cannot_be_paid_exactly_is_not_sent(key, bench, plug):
    assert bench.impossible
    for amount in bench.impossible:
        payment = bench.opens(Money(amount.minor * 2, amount.currency))

        answer = plug.refund(bench.order(payment, amount))

        assert (answer.outcome, answer.code) == (Outcome.REFUSED, "amount_not_possible")
    assert bench.calls() == []


# --- being connected ------------------------------------------------------------------------


@promise
def test_a_provider_that_is_away_never_raises(key, bench, plug, monkeypatch):
    set_all(monkeypatch, bench.away())
    order = bench.order("pay_1", FIVE)

    assert plug.refund(order).outcome in UNDECIDED
    assert plug.refunds_of("pay_1") is None
    assert plug.refunds_between(datetime.now(UTC) - timedelta(1), datetime.now(UTC)) is None


@promise
def test_without_a_key_nothing_is_sent(key, bench, plug, monkeypatch):
    payment = bench.opens(TEN) if bench.settings() else "pay_1"
    for name in bench.settings():
        monkeypatch.delenv(f"REBOND_{name}")
    set_all(monkeypatch, {n: v for n, v in bench.settings().items() if n.endswith("_URL")})

    answer = plug.refund(bench.order(payment, FIVE))

    assert answer.outcome is Outcome.WAITS_FOR_PERSON
    assert plug.refunds_of(payment) is None
    assert not bench.settings() or bench.calls() == []


@promise
def test_a_refusal_of_the_key_waits_for_a_person(key, bench, plug, monkeypatch):
    payment = bench.opens(TEN)
    set_all(monkeypatch, bench.wrong_key())

    answer = plug.refund(bench.order(payment, FIVE))

    assert answer.outcome is Outcome.WAITS_FOR_PERSON
    assert answer.code
    assert plug.refunds_of(payment) is None
    assert bench.booked() == []


@promise
def test_a_shop_has_settings_of_its_own(key, bench, tmp_path, monkeypatch):
    other = harness_of(key)(tmp_path / "other")
    other.start()
    set_all(monkeypatch, other.settings(), shop="maison_belle")
    payment = other.opens(TEN)

    answer = other.plug("maison-belle").refund(other.order(payment, FIVE))
    other_booked = other.booked()
    other.stop()

    assert answer.outcome is other.at_once
    assert len(other_booked) == 1
    assert bench.booked() == []


@promise
def test_a_person_is_led_to_the_payment(key, plug):
    evil = 'pay_1/../"><script>?x=1#y'

    page = plug.page_of(evil)

    assert page == "" or quote(evil, safe="") in page
    assert page == "" or page.startswith(("https://", "http://127.0.0.1"))


# --- what becomes of it ---------------------------------------------------------------------


@promise
def test_pending_becomes_paid_in_the_list(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("pending")

    first = plug.refund(order)
    (waiting,) = looked_up(plug, order)
    bench.advance()
    (settled,) = looked_up(plug, order)

    assert first.outcome is waiting.answer.outcome is Outcome.PENDING
    assert settled.answer.outcome is Outcome.SUCCEEDED
    assert settled.reference == first.reference


@promise
def test_pending_becomes_paid_by_message(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("pending")
    first = plug.refund(order)
    bench.advance()

    hook = told(bench, plug, bench.refund_message(first.reference))

    assert first.outcome is Outcome.PENDING
    assert (hook.refund_id, hook.reference) == (order.refund_id, first.reference)
    assert hook.answer.outcome is Outcome.SUCCEEDED


@promise
def test_paid_becomes_failed_in_the_list(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("succeeded_then_failed")
    plug.refund(order)

    bench.advance()

    (failed,) = looked_up(plug, order)
    assert failed.answer.outcome is Outcome.REFUSED
    assert failed.answer.code


@promise
def test_paid_becomes_failed_by_message(key, bench, plug):
    order = bench.order(bench.opens(TEN), FIVE)
    bench.plan("succeeded_then_failed")
    reference = plug.refund(order).reference
    before = told(bench, plug, bench.refund_message(reference))

    bench.advance()
    after = told(bench, plug, bench.refund_message(reference))

    assert before.answer.outcome is Outcome.SUCCEEDED
    assert (after.refund_id, after.answer.outcome) == (order.refund_id, Outcome.REFUSED)
    assert after.answer.code
    assert after.event_id != before.event_id


@promise
def test_a_list_that_fails_is_not_an_empty_list(key, bench, plug):
    order, _ = paid(bench, plug)
    until = datetime.now(UTC) + timedelta(minutes=1)
    for fault in ("list_500", "list_garbage"):
        bench.plan(fault)
        assert plug.refunds_of(order.payment_reference) is None, fault
        bench.plan(fault)
        assert plug.refunds_between(until - timedelta(hours=1), until) is None, fault

    assert len(looked_up(plug, order)) == 1


@promise
def test_all_pages_of_a_period_are_read(key, bench, plug):
    payment = bench.opens(Money(100_000, "EUR"))
    until = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    since = until - timedelta(hours=1)
    bench.fill(payment, 3, at=since - timedelta(seconds=1))
    bench.fill(payment, 255, at=since)
    bench.fill(payment, 5, at=until)

    found = plug.refunds_between(since, until)

    booked = {b.refund_id for b in bench.booked()[3:-5]}
    assert len(found) == 255
    assert {str(known.refund_id) for known in found} == booked
    assert {(known.payment_reference, known.amount) for known in found} == {
        (payment, Money(1, "EUR"))
    }
    assert {known.made_at for known in found} == {since}
    assert len(plug.refunds_of(payment) or []) == 263


# --- messages -------------------------------------------------------------------------------


@promise
def test_a_genuine_message_is_read(key, bench, plug):
    order, reference = paid(bench, plug)
    bench.advance()

    hook = told(bench, plug, bench.refund_message(reference))

    assert (hook.refund_id, hook.reference, hook.amount) == (order.refund_id, reference, FIVE)
    assert hook.answer.outcome is Outcome.SUCCEEDED
    assert hook.payment_reference == order.payment_reference
    assert 0 < len(hook.event_id) <= 120
    assert hook.dispute is None


@promise
def test_an_altered_message_is_refused(key, bench, plug):
    _, reference = paid(bench, plug)
    genuine = bench.signed(bench.refund_message(reference))
    altered = bench.altered(genuine.body)

    with pytest.raises(HookRefused):
        plug.read_hook(HookRequest(genuine.headers, altered, genuine.query))
    assert plug.read_hook(bench.signed(altered)) != plug.read_hook(genuine)


@promise
@pytest.mark.parametrize("secret", ["another secret", "00" * 32])
def test_a_message_signed_with_another_secret_is_refused(key, secret, bench, plug):
    _, reference = paid(bench, plug)
    body = bench.refund_message(reference)

    with pytest.raises(HookRefused):
        plug.read_hook(bench.signed(body, secret=secret))


@promise
def test_an_unsigned_message_is_refused(key, bench, plug):
    unsigned: list[HookRequest] = [HookRequest({}, b"{}"), HookRequest({}, b"id=tr_1")]
    if bench.settings():
        _, reference = paid(bench, plug)
        signed = bench.signed(bench.refund_message(reference))
        unsigned += [
            HookRequest({}, bench.unsigned(signed).body),
            HookRequest(dict.fromkeys(signed.headers, ""), bench.unsigned(signed).body),
            HookRequest(dict.fromkeys(signed.headers, "t=1,v1=00"), bench.unsigned(signed).body),
        ]

    for request in unsigned:
        with pytest.raises(HookRefused):
            plug.read_hook(request)


@promise
def test_without_a_secret_the_door_is_closed(key, bench, plug, monkeypatch):
    request = HookRequest({}, b"{}")
    if bench.settings():
        _, reference = paid(bench, plug)
        request = bench.signed(bench.refund_message(reference))
    for value in (None, "", "  "):
        for name in bench.secrets:
            if value is None:
                monkeypatch.delenv(f"REBOND_{name}")
            else:
                monkeypatch.setenv(f"REBOND_{name}", value)
        with pytest.raises(HookRefused) as refused:
            plug.read_hook(request)
        assert not bench.secrets or refused.value.facts["why"] == "no secret is set"


@promise
@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_message_is_refused(key, minutes, bench, plug):
    _, reference = paid(bench, plug)
    body = bench.refund_message(reference)

    with pytest.raises(HookRefused):
        plug.read_hook(bench.signed(body, at=time.time() + 60 * minutes))


@promise
def test_a_message_written_anew_is_refused(key, bench, plug):
    _, reference = paid(bench, plug)
    genuine = bench.signed(bench.refund_message(reference))
    told = json.loads(genuine.body)

    for anew in (json.dumps(told, indent=2), json.dumps(told, indent=2, sort_keys=True)):
        with pytest.raises(HookRefused):
            plug.read_hook(HookRequest(genuine.headers, anew.encode(), genuine.query))


@promise
def test_a_forged_second_signature_opens_nothing(key, bench, plug):
    _, reference = paid(bench, plug)
    twice = bench.with_second_signature(bench.signed(bench.refund_message(reference)))

    with pytest.raises(HookRefused):
        plug.read_hook(HookRequest(twice.headers, bench.altered(twice.body), twice.query))


@promise
def test_a_message_told_again_keeps_its_name(key, bench, plug):
    _, reference = paid(bench, plug)
    body = bench.refund_message(reference)

    names = {told(bench, plug, body).event_id for _ in range(3)}

    assert len(names) == 1


@promise
def test_a_message_about_somebody_elses_refund_is_read(key, bench, plug):
    payment = bench.opens(TEN)
    stranger = uuid4()
    bench.fill(payment, 1, at=datetime.now(UTC))
    reference = bench.booked()[-1].reference

    hook = told(bench, plug, bench.refund_message(reference, refund_id=stranger))
    nameless = told(bench, plug, bench.without_our_reference(bench.refund_message(reference)))

    assert (hook.refund_id, nameless.refund_id) == (stranger, None)
    assert hook.payment_reference == nameless.payment_reference == payment


@promise
def test_a_dispute_is_read(key, bench, plug):
    payment = bench.opens(TEN)
    seen = {}
    for state in bench.dispute_states:
        body = bench.dispute_message(payment, FIVE, state)
        seen[state] = told(bench, plug, body)

    for state, hook in seen.items():
        assert hook.dispute.state is state
        assert (hook.dispute.payment_reference, hook.dispute.amount) == (payment, FIVE)
        assert (hook.refund_id, hook.answer, hook.payment_reference) == (None, None, payment)
    assert len({hook.event_id for hook in seen.values()}) == len(seen)
    assert len({hook.dispute.reference for hook in seen.values()}) == 1


@promise
def test_messages_about_nothing_of_ours_are_harmless(key, bench, plug):
    junk = [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"\xff\xfe", b'{"id": null, "data": [1]}']
    junk += [b'{"id": "' + b"x" * 5000 + b'"}', b"[" * 5000]

    for body in bench.idle_messages():
        for hook in plug.read_hook(bench.signed(body)):
            assert hook.answer is None
    for body in junk:
        try:
            hooks = plug.read_hook(bench.signed(body))
        except HookRefused:
            continue
        assert all(hook.answer is None for hook in hooks)
