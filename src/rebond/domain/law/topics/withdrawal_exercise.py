"""Whether a statement of withdrawal counts, and whether it was sent in time."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import add_days, local_day
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.topics.withdrawal_period import period_of

STATEMENTS = {
    "statement", "statement sent", "declaration", "model form", "model form sent", "form",
    "online function", "e-mail", "email", "letter", "call", "phone call", "call with proof",
}  # fmt: skip


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: is_withdrawal, valid, in_time, local_time, refund_due_on_or_before."""
    return Findings(place).ask(facts, _event, _statement, _refund)


def _event(found: Findings, facts: Facts) -> None:
    event = facts.text("event")
    if event is None:
        return
    written = event.lower().replace("_", " ").strip() in STATEMENTS
    is_statement = written or facts.has("statement_sent_at")
    found.cite("FR-WD-08")
    found.give(is_withdrawal=is_statement)
    if not is_statement:
        found.because("mere_return_is_not_a_statement")
        found.give(required="an unequivocal statement of the consumer; invite one")


def _statement(found: Findings, facts: Facts) -> None:
    if facts.has("event") and not facts.has("statement_sent_at"):
        return
    sent_at = facts.the_instant("statement_sent_at")
    found.cite("FR-WD-08")
    found.give(local_time=sent_at, is_withdrawal=True)
    sent_on = local_day(sent_at, facts.zone)
    last_day = _last_day(found, facts)
    if last_day is None:
        found.cite("FR-WD-07")
        found.because("statement_before_receipt")
        found.give(valid=True, in_time=True)
        return
    in_time = sent_on <= last_day
    found.because("sent_in_time" if in_time else "sent_too_late", on=sent_on, last_day=last_day)
    found.give(in_time=in_time, valid=in_time)


def _last_day(found: Findings, facts: Facts) -> date | None:
    stated = facts.day("last_day")
    if stated is not None:
        return stated
    if facts.has("received_on") or facts.has("received") or facts.has("deliveries"):
        return period_of(facts, found.place, found).last_day
    if _awaits_goods(facts):
        return None
    raise FactMissing("last_day")


def _awaits_goods(facts: Facts) -> bool:
    undelivered = facts.named("received_on") or facts.named("dispatched")
    return undelivered or facts.has("ordered_on")


def _refund(found: Findings, facts: Facts) -> None:
    informed_at = facts.instant("received_by_trader_at") or facts.instant("statement_sent_at")
    if informed_at is None or not found.keys.get("valid"):
        return
    informed_on = local_day(informed_at, facts.zone)
    days = whole("withdrawal.refund_days", informed_on)
    found.cite("FR-WD-10")
    found.because("period", days=days, **{"from": informed_on})
    found.give(refund_due_on_or_before=add_days(informed_on, days))
