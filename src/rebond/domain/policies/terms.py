"""Joins what rules offer for each line into the terms of the request.  (pure)"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rebond.domain.policies.facts import Facts, Offer, Terms
from rebond.domain.policies.rules.release import PAYS_AT

EARLIEST = {event: place for place, event in enumerate(PAYS_AT)}


def joined(facts: Facts, offers: Mapping[str, Offer]) -> Terms:
    """The terms of a request whose lines were offered ``offers``, by their keys.

    Where lines differ: the earliest last day, the latest event that pays and its longest wait;
    the shop pays the parcel if it does for one line; an outcome or a way back is offered if it is
    for all, and costs no more than for the cheapest.
    """
    if not offers:
        return Terms()
    lines = list(offers.values())
    first = lines[0]
    if len(lines) == 1 or all(line == first for line in lines[1:]):
        lines = [first]
    percents = {
        key: offer["fee_percent"] for key, offer in offers.items() if "fee_percent" in offer
    }
    kept = {key: percent for key, percent in percents.items() if percent}
    keeps_goods = all(offer.get("keeps_goods", False) for offer in lines) or None
    return Terms(
        last_day=min(_all(lines, "last_day"), default=None),
        restocking_fee_percent=max(percents.values(), default=None),
        refunds_shipping=_every(lines, "refunds_shipping"),
        shopper_pays_return=_every(lines, "shopper_pays_return"),
        pays_at="approval"
        if keeps_goods
        else max(_all(lines, "pays_at"), key=EARLIEST.__getitem__, default=None),
        pays_early_up_to_minor=0 if keeps_goods else _least_ceiling(lines),
        wait_days=max(_all(lines, "wait_days"), default=None),
        fee_percents=kept or None,
        fee_minor=max(_all(lines, "fee_minor"), default=None),
        fee_cap_minor=min(_all(lines, "fee_cap_minor"), default=None),
        outcomes=_common(lines, "outcomes"),
        credit_bonus_percent=min(_all(lines, "credit_bonus_percent"), default=None),
        credit_bonus_minor=min(_all(lines, "credit_bonus_minor"), default=None),
        line_outcomes=_by_line(offers, "outcomes"),
        line_bonus_percents=_by_line(offers, "credit_bonus_percent"),
        line_bonuses_minor=_by_line(offers, "credit_bonus_minor"),
        keep_percents=_by_line(offers, "keep_percent"),
        keep_caps_minor=_by_line(offers, "keep_cap_minor"),
        keeps_goods=keeps_goods,
        send_to=_same(lines, "send_to"),
        methods=_common(lines, "methods"),
        method_fees=_least_fees(lines),
        grade_shares=_by_line(offers, "grade_shares"),
        graded_by=_by_line(offers, "graded_by"),
        share_claims=_by_line(offers, "share_claim"),
        **({} if keeps_goods else _donations(offers)),
    )


def for_sent(terms: Terms, given: Collection[str]) -> Terms:
    """The terms of what is sent back, when the lines ``given`` go to a charity."""
    if not given or not terms.fee_percents:
        return terms
    percents = {key: kept for key, kept in terms.fee_percents.items() if key not in given}
    highest = max(percents.values(), default=0)
    return replace(terms, fee_percents=percents, restocking_fee_percent=highest)


def for_given(terms: Terms) -> Terms:
    """The terms of what goes to a charity: it bears no fee, for nothing is put on a shelf again."""
    return replace(
        terms, fee_percents=None, restocking_fee_percent=None, fee_minor=None, fee_cap_minor=None
    )


def _donations(offers: Mapping[str, Offer]) -> dict[str, Any]:
    """Who may be given what, where a charity is named for a line."""
    named = {key: offer for key, offer in offers.items() if offer.get("charity")}
    if not named:
        return {}
    return {
        "charities": {key: offer["charity"] for key, offer in named.items()},
        "donation_proofs": {key: offer["donation_proof"] for key, offer in named.items()},
    }


def _least_fees(lines: Sequence[Offer]) -> dict[str, int] | None:
    """The fee of each way where every line has one; a line without a rule costs nothing."""
    fees = [offer.get("method_fees") or {} for offer in lines]
    if not all(fees):
        return None
    named = [name for name in fees[0] if all(name in other for other in fees)]
    return {name: min(other[name] for other in fees) for name in named} or None


def _by_line(offers: Mapping[str, Offer], name: str) -> dict[str, Any] | None:
    return {key: offer[name] for key, offer in offers.items() if name in offer} or None


def _all(lines: Sequence[Offer], name: str) -> list[Any]:
    return [offer[name] for offer in lines if name in offer]


def _every(lines: Sequence[Offer], name: str) -> bool | None:
    found = _all(lines, name)
    return all(found) if found else None


def _least_ceiling(lines: Sequence[Offer]) -> int | None:
    found = _all(lines, "pays_early_up_to_minor")
    return min((ceiling for ceiling in found if ceiling), default=0) if found else None


def _common(lines: Sequence[Offer], name: str) -> tuple[str, ...] | None:
    found = _all(lines, name)
    if not found:
        return None
    return tuple(word for word in found[0] if all(word in other for other in found))


def _same(lines: Sequence[Offer], name: str) -> tuple[str, ...] | None:
    if any(offer.get(name) != lines[0].get(name) for offer in lines):
        return None
    return lines[0].get(name) or None
