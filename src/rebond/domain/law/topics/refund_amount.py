"""How much is refunded after a withdrawal, and what may be deducted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rebond.domain.law.facts import FactMissing, Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.money import spread
from rebond.domain.law.places import Place
from rebond.domain.law.withdrawal import depreciation_claim, standard_delivery_part

PER_ITEM = re.compile(r"\s*([0-9]{1,9}) per item\s*", re.ASCII)
FLAT = re.compile(r"\s*flat ([0-9]{1,9}) per order\s*", re.ASCII)
NECESSARY = ("necessary", "as in a shop", "what is necessary", "within what is necessary")


@dataclass(frozen=True, slots=True)
class Basket:
    """The items of an order: full prices and order discount in minor units, by item id."""

    prices: dict[str, int]
    discounts: dict[str, int]
    returned: tuple[str, ...]

    def paid(self, items: tuple[str, ...]) -> int:
        return sum(self.prices[item] - self.discounts[item] for item in items)

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(item for item in self.prices if item not in self.returned)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: refund and its parts, the claim for loss of value, the order's discount."""
    if place.page == "UK":
        return Findings(place).ask(facts, _british)
    partial = facts.has("items")
    return Findings(place).ask(
        facts,
        _restocking,
        _postage,
        _loss_of_value,
        _goods_of_basket if partial else _goods,
    )


def _restocking(found: Findings, facts: Facts) -> None:
    if facts.whole("restocking_fee_in_terms_percent") is None:
        return
    found.cite("FR-WD-16")
    found.because("restocking_void")
    found.give(restocking_fee_allowed=False)


def _postage(found: Findings, facts: Facts) -> None:
    postage = facts.amount("return_postage_paid_by_consumer")
    if postage is None:
        return
    found.cite("FR-WD-15")
    told = facts.flag("consumer_informed_he_bears_return_cost", default=True)
    found.because("return_cost_told" if told else "return_cost_not_told")
    found.give(return_postage_refunded=0 if told else postage)


def _loss_of_value(found: Findings, facts: Facts) -> None:
    gentle = facts.flag("tested_as_in_shop") or facts.flag("opened_box")
    if not (gentle or facts.has("market_value_after") or facts.has("worn_for_days")):
        return
    found.cite("FR-WD-17")
    found.give(deduction_from_refund_allowed=found.place.page == "DE")
    if found.place.is_french:
        found.give(automatic_deduction_allowed=False)
    claim = _claim(facts)
    found.give(max_depreciation_claim=claim)
    if found.place.page == "DE":
        found.cite("DE-02")
        found.give(max_deduction=claim)
    if claim == 0:
        _explain_no_claim(found, facts)
        found.give(depreciation_claim=0)
        return
    found.doubt("medium")
    found.because("claim_needs_a_person")
    found.give(decision="manual, with evidence and notice to the consumer")


def _explain_no_claim(found: Findings, facts: Facts) -> None:
    informed = _informed(facts)
    found.because("handling_not_excessive" if informed else "not_informed")


def _claim(facts: Facts) -> int:
    if not _informed(facts) or not _excessive(facts):
        return 0
    before = facts.amount("market_value_before")
    price = facts.amount("goods")
    before = price if before is None else before
    if before is None:
        raise FactMissing("market_value_before")
    return depreciation_claim(
        before if price is None else price,
        value_before=before,
        value_after=facts.the_amount("market_value_after"),
        informed=True,
        excessive=True,
    )


def _informed(facts: Facts) -> bool:
    told = facts.flag("consumer_informed_of_withdrawal_right", default=True)
    return told and facts.flag("information_given", default=True)


def _excessive(facts: Facts) -> bool:
    handling = facts.text("handling")
    if handling is not None:
        return handling.strip().lower() not in NECESSARY
    if facts.flag("tested_as_in_shop"):
        return False
    if facts.whole("worn_for_days"):
        return True
    return facts.has("market_value_after") and not facts.flag("opened_box")


def _goods(found: Findings, facts: Facts) -> None:
    goods = facts.the_amount("goods")
    if not facts.flag("full_withdrawal", default=True):
        raise FactMissing("returned")
    delivery = _delivery_part(found, facts)
    _give_refund(found, facts, goods, delivery)


