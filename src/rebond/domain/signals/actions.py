"""The verbs of this room: assess a return, note marks, judge, restrict on evidence, set bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from rebond.domain.bank_transfers.models import BankAccount
from rebond.domain.fair_use.actions import write_restriction
from rebond.domain.fair_use.errors import RestrictionNeedsGrounds
from rebond.domain.fair_use.kinds import Limit, RestrictionReason
from rebond.domain.fair_use.models import Restriction
from rebond.domain.policies.documents import fingerprint_of
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.signals.errors import BoundsUnreadable, CategoryNeeded
from rebond.domain.signals.events import ReturnAssessed, ReturnJudged
from rebond.domain.signals.gathering import bounds_in, gather
from rebond.domain.signals.judging import DETECTORS, MOST_POINTS, Judgement, bounds_of, judge
from rebond.domain.signals.kinds import Category, Found, MarkKind
from rebond.domain.signals.marks import mark, marks_of
from rebond.domain.signals.models import Assessment, Mark, Signal, SignalSettings, Verdict
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

LONGEST_NOTE = 2000


@action
def assess_return(rma_id: UUID, *, occasion: str) -> Assessment | None:
    """Look at a return with all that is known now; the same result again writes nothing.

    None for history, for an unknown sale, and where nothing was ever remarkable.
    """
    rma = Return.objects.locked(pk=rma_id)
    rma = Return.objects.select_related("shop", "shopper__shop", "order").get(pk=rma.pk)
    if rma.origin == "import" or rma.shopper is None:
        return None
    _note_marks(rma.shopper)
    facts = gather(rma.shopper, order=rma.order, rma=rma, moment=now())
    found = judge(facts, bounds_in(rma.shop_id))
    latest = rma.assessments.filter(is_latest=True).prefetch_related("signals").first()
    if _is_same(latest, found):
        return latest
    return _written(rma, latest, found, occasion)


@action
def note_marks(shopper_ids: Sequence[UUID]) -> int:
    """Make the marks of these accounts; returns how many were looked at."""
    shoppers = list(Shopper.objects.filter(pk__in=shopper_ids))
    for shopper in shoppers:
        _note_marks(shopper)
    return len(shoppers)


@action
def forget_marks(shopper_id: UUID) -> int:
    """Take away every mark of one account, as when its owner is erased."""
    shopper = Shopper.objects.only("shop_id").get(pk=shopper_id)
    gone, _ = Mark.objects.filter(shop_id=shopper.shop_id, shopper=shopper).delete()
    return gone


@action
def judge_return(
    rma_id: UUID, found: Found, *, category: Category, note: str, staff: Staff, by: str
) -> Verdict:
    """Write down what a person found; a later word replaces an earlier one and keeps it.

    Raises ``CategoryNeeded``. Nothing follows by itself: the return goes on as it was.
    """
    if (found is Found.FRAUD) == (category is Category.NONE):
        raise CategoryNeeded
    rma = Return.objects.locked(pk=rma_id)
    last = rma.verdicts.aggregate(turn=Max("turn"))["turn"] or 0
    rma.verdicts.filter(is_latest=True).update(is_latest=False)
    made = Verdict.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        turn=last + 1,
        found=found,
        category=category,
        note=note.strip()[:LONGEST_NOTE],
        by=by,
        by_staff=staff,
        at=now(),
    )
    event = ReturnJudged(str(rma.pk), rma.number, made.found, made.category)
    record(event, shop_id=rma.shop_id, actor=by)
    return made


@action
def restrict_shopper(
    shopper_id: UUID,
    *,
    limits: Sequence[Limit],
    reason: RestrictionReason,
    words: str,
    evidence: Sequence[str],
    staff: Staff,
    by: str,
    **details: Any,
) -> Restriction:
    """Restrict what the shop gives a shopper beyond the law, on the evidence of their returns.

    ``evidence`` are numbers of returns of this shopper, or of accounts that share a mark.
    ``details`` are ``note``, ``months`` and ``notice_days``. Raises ``RestrictionNeedsGrounds``.
    """
    shopper = Shopper.objects.select_related("shop").get(pk=shopper_id)
    people = {shopper.pk, *_linked_people(shopper)}
    known = Return.objects.filter(
        shop_id=shopper.shop_id,
        shopper__in=people,
        number_key__in=[number.strip().lower() for number in evidence],
    )
    numbers = sorted(known.values_list("number", flat=True))
    if len(numbers) != len({number.strip().lower() for number in evidence}):
        raise RestrictionNeedsGrounds(missing="evidence")
    return write_restriction(
        shopper,
        limits=limits,
        reason=reason,
        words=words,
        evidence=numbers,
        mail_mark=fingerprint_of(shopper.email_key) if shopper.email_key else "",
        staff=staff,
        by=by,
        **details,
    )


@action
def set_bounds(
    shop: Shop,
    *,
    numbers: Mapping[str, Mapping[str, int]],
    off: Sequence[str],
    look_from: int,
    careful_from: int,
) -> SignalSettings:
    """Set from which numbers detectors speak, and from how many points a person looks.

    Raises ``BoundsUnreadable``.
    """
    if not 1 <= look_from <= careful_from <= MOST_POINTS:
        raise BoundsUnreadable(problem="levels")
    unknown = (set(numbers) | set(off)) - set(DETECTORS)
    if unknown:
        raise BoundsUnreadable(problem=min(unknown))
    try:
        read = {key: bounds_of(DETECTORS[key], given) for key, given in numbers.items()}
    except ValueError as problem:
        raise BoundsUnreadable(problem=str(problem)) from problem
    values = {"numbers": read, "off": sorted(off)}
    levels = {"look_from": look_from, "careful_from": careful_from}
    settings, _ = SignalSettings.objects.update_or_create(shop=shop, defaults=values | levels)
    return settings


def _written(rma: Return, latest: Assessment | None, found: Judgement, occasion: str) -> Assessment:
    if latest is not None:
        latest.is_latest = False
        latest.save(update_fields=["is_latest"])
    made = Assessment.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        turn=latest.turn + 1 if latest else 1,
        level=found.level,
        points=found.points,
        occasion=occasion,
        at=now(),
    )
    Signal.objects.bulk_create(
        Signal(
            shop_id=rma.shop_id,
            assessment=made,
            detector=sign.detector,
            strength=sign.strength,
            numbers=dict(sign.numbers),
        )
        for sign in found.signs
    )
    before = latest.level if latest else "none"
    if made.level != before:
        event = ReturnAssessed(str(rma.pk), rma.number, made.level)
        record(event, shop_id=rma.shop_id, actor="system")
    return made


def _is_same(latest: Assessment | None, found: Judgement) -> bool:
    """Whether nothing changed; where nothing was ever said, silence is nothing new."""
    if latest is None:
        return not found.signs
    said = {_told(one.detector, one.strength, one.numbers) for one in latest.signals.all()}
    now_said = {_told(one.detector, one.strength, one.numbers) for one in found.signs}
    return latest.level == found.level and said == now_said


def _told(detector: str, strength: int, numbers: Mapping[str, Any]) -> tuple[object, ...]:
    """A sign to compare: PostgreSQL gives the keys of JSON back in an order of its own."""
    return detector, strength, tuple(sorted(numbers.items()))


def _note_marks(shopper: Shopper) -> None:
    """Bring the marks of ``shopper`` in step with what is known of them."""
    wanted: set[tuple[str, str, UUID | None]] = {
        (kind.value, value, None) for kind, value in marks_of(shopper).items()
    }
    accounts = BankAccount.objects.filter(shop_id=shopper.shop_id, shopper=shopper)
    by_iban = {
        (MarkKind.ACCOUNT.value, mark(shopper.shop_id, MarkKind.ACCOUNT, iban)): pk
        for pk, iban in accounts.values_list("pk", "iban")
    }
    wanted |= {(kind, value, source) for (kind, value), source in by_iban.items()}
    rows = {(row.kind, row.mark, row.source): row for row in shopper.marks.all()}
    stale = [row.pk for key, row in rows.items() if key not in wanted]
    if stale:
        shopper.marks.filter(pk__in=stale).delete()
    Mark.objects.bulk_create(
        [
            Mark(shop_id=shopper.shop_id, shopper=shopper, kind=kind, mark=value, source=source)
            for kind, value, source in sorted(wanted - set(rows), key=str)
        ],
        ignore_conflicts=True,
    )


def _linked_people(shopper: Shopper) -> set[UUID]:
    mine = Mark.objects.filter(shop_id=shopper.shop_id, shopper=shopper)
    same = Mark.objects.filter(
        shop_id=shopper.shop_id, mark__in=mine.exclude(kind=MarkKind.READ).values("mark")
    )
    return set(same.values_list("shopper_id", flat=True))
