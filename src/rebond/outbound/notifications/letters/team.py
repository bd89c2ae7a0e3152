"""Letters to the shop and its people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.duties.cost import cost_on
from rebond.domain.duties.models import Duty
from rebond.domain.shops.addresses import duties_page, home_of
from rebond.domain.shops.models import Shop, Staff
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.telling.duties import duty_word


def password_link(staff: Staff, link: str, *, is_new: bool) -> Content:
    """For somebody of the desk: the link to choose a password."""
    if is_new:
        subject = _("You now work at the desk of {shop}").format(shop=staff.shop.name)
        first = _("{shop} has given you a place at its desk for returns and refunds.").format(
            shop=staff.shop.name
        )
    else:
        subject = _("Choose a new password")
        first = _("Somebody asked for a new password for your account.")
    return Content(
        subject=subject,
        paragraphs=[
            first,
            _("Choose a password with the button below. The link works for three days, once."),
            _("If you did not expect this message, you need not do anything."),
        ],
        facts=[(_("Your log-in"), staff.user.email)],
        button=_("Choose a password"),
        link=link,
    )


def chain_heads(heads: str) -> Content:
    """The last hash of each series, to be kept where nobody can change it."""
    rows = [json.loads(line) for line in heads.splitlines()]
    return Content(
        subject=_("Heads of the document chains, {day}").format(day=rows[0]["at"][:10]),
        paragraphs=[
            _(
                "Please keep this message. Each line names the last document of a series and its "
                "hash: with it anybody can show that no document was changed or removed."
            )
        ],
        facts=[(row["label"], row["hash"]) for row in rows],
    )


def duties_warned(shop: Shop, duties: Sequence[Duty], on: date) -> Content:
    """For the shop: what is late by law, and what comes close, each with its day and its cost."""
    late = [duty for duty in duties if duty.due_on is not None and duty.due_on < on]
    subject = (
        ngettext(
            "{n} legal deadline has passed", "{n} legal deadlines have passed", len(late)
        ).format(n=len(late))
        if late
        else ngettext(
            "{n} legal deadline comes close", "{n} legal deadlines come close", len(duties)
        ).format(n=len(duties))
    )
    return Content(
        subject=subject,
        paragraphs=[_("The most urgent comes first. Each day late may cost more than the last.")],
        facts=[_duty_row(duty, on, shop.language) for duty in duties],
        button=_("Open the board"),
        link=duties_page(shop),
    )


def guessing_seen(shop: Shop, what: str) -> Content:
    """For the shop: somebody tries to open orders that are perhaps not theirs."""
    tried = {
        "order": _("many e-mail addresses and postcodes for one order"),
        "proof": _("one e-mail address or postcode with many orders"),
        "address": _("many orders from one connection"),
        "code": _("many one-time codes from one connection"),
    }
    return Content(
        subject=_("Somebody is guessing at your returns portal"),
        paragraphs=[
            _(
                "There were many wrong tries within a short time. The portal now asks for a pause "
                "there; all other customers get in as usual. You need not do anything."
            ),
            _(
                "If a customer calls because they cannot find their order, start the return for "
                "them at the desk. You hear of this at most once an hour."
            ),
        ],
        facts=[(_("What was tried"), tried.get(what, what))],
        button=_("Open the portal"),
        link=home_of(shop),
    )


def endpoint_fails(shop: Shop, url: str, page: str, *, is_off: bool) -> Content:
    """For the shop: another system gets no more events, or has not taken them for days."""
    if is_off:
        subject = _("One of your systems wants no more news of returns")
        first = _(
            "It answered that it is gone for good. Nothing is sent there any more. What happened "
            "since can be sent again later: switch the address on, and choose the days."
        )
    else:
        subject = _("One of your systems has not taken news of returns for three days")
        first = _(
            "We tried ten times. New events are still sent there. Once it works again, what it "
            "missed can be sent once more: choose the days on its page."
        )
    return Content(
        subject=subject,
        paragraphs=[first],
        facts=[(_("Address"), url)],
        button=_("See what was sent"),
        link=page,
    )


def _duty_row(duty: Duty, on: date, language: str) -> tuple[str, str]:
    assert duty.due_on is not None
    numbered = duty.rma or duty.non_delivery
    name = numbered.number if numbered else str(duty.statement or duty_word(duty.kind))
    told = [duty_word(duty.kind), formats.day(duty.due_on, language)]
    if duty.due_on < on:
        days = (on - duty.due_on).days
        told.append(ngettext("{n} day late", "{n} days late", days).format(n=days))
    cost = cost_on(duty, on)
    if cost is not None and cost.minor:
        amount = formats.money(cost.minor, duty.currency, language)
        told.append(_("{amount} on top").format(amount=amount))
    return name, " · ".join(told)
