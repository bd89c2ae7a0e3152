"""Statements of withdrawal, and what became of each."""

from __future__ import annotations

from django.db import models

from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.domain.withdrawals.states import AnswerReason, CaseState, Question
from rebond.kernel.models import choices_of


class Statement(ShopRow):
    """A consumer's word that they withdraw, as it was made. The row is never changed.

    It is evidence, so the name and the address stand in it, and nowhere is it joined to a
    shopper. ``text`` is the whole statement in the consumer's ``language``; ``local_time`` the
    moment on the shop's wall with its offset, to the second; ``sha256`` seals all of it
    (see ``sealing.digest_of``). ``order`` is only set where the consumer came from the page of an
    order; ``pieces`` lists ``{"line", "sku", "title", "quantity", "of"}`` of it, empty for all.
    ``note`` is what they wrote about the articles themselves. ``corrects`` names an earlier
    statement that was sent again with other words. ``is_flood`` marks what came with very many
    others from one place: nothing is refused for it, people only see it apart.
    """

    reference = models.CharField(max_length=40)
    key = models.UUIDField()
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    contract = models.CharField(max_length=300)
    email = models.EmailField()
    email_key = models.CharField(max_length=254)
    note = models.TextField(blank=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", null=True, db_index=False)
    pieces = models.JSONField(default=list)
    text = models.TextField()
    submitted_at = models.DateTimeField()
    local_time = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    is_flood = models.BooleanField(default=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "key"], name="statement_once"),
            models.UniqueConstraint(fields=["shop", "reference"], name="statement_reference_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "email_key", "submitted_at"], name="statement_by_email"),
        ]

    def __str__(self) -> str:
        return self.reference


class WithdrawalCase(ShopRow):
    """What became of one statement.

    ``question`` says why a person has to look, ``last_day`` until when the law let them
    withdraw (None: not known, or the goods are not there yet). ``answer_*`` is set where no
    return follows: the reason, its article and the words that the consumer got.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="cases", db_index=False)
    state = models.CharField(
        max_length=10, choices=choices_of(CaseState), default=CaseState.SUBMITTED
    )
    question = models.CharField(max_length=10, choices=choices_of(Question), blank=True)
    submitted_at = models.DateTimeField()
    is_flood = models.BooleanField(default=False)
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="withdrawals", null=True, db_index=False
    )
    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="withdrawals", null=True, db_index=False
    )
    last_day = models.DateField(null=True)
    is_late = models.BooleanField(default=False)
    answer_reason = models.CharField(max_length=20, choices=choices_of(AnswerReason), blank=True)
    answer_basis = models.CharField(max_length=80, blank=True)
    answer_note = models.TextField(blank=True)
    assessed_by = models.CharField(max_length=120, blank=True)
    assessed_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "statement"], name="withdrawal_case_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "is_flood", "state", "-submitted_at", "-id"],
                name="withdrawal_case_by_state",
            ),
            models.Index(fields=["shop", "-submitted_at", "-id"], name="withdrawal_case_newest"),
            models.Index(fields=["shop", "order"], name="withdrawal_case_by_order"),
            models.Index(fields=["shop", "rma"], name="withdrawal_case_by_return"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state != CaseState.ASSESSED
