"""Tells a trial in sentences, for the desk and the console alike."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.insights.trials.report import Compared, Orders, Report, Sums
from rebond.kernel import formats


def headline(compared: Compared, language: str) -> str:
    """The one sentence that a shop owner needs: how many, for whom, at which cost."""
    whole = compared.whole
    if not whole.cases:
        return _("No return of these days could be looked at.")
    if not whole.otherwise:
        return ngettext(
            "The only return would have been decided the same way.",
            "All {n} returns would have been decided the same way.",
            whole.cases,
        ).format(n=number(whole.cases, language))
    said = ngettext(
        "{changed} of {n} returns would have been decided otherwise: "
        "{kinder} kinder, {stricter} stricter",
        "{changed} of {n} returns would have been decided otherwise: "
        "{kinder} kinder, {stricter} stricter",
        whole.otherwise,
    ).format(
        changed=number(whole.otherwise, language),
        n=number(whole.cases, language),
        kinder=number(whole.kinder, language),
        stricter=number(whole.stricter, language),
    )
    amounts = " · ".join(more_or_less(sums, language) for sums in whole.money if sums.difference)
    return _("{said}; {amounts}.").format(said=said, amounts=amounts) if amounts else f"{said}."


def more_or_less(sums: Sums, language: str) -> str:
    """A difference of refunds in words: “about €310 more refunded”."""
    amount = formats.money(abs(sums.difference), sums.currency, language)
    if sums.difference >= 0:
        return _("about {amount} more refunded").format(amount=amount)
    return _("about {amount} less refunded").format(amount=amount)


def orders_sentence(orders: Orders, language: str) -> str:
    """What the tried policy means for those who sent nothing back."""
    many = number(orders.orders, language)
    if not orders.longer and not orders.shorter:
        return _("The last day to return stays the same for all {n} other orders.").format(n=many)
    return _(
        "Other orders: {n}; of these {longer} with more time to return, {shorter} with less "
        "({days} days on average)."
    ).format(
        n=many,
        longer=number(orders.longer, language),
        shorter=number(orders.shorter, language),
        days=tenths(orders.tenths, language),
    )


def lines_of(report: Report, language: str) -> Iterator[str]:
    """The whole report as plain lines."""
    yield headline(report.returns, language)
    if report.returns.whole.terms:
        yield _("Only time or pace would differ for {n} more.").format(
            n=number(report.returns.whole.terms, language)
        )
    if report.orders.orders:
        yield orders_sentence(report.orders, language)
    if report.simulated.whole.cases:
        yield _("Made-up requests:") + " " + headline(report.simulated, language)
    for counted in report.returns.verdicts:
        yield f"  {VERDICT_WORDS[counted.name]():<22} {counted.before:>9} → {counted.after}"
    for name in report.never_fired:
        yield _("The rule “{rule}” was about nothing.").format(rule=name)
    for name, count in report.set_aside:
        yield _("The law set the rule “{rule}” aside {n} times.").format(rule=name, n=count)
    if report.by_law:
        yield _("{n} legal withdrawals were left out: the law decides them.").format(
            n=number(report.by_law, language)
        )


VERDICT_WORDS = {
    "approve": lambda: _("accepted at once"),
    "review": lambda: _("looked at by hand"),
    "decline": lambda: _("declined at once"),
}


def number(value: int, language: str) -> str:
    """A count with the thousands apart."""
    return formats.number(value, language)


def tenths(value: int, language: str) -> str:
    """Tenths as a signed decimal: “+3.5”."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + formats.decimal(abs(value), 1, language)
