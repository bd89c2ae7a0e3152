"""Repairs, one for each return that asks for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.repairs.states import OPEN, Instead, RepairState, TurnGround
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Repair(ShopRow):
    """The repair of the pieces of a return, under the guarantee.

    ``asked_on`` is the day of the claim in the shop's time zone. ``carrier`` and
    ``tracking_number`` name the parcel that brings the pieces back; ``guaranteed_until`` is then
    the first prolonged end of the legal guarantee, None where the country's law prolongs nothing.
    ``money_asked_at`` is when the shopper asked for the money instead. ``turned_into`` says what
    came instead, on which ``turned_ground`` and with which words to the shopper, ``turned_note``.
    ``reduced_at`` is when the price was reduced for what could not be mended: it then goes back
    to its shopper as it is.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="repairs", db_index=False)
    state = models.CharField(max_length=10, choices=choices_of(RepairState))
    asked_on = models.DateField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    sent_back_at = models.DateTimeField(null=True)
    guaranteed_until = models.DateField(null=True)
    money_asked_at = models.DateTimeField(null=True)
    turned_into = models.CharField(max_length=12, choices=choices_of(Instead), blank=True)
    turned_ground = models.CharField(max_length=12, choices=choices_of(TurnGround), blank=True)
    turned_note = models.TextField(blank=True)
    reduced_at = models.DateTimeField(null=True)
    since = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="repair_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RepairState]),
                name="repair_state_known",
            ),
            models.CheckConstraint(
                condition=(Q(state="sent_back") & ~Q(sent_back_at=None))
                | (~Q(state="sent_back") & Q(sent_back_at=None)),
                name="repair_sent_back_with_its_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="turned") & ~Q(turned_into="") & ~Q(turned_ground=""))
                | (~Q(state="turned") & Q(turned_into="", turned_ground="")),
                name="repair_turned_into_something",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "since"], name="repair_by_state"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return RepairState(self.state) in OPEN

    @property
    def can_be_sent_back(self) -> bool:
        """Whether the piece may go back now: mended, refused and as it came, or for less."""
        is_kept_for_less = self.state == RepairState.FAILED and self.reduced_at is not None
        return is_kept_for_less or self.state in {RepairState.REPAIRED, RepairState.REFUSED}

    @property
    def can_be_turned(self) -> bool:
        """Whether other goods or the money may still come instead."""
        is_settled = self.reduced_at is not None
        return self.is_open and self.state != RepairState.REFUSED and not is_settled

    @property
    def is_money_asked(self) -> bool:
        """Whether the shopper waits for their money instead."""
        return self.is_open and self.money_asked_at is not None
