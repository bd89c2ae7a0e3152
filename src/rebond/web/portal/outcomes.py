"""The choices on the preview: for each article what it becomes, as far as it is offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.policies.facts import DONATE, OUTCOMES, Terms
from rebond.domain.refunds.queries import Preview, Share
from rebond.domain.refunds.wished import bonus_for, flat_bonus_for, offered_for
from rebond.domain.returns.giving import given_in, strictest_proof
from rebond.kernel import formats
from rebond.outbound.telling.methods import way_word
from rebond.web.portal.drafts import Draft
from rebond.web.ui.words import active_language

SENTENCES = {
    "refund": lambda: _("My money back, the way I paid"),
    "gift_card": lambda: _("A gift card, its code by e-mail"),
    "exchange": lambda: _("Another size or colour: you choose it next"),
    "replacement": lambda: _("The same article again"),
    "repair": lambda: _("A repair: we mend it and send it back to you, free of charge"),
}


@dataclass(frozen=True)
class Option:
    """One thing that an article can become."""

    value: str
    label: str


@dataclass(frozen=True)
class Row:
    """One article with what is offered for it. ``chosen`` is one of the options' values."""

    line: OrderLine
    quantity: int
    options: tuple[Option, ...]
    chosen: str

    @property
    def offers_money(self) -> bool:
        """Whether money is among the options."""
        return any(option.value == "refund" for option in self.options)

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"outcome-{self.line.pk}"


@dataclass(frozen=True)
class Given:
    """Articles that go to one charity. ``proof`` is of ``DONATION_PROOFS``."""

    charity: str
    pieces: str
    proof: str


@dataclass(frozen=True)
class Part:
    """An amount with where it goes, as the preview lists them."""

    share: Share
    place: str


def rows_of(order: Order, draft: Draft, terms: Terms) -> list[Row]:
    """The articles for which there is a choice; none where everything is kept or is money."""
    if terms.keeps_goods:
        return []
    lines = {str(line.pk): line for line in order.lines.select_related("product")}
    given: dict[str, Any] = {
        "line_outcomes": terms.line_outcomes,
        "outcomes": terms.outcomes,
        "line_bonus_percents": terms.line_bonus_percents,
        "credit_bonus_percent": terms.credit_bonus_percent,
    }
    if order.currency == order.shop.currency:
        given["line_bonuses_minor"] = terms.line_bonuses_minor
        given["credit_bonus_minor"] = terms.credit_bonus_minor
    rows = []
    for key, wanted in draft.lines.items():
        if not wanted.quantity or key not in lines:
            continue
        options = tuple(_options(lines[key], wanted.quantity, given, order.currency))
        charity = (terms.charities or {}).get(key)
        if charity and not draft.changes:
            options += (Option(DONATE, _giving(charity[0])),)
        values = [option.value for option in options]
        chosen = wanted.outcome if wanted.outcome in values else ""
        if values not in ([], ["refund"]):
            rows.append(Row(lines[key], wanted.quantity, options, chosen))
    return rows


def take_outcomes(draft: Draft, posted: Mapping[str, Any]) -> bool:
    """Write what was chosen into ``draft``; whether anything is different now."""
    changed = False
    for key, line in draft.lines.items():
        outcome = posted.get(f"outcome-{key}", "")
        if line.quantity and outcome in {*OUTCOMES, DONATE} and outcome != line.outcome:
            line.outcome, changed = outcome, True
    return changed


def gifts_of(order: Order, draft: Draft, terms: Terms) -> list[Given]:
    """What goes to each charity, and what is wanted before its refund."""
    titles = {str(line.pk): line.title for line in order.lines.all()}
    by_charity: dict[tuple[str, ...], list[str]] = {}
    for key, charity in given_in(terms, draft.wishes(with_photos=False)).items():
        by_charity.setdefault(charity, []).append(key)
    return [
        Given(
            charity[0],
            ", ".join(f"{draft.lines[key].quantity} × {titles[key]}" for key in keys),
            strictest_proof(terms, keys),
        )
        for charity, keys in by_charity.items()
    ]


def parts_of(asked: Preview, titles: Mapping[str, str]) -> list[Part]:
    """Each amount with its place, money first."""
    return [
        Part(share, titles.get(share.payment, "") if share.payment else way_word(share.way))
        for share in asked.shares
    ]


def _options(
    line: OrderLine, quantity: int, terms: Mapping[str, Any], currency: str
) -> Iterator[Option]:
    for outcome in _money_first(offered_for(line.pk, terms)):
        if outcome == "replacement" and not _can_be_sent_again(line, quantity):
            continue
        if outcome == "store_credit":
            flat = flat_bonus_for(line.pk, terms)
            amount = formats.money(flat, currency, active_language()) if flat else ""
            yield Option(outcome, _credit(bonus_for(line.pk, terms), amount))
        else:
            yield Option(outcome, SENTENCES[outcome]())


def _money_first(offered: Sequence[str]) -> list[str]:
    """As the shop orders them, with money before any credit. Source: C. conso. L221-24 al. 3."""
    credits = [one for one in offered if one in {"store_credit", "gift_card"}]
    return [one for one in offered if one not in credits] + credits


def _giving(charity: str) -> str:
    return _("My money back, and I give the article to {charity}").format(charity=charity)


def _can_be_sent_again(line: OrderLine, quantity: int) -> bool:
    product = line.product
    if product is None:
        return False
    on_hand = product.stock_on_hand
    return on_hand is None or on_hand - product.stock_held >= quantity


def _credit(percent: int, amount: str) -> str:
    """``amount`` is given once for the whole request; empty for none."""
    if percent and amount:
        said = _("Store credit, worth {percent} % more, and {amount} on top once")
    elif percent:
        said = _("Store credit, worth {percent} % more")
    elif amount:
        said = _("Store credit, with {amount} on top once")
    else:
        said = _("Store credit")
    return said.format(percent=percent, amount=amount)
