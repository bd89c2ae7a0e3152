"""The verbs of fair use: restrict, note the notice, lift, appeal, answer, set the terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from rebond.domain.fair_use.errors import (
    AlreadyAppealed,
    AnotherPersonNeeded,
    AppealAnsweredAlready,
    AppealEmpty,
    RestrictionNeedsGrounds,
    RestrictionOver,
)
from rebond.domain.fair_use.events import (
    AppealAnswered,
    AppealMade,
    RestrictionLifted,
    RestrictionMade,
    RestrictionTold,
)
from rebond.domain.fair_use.kinds import (
    ANSWERED_WITHIN_DAYS,
    MOST_MONTHS,
    USUAL_MONTHS,
    USUAL_NOTICE_DAYS,
    AppealOutcome,
    Limit,
    RestrictionReason,
)
from rebond.domain.fair_use.models import Appeal, FairUseTerms, Restriction
from rebond.domain.fair_use.queries import needs_another
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop, Staff
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

LONGEST_WORDS = 2000


def write_restriction(
    shopper: Shopper,
    *,
    limits: Sequence[Limit],
    reason: RestrictionReason,
    words: str,
    evidence: Sequence[str],
    mail_mark: str,
    staff: Staff,
    note: str = "",
    months: int = USUAL_MONTHS,
    notice_days: int = USUAL_NOTICE_DAYS,
    by: str,
) -> Restriction:
    """Write a restriction inside an action that has checked its ``evidence``.

    It begins ``notice_days`` after today and only once its notice has left; it ends ``months``
    later by itself. Raises ``RestrictionNeedsGrounds``.
    """
    missing = _missing(shopper, limits, words, evidence)
    if missing or not 1 <= months <= MOST_MONTHS or notice_days < 1:
        raise RestrictionNeedsGrounds(missing=missing or "time")
    moment = now()
    starts_at = moment + timedelta(days=notice_days)
    made = Restriction.objects.create(
        shop_id=shopper.shop_id,
        shopper=shopper,
        mail_mark=mail_mark,
        limits=[limit.value for limit in Limit if limit in limits],
        reason=reason,
        words=words.strip(),
        evidence=list(evidence),
        note=note.strip()[:LONGEST_WORDS],
        language=shopper.language or shopper.shop.language,
        made_by=by,
        made_by_staff=staff,
        made_at=moment,
        starts_at=starts_at,
        ends_at=starts_at + relativedelta(months=months),
    )
    event = RestrictionMade(str(made.pk), str(shopper.pk), made.reason)
    record(event, shop_id=made.shop_id, actor=by)
    return made


@action
def note_told(restriction_id: UUID) -> None:
    """The notice has left: from now on the restriction may hold, from its day on."""
    restriction = _locked(restriction_id)
    if restriction.told_at is not None:
        return
    restriction.told_at = now()
    restriction.save(update_fields=["told_at"])
    event = RestrictionTold(str(restriction.pk), str(restriction.shopper_id))
    record(event, shop_id=restriction.shop_id, actor="system")


@action
def lift_restriction(restriction_id: UUID, *, by: str) -> Restriction:
    """End a restriction before its day. Raises ``RestrictionOver``."""
    restriction = _locked(restriction_id)
    _lift(restriction, by=by)
    return restriction


@action
def appeal(restriction_id: UUID, text: str) -> Appeal:
    """Ask for a person. Raises ``AppealEmpty``, ``AlreadyAppealed`` and ``RestrictionOver``."""
    restriction = _locked(restriction_id)
    moment = now()
    if not restriction.can_be_lifted_at(moment):
        raise RestrictionOver
    if restriction.appeals.filter(answered_at=None).exists():
        raise AlreadyAppealed
    made = Appeal.objects.create(
        shop_id=restriction.shop_id,
        restriction=restriction,
        text=_readable(text),
        made_at=moment,
        due_at=moment + timedelta(days=ANSWERED_WITHIN_DAYS),
        needs_another=needs_another(restriction.shop_id),
        restricted_by_id=restriction.made_by_staff_id,
    )
    event = AppealMade(str(restriction.pk), str(restriction.shopper_id), str(made.pk))
    record(event, shop_id=restriction.shop_id, actor="shopper")
    return made


@action
def answer_appeal(
    appeal_id: UUID, outcome: AppealOutcome, answer: str, *, staff: Staff, by: str
) -> Appeal:
    """Answer as a person, in words; ``lifted`` ends the restriction at once.

    Raises ``AppealAnsweredAlready``, ``AppealEmpty`` and, where the shop wants two people,
    ``AnotherPersonNeeded``.
    """
    restriction = _locked(Appeal.objects.only("restriction_id").get(pk=appeal_id).restriction_id)
    asked = Appeal.objects.get(pk=appeal_id)
    if not asked.is_open:
        raise AppealAnsweredAlready
    if asked.needs_another and asked.restricted_by_id == staff.pk:
        raise AnotherPersonNeeded
    asked.answer, asked.outcome = _readable(answer), outcome
    asked.answered_by, asked.answered_at = staff, now()
    asked.save(update_fields=["answer", "outcome", "answered_by", "answered_at"])
    if outcome is AppealOutcome.LIFTED and restriction.can_be_lifted_at(asked.answered_at):
        _lift(restriction, by=by)
    event = AppealAnswered(
        str(restriction.pk), str(restriction.shopper_id), str(asked.pk), asked.outcome
    )
    record(event, shop_id=asked.shop_id, actor=by)
    return asked


@action
def set_fair_use(shop: Shop, *, needs_another: bool) -> FairUseTerms:
    """Set whether who restricts may answer the appeal."""
    terms, _ = FairUseTerms.objects.update_or_create(
        shop=shop, defaults={"needs_another": needs_another}
    )
    return terms


def _locked(restriction_id: UUID) -> Restriction:
    rows = Restriction.objects.select_for_update(no_key=True, of=("self",))
    return rows.get(pk=restriction_id)


def _lift(restriction: Restriction, *, by: str) -> None:
    moment = now()
    if not restriction.can_be_lifted_at(moment):
        raise RestrictionOver
    restriction.lifted_at, restriction.lifted_by = moment, by
    restriction.save(update_fields=["lifted_at", "lifted_by"])
    event = RestrictionLifted(str(restriction.pk), str(restriction.shopper_id))
    record(event, shop_id=restriction.shop_id, actor=by)


def _missing(shopper: Shopper, limits: Sequence[Limit], words: str, evidence: Sequence[str]) -> str:
    if not shopper.email:
        return "address"
    if not limits:
        return "limits"
    if not words.strip() or len(words) > LONGEST_WORDS:
        return "words"
    return "" if evidence else "evidence"


def _readable(text: str) -> str:
    words = text.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise AppealEmpty(limit=LONGEST_WORDS)
    return words
