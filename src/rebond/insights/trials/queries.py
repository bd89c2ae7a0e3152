"""Trials as screens and the console show them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.policies.models import PolicyVersion
from rebond.domain.shops.models import Shop
from rebond.insights.trials.models import Trial, TrialState


def last_trial(shop: Shop, number: int, revision: int) -> Trial | None:
    """The newest trial of this very text of version ``number`` that came to its end."""
    return _of(shop, number, revision).filter(state=TrialState.DONE).first()


def newest_trial(version: PolicyVersion) -> Trial | None:
    """The newest trial of this very text, finished or not."""
    return _of(version.shop, version.number, version.revision).first()


def one_trial(shop: Shop, number: int, trial_id: UUID) -> Trial | None:
    """The trial with this id, of whatever revision of version ``number``."""
    return Trial.objects.filter(shop=shop, number=number, pk=trial_id).first()


def _of(shop: Shop, number: int, revision: int) -> QuerySet[Trial]:
    rows = Trial.objects.filter(shop=shop, number=number, revision=revision)
    return rows.order_by("-id")
