"""What a policy may look at, and what it answers with.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol


class Verdict(StrEnum):
    """What a policy says of a request; the graver one of two wins."""

    APPROVE = "approve"
    REVIEW = "review"
    DECLINE = "decline"


GRAVITY = {Verdict.APPROVE: 0, Verdict.REVIEW: 1, Verdict.DECLINE: 2}


@dataclass(frozen=True)
class LineFacts:
    """One wished line. ``value_minor`` is the gross value of the pieces asked for."""

    key: str
    sku: str
    category: str
    quantity: int
    value_minor: int
    is_returnable: bool
    is_final_sale: bool
    reason: str
    is_our_fault: bool
    photos: int
    reason_needs_photo: bool


@dataclass(frozen=True)
class Facts:
    """A request as a policy sees it. Dates are calendar dates in the shop's time zone.

    ``delivered_on`` and ``dispatched_on`` are None when nobody knows them.
    ``is_whole_order`` says that nothing of the order would be left with the shopper.
    """

    asked_on: date
    ordered_on: date
    dispatched_on: date | None
    delivered_on: date | None
    country: str
    lines: tuple[LineFacts, ...]
    is_whole_order: bool


@dataclass(frozen=True)
class Finding:
    """One thing that a rule says: a verdict with its sentence code and numbers.

    ``line`` is the key of the line it is about, or empty for the whole request.
    """

    rule: str
    verdict: Verdict
    code: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    line: str = ""


@dataclass(frozen=True)
class Terms:
    """What is promised if the request goes through. None means that no rule said anything."""

    last_day: date | None = None
    restocking_fee_percent: int | None = None
    refunds_shipping: bool | None = None
    shopper_pays_return: bool | None = None
    pays_at: str | None = None
    pays_early_up_to_minor: int | None = None

    def completed_by(self, other: Terms) -> Terms:
        """These terms, with ``other`` filling in what they leave open."""
        return Terms(
            **{
                name: mine if mine is not None else getattr(other, name)
                for name, mine in vars(self).items()
            }
        )


class Rule(Protocol):
    """One kind of rule: a file in ``rules`` that offers these names as ``RULE``."""

    key: str
    sentences: Mapping[str, str]

    def read(self, settings: Mapping[str, Any]) -> Any:
        """The typed settings; raises ``ValueError`` for anything it does not understand."""
        ...

    def judge(self, settings: Any, facts: Facts) -> tuple[list[Finding], Terms]:
        """What the rule says of ``facts``. Total: it never raises."""
        ...
