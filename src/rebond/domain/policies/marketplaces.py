"""What marketplaces ask of their sellers, as rules for orders of their channel.  (pure)

Each entry says where it was read, when, and how sure that is. Marketplaces change their terms
without telling: look at the page before you rely on it. One whose terms could not be found is not
here. The law's days come first in any case, and the longer of both counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Marketplace:
    """``rules`` are meant for orders whose channel is ``key``.

    ``reply_hours`` and ``reply_business_days`` are the seller's time to answer a request,
    ``refund_business_days`` the time to pay after the goods are there; None where none is told.
    ``seen_on`` is the day of the look-up, ``confidence`` ``medium`` or ``low``.
    """

    key: str
    title: str
    source: str
    seen_on: date
    confidence: str
    rules: tuple[Mapping[str, Any], ...]
    reply_hours: int | None = None
    reply_business_days: int | None = None
    refund_business_days: int | None = None


def _on(channel: str, **rule: Any) -> dict[str, Any]:
    return {**rule, "when": {"channels": [channel]}}


MARKETPLACES = (
    Marketplace(
        "amazon",
        "Amazon",
        "https://sellercentral.amazon.fr/gp/help/external/202188830",
        date(2026, 11, 21),
        "medium",
        (
            _on("amazon", id="Amazon: 30 days", kind="window", days=30),
            _on("amazon", id="Amazon: paid on arrival", kind="release", pays_at="receipt"),
        ),
        reply_hours=24,
        refund_business_days=2,
    ),
    Marketplace(
        "ebay",
        "eBay",
        "https://www.ebay.fr/help/selling/managing-returns-refunds/handling-return-requests?id=4115",
        date(2026, 11, 21),
        "medium",
        (
            _on("ebay", id="eBay: 14 days", kind="window", days=14, to_business_day=True),
            _on("ebay", id="eBay: paid on arrival", kind="release", pays_at="receipt"),
        ),
        reply_business_days=3,
        refund_business_days=2,
    ),
    Marketplace(
        "manomano",
        "ManoMano",
        "https://faq.manomano.com/hc/en-gb/articles/360000487367",
        date(2026, 11, 21),
        "medium",
        (
            _on("manomano", id="ManoMano: 14 days", kind="window", days=14, to_business_day=True),
            _on("manomano", id="ManoMano: way back", kind="return_cost", paid_by="shopper"),
        ),
        reply_business_days=2,
    ),
    Marketplace(
        "zalando",
        "Zalando",
        "https://returnspolicy.info/zalando-return-policy",
        date(2026, 11, 21),
        "low",
        (
            _on("zalando", id="Zalando: 30 days", kind="window", days=30),
            _on("zalando", id="Zalando: free way back", kind="return_cost", paid_by="shop"),
        ),
    ),
)


def rules_for(key: str, own: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules of marketplace ``key`` for a policy whose rules are ``own``.

    A customer of the marketplace is not given fewer days than the shop's other customers: a
    window of ``own`` that holds for everybody and is longer takes the place of the shorter one.
    Raises ``KeyError`` for a marketplace that is not here.
    """
    found = {one.key: one for one in MARKETPLACES}[key]
    days = [r["days"] for r in own if r.get("kind") == "window" and "days" in r and "when" not in r]
    most = max(days, default=0)
    return [
        {**rule, "days": max(rule["days"], most)} if rule["kind"] == "window" else dict(rule)
        for rule in found.rules
    ]
