"""What is chosen for many returns at once: which thing, and what goes with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from rebond.domain.conversations.filling import PLACEHOLDERS, unknown_placeholder
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Staff
from rebond.domain.work.models import BulkKind
from rebond.web.ui.words import DECLINE_REASONS

KINDS = {
    BulkKind.APPROVE: ("check", N_("Accept")),
    BulkKind.DECLINE: ("ban", N_("Decline")),
    BulkKind.ASSIGN: ("user", N_("Assign")),
    BulkKind.ASK: ("camera", N_("Ask for photos")),
    BulkKind.REMIND: ("clock", N_("Remind")),
    BulkKind.REFUND: ("hand-coins", N_("Refund")),
}
WITH_WORDS = {BulkKind.DECLINE, BulkKind.ASK, BulkKind.REMIND}


def kinds_for(rights: frozenset[Right]) -> list[tuple[str, str, str]]:
    """What somebody with ``rights`` may do to many: key, icon, word."""
    return [(k.value, icon, _(word)) for k, (icon, word) in KINDS.items() if k.needs in rights]


def kind_of(text: str, rights: frozenset[Right]) -> BulkKind | None:
    """The kind named ``text``, where somebody with ``rights`` may do it."""
    return next((k for k in KINDS if k == text and k.needs in rights), None)


class BulkForm(forms.Form):
    """What goes with one kind: words, a reason, a person."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), widget=forms.Select(attrs={"class": "form-select"})
    )
    staff_id = forms.ChoiceField(
        label=gettext_lazy("Who takes care of them"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What the customers read"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )

    def __init__(self, data: QueryDict | None, kind: BulkKind, team: list[Staff]) -> None:
        super().__init__(data, prefix="with")
        self.kind = kind
        fields: dict[str, Any] = self.fields
        if kind != BulkKind.DECLINE:
            del fields["reason"]
        else:
            choices = [(code.value, _(DECLINE_REASONS[code.value])) for code in DeclineReason]
            fields["reason"].choices = [("", _("Please choose")), *choices]
        if kind != BulkKind.ASSIGN:
            del fields["staff_id"]
        else:
            people = [(str(one.pk), one.user.name) for one in team]
            fields["staff_id"].choices = [*people, ("", _("Nobody"))]
        if kind not in WITH_WORDS:
            del fields["text"]
        elif kind != BulkKind.DECLINE:
            fields["text"].help_text = _(
                "Leave it empty for our usual words in each customer’s language. You may use "
                "{placeholders}."
            ).format(placeholders=", ".join(f"{{{name}}}" for name in PLACEHOLDERS))

    def clean_text(self) -> str:
        """Words that can be filled in for every return."""
        text = str(self.cleaned_data["text"]).strip()
        unknown = unknown_placeholder(text) if self.kind != BulkKind.DECLINE else ""
        if unknown:
            raise forms.ValidationError(
                _("Nothing can be put in for {{{name}}}.").format(name=unknown)
            )
        return text
