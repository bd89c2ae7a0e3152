"""What the desk's templates say beside the words that all pages share."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.orders.models import Payment
from rebond.domain.policies.rules import refund_by_grade
from rebond.domain.refunds.models import MoneyTask
from rebond.domain.refunds.ports import Account, payment_providers
from rebond.domain.refunds.ways import OWN_BOOKS
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.shops.models import Staff
from rebond.domain.warehouse.checklists import in_language
from rebond.kernel import formats
from rebond.kernel.clock import now
from rebond.outbound.telling.outcomes import chosen_word
from rebond.web.backoffice.policy.sentences import rule_name
from rebond.web.backoffice.policy.words import CHOICES
from rebond.web.ui.templatetags.ui import TONES
from rebond.web.ui.words import active_language, actor_name, word

register = template.Library()


@register.filter
def of_line(sums: dict[Any, int], line: Any) -> int:
    """``{{ given_back|of_line:line.pk }}``: the sum of one line, 0 for none."""
    return sums.get(line, 0)


@register.filter
def spoken(words: dict[str, str]) -> str:
    """``{{ question.words|spoken }}``: the shop's own words in the reader's language."""
    return in_language(words, active_language())


@register.simple_tag
def rests_on(rma: Return, line: ReturnLine) -> str:
    """On what the claim for ``line`` stands, in words; empty for the shop's own promise alone."""
    told, key = rma.terms or {}, str(line.order_line_id)
    decided = told.get("grounds", {}).get(key, [])
    grounds = ["statutory_withdrawal"] if rma.is_withdrawal else decided
    asked = (told.get("facts") or {}).get("lines", [])
    until = next((one.get("guaranteed_until") for one in asked if one["key"] == key), "")
    said = []
    for ground in sorted(grounds, key=list(CHOICES["grounds"]).index):
        if ground == "legal_guarantee" and until:
            day = formats.day(until, active_language())
            said.append(_("the legal guarantee, until {day}").format(day=day))
        elif ground != "commercial_return":
            said.append(_(CHOICES["grounds"][ground]))
    return " · ".join(said)


