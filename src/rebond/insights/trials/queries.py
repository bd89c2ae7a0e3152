"""Trials as screens and the console show them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.policies.models import PolicyVersion
from rebond.domain.shops.models import Shop
from rebond.insights.trials.models import Trial, TrialState


def last_trial(version: PolicyVersion) -> Trial | None:
    """The newest trial of this very text that came to its end."""
    return _of(version).filter(state=TrialState.DONE).first()


def newest_trial(version: PolicyVersion) -> Trial | None:
    """The newest trial of this very text, finished or not."""
    return _of(version).first()


def one_trial(shop: Shop, number: int, trial_id: UUID) -> Trial | None:
    """The trial with this id, of whatever revision of version ``number``."""
    return Trial.objects.filter(shop=shop, number=number, pk=trial_id).first()


def _of(version: PolicyVersion) -> QuerySet[Trial]:
    """A number may have belonged to a draft before that was thrown away: its trials are older."""
    rows = Trial.objects.filter(
        shop=version.shop_id,
        number=version.number,
        revision=version.revision,
        started_at__gte=version.created_at,
    )
    return rows.order_by("-id")