def _delivery_part(found: Findings, facts: Facts) -> int:
    paid = facts.amount("delivery_paid") or 0
    chosen = facts.flag("consumer_chose_mode_expressly")
    offered = facts.flag("standard_delivery_offered", default=True)
    standard_price = facts.amount("standard_delivery_price")
    if paid and chosen and offered and standard_price is None:
        raise FactMissing("standard_delivery_price")
    part = standard_delivery_part(
        paid, standard_price=standard_price if offered else None, chosen_expressly=chosen
    )
    if part < paid:
        found.because("delivery_supplement", supplement=paid - part)
    if chosen or facts.text("delivery_mode") == "express":
        found.cite("FR-WD-14")
    found.give(not_refunded_supplement=paid - part)
    return part


def _give_refund(found: Findings, facts: Facts, goods: int, delivery: int) -> None:
    found.cite("FR-WD-13")
    if found.place.page == "DE":
        found.cite("DE-02")
    fee = facts.amount("payment_fee") or 0
    postage = found.keys.get("return_postage_refunded", 0)
    total = goods + delivery + fee + (postage if isinstance(postage, int) else 0)
    found.give(refund=total, delivery_refunded=delivery)


def _goods_of_basket(found: Findings, facts: Facts) -> None:
    basket = _basket(facts)
    found.cite("FR-WD-19")
    found.doubt("medium")
    if any(basket.discounts.values()):
        found.because("discount_spread")
    found.give(
        discount_allocation=basket.discounts,
        kept_value=basket.paid(basket.kept),
        retroactive_delivery_charge=0,
    )
    delivery = _delivery_of_basket(found, facts, basket)
    _give_refund(found, facts, basket.paid(basket.returned), delivery)


def _basket(facts: Facts) -> Basket:
    items = facts.parts("items") or []
    prices = {item.the_text("id"): item.the_amount("price") for item in items}
    if not prices or len(prices) < len(items):
        raise InvalidFact("items", "items with an id of their own")
    discount = facts.amount("order_discount") or 0
    if discount > sum(prices.values()):
        raise InvalidFact("order_discount", "at most the price of the items")
    return Basket(prices, spread(discount, prices), _returned(facts, prices))


def _returned(facts: Facts, prices: dict[str, int]) -> tuple[str, ...]:
    if not facts.has("returned") and facts.flag("full_withdrawal"):
        return tuple(prices)
    returned = facts.the_list("returned")
    if any(not isinstance(item, str) or item not in prices for item in returned):
        raise InvalidFact("returned", "ids of the items")
    return tuple(dict.fromkeys(str(item) for item in returned))


def _delivery_of_basket(found: Findings, facts: Facts, basket: Basket) -> int:
    part = _delivery_part(found, facts)
    if part == 0 or not basket.kept or not basket.returned:
        return part if basket.returned else 0
    kept = _delivery_of_kept(facts, basket, part)
    found.doubt("low")
    found.because("delivery_differential", kept=kept)
    return max(0, part - kept)


def _delivery_of_kept(facts: Facts, basket: Basket, part: int) -> int:
    """What standard delivery of the kept items would have cost, in minor units."""
    threshold = facts.amount("free_delivery_threshold")
    if threshold is not None and basket.paid(basket.kept) >= threshold:
        return 0
    tariff = (facts.text("delivery_tariff") or "").lower()
    if each := PER_ITEM.fullmatch(tariff):
        return int(each[1]) * len(basket.kept)
    if flat := FLAT.fullmatch(tariff):
        return int(flat[1])
    standard = facts.amount("standard_delivery_price")
    if tariff or standard is None:
        raise FactMissing("delivery_tariff")
    return min(standard, part)


def _british(found: Findings, facts: Facts) -> None:
    found.cite("UK-03")
    goods = facts.the_amount("goods")
    if facts.has("handling") or facts.has("market_value_after"):
        claim = _claim(facts)
        found.give(max_deduction=claim, deduction_from_refund_allowed=claim > 0)
        if claim:
            return
        _explain_no_claim(found, facts)
    delivery = _delivery_part(found, facts)
    found.give(refund=goods + delivery, delivery_refunded=delivery)
