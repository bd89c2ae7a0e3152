"""Proofs for edges: who is behind a used code, and how often somebody has failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rebond.domain.proofs.models import OneTimeCode, Tries
from rebond.domain.shops.models import Shop


def proven_address(shop: Shop, code_id: UUID, *, since: datetime) -> str:
    """The address (as ``shoppers.email_key``) that a code proved after ``since``, or ""."""
    code = (
        OneTimeCode.objects.select_related("shopper")
        .filter(shop=shop, pk=code_id, used_at__gt=since)
        .first()
    )
    return code.shopper.email_key if code is not None and code.shopper is not None else ""


def failures_of(shop: Shop, keys: Iterable[str], *, moment: datetime) -> dict[str, int]:
    """How often each of ``keys`` failed in the stretch that is running; 0 is left out."""
    rows = Tries.objects.filter(shop=shop, key__in=list(keys), ends_at__gt=moment)
    return dict(rows.values_list("key", "failed"))
