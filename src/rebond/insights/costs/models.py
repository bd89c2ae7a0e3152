"""How a shop estimates what its returns cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow
from rebond.insights.costs.reckon import USUAL_LOSS, Rates


class CostTerms(ShopRow):
    """The shop's own rates; see ``reckon.Rates``. ``wage_minor`` is an hour in ``currency``."""

    transport_percent = models.PositiveSmallIntegerField(default=15)
    handling_percent = models.PositiveSmallIntegerField(default=7)
    refurbishing_percent = models.PositiveSmallIntegerField(default=3)
    wage_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    minutes_per_piece = models.PositiveSmallIntegerField(default=6)
    lost_percent = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop"], name="cost_terms_once"),
            models.CheckConstraint(
                condition=Q(wage_minor__gte=0) & Q(wage_minor__lte=1_000_000),
                name="cost_terms_wage",
            ),
            models.CheckConstraint(
                condition=Q(transport_percent__lte=100)
                & Q(handling_percent__lte=100)
                & Q(refurbishing_percent__lte=100),
                name="cost_terms_percents",
            ),
        ]

    @property
    def rates(self) -> Rates:
        """The rates as the reckoning takes them."""
        return Rates(
            transport_percent=self.transport_percent,
            handling_percent=self.handling_percent,
            refurbishing_percent=self.refurbishing_percent,
            wage_minor=self.wage_minor,
            minutes_per_piece=self.minutes_per_piece,
            lost_percent={**USUAL_LOSS, **self.lost_percent},
        )
