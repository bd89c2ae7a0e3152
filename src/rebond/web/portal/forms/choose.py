"""What comes back: one small form for each line of the order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.orders.models import Order, OrderLine, OrderState
from rebond.domain.policies.engine import Policy, asks_questions, questions_for
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.facts import draft_facts_of
from rebond.domain.returns.models import Reason, ReasonFamily
from rebond.kernel.clock import now
from rebond.web.portal.drafts import DraftLine
from rebond.web.ui.words import QUESTIONS, word

ICONS = {
    "clothing": "shopping-bag",
    "fashion": "shopping-bag",
    "shoes": "shopping-bag",
    "gift": "gift",
    "home": "house",
    "kitchen": "house",
    "decoration": "sparkles",
    "garden": "leaf",
}


LINES_PER_PAGE = 30


@dataclass(frozen=True)
class Choice:
    """One reason in the list. ``depth`` 1 refines the one above it, whose code is ``parent``."""

    code: str
    label: str
    depth: int
    parent: str
    needs_photo: bool


@dataclass(frozen=True)
class Family:
    """The reasons of one family, parents before their children."""

    label: str
    choices: tuple[Choice, ...]


class LineForm(forms.Form):
    """One line: chosen or not, how many, why. What is not chosen is not looked at."""

    chosen = forms.BooleanField(required=False)
    quantity = forms.CharField(required=False, max_length=6)
    reason = forms.CharField(required=False, max_length=40)
    finer = forms.CharField(required=False, max_length=40)
    comment = forms.CharField(required=False, strip=False)

    def __init__(self, *args: Any, left: int, reasons: Mapping[str, Reason], **more: Any) -> None:
        super().__init__(*args, **more)
        self.left, self.reasons = left, reasons

    def clean(self) -> dict[str, Any]:
        """Check the number and the reason of a chosen line."""
        values = self.cleaned_data
        if not values.get("chosen"):
            return values
        self._clean_quantity(values)
        self._clean_reason(values)
        if len(values.get("comment", "")) > LONGEST_COMMENT:
            text = _("This text is too long: {limit} characters at most, please.")
            self.add_error("comment", text.format(limit=LONGEST_COMMENT))
        return values

    def _clean_quantity(self, values: dict[str, Any]) -> None:
        text = values.get("quantity") or "1"
        count = int(text) if text.isascii() and text.isdigit() else 0
        if not 1 <= count <= self.left:
            self.add_error(
                "quantity",
                ngettext(
                    "You can return one piece.",
                    "You can return 1 to {left} pieces.",
                    self.left,
                ).format(left=self.left),
            )
        values["quantity"] = count

    def _clean_reason(self, values: dict[str, Any]) -> None:
        reason = self.reasons.get(values.get("reason", ""))
        finer = self.reasons.get(values.get("finer", ""))
        if reason is None:
            self.add_error("reason", _("Please tell us why it comes back."))
        elif finer is not None and finer.parent_id == reason.pk:
            values["reason"] = finer.code


@dataclass
class Card:
    """One line of the order as the page shows it. ``blocked`` says why it cannot be chosen."""

    line: OrderLine
    form: LineForm
    left: int
    icon: str
    blocked: str
    families: Sequence[Family]
    draft: DraftLine
    asks: tuple[str, ...] = ()

    @property
    def questions(self) -> list[tuple[str, str, str]]:
        """Field, sentence and answer of what is asked about the condition."""
        given = self.answers_in(self.form.data) if self.form.is_bound else self.draft.answers
        return [
            (f"{self.prefix}-ask-{ask}", _(QUESTIONS[ask]), given.get(ask, "")) for ask in self.asks
        ]

    def answers_in(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What was answered with yes or no."""
        given = {ask: data.get(f"{self.prefix}-ask-{ask}", "") for ask in self.asks}
        return {ask: answer for ask, answer in given.items() if answer in {"yes", "no"}}

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return str(self.form.prefix)

    @property
    def is_chosen(self) -> bool:
        """Whether its box is ticked as the page opens."""
        if self.form.is_bound:
            return bool(self.form["chosen"].data)
        return self.draft.quantity > 0

    @property
    def values(self) -> dict[str, Any]:
        """What its fields hold as the page opens; nothing typed is lost."""
        names = ("quantity", "reason", "finer", "comment")
        if self.form.is_bound:
            return {name: self.form[name].data or "" for name in names}
        return {
            "quantity": self.draft.quantity or 1,
            "reason": self.draft.reason,
            "finer": "",
            "comment": self.draft.comment,
        }

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Field and sentence of everything that is wrong."""
        return [
            (name, str(sentence))
            for name, sentences in self.form.errors.items()
            for sentence in sentences
        ]

    @property
    def quantity_error(self) -> str:
        """What is wrong with the number of pieces."""
        return self._error("quantity")

    @property
    def reason_error(self) -> str:
        """What is wrong with the reason."""
        return self._error("reason")

    @property
    def comment_error(self) -> str:
        """What is wrong with the comment."""
        return self._error("comment")

    @property
    def photos_error(self) -> str:
        """What is wrong with the pictures."""
        return self._error("__all__")

    def _error(self, name: str) -> str:
        return next((sentence for field, sentence in self.errors if field == name), "")


def cards_for(
    order: Order,
    *,
    page: int,
    lines: Mapping[str, DraftLine],
    data: Any,
    language: str,
    held: Mapping[UUID, int] | None = None,
    before: str = "",
) -> list[Card]:
    """A card for each line on one page of ``order``; pages count from 1.

    ``held`` are pieces that a return claims whose change this is, by order line. The names of
    fields begin with ``before``, where cards of several orders stand on one page.
    Filled from ``data`` (a POST) or, where that is None, from a draft's ``lines``.
    """
    first = (page - 1) * LINES_PER_PAGE
    reasons = list(
        Reason.objects.filter(shop=order.shop_id, is_active=True).order_by("position", "code")
    )
    policy = policy_for(order, now())
    cards = []
    shown = order.lines.select_related("product").order_by("position")
    for line in shown[first : first + LINES_PER_PAGE]:
        line.returned_quantity -= (held or {}).get(line.pk, 0)
        left = line.delivered_quantity - line.returned_quantity
        blocked = why_blocked(order, line)
        prefix = f"{before}l{line.position}"
        fitting = fitting_in(reasons, _category(line))
        by_code = {reason.code: reason for reason in fitting}
        cards.append(
            Card(
                line=line,
                form=LineForm(None if blocked else data, prefix=prefix, left=left, reasons=by_code),
                left=left,
                icon=ICONS.get(_category(line), "package"),
                blocked=blocked,
                families=families_of(fitting, language=language),
                draft=lines.get(str(line.pk), DraftLine()),
                asks=() if blocked else _asks(order, policy, line),
            )
        )
    return cards


def _asks(order: Order, policy: Policy, line: OrderLine) -> tuple[str, ...]:
    if not asks_questions(policy):
        return ()
    facts, known = draft_facts_of(order, line, asked_at=now())
    return questions_for(policy, known, facts)


def page_count(order: Order) -> int:
    """How many pages the order's lines fill, at least 1."""
    return max(1, -(-order.lines.count() // LINES_PER_PAGE))


def page_in(text: str, order: Order) -> int:
    """The page that ``text`` asks for, within what there is."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(asked, 1), page_count(order))


def why_blocked(order: Order, line: OrderLine) -> str:
    """Why ``line`` cannot be chosen, as a sentence; empty when it can."""
    if order.state == OrderState.CANCELLED:
        return _("This order was cancelled.")
    if not line.delivered_quantity and line.missing_quantity:
        return _("Reported as not arrived")
    if not line.delivered_quantity:
        return _("This article was not delivered yet.")
    if line.returned_quantity >= line.delivered_quantity:
        return _("Already in a return.")
    return ""


def fitting_in(reasons: Sequence[Reason], category: str) -> list[Reason]:
    """The reasons that an article of ``category`` can have."""
    return [one for one in reasons if not one.categories or category in one.categories]


def families_of(fitting: Sequence[Reason], *, language: str) -> list[Family]:
    """Reasons by family, each parent followed by its children."""
    found = []
    for family in ReasonFamily.values:
        tops = [r for r in fitting if r.family == family and r.parent_id is None]
        choices = [
            choice
            for top in tops
            for choice in [
                _choice(top, None, language),
                *(_choice(r, top, language) for r in fitting if r.parent_id == top.pk),
            ]
        ]
        if choices:
            found.append(Family(word("family", family), tuple(choices)))
    return found


def photo_field(card: Card) -> str:
    """The name under which pictures of a card arrive."""
    return f"{card.prefix}-photos"


def dropped(card: Card, data: Any) -> Iterator[str]:
    """The kept pictures that are to be taken out again."""
    yield from data.getlist(f"{card.prefix}-drop")


def _choice(reason: Reason, parent: Reason | None, language: str) -> Choice:
    return Choice(
        reason.code,
        reason.label(language),
        1 if parent else 0,
        parent.code if parent else "",
        reason.needs_photo,
    )


def _category(line: OrderLine) -> str:
    return line.product.category if line.product else ""
