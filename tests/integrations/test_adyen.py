"""What is Adyen's alone: its own example of a signature, and every event about money."""

import base64
import json

import pytest
from tests.integrations.harness.adyen import MERCHANT, Harness, message

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import DisputeState, HookRequest, Outcome
from rebond.kernel.money import Money

REFUND_ID = "019a9b1e-7a51-7cc0-9d5e-0123456789ab"
ANSWERS = {
    ("REFUND", "true"): Outcome.SUCCEEDED,
    ("REFUND", "false"): Outcome.REFUSED,
    ("REFUND_WITH_DATA", "true"): Outcome.SUCCEEDED,
    ("REFUND_FAILED", "true"): Outcome.REFUSED,
    ("REFUND_FAILED", "false"): Outcome.REFUSED,
    ("REFUNDED_REVERSED", "true"): Outcome.REFUSED,
    ("POSTPONED_REFUND", "true"): Outcome.PENDING,
    ("VOID_PENDING_REFUND", "true"): Outcome.REFUSED,
}
DISPUTES = {
    "REQUEST_FOR_INFORMATION": DisputeState.OPEN,
    "NOTIFICATION_OF_CHARGEBACK": DisputeState.OPEN,
    "PREARBITRATION_OPEN": DisputeState.OPEN,
    "CHARGEBACK": DisputeState.LOST,
    "SECOND_CHARGEBACK": DisputeState.LOST,
    "PREARBITRATION_LOST": DisputeState.LOST,
    "CHARGEBACK_REVERSED": DisputeState.WON,
    "PREARBITRATION_WON": DisputeState.WON,
    "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": DisputeState.WON,
}


@pytest.fixture
def bench(tmp_path, monkeypatch):
    made = Harness(tmp_path)
    made.start()
    for name, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield made
    made.stop()


def item(code: str, success: str = "true", **more) -> dict:
    return {
        "eventCode": code,
        "success": success,
        "pspReference": "REFUND0000000001",
        "originalReference": "PAYMENT000000001",
        "merchantReference": REFUND_ID,
        "amount": {"value": 500, "currency": "EUR"},
        "reason": "whatever",
    } | more


def test_adyens_own_example_of_a_signature_is_true(bench, monkeypatch):
    """The key, values and signature that Adyen's documentation and libraries give."""
    monkeypatch.setenv("REBOND_ADYEN_MERCHANT_ACCOUNT", "TestMerchant")
    example = {
        "pspReference": "7914073381342284",
        "originalReference": "",
        "merchantAccountCode": "TestMerchant",
        "merchantReference": "TestPayment-1407325143704",
        "amount": {"value": 1130, "currency": "EUR"},
        "eventCode": "AUTHORISATION",
        "success": "true",
        "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
    }

    assert bench.plug().read_hook(HookRequest({}, message(example))) == []
    with pytest.raises(HookRefused):
        bench.plug().read_hook(HookRequest({}, message(example | {"success": "false"})))


@pytest.mark.parametrize(("code", "success"), ANSWERS)
def test_every_event_about_a_refund_has_its_answer(code, success, bench):
    (hook,) = bench.plug().read_hook(bench.signed(message(item(code, success))))

    assert (str(hook.refund_id), hook.amount) == (REFUND_ID, Money(500, "EUR"))
    assert hook.answer.outcome is ANSWERS[code, success]
    assert bool(hook.answer.code) is (hook.answer.outcome is Outcome.REFUSED)
    assert hook.payment_reference == "PAYMENT000000001"


@pytest.mark.parametrize("code", DISPUTES)
def test_every_step_of_a_dispute_is_known_and_has_one_name(code, bench):
    (hook,) = bench.plug().read_hook(bench.signed(message(item(code))))
    # Adyen leaves the original out of some, unless a setting of the webhook asks for it.
    bare = item(code, pspReference="PAYMENT000000001", originalReference="")
    (other,) = bench.plug().read_hook(bench.signed(message(bare)))

    assert hook.dispute == other.dispute
    assert hook.dispute.state is DISPUTES[code]
    assert hook.dispute.payment_reference == "PAYMENT000000001"


def test_one_forged_item_refuses_the_whole_call(bench):
    genuine = json.loads(bench.signed(message(item("REFUND"))).body)
    forged = json.loads(json.dumps(genuine["notificationItems"][0]))
    forged["NotificationRequestItem"]["amount"]["value"] = 1
    genuine["notificationItems"].append(forged)

    with pytest.raises(HookRefused):
        bench.plug().read_hook(HookRequest({}, json.dumps(genuine).encode()))


def test_what_is_not_signed_decides_nothing(bench):
    genuine = json.loads(bench.signed(message(item("REFUND"))).body)
    (before,) = bench.plug().read_hook(HookRequest({}, json.dumps(genuine).encode()))
    inner = genuine["notificationItems"][0]["NotificationRequestItem"]
    inner["reason"] = "forged"
    inner["additionalData"]["refund_id"] = "forged"
    genuine["live"] = "forged"

    (after,) = bench.plug().read_hook(HookRequest({}, json.dumps(genuine).encode()))

    assert after.answer.detail == "forged"
    assert (after.answer.outcome, after.amount, after.refund_id, after.event_id) == (
        before.answer.outcome,
        before.amount,
        before.refund_id,
        before.event_id,
    )


def test_values_cannot_be_moved_from_one_field_to_the_next(bench):
    """The signature joins values with colons, so a colon in one of them must not shift them."""
    genuine = bench.signed(message(item("REFUND", originalReference="A", merchantReference="B:C")))
    moved = json.loads(genuine.body)
    inner = moved["notificationItems"][0]["NotificationRequestItem"]
    inner["merchantAccountCode"], inner["merchantReference"] = f"{MERCHANT}:B", "C"

    try:
        hooks = bench.plug().read_hook(HookRequest({}, json.dumps(moved).encode()))
    except HookRefused:
        return
    assert [hook.refund_id for hook in hooks] == [None]


def test_an_item_of_another_merchant_account_is_nobodys(bench):
    other = message(item("REFUND", merchantAccountCode="SomebodyElse"))

    (hook,) = bench.plug().read_hook(bench.signed(other))

    assert hook.refund_id is None


def test_a_name_and_a_password_are_asked_for_where_they_are_set(bench, monkeypatch):
    monkeypatch.setenv("REBOND_ADYEN_HOOK_USER", "adyen")
    monkeypatch.setenv("REBOND_ADYEN_HOOK_PASSWORD", "déjà vu")
    signed = bench.signed(message(item("REFUND")))
    true = base64.b64encode("adyen:déjà vu".encode()).decode()

    for given in ("", "Basic YTpi", "Bearer x", "Basic \xff"):
        with pytest.raises(HookRefused):
            bench.plug().read_hook(HookRequest({"authorization": given}, signed.body))
    assert bench.plug().read_hook(HookRequest({"authorization": f"Basic {true}"}, signed.body))


def test_a_key_that_is_not_hexadecimal_closes_the_door(bench, monkeypatch):
    signed = bench.signed(message(item("REFUND")))
    monkeypatch.setenv("REBOND_ADYEN_HMAC_KEY", "not hexadecimal")

    with pytest.raises(HookRefused):
        bench.plug().read_hook(signed)


def test_a_transient_error_is_safe_to_ask_again(bench):
    order = bench.order(bench.opens(Money(1000, "EUR")), Money(500, "EUR"))
    bench.plan("transient")

    answers = [bench.plug().refund(order).outcome for _ in range(2)]

    assert answers == [Outcome.NO_ANSWER, Outcome.PENDING]
    assert len(bench.booked()) == 1
