"""The three fields of a withdrawal, and the pieces where an order is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from rebond.domain.orders.models import OrderLine

LONGEST_NAME, LONGEST_CONTRACT, LONGEST_NOTE = 200, 300, 2000


@dataclass(frozen=True)
class Choosable:
    """One line of the order: ``left`` pieces can still come back, ``field`` is its input."""

    line: OrderLine
    left: int
    field: str


class WithdrawForm(forms.Form):
    """Name, contract, address: nothing else may be required.

    The sentences are those of the withdrawal function, which speaks more languages than the
    rest of the house. Source: Dir. 2011/83/EU art. 11a(2).
    """

    name = forms.CharField(max_length=LONGEST_NAME)
    contract = forms.CharField(max_length=LONGEST_CONTRACT)
    email = forms.EmailField(max_length=254)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)

    def __init__(
        self,
        words: Mapping[str, str],
        lines: Sequence[tuple[OrderLine, int]],
        *args: Any,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.words = words
        self.choosable = [Choosable(line, left, f"pieces_{line.position}") for line, left in lines]
        for name, missing in (
            ("name", "name_missing"),
            ("contract", "contract_missing"),
            ("email", "email_wrong"),
            ("note", "too_long"),
        ):
            self.fields[name].error_messages |= {
                "required": words[missing],
                "invalid": words["email_wrong"],
            }
            for check in self.fields[name].validators:
                _say(check, words["too_long"], otherwise=words["email_wrong"])
        for one in self.choosable:
            self.fields[one.field] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=one.left,
                initial=one.left,
            )
            wrong = words["pieces_wrong"].format(of=one.left)
            self.fields[one.field].error_messages["invalid"] = wrong
            for check in self.fields[one.field].validators:
                _say(check, wrong, otherwise=wrong)

    def clean(self) -> dict[str, Any]:
        """At least one piece comes back, where pieces can be chosen."""
        cleaned = super().clean() or {}
        typed = [cleaned.get(one.field) for one in self.choosable]
        if typed and not self.errors and not any(typed):
            self.add_error(None, self.words["pieces_missing"])
        return cleaned

    @property
    def pieces(self) -> list[dict[str, Any]]:
        """The chosen pieces as a statement keeps them."""
        return [
            {
                "line": str(one.line.pk),
                "sku": one.line.sku,
                "title": one.line.title,
                "quantity": self.cleaned_data[one.field],
                "of": one.line.quantity,
            }
            for one in self.choosable
            if self.cleaned_data.get(one.field)
        ]

    @property
    def rows(self) -> list[tuple[Choosable, Any]]:
        """Each line that can be chosen, with its input."""
        return [(one, self[one.field]) for one in self.choosable]


def _say(check: Any, limited: str, *, otherwise: str) -> None:
    """Give a validator our words: ``limited`` where it is about a length or a bound."""
    limit = getattr(check, "limit_value", None)
    check.message = limited.format(limit=limit) if isinstance(limit, int) else otherwise
