"""What a policy may look at, and what it answers with.  (pure)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from rebond.domain.policies.settings_reading import Setting


class Verdict(StrEnum):
    """What a policy says of a request; the graver one of two wins."""

    APPROVE = "approve"
    REVIEW = "review"
    DECLINE = "decline"


GRAVITY = {Verdict.APPROVE: 0, Verdict.REVIEW: 1, Verdict.DECLINE: 2}

OUTCOMES = ("refund", "store_credit", "gift_card", "exchange", "replacement", "repair")
"""What a shopper may ask for each article, as far as the product can carry it out."""

METHODS = ("own_carrier", "prepaid_label", "drop_off", "pickup", "counter")
"""How goods may travel back: a carrier of the shopper's own, a label of the shop, a label of the
shop handed in at a point, a label of the shop with a carrier who comes to the door, the shop's own
counter."""

GOODS_INSTEAD = frozenset({"exchange", "replacement"})
"""Outcomes that bring other goods: another size or colour, or the same article again."""

REPAIR = "repair"
"""The outcome by which the same piece is mended and comes back to the shopper."""

DONATE = "donate"
"""The outcome by which the money comes back and the goods go to a charity; rules see a refund."""

NO_MONEY = GOODS_INSTEAD | {REPAIR}
"""Outcomes for which no money is wished."""

DONATION_PROOFS = ("none", "word", "photo")
"""What a shopper may be asked for, who gives the goods to a charity; a photo is of its receipt."""

LEVELS = ("none", "look", "careful")
"""How closely a person should look at a request, by what is known of it beforehand."""

LIMITS = ("review_always", "after_inspection", "no_keep_it", "no_credit_bonus")
"""What a person may take from a shopper for a while, beyond what the law gives."""

QUESTIONS = ("tags_on", "seal_intact", "original_packaging", "unused", "complete")
"""What a shopper may be asked about the condition of an article."""


INCOMPLETE = "incomplete"
"""Beside the grades: parts of the article are missing."""


class Ground(StrEnum):
    """On what a claim stands; it may stand on several, and the kindest decides.

    ``TRANSPORT``: the goods were damaged on their way to the shopper (C. conso. L216-2; Dir.
    2011/83/EU art. 20). ``HIDDEN``: a fault that shows after the legal guarantee, up to twenty
    years from the sale (C. civ. 1641, 1648, 2232). Source: docs/reference/law.md.
    """

    WITHDRAWAL = "statutory_withdrawal"
    GUARANTEE = "legal_guarantee"
    TRANSPORT = "transport_damage"
    HIDDEN = "hidden_defect"
    COMMERCIAL = "commercial_return"


@dataclass(frozen=True)
class LineFacts:
    """One wished line. ``value_minor`` is the gross value of the pieces asked for.

    ``tags`` are the product's. ``answers`` maps what was asked about the condition to ``yes``
    or ``no``; what was not answered is absent. ``is_defect`` says that the reason is a fault of
    the goods themselves; ``guaranteed_until`` is then the last day of the legal guarantee as ISO
    text, empty where the shopper has none. ``is_in_transit``: it happened on the way to the
    shopper, which is the shop's risk.
    """

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
    tags: tuple[str, ...] = ()
    outcome: str = "refund"
    answers: Mapping[str, str] = field(default_factory=dict)
    is_defect: bool = False
    guaranteed_until: str = ""
    is_in_transit: bool = False


@dataclass(frozen=True)
class Facts:
    """A request as a policy sees it. Dates are calendar dates in the shop's time zone.

    ``delivered_on`` and ``dispatched_on`` are None when nobody knows them.
    ``is_whole_order`` says that nothing of the order would be left with the shopper.
    ``shopper_marks`` name the shopper without saying who it is: the shop's own key, and the
    fingerprint of the address (see ``documents.fingerprint_of``). ``earlier_returns_on`` are the
    days of the shopper's other returns that stand, ``order_returns`` counts those of this order.
    ``level`` is one of ``LEVELS``; ``limits`` are those of ``LIMITS`` that hold for the shopper.
    ``is_gift`` says that not the buyer asks, but who got the goods as a present.
    ``is_foreign_currency``: the amounts are in another currency than the shop's, in which a policy
    names its own; without a rate no rule adds or compares the two.
    """

    asked_on: date
    ordered_on: date
    dispatched_on: date | None
    delivered_on: date | None
    country: str
    lines: tuple[LineFacts, ...]
    is_whole_order: bool
    order_number: str = ""
    channel: str = "web"
    is_business: bool = False
    shopper_tags: tuple[str, ...] = ()
    shopper_marks: tuple[str, ...] = ()
    earlier_returns_on: tuple[date, ...] = ()
    order_returns: int = 0
    level: str = "none"
    limits: tuple[str, ...] = ()
    is_gift: bool = False
    is_foreign_currency: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing that a rule says: a verdict with its sentence code and numbers.

    ``rule`` is the kind, ``id`` the rule of the document. ``line`` is the key of the line it is
    about, or empty for the whole request.
    """

    rule: str
    verdict: Verdict
    code: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    line: str = ""
    id: str = ""


