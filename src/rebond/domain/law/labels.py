"""The words that the law gives to the two controls of the online withdrawal function."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.dated import row, starts_on


def control_label(control: str, language: str, on: date) -> str:
    """The exact words of ``control`` (``label_function``, ``label_confirm``) on a day.

    A day before the duty began is answered with its first words. Raises ``ParameterUnknown``
    for a language whose words nobody has checked.
    Source: Dir. 2011/83/EU art. 11a; C. conso. D221-5; BGB § 356a.
    """
    parameter = f"{control}.{language}"
    return str(row(parameter, max(on, starts_on(parameter))).value)
