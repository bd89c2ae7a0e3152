"""What the desk says about the law: duties, their days, their cost, statements."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from rebond.outbound.telling.duties import duty_word
from rebond.web.backoffice.queries.duties import Row, starts_on
from rebond.web.ui.words import amount, day

register = template.Library()

QUESTIONS = {
    "": N_("Received, being looked up"),
    "order": N_("Which order is meant?"),
    "late": N_("After the last day"),
    "pieces": N_("Read which articles are meant"),
    "gone": N_("Nothing left to give back, or not delivered yet"),
    "exception": N_("An article that may be excluded by law"),
    "business": N_("Bought for a business"),
    "elsewhere": N_("A country whose law is not known here"),
}
VIEWS = {"open": N_("To look at"), "all": N_("All statements"), "flood": N_("Very many at once")}


@register.filter
def duty(kind: str) -> str:
    """What has to be done."""
    return duty_word(kind)


@register.filter
def question(value: str) -> str:
    """Why a statement waits for a person."""
    return _(QUESTIONS[value])


@register.filter
def statements_view(value: str) -> str:
    """The name of a view of the statements."""
    return _(VIEWS[value])


@register.filter
def days_left(row: Row) -> str:
    """How much time is left, or how much too late it is."""
    if row.days_left is None:
        return _("not running yet")
    if row.days_left < 0:
        late = row.days_late
        return ngettext("{n} day late", "{n} days late", late).format(n=late)
    if row.days_left == 0:
        return _("today")
    if row.days_left == 1:
        return _("tomorrow")
    return ngettext("in {n} day", "in {n} days", row.days_left).format(n=row.days_left)


SINCE = {
    "acknowledge": N_("Without undue delay after the statement of {day}."),
    "appeal": N_("Our letter promised an answer; the appeal came on {day}."),
    "data": N_("A month after the request of {day}."),
    "conformity": N_("30 days after the request of {day}."),
}
ANSWER_PROMISED = N_("Our letter promised an answer within two working days of {day}.")
ANSWER_OWED = N_("The refund is due 14 days after the statement of {day}.")


@register.filter
def why(row: Row) -> str:
    """In one sentence, where the day comes from."""
    one = row.duty
    since = day(one.since_on)
    if one.kind in SINCE:
        return _(SINCE[one.kind]).format(day=since)
    if one.kind == "answer":
        is_promise = one.rma_id or one.non_delivery_id
        return _(ANSWER_PROMISED if is_promise else ANSWER_OWED).format(day=since)
    if one.non_delivery_id:
        return _("14 days after the customer ended the contract, {day}.").format(day=since)
    if one.due_on is None:
        return _(
            "14 days after {day}, but not before the goods, or the proof that they were sent."
        ).format(day=since)
    if one.goods_on is None and one.proof_on is not None:
        return _("14 days after {day}; the proof of sending came on {proof}.").format(
            day=since, proof=day(one.proof_on)
        )
    if one.goods_on is not None and one.proof_on is None:
        return _("14 days after {day}; the goods came on {goods}.").format(
            day=since, goods=day(one.goods_on)
        )
    if one.goods_on is not None and one.proof_on is not None:
        first = min(one.goods_on, one.proof_on)
        return _("14 days after {day}; goods or proof were there on {first}.").format(
            day=since, first=day(first)
        )
    return _("14 days after {day}.").format(day=since)


@register.filter
def cost(row: Row) -> str:
    """What a refund today costs on top."""
    if row.now is None:
        return ""
    if row.now.minor is None:
        return _("legal interest (rate of this half-year not published here)")
    told = amount(row.now.minor, row.duty.currency)
    if row.now.percent is None:
        return _("{amount} legal interest").format(amount=told)
    return _("{amount} on top ({percent} %)").format(amount=told, percent=row.now.percent)


@register.filter
def next_cost(row: Row) -> str:
    """From which day it costs more, and how much."""
    step = row.following
    if step is None or step.minor is None or step.percent is None:
        return ""
    return _("{amount} ({percent} %) from {day}").format(
        amount=amount(step.minor, row.duty.currency),
        percent=step.percent,
        day=day(starts_on(row.duty, step)),
    )


@register.filter
def articles(row: Row) -> str:
    """The articles behind a duty, or that it is our own word."""
    return " · ".join(row.duty.articles[:3]) or _("our own promise")


@register.filter
def input_of(form: Any, line: Any) -> Any:
    """The input for the pieces of an order line."""
    return form[f"pieces_{line.position}"]