ROLES = {
    "owner": N_("Owner"),
    "manager": N_("Manager"),
    "agent": N_("Customer service"),
    "warehouse": N_("Warehouse"),
    "accountant": N_("Accounting"),
    "analyst": N_("Analysis"),
    "read_only": N_("Reading only"),
    "machine": N_("Each API key"),
}
RIGHTS = {
    "see": N_("See returns and orders"),
    "see_money": N_("See amounts"),
    "see_people": N_("See customers’ personal data"),
    "decide": N_("Decide on returns"),
    "receive": N_("Receive and inspect"),
    "refund": N_("Refund"),
    "documents": N_("Make documents"),
    "export": N_("Export data"),
    "configure": N_("Set up the shop and its people"),
}
COST_PARTS = {
    "transport": N_("Transport"),
    "handling": N_("Receiving and checking"),
    "refurbishing": N_("Refurbishing"),
    "lost_value": N_("Loss of value"),
    "kept": N_("Kept from the refund"),
}
# States in which nothing has begun: shown as a dash, so that the others stand out.
QUIET = {"parcel": "none", "inspection": "awaiting", "money": "none"}
DESK_WORDS = {
    "approval": N_("at the approval"),
    "scan": N_("at the carrier’s first scan"),
    "delivery": N_("when the carrier has delivered"),
    "receipt": N_("when the parcel is there"),
    "inspection": N_("after the inspection"),
    "link": N_("by a link"),
    "phone": N_("on the phone"),
    "mail": N_("by mail"),
    "counter": N_("at the counter"),
    "send": N_("asked for the money"),
    "look": N_("looked it up"),
    "succeeded": N_("paid"),
    "pending": N_("underway"),
    "requires_action": N_("waits for somebody"),
    "refused": N_("refused"),
    "no_answer": N_("no answer"),
    "broken_answer": N_("answered with an error"),
    "waits_for_person": N_("to be paid by hand"),
    "absent": N_("knows nothing of it"),
    "made": N_("waits for its release"),
    "released": N_("released"),
    "dropped": N_("dropped"),
    "paid": N_("paid"),
    "returned": N_("came back"),
    "queued": N_("to be sent"),
    "sent": N_("sent"),
    "undeliverable": N_("could not be delivered"),
    "shopper": N_("filed by the customer"),
    "staff": N_("filed by the team"),
    "machine": N_("filed by another system"),
    "gift": N_("filed by who got it as a present"),
    "import": N_("taken over from history"),
    "open": N_("Open"),
    "cancelled": N_("Cancelled"),
    "credit_note": N_("Credit note"),
    "refund_voucher": N_("Refund voucher"),
    "warehouse": N_("Warehouse"),
}
TASKS = {
    "failed": (N_("A refund failed"), N_("The provider says: {code}. The customer still waits.")),
    "failed_late": (
        N_("Money came back"),
        N_("It had been refunded; the bank sent it back ({code}). The customer still waits."),
    ),
    "unclear": (
        N_("No clear answer"),
        N_("Nobody knows whether this was paid: please look into the provider’s own pages."),
    ),
    "no_way": (
        N_("No way back"),
        N_("The payment cannot be refunded like this. Please agree on another way."),
    ),
    "by_hand": (N_("To be paid by hand"), N_("Pay it to the customer, then note it.")),
    "not_let_in": (
        N_("The provider did not let us in"),
        N_("Nothing was sent ({code}). Connect it and try again, or pay by hand."),
    ),
    "approval": (N_("A second person is needed"), N_("{by} wants to refund more than {limit}.")),
    "dispute": (
        N_("The customer complained at their bank"),
        N_("The bank holds the payment: nothing is refunded until it has decided."),
    ),
    "blocked": (N_("A refund is due and stuck"), N_("It could not be decided by itself: {why}")),
    "outside": (
        N_("Refunded elsewhere"),
        N_("This was refunded in the provider’s own pages. Which articles does it belong to?"),
    ),
    "outside_over": (
        N_("Refunded elsewhere, and too much"),
        N_("With this, more went back than was paid. Please look into it."),
    ),
}
BLOCKED = {
    "loss_of_value": N_(
        "the inspection claims a loss of value. After a withdrawal only a person may keep money: "
        "look at the evidence, then decide before the legal day."
    ),
    "payment_disputed": N_("the bank holds the payment."),
    "no_refundable_payment": N_("too little is left of its payments."),
    "refund_exceeds_paid": N_("too little is left of its payments."),
    "quote_refused": N_("its articles were refunded before, at least in part."),
    "dispute_lost": N_("the bank gave the customer their money back."),
    "refunded_outside": N_("money of its payment was refunded elsewhere."),
}
SCOPES = {
    "returns:read": N_("read returns"),
    "returns:write": N_("file returns, decide on them, write notes and messages"),
    "warehouse:read": N_("read parcels and stock"),
    "warehouse:write": N_("receive and inspect goods"),
    "orders:read": N_("read orders and who bought"),
    "orders:write": N_("enter orders"),
    "documents:read": N_("read credit notes"),
    "documents:write": N_("write credit notes by hand, send copies"),
    "events:read": N_("read everything that happens"),
    "webhooks:write": N_("say where events are sent to"),
    "refunds:read": N_("read refunds"),
    "refunds:write": N_("refund orders, let stuck payouts go on"),
    "credit:read": N_("read balances of store credit and gift cards"),
    "credit:write": N_("give, redeem and pay out store credit and gift cards"),
    "policies:read": N_("read return policies"),
    "policies:write": N_("write and publish return policies"),
    "settings:read": N_("read settings: reasons, letters, articles, sites with the form"),
    "settings:write": N_("change settings: reasons, letters, articles, sites with the form"),
    "staff:read": N_("read who works here, and what each role may do"),
    "staff:write": N_("let people work here and say what they may do, owners aside"),
    "privacy:read": N_("read what people ask about their data, and how long it is kept"),
    "privacy:write": N_("answer what people ask about their data: copy, erase, refuse"),
    "audit:read": N_("read the audit and check that it is whole"),
}
DELIVERIES = {
    "waiting": N_("waits"),
    "delivered": N_("arrived"),
    "dead": N_("never arrived"),
}
LIMITS = {
    "refund": N_("One refund"),
    "order": N_("One order"),
    "shopper": N_("One customer, 30 days"),
    "day": N_("One day"),
}
METHODS = {
    "card": N_("Card"),
    "bank_transfer": N_("Bank transfer"),
    "paypal": N_("PayPal"),
    "gift_card": N_("Gift card"),
    "cash": N_("Cash"),
    "store_credit": N_("Store credit"),
    "wallet": N_("Wallet"),
    "voucher": N_("Voucher"),
    "exchange": N_("Exchange"),
}
PROVIDERS = {
    "paper": N_("by hand"),
    "simulator": N_("rehearsal provider"),
    "store_credit": N_("store credit"),
    "gift_card": N_("gift card"),
    "bank_transfer": N_("bank transfer"),
    "exchange": N_("exchange"),
}


