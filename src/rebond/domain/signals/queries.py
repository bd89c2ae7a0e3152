"""What was said of returns and what people found: for screens, reports and other figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop
from rebond.domain.signals.judging import DETECTORS
from rebond.domain.signals.kinds import Found
from rebond.domain.signals.models import Assessment, Signal, Verdict


def latest_assessment(rma: Return) -> Assessment | None:
    """How closely ``rma`` should be looked at, with its signals; None where nothing was said."""
    rows = Assessment.objects.filter(shop_id=rma.shop_id, rma=rma, is_latest=True)
    return rows.prefetch_related("signals").first()


def verdicts_of(rma: Return) -> list[Verdict]:
    """What people found, the latest word first."""
    return list(Verdict.objects.filter(shop_id=rma.shop_id, rma=rma).order_by("-turn"))


def is_to_be_looked_at(shop: Shop) -> Q:
    """The condition on returns that ask for a look and of which nobody has said anything yet."""
    said = Assessment.objects.filter(shop=shop, is_latest=True, level__in=("look", "careful"))
    judged = Verdict.objects.filter(shop=shop, rma=OuterRef("pk"), is_latest=True)
    return Q(pk__in=said.values("rma")) & ~Q(Exists(judged))


def confirmed_fraud(shop_id: UUID) -> QuerySet[Verdict, UUID]:
    """Returns by id that people found to be fraud: figures about products leave them out."""
    rows = Verdict.objects.filter(shop_id=shop_id, is_latest=True, found=Found.FRAUD)
    return rows.values_list("rma_id", flat=True)


@dataclass(frozen=True)
class Record:
    """How one detector did in a period: on how many returns it spoke, what people found there."""

    detector: str
    spoke: int
    fraud: int
    honest: int
    unclear: int

    @property
    def open(self) -> int:
        """Returns on which nobody has said anything yet."""
        return self.spoke - self.fraud - self.honest - self.unclear

    @property
    def precision(self) -> int | None:
        """Whole percent of clear findings that confirmed it; None while there are none."""
        clear = self.fraud + self.honest
        return self.fraud * 100 // clear if clear else None


def records_of(shop: Shop, since: datetime, until: datetime) -> list[Record]:
    """Every detector with what it said of returns requested in the period; one query.

    A detector spoke on a return if it did so at any time. Ordered by how often it spoke.
    """
    judged = Verdict.objects.filter(shop=shop, rma=OuterRef("assessment__rma"), is_latest=True)
    found = {one.value: Exists(judged.filter(found=one)) for one in Found}
    rows = (
        Signal.objects.filter(
            shop=shop,
            assessment__rma__requested_at__gte=since,
            assessment__rma__requested_at__lt=until,
        )
        .values("detector")
        .annotate(
            spoke=Count("assessment__rma", distinct=True),
            fraud=Count("assessment__rma", filter=Q(found["fraud"]), distinct=True),
            honest=Count("assessment__rma", filter=Q(found["honest"]), distinct=True),
            unclear=Count("assessment__rma", filter=Q(found["unclear"]), distinct=True),
        )
    )
    known = {row["detector"]: Record(**row) for row in rows if row["detector"] in DETECTORS}
    every = [known.get(key, Record(key, 0, 0, 0, 0)) for key in DETECTORS]
    return sorted(every, key=lambda record: (-record.spoke, record.detector))
