"""One JSON object in, one JSON object out: the quote for anyone who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rebond.domain.refunds.amounts.model import Order, PastRefund, Quote, Refused
from rebond.domain.refunds.amounts.quote import quote
from rebond.domain.refunds.amounts.reading import action_of, order_of, past_refunds_of
from rebond.domain.refunds.amounts.writing import quote_as_json, refusal_as_json


def answer(case: object) -> dict[str, Any]:
    """The result of one case, or of each of its ``steps`` one after the other.

    ``case`` is any JSON value; what cannot be read gives the error ``INVALID_INPUT``
    with a ``detail``. The ``id`` of the case comes back. Never raises for a JSON value.
    Source: docs/reference/quote.md.
    """
    echoed = {"id": case.get("id")} if isinstance(case, Mapping) else {"id": None}
    try:
        return echoed | _result(case)
    except Refused as refusal:
        return echoed | refusal_as_json(refusal)


def _result(case: object) -> dict[str, Any]:
    if not isinstance(case, Mapping):
        raise Refused("INVALID_INPUT", detail="the case must be an object")
    order = order_of(case.get("order"))
    previous = past_refunds_of(case.get("previous_refunds"), order)
    if case.get("steps") is None:
        return quote_as_json(quote(order, previous, action_of(case.get("action"))))
    if not isinstance(case["steps"], list | tuple):
        raise Refused("INVALID_INPUT", detail="steps must be a list")
    return {"steps": _steps(order, previous, case["steps"])}


def _steps(
    order: Order, previous: Sequence[PastRefund], steps: Sequence[object]
) -> list[dict[str, Any]]:
    """Each step sees what the earlier ones wrote; a refused one changes nothing."""
    answers = []
    history = list(previous)
    for step in steps:
        try:
            found = _step(order, history, step)
        except Refused as refusal:
            answers.append(refusal_as_json(refusal))
            continue
        answers.append(quote_as_json(found))
        if found.past is not None:
            history.append(found.past)
    return answers


def _step(order: Order, history: Sequence[PastRefund], step: object) -> Quote:
    if not isinstance(step, Mapping):
        raise Refused("INVALID_INPUT", detail="a step must be an object")
    return quote(order, history, action_of(step.get("action")))