@register.filter
def role(value: str) -> str:
    """What somebody is in the shop, in words."""
    return _(ROLES.get(value, value))


@register.filter
def right_word(value: str) -> str:
    """A right in words."""
    return _(RIGHTS[value])


@register.filter
def place_role(staff: Staff) -> str:
    """What somebody is in the shop, by the name of their role."""
    return staff.own_role.title if staff.own_role else _(ROLES[staff.role])


@register.filter
def gettexted(value: str) -> str:
    """A word that was marked elsewhere, in the reader's language."""
    return _(value)


@register.filter
def taken_by(rma: Return) -> str:
    """The first name of who takes care of ``rma``; empty where nobody does."""
    taken = next(iter(rma.assignments.all()), None)
    return taken.staff.user.name.split()[0] if taken and taken.staff.user.name.split() else ""


@register.filter
def chosen(outcome: str) -> str:
    """What the customer chose for an article, in words."""
    return chosen_word(outcome)


@register.filter
def desk_word(value: str) -> str:
    """The word for a value that only the desk shows; the value itself when it has none."""
    return _(DESK_WORDS[value]) if value in DESK_WORDS else str(value)


@register.filter
def cost_part(value: str) -> str:
    """What a part of the cost of a return is called."""
    return _(COST_PARTS[value])


@register.filter
def method(value: str) -> str:
    """How somebody paid."""
    return _(METHODS[value]) if value in METHODS else str(value)


@register.filter
def limit_word(value: str) -> str:
    """What a limit adds up."""
    return _(LIMITS[value]) if value in LIMITS else str(value)


@register.filter
def delivery_word(value: str) -> str:
    """Where a webhook's delivery stands."""
    return _(DELIVERIES[value]) if value in DELIVERIES else str(value)


@register.filter
def scope_word(value: str) -> str:
    """What a key may do, in words."""
    return _(SCOPES[value]) if value in SCOPES else str(value)


@register.filter
def task_title(task: MoneyTask) -> str:
    """What waits, in a few words."""
    return _(_task(task)[0])


@register.filter
def task_sentence(task: MoneyTask) -> str:
    """What is to be done about it, in a sentence."""
    facts, language = task.facts, active_language()
    limit = ""
    if "limit_minor" in facts:
        limit = formats.money(facts["limit_minor"], facts["currency"], language)
    return _(_task(task)[1]).format(
        code=facts.get("code") or "–",
        by=actor_name(facts.get("by", "")),
        limit=limit,
        why=_(BLOCKED.get(facts.get("code", ""), "–")),
    )


def _task(task: MoneyTask) -> tuple[str, str]:
    if task.kind == "by_hand" and task.facts.get("code"):
        return TASKS["not_let_in"]
    if task.kind == "outside" and task.facts.get("over_minor"):
        return TASKS["outside_over"]
    return TASKS["failed_late" if task.facts.get("late") else task.kind]


