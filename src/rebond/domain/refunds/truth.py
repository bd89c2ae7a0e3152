"""Takes over what a provider lists now: ours by our reference, the rest as money from outside.

The list is the present truth, so it may also correct what was believed before. Used inside
actions only.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from rebond.domain.refunds.models import FoundBy, OutsideRefund, Refund
from rebond.domain.refunds.outside import adopt
from rebond.domain.refunds.payouts import apply_answer, end_well, locked_refund
from rebond.domain.refunds.ports import KnownRefund, Outcome
from rebond.domain.refunds.reserving import reserve
from rebond.domain.refunds.states import LIVE, RefundState
from rebond.kernel.money import Money

DEAD = frozenset({RefundState.FAILED, RefundState.FAILED_LATE, RefundState.CANCELLED})


class Taken(StrEnum):
    """What a listed refund turned out to be."""

    OURS = "ours"
    OUTSIDE = "outside"
    DIFFERS = "differs"


def take_list(
    shop_id: UUID, provider: str, listed: Iterable[KnownRefund], *, found_by: FoundBy
) -> dict[str, Taken]:
    """Take over everything in ``listed``; what each became, by the provider's name for it.

    What was paid comes before what failed, so that an older request that failed never speaks
    for the one that was paid.
    """
    in_order = sorted(listed, key=lambda known: known.answer.outcome is Outcome.REFUSED)
    return {
        known.reference: take_known(shop_id, provider, known, found_by=found_by)
        for known in in_order
    }


def take_known(shop_id: UUID, provider: str, known: KnownRefund, *, found_by: FoundBy) -> Taken:
    """Take over one refund as the provider shows it now."""
    ours = ours_behind(shop_id, provider, known.refund_id, known.reference)
    if ours is None:
        adopt(shop_id, provider, known, found_by=found_by)
        return Taken.OUTSIDE
    if known.amount != Money(ours.amount_minor, ours.currency):
        return Taken.DIFFERS
    refund = locked_refund(ours.pk)
    if known.reference and refund.provider_reference not in {"", known.reference}:
        return _second_of(refund, known, found_by=found_by)
    if refund.state in DEAD and known.answer.outcome is Outcome.SUCCEEDED:
        return _went_after_all(refund, known, found_by=found_by)
    apply_answer(refund, known.answer, by=f"provider:{provider}")
    return Taken.OURS


def ours_behind(
    shop_id: UUID, provider: str, refund_id: UUID | None, reference: str
) -> Refund | None:
    """The refund of ours that the provider means, by our reference or by its own.

    One that was noted by hand carries the provider's name for it; one that was found elsewhere
    is followed by its own row and is not meant here.
    """
    mine = Refund.objects.filter(shop_id=shop_id, provider=provider, is_outside=False)
    if refund_id is not None:
        found = mine.filter(pk=refund_id).first()
        if found is not None:
            return found
    return mine.filter(provider_reference=reference).first() if reference else None


def _second_of(refund: Refund, known: KnownRefund, *, found_by: FoundBy) -> Taken:
    """A further request under our reference: a failed one says nothing, a paid one is too much."""
    is_known = OutsideRefund.objects.filter(
        shop_id=refund.shop_id, provider=refund.provider, provider_reference=known.reference
    ).exists()
    if known.answer.outcome is Outcome.REFUSED and not is_known:
        return Taken.OURS
    adopt(refund.shop_id, refund.provider, known, found_by=found_by)
    return Taken.OUTSIDE


def _went_after_all(refund: Refund, known: KnownRefund, *, found_by: FoundBy) -> Taken:
    """We believed it lost, and it was paid: ours again, or money too much if it was replaced."""
    sent = sum(r.amount_minor for r in refund.settlement.refunds.all() if r.state in LIVE)
    is_free = sent + refund.amount_minor <= refund.settlement.gross_minor
    is_owed = refund.settlement.called_off_at is None
    if is_free and is_owed and reserve(refund.payment, refund.amount_minor, another_way=True):
        refund.provider_reference = refund.provider_reference or known.reference
        refund.bank_reference = known.answer.bank_reference or refund.bank_reference
        refund.save(update_fields=["provider_reference", "bank_reference"])
        end_well(refund, by=f"provider:{refund.provider}")
        return Taken.OURS
    adopt(refund.shop_id, refund.provider, known, found_by=found_by)
    return Taken.OUTSIDE
