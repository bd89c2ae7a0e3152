"""Which restrictions hold, for a decision and for screens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rebond.domain.fair_use.kinds import Limit
from rebond.domain.fair_use.models import Appeal, FairUseTerms, Restriction
from rebond.domain.shoppers.models import Shopper


def limits_on(shopper: Shopper, mail_mark: str, moment: datetime) -> tuple[str, ...]:
    """The limits that hold for ``shopper`` at ``moment``, in the order of ``Limit``. One query.

    ``mail_mark`` is the fingerprint of the address, empty where none is known.
    """
    who = Q(shopper=shopper)
    if mail_mark:
        who |= Q(mail_mark=mail_mark)
    rows = Restriction.objects.filter(
        who,
        shop_id=shopper.shop_id,
        told_at__lte=moment,
        starts_at__lte=moment,
        ends_at__gt=moment,
    ).filter(Q(lifted_at=None) | Q(lifted_at__gt=moment))
    found = {limit for limits in rows.values_list("limits", flat=True) for limit in limits}
    return tuple(limit.value for limit in Limit if limit.value in found)


def restrictions_of(shopper: Shopper) -> list[Restriction]:
    """All restrictions there ever were for ``shopper``, newest first, with their appeals."""
    rows = Restriction.objects.filter(shop_id=shopper.shop_id, shopper=shopper)
    return list(rows.select_related("shopper").prefetch_related("appeals").order_by("-made_at"))


def standing_restrictions(shop_id: UUID, moment: datetime) -> QuerySet[Restriction]:
    """Restrictions of the shop that hold or are to hold."""
    return (
        Restriction.objects.select_related("shopper")
        .filter(shop_id=shop_id, ends_at__gt=moment, lifted_at=None)
        .order_by("ends_at", "id")
    )


def open_appeals(shop_id: UUID) -> QuerySet[Appeal]:
    """Appeals that wait for an answer, the most urgent first."""
    return (
        Appeal.objects.select_related("restriction__shopper")
        .filter(shop_id=shop_id, answered_at=None)
        .order_by("due_at", "id")
    )


def needs_another(shop_id: UUID) -> bool:
    """Whether in this shop an appeal is answered by somebody else than who restricted."""
    found = FairUseTerms.objects.filter(shop_id=shop_id).values_list("needs_another", flat=True)
    return bool(found.first())