@register.filter
def can_go_again(task: MoneyTask) -> bool:
    """Whether a button may offer to send the money of the task once more by the same way."""
    refund = task.refund
    if refund is None or refund.takes_another_way:
        return False
    return refund.has_failed or refund.waits_for_provider


@register.simple_tag(takes_context=True)
def provider_page(context: Any, payment: Payment, key: str) -> str:
    """Where a person sees the payment at the provider; empty where there is no such page.

    Ways that end in our own books have their pages at this desk and are not looked up here.
    """
    if key not in payment_providers or key in OWN_BOOKS:
        return ""
    page = payment_providers[key](Account(context["shop"].slug)).page_of(payment.reference)
    return page if page.startswith(("https://", "http://")) else ""


@register.filter
def provider(value: str) -> SafeString | str:
    """Who carries the money, with a mark where that was never tried with real money."""
    if value not in payment_providers:
        return str(value).title()
    plug = payment_providers[value]
    name = _(PROVIDERS[value]) if value in PROVIDERS else plug.title
    if plug.tried_live:
        return name
    why = _(
        "Written from the provider’s documentation and tested against imitations of it, never"
        " with real money. Please watch the first refunds in the provider’s own pages."
    )
    return format_html(
        '{} <span class="soft" title="{}">({})<span class="visually-hidden"> {}</span></span>',
        name,
        why,
        _("not yet tried live"),
        why,
    )


@register.simple_tag
def quiet_state(value: str, kind: str) -> SafeString:
    """Like ``state``, but a dash where nothing has begun yet."""
    return _quiet_state(value, kind, active_language())


@lru_cache(maxsize=1024)
def _quiet_state(value: str, kind: str, language: str) -> SafeString:
    """The same for the active ``language``: a list shows few states many times."""
    text = word(kind, value)
    if QUIET.get(kind) == value:
        return format_html(
            '<span class="nothing" title="{}"><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">{}</span></span>',
            text,
            text,
        )
    return format_html('<span class="state {}">{}</span>', _tone(kind, value), text)


@register.filter
def age(value: datetime) -> str:
    """How long ago, in short: “3 days”, “8 min”."""
    passed = max(now() - value, timedelta(minutes=1))
    spoken = format_timedelta(
        passed, granularity="minute", threshold=1.2, format="short", locale=active_language()
    )
    return str(spoken)


@register.filter
def rate(value: str) -> str:
    """A tax rate as people write it; a dash where it is not known."""
    return formats.percent(value, active_language()) if value else "–"


@register.filter
def rule_said(name: str) -> str:
    """What the policy's rule for a grade is called."""
    return rule_name(name, refund_by_grade.RULE.key)


@register.filter
def reason_label(reason: Any) -> str:
    """The shop's words for a reason; a dash where there is none."""
    return reason.label(active_language()) if reason is not None else "–"


@register.simple_tag
def derived(row: Any, name: str, value: Any) -> SafeString | str:
    """``value``, marked where the source lacked it and it was made up. Empty: a dash."""
    shown = value if value not in (None, "") else "–"
    if name not in row.derived:
        return format_html("{}", shown)
    why = _("Derived value, absent from the source")
    return format_html(
        '<span class="derived" title="{}">{}<span class="visually-hidden"> ({})</span></span>',
        why,
        shown,
        why,
    )


@register.filter
def settled_minor(rma: Return) -> int | None:
    """What was decided for ``rma`` in all, from rows that are there; None before a decision."""
    decided = list(rma.settlements.all())
    return sum(one.gross_minor for one in decided) if decided else None


@register.filter
def pieces(rma: Return) -> int:
    """How many pieces are in the return."""
    return sum(line.quantity for line in rma.lines.all())


@register.simple_tag
def way(request: Any, **changes: Any) -> str:
    """This page's address with some of its questions changed; an empty one is dropped."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    query.pop("lang", None)
    return f"?{query.urlencode()}"


def _tone(kind: str, value: str) -> str:
    tone = TONES.get(kind, {}).get(value, "")
    return f"state-{tone}" if tone else ""
