"""What somebody at the desk types about second looks and fair use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.domain.fair_use.kinds import (
    MOST_MONTHS,
    USUAL_MONTHS,
    AppealOutcome,
    Limit,
    RestrictionReason,
)
from rebond.domain.signals.judging import DETECTORS, MOST_POINTS, Bounds, bounds_of
from rebond.domain.signals.kinds import Category, Found
from rebond.outbound.telling.fairness import LIMITS, REASONS
from rebond.web.backoffice.fairness_words import BOUNDS, CATEGORIES, FOUND

AREA = {"class": "form-control", "rows": 3}
SELECT = {"class": "form-select"}
FIELD = {"class": "form-control"}


def _choices(words: dict[str, str], kinds: Any) -> list[tuple[str, Any]]:
    return [(kind.value, _(words[kind.value])) for kind in kinds]


def _number(label: Any, least: int, most: int, initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=least,
        max_value=most,
        initial=initial,
        label=label,
        widget=forms.NumberInput(FIELD),
    )


class FindingForm(forms.Form):
    """What was found, after somebody looked."""

    found = forms.ChoiceField(
        choices=[("", _("Please choose")), *_choices(FOUND, Found)],
        label=_("What you found"),
        widget=forms.Select(SELECT),
    )
    category = forms.ChoiceField(
        choices=_choices(CATEGORIES, Category),
        initial=Category.NONE.value,
        label=_("Kind, if confirmed"),
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(
        max_length=2000, required=False, label=_("Note"), widget=forms.Textarea(AREA)
    )


class RestrictForm(forms.Form):
    """What is withheld for a while, why, and on which returns it rests."""

    limits = forms.MultipleChoiceField(
        choices=_choices(LIMITS, Limit),
        label=_("What changes for the customer"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Please choose what changes.")},
    )
    reason = forms.ChoiceField(
        choices=_choices(REASONS, RestrictionReason), label=_("Why"), widget=forms.Select(SELECT)
    )
    words = forms.CharField(
        max_length=2000,
        label=_("Your words to the customer"),
        widget=forms.Textarea(AREA),
        error_messages={"required": _("Please write to the customer why.")},
    )
    evidence = forms.CharField(
        max_length=1000,
        label=_("Numbers of the returns it rests on, with commas"),
        widget=forms.TextInput(FIELD),
        error_messages={"required": _("Please name at least one return.")},
    )
    months = _number(_("For how many months"), 1, MOST_MONTHS, USUAL_MONTHS)
    note = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Note for colleagues"),
        widget=forms.Textarea(AREA),
    )

    @property
    def numbers(self) -> list[str]:
        """The numbers that were named."""
        given = self.cleaned_data["evidence"].replace(";", ",").split(",")
        return [number.strip() for number in given if number.strip()]


class AppealAnswerForm(forms.Form):
    """The answer to an appeal."""

    outcome = forms.ChoiceField(
        choices=[
            (AppealOutcome.LIFTED.value, _("Lift the change")),
            (AppealOutcome.KEPT.value, _("Keep it until its end")),
        ],
        label=_("Decision"),
        widget=forms.Select(SELECT),
    )
    answer = forms.CharField(
        max_length=2000,
        label=_("Your words to the customer"),
        widget=forms.Textarea(AREA),
        error_messages={"required": _("Please write to the customer why.")},
    )


class BoundsForm(forms.Form):
    """From which numbers each detector speaks, and from how many points a person looks."""

    look_from = _number(_("Points from which a return is looked at"), 1, MOST_POINTS)
    careful_from = _number(_("Points from which it is looked at carefully"), 1, MOST_POINTS)

    def __init__(self, bounds: Bounds, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["look_from"].initial = bounds.look_from
        self.fields["careful_from"].initial = bounds.careful_from
        for key, detector in DETECTORS.items():
            self.fields[f"on_{key}"] = forms.BooleanField(
                required=False, initial=key not in bounds.off, label=_("On")
            )
            known = bounds_of(detector, bounds.numbers.get(key, {}))
            for one in detector.settings:
                self.fields[f"{key}__{one.name}"] = _number(
                    _(BOUNDS[one.name]),
                    one.schema["minimum"],
                    one.schema["maximum"],
                    known[one.name],
                )

    def rows(self) -> list[tuple[str, Any, list[Any]]]:
        """Each detector with its switch and its numbers."""
        return [
            (key, self[f"on_{key}"], [self[f"{key}__{one.name}"] for one in detector.settings])
            for key, detector in DETECTORS.items()
        ]

    @property
    def numbers(self) -> dict[str, dict[str, int]]:
        """What was typed, by detector."""
        return {
            key: {one.name: self.cleaned_data[f"{key}__{one.name}"] for one in detector.settings}
            for key, detector in DETECTORS.items()
        }

    @property
    def off(self) -> list[str]:
        """The detectors that were switched off."""
        return [key for key in DETECTORS if not self.cleaned_data[f"on_{key}"]]