@dataclass(frozen=True)
class Terms:
    """What is promised if the request goes through. None means that no rule said anything.

    ``fee_percents`` maps the key of a line to the whole percent of it that is kept;
    ``restocking_fee_percent`` is the highest of them. ``fee_minor`` is kept once, and all fees
    together never pass ``fee_cap_minor``. ``wait_days`` are days between ``pays_at`` and the
    payout. ``outcomes`` are offered for every line, in this order; ``line_outcomes`` and
    ``line_bonus_percents`` say by the key of a line what is offered for it, as does
    ``line_bonuses_minor`` for what is added to store credit once for the return. With
    ``keeps_goods`` nothing is sent back. ``keep_percents`` and ``keep_caps_minor`` say by the key
    of a line which part of its price is offered for keeping it instead. ``send_to`` is the address
    of the parcel, line by line. ``charities`` say by the key of a line to whom it may be given
    instead of being sent back (the name, then the address), and ``donation_proofs`` which of
    ``DONATION_PROOFS`` is wanted before its refund.
    ``methods`` are the ways back on offer, in this order, and ``method_fees`` what one of them
    costs the shopper, in minor units. ``grade_shares`` say by the key of a line which percentage
    of its price is refunded for each grade of the inspection, and at most where parts are missing
    (``INCOMPLETE``); ``graded_by`` is the id of the rule that says so, and ``share_claims`` names
    the lines whose consumer may withdraw, with such a rule or without: there a person claims the
    loss, with evidence.
    """

    last_day: date | None = None
    restocking_fee_percent: int | None = None
    refunds_shipping: bool | None = None
    shopper_pays_return: bool | None = None
    pays_at: str | None = None
    pays_early_up_to_minor: int | None = None
    wait_days: int | None = None
    fee_percents: Mapping[str, int] | None = None
    fee_minor: int | None = None
    fee_cap_minor: int | None = None
    outcomes: tuple[str, ...] | None = None
    credit_bonus_percent: int | None = None
    credit_bonus_minor: int | None = None
    line_outcomes: Mapping[str, tuple[str, ...]] | None = None
    line_bonus_percents: Mapping[str, int] | None = None
    line_bonuses_minor: Mapping[str, int] | None = None
    keep_percents: Mapping[str, int] | None = None
    keep_caps_minor: Mapping[str, int] | None = None
    keeps_goods: bool | None = None
    send_to: tuple[str, ...] | None = None
    charities: Mapping[str, tuple[str, ...]] | None = None
    donation_proofs: Mapping[str, str] | None = None
    methods: tuple[str, ...] | None = None
    method_fees: Mapping[str, int] | None = None
    grade_shares: Mapping[str, Mapping[str, int]] | None = None
    graded_by: Mapping[str, str] | None = None
    share_claims: Mapping[str, bool] | None = None


Offer = dict[str, Any]
"""Terms that a rule offers for each of its lines, by name; see ``terms.NAMES``."""

Said = tuple[Iterable[Finding], Offer]

SILENT: Said = ((), {})


class Rule(Protocol):
    """One kind of rule: a file in ``rules`` that offers these names as ``RULE``.

    ``is_first_match``: a line follows the first rule of this kind whose conditions it meets.
    Otherwise all of them speak, and their order means nothing.
    """

    key: str
    is_first_match: bool
    sentences: Mapping[str, str]
    settings: Sequence[Setting]

    def read(self, settings: Mapping[str, Any]) -> Any:
        """The typed settings; raises ``ValueError`` for anything it does not understand."""
        ...

    def judge(self, settings: Any, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """What the rule says of ``lines``, those of ``facts`` that it is about.

        Total: it never raises.
        """
        ...

    def breaches(self, settings: Any, reach: Any) -> Iterable[Any]:
        """Where the rule is stricter than the law within its ``reach`` (``breaches.Reach``)."""
        ...
