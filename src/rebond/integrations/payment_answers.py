"""What the plugs of payment providers share: how an answer is read when money is at stake."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import Account, Answer, KnownRefund, Outcome, RefundOrder
from rebond.kernel.egress import TOTAL_SECONDS

# Nothing was sent: the amount cannot be written in the provider's units without rounding.
NOT_EXACT = Answer(Outcome.REFUSED, code="amount_not_possible")


def not_connected(setting: str) -> Answer:
    """Nothing was sent, because ``setting`` is empty: somebody has to connect the shop or pay."""
    return Answer(Outcome.WAITS_FOR_PERSON, code="not_connected", detail=f"REBOND_{setting}")


def failure(status: int, *, code: str, detail: str = "") -> Answer | None:
    """What a status says that is no success; None for one that is.

    401 and 403: the provider did not let us in, so nothing happened and the shopper need not
    hear of it. 409 and 429: not now, and safe to ask again under the same key. Other 4xx are a
    definite no. Everything else leaves open whether money moved.
    """
    if 200 <= status < 300:
        return None
    if status in {401, 403}:
        outcome = Outcome.WAITS_FOR_PERSON
    elif status in {408, 409, 425, 429}:
        outcome = Outcome.NO_ANSWER
    elif 400 <= status < 500:
        outcome = Outcome.REFUSED
    else:
        outcome = Outcome.BROKEN_ANSWER
    return Answer(outcome, code=(code or str(status))[:60], detail=detail[:200])


def as_ordered(known: KnownRefund, order: RefundOrder) -> Answer:
    """What is said of the very sum that was asked for; of another sum nothing is believed.

    What the provider lists decides then, and a difference is for a person.
    """
    if known.amount == order.amount:
        return known.answer
    return Answer(Outcome.BROKEN_ANSWER, code="another_amount", detail=str(known.amount)[:200])


def patience(account: Account, setting: str) -> float:
    """Seconds a call may take as a whole: ``setting``, or what is usual."""
    try:
        return min(TOTAL_SECONDS, max(0.1, float(account.setting(setting))))
    except ValueError:
        return TOTAL_SECONDS


def secrets_in(account: Account, setting: str) -> list[str]:
    """The secrets in ``setting``, several separated by commas while one replaces another.

    Raises ``HookRefused`` when there is none: closed, never open.
    """
    found = [secret.strip() for secret in account.setting(setting).split(",") if secret.strip()]
    if not found:
        raise HookRefused(why="no secret is set")
    return found


def one_is_equal(expected: Iterable[str], given: Iterable[str]) -> bool:
    """Whether a given signature is an expected one, in a time that tells nothing."""
    theirs = [signature.encode("utf-8", "replace") for signature in given]
    found = [hmac.compare_digest(ours.encode(), one) for ours in expected for one in theirs]
    return any(found)
