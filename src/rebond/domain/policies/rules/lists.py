"""Customers, orders and articles that are trusted, or looked at.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import Setting, choice, read_settings, words
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """``customers`` are the shop's own keys or fingerprints of addresses, ``orders`` numbers.

    ``say``: ``approve`` for a list of the trusted, else what happens to those listed.
    """

    customers: tuple[str, ...]
    orders: tuple[str, ...]
    skus: tuple[str, ...]
    say: str
    listed: frozenset[str]


def _customers() -> Setting:
    plain = words("customers")

    def parse(value: Any) -> tuple[str, ...]:
        names: tuple[str, ...] = plain.parse(value)
        if any("@" in name for name in names):
            raise ValueError("an e-mail address stands here by its fingerprint only")
        return names

    return Setting("customers", parse, (), plain.schema)


class Lists:
    """Lifts looks for those who are trusted; sends others to a person, or declines."""

    key = "lists"
    is_first_match = False
    settings = (
        _customers(),
        words("orders"),
        words("skus"),
        choice("say", among=("approve", "review", "decline"), default="review"),
    )
    sentences = {
        "listed": gettext_noop("We look at this return ourselves before we confirm."),
        "listed_declined": gettext_noop("We do not take “{sku}” back in this case."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """The three lists and what they mean."""
        values = read_settings(self.settings, settings)
        return Settings(**values, listed=frozenset(values["customers"]))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each line that is on a list."""
        whole = not settings.listed.isdisjoint(facts.shopper_marks) or (
            facts.order_number in settings.orders
        )
        hit = [line for line in lines if whole or line.sku in settings.skus]
        if not hit:
            return (), {}
        if settings.say == "approve":
            return (), {"is_trusted": frozenset(line.key for line in hit)}
        if settings.say == "review":
            return [Finding(self.key, Verdict.REVIEW, "listed", {}, line.key) for line in hit], {}
        return [
            Finding(self.key, Verdict.DECLINE, "listed_declined", {"sku": line.sku}, line.key)
            for line in hit
        ], {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A list that declines withdrawals or faulty goods."""
        if settings.say == "decline":
            yield from reach.refused_withdrawal("withdrawal_refused")


RULE = Lists()
