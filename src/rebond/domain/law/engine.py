"""One question about one set of facts, answered by the page of law that speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rebond.domain.law.dated import ParameterUnknown
from rebond.domain.law.facts import FactMissing, Facts, InvalidFact, zone_named
from rebond.domain.law.findings import Findings, NotCovered
from rebond.domain.law.places import Place, place_named
from rebond.domain.law.topics import (
    ancillary_contract,
    b2b_scope,
    b2c_scope,
    commercial_return,
    conflict_of_laws,
    credit_note,
    customs,
    e_invoicing,
    gift_card,
    gift_voucher,
    late_refund_penalty,
    legal_guarantee,
    marketplace,
    non_delivery_refund,
    oss,
    posted_policy,
    refund_amount,
    refund_deadline,
    refund_means,
    retention,
    return_deadline,
    vat_mention,
    voucher,
    withdrawal_exception,
    withdrawal_exercise,
    withdrawal_function,
    withdrawal_period,
)

Answer = dict[str, object]
Topic = Callable[[Facts, Place], Findings]

FRANCE = frozenset({"FR"})
UNION = frozenset({"FR", "DE", "EU"})
CALIFORNIA = frozenset({"US-CA"})
EVERYWHERE = frozenset({"FR", "DE", "EU", "UK", "CH", "US", "US-CA"})

# Each topic, the function that answers it, and the pages of law that state it.
TOPICS: dict[str, tuple[Topic, frozenset[str]]] = {
    "withdrawal_period": (withdrawal_period.answer, UNION | {"UK"}),
    "withdrawal_exercise": (withdrawal_exercise.answer, UNION),
    "withdrawal_exception": (withdrawal_exception.answer, UNION),
    "b2b_scope": (b2b_scope.answer, FRANCE),
    "b2c_scope": (b2c_scope.answer, EVERYWHERE),
    "refund_deadline": (refund_deadline.answer, UNION | {"UK"}),
    "return_deadline": (return_deadline.answer, UNION),
    "refund_amount": (refund_amount.answer, UNION | {"UK"}),
    "refund_means": (refund_means.answer, UNION),
    "late_refund_penalty": (late_refund_penalty.answer, FRANCE),
    "non_delivery_refund": (non_delivery_refund.answer, FRANCE),
    "withdrawal_function": (withdrawal_function.answer, UNION | {"UK"}),
    "legal_guarantee": (legal_guarantee.answer, frozenset({"FR", "DE", "CH", "UK"})),
    "conflict_of_laws": (conflict_of_laws.answer, UNION),
    "posted_policy": (posted_policy.answer, CALIFORNIA),
    "gift_card": (gift_card.answer, CALIFORNIA),
    "gift_voucher": (gift_voucher.answer, frozenset({"DE", "EU"})),
    "credit_note": (credit_note.answer, FRANCE),
    "vat_mention": (vat_mention.answer, FRANCE),
    "voucher": (voucher.answer, UNION),
    "oss": (oss.answer, UNION),
    "e_invoicing": (e_invoicing.answer, FRANCE),
    "customs": (customs.answer, UNION),
    "marketplace": (marketplace.answer, EVERYWHERE),
    "ancillary_contract": (ancillary_contract.answer, UNION),
    "commercial_return": (commercial_return.answer, FRANCE),
    "retention": (retention.answer, FRANCE),
}


def answer(case: object) -> Answer:
    """The legal answer to one case, as JSON; never raises, whatever the JSON value.

    ``case`` has ``jurisdiction``, ``topic``, ``facts`` and an ``id`` that is echoed.
    The answer has the topic's keys and ``rules``, ``references``, ``confidence`` and
    ``why``; or an ``error``: ``INVALID_INPUT``, ``NOT_COVERED``, ``FACT_MISSING`` or
    ``PARAMETER_UNKNOWN``, with the fact or parameter concerned.
    """
    if not isinstance(case, Mapping):
        return {"id": None} | _invalid("an object is expected")
    try:
        found = _answered(case)
    except InvalidFact as refusal:
        found = _invalid(str(refusal))
    except NotCovered:
        found = _not_covered(case)
    except FactMissing as missing:
        found = {"error": FactMissing.code, "fact": missing.fact}
    except ParameterUnknown as unknown:
        found = {"error": ParameterUnknown.code, "parameter": unknown.parameter}
    return {"id": case.get("id")} | found


def covers(jurisdiction: str, topic: str) -> bool:
    """True when the page of that jurisdiction states the topic."""
    place = place_named(jurisdiction)
    return place is not None and topic in TOPICS and place.page in TOPICS[topic][1]


def _answered(case: Mapping[str, object]) -> Answer:
    jurisdiction, topic = _name(case, "jurisdiction"), _name(case, "topic")
    facts = case.get("facts")
    if not isinstance(facts, Mapping):
        raise InvalidFact("facts", "an object")
    place = place_named(jurisdiction)
    if place is None or not covers(jurisdiction, topic):
        raise NotCovered(topic)
    zone = facts.get("consumer_time_zone")
    if zone is not None and not isinstance(zone, str):
        raise InvalidFact("consumer_time_zone", "an IANA time zone")
    read = Facts(facts, zone_named(zone or place.zone))
    return TOPICS[topic][0](read, place).outcome()


def _name(case: Mapping[str, object], key: str) -> str:
    value = case.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidFact(key, "a text")
    return value.strip()


def _invalid(detail: str) -> Answer:
    return {"error": InvalidFact.code, "detail": detail}


def _not_covered(case: Mapping[str, object]) -> Answer:
    return {
        "error": NotCovered.code,
        "jurisdiction": case.get("jurisdiction"),
        "topic": case.get("topic"),
    }
