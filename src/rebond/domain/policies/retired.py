"""A kind of rule that says four things at once, written anew as the four that own them.  (pure)

Versions that were published with it stay as they are and are judged as they were; only what is
drafted from now on is written in the kinds ``fee``, ``return_cost``, ``release`` and
``delivery_costs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.engine import LONGEST_ID, Policy
from rebond.domain.policies.rules import delivery_costs, fee, refund_terms, release, return_cost

KIND = refund_terms.RULE.key
RETIRED = frozenset({KIND})
"""Kinds that are read, and offered nowhere."""
ABOUT = ("note", "when", "unless")


@dataclass(frozen=True)
class UsualTerms:
    """What a policy promises to everybody, conditions apart; see ``policies.facts.Terms``."""

    fee_percent: int
    shopper_pays_return: bool
    pays_at: str
    pays_early_up_to_minor: int


def without_retired(document: Mapping[str, Any]) -> dict[str, Any]:
    """The readable ``document`` without retired kinds, deciding as it did.

    What a retired rule left open stays open: its parts follow all others, in their order. A part
    that changes nothing, for want of any other of its kind, is left out.
    """
    rules = [dict(rule) for rule in document["rules"]]
    old = [rule for rule in rules if rule["kind"] == KIND]
    if not old:
        return dict(document)
    kept = [rule for rule in rules if rule["kind"] != KIND]
    keeps_fees = any(rule.get("restocking_fee_percent") for rule in old)
    taken = {rule["id"] for rule in rules if "id" in rule}
    taken |= {rule["kind"] for rule in rules if "id" not in rule}
    for rule in old:
        for part in _parts(rule, with_fee=keeps_fees):
            about = {name: rule[name] for name in ABOUT if name in rule}
            kept.append({"id": _free(part["kind"], taken), **part, **about})
    return {**document, "rules": kept}


def usual_terms(policy: Policy, *, is_foreign_currency: bool = False) -> UsualTerms:
    """What ``policy`` promises where nothing special is known of a request.

    Of each kind the last rule without a condition counts, or else the last one; what no rule of a
    finer kind says is said by the retired one, and by its defaults where there is none. With
    ``is_foreign_currency`` amounts count as they do for an order in another currency.
    """
    abroad = is_foreign_currency
    whole = usual(policy, KIND, abroad=abroad) or refund_terms.RULE.read({})
    paid_by = usual(policy, return_cost.RULE.key)
    payout = usual(policy, release.RULE.key, abroad=abroad) or whole
    fees = [use.settings.percent for use in policy.uses if use.rule.key == fee.RULE.key]
    return UsualTerms(
        fee_percent=max([whole.restocking_fee_percent, *fees]),
        shopper_pays_return=paid_by.paid_by == "shopper" if paid_by else whole.shopper_pays_return,
        pays_at=payout.pays_at,
        pays_early_up_to_minor=payout.pays_early_up_to_minor,
    )


def usual(policy: Policy, kind: str, *, abroad: bool = False) -> Any:
    """The settings of the last rule of ``kind`` that holds always, else of the last one.

    None where there is no such rule.
    """
    uses = [use for use in policy.uses if use.rule.key == kind]
    always = [use for use in uses if use.reach.is_always]
    if not uses:
        return None
    chosen = (always or uses)[-1]
    return chosen.abroad if abroad else chosen.settings


def _parts(rule: Mapping[str, Any], *, with_fee: bool) -> Iterator[dict[str, Any]]:
    values = {one.name: rule.get(one.name, one.default) for one in refund_terms.RULE.settings}
    if with_fee:
        yield {"kind": fee.RULE.key, "percent": values["restocking_fee_percent"]}
    paid_by = "shopper" if values["shopper_pays_return"] else "shop"
    yield {"kind": return_cost.RULE.key, "paid_by": paid_by}
    payout = {"kind": release.RULE.key, "pays_at": values["pays_at"]}
    if values["pays_early_up_to_minor"]:
        payout["pays_early_up_to_minor"] = values["pays_early_up_to_minor"]
    yield payout
    yield {"kind": delivery_costs.RULE.key, "refunded": values["refunds_shipping"]}


def _free(wanted: str, taken: set[str]) -> str:
    name, n = wanted, 2
    while name in taken:
        name, n = f"{wanted[: LONGEST_ID - 5]}-{n}", n + 1
    taken.add(name)
    return name
