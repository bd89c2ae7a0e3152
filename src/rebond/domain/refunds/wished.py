"""The ways that a shopper chose, line by line, as far as the terms of the return offer them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rebond.domain.policies.facts import GOODS_INSTEAD, NO_MONEY
from rebond.domain.refunds.ways import (
    EXCHANGE,
    THE_WAY_BACK,
    Channel,
    ChosenWay,
    LinesWay,
    Way,
    Yes,
    way_of_gift,
)
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper

DESTINATIONS = {Way.STORE_CREDIT: "shopper", Way.GIFT_CARD: "new"}
"""How the plugs of the ways that a shopper may choose name whom the value is for."""

CHANNELS = {"phone": Channel.PHONE, "staff": Channel.PHONE, "counter": Channel.COUNTER}
"""How the shopper chose where somebody of the team filed the return."""

PERCENT = re.compile(r"\?bonus=([0-9]+)", re.ASCII)

Outcomes = Mapping[UUID, str]


def wished_way(rma: Return) -> ChosenWay:
    """How the money of ``rma`` goes: each line the way that was chosen for it.

    Goods instead of money are the exchange's matter; where none are held, that money goes back
    the way it came.
    """
    if rma.order is None:
        return THE_WAY_BACK
    if rma.is_gift:
        assert rma.shopper is not None
        return way_of_gift(rma.gift_paid_as, shopper_id=rma.shopper.pk, email=rma.shopper.email)
    outcomes: dict[UUID, str] = {}
    for line in rma.lines.all():
        if line.order_line_id is None:
            continue
        wish = "refund" if line.outcome in NO_MONEY else line.outcome
        is_new = outcomes.setdefault(line.order_line_id, wish) == wish
        outcomes[line.order_line_id] = wish if is_new else "refund"
    terms, channel = rma.terms.get("terms") or {}, CHANNELS.get(rma.origin, Channel.LINK)
    return ways_of(outcomes, terms, rma.order.shopper, channel=channel)


def ways_of(
    outcomes: Outcomes,
    terms: Mapping[str, Any],
    shopper: Shopper,
    *,
    channel: Channel = Channel.LINK,
) -> ChosenWay:
    """The ways of ``outcomes``, by the id of the order's line; what is not offered is money.

    ``channel`` is how the shopper said yes to them.

    One way for all carries the delivery costs too. In a mix they go back the way they came.
    Source: C. conso. L221-24 al. 3.
    """
    lines: dict[tuple[str, int], set[UUID]] = {}
    for line, outcome in outcomes.items():
        lines.setdefault(_way_of(line, outcome, terms), set()).add(line)
    yes = Yes(channel, shopper.email or shopper.name or str(shopper.pk))
    if len(lines) == 1:
        ((way, bonus),) = lines
        if way in DESTINATIONS:
            to = _destination(way, bonus, shopper)
            more = _flat_bonus(outcomes, terms) if way == Way.STORE_CREDIT else 0
            return ChosenWay(
                Way(way), destination=to, bonus_percent=bonus, yes=yes, bonus_minor=more
            )
    return ChosenWay(
        lines=tuple(
            LinesWay(way, frozenset(mine), _destination(way, bonus, shopper), yes, bonus)
            for (way, bonus), mine in lines.items()
            if way != Way.ORIGINAL
        ),
        bonus_minor=_flat_bonus(outcomes, terms),
    )


def bonus_for(line: UUID, terms: Mapping[str, Any]) -> int:
    """The percent that store credit for this line is worth more."""
    by_line = terms.get("line_bonus_percents") or {}
    return int(by_line.get(str(line), terms.get("credit_bonus_percent") or 0))


def flat_bonus_for(line: UUID, terms: Mapping[str, Any]) -> int:
    """What store credit for this line is worth more, once for the return; in minor units."""
    by_line = terms.get("line_bonuses_minor") or {}
    return int(by_line.get(str(line), terms.get("credit_bonus_minor") or 0))


def offered_for(line: UUID, terms: Mapping[str, Any]) -> tuple[str, ...]:
    """What may be chosen for this line; money alone where the terms say nothing."""
    by_line = terms.get("line_outcomes") or {}
    return tuple(by_line.get(str(line)) or terms.get("outcomes") or ("refund",))


def bonus_in(destination: str) -> int:
    """The percent on top that a destination of ours asks for."""
    found = PERCENT.search(destination)
    return int(found[1]) if found else 0


def with_flat_bonus(destination: str, minor: int) -> str:
    """``destination``, asking for so much more on top, in minor units."""
    if not minor:
        return destination
    return f"{destination}{'&' if '?' in destination else '?'}plus={minor}"


def _flat_bonus(outcomes: Outcomes, terms: Mapping[str, Any]) -> int:
    """The highest that one of the lines for credit is offered: it is given once for all."""
    return max(
        (
            flat_bonus_for(line, terms)
            for line, outcome in outcomes.items()
            if outcome == Way.STORE_CREDIT and outcome in offered_for(line, terms)
        ),
        default=0,
    )


def _way_of(line: UUID, outcome: str, terms: Mapping[str, Any]) -> tuple[str, int]:
    if outcome not in offered_for(line, terms):
        return Way.ORIGINAL.value, 0
    if outcome in GOODS_INSTEAD:
        return EXCHANGE, 0
    if outcome not in DESTINATIONS:
        return Way.ORIGINAL.value, 0
    return outcome, bonus_for(line, terms) if outcome == Way.STORE_CREDIT else 0


def _destination(way: str, bonus: int, shopper: Shopper) -> str:
    if way not in DESTINATIONS:
        return ""
    return f"{DESTINATIONS[Way(way)]}:{shopper.pk}" + (f"?bonus={bonus}" if bonus else "")
