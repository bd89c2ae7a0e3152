"""Statements of withdrawal: proof, which the law has the shop keep, and what was answered."""

from django.db.models import Q

from rebond.domain.shoppers.holdings import About, DataKind, Holding, Subject, before


def _of(path: str = "") -> About:
    def found(who: Subject) -> Q:
        by_order = Q(**{f"{path}order__shopper__in": who.shoppers})
        by_mail = Q(**{f"{path}email_key": who.mailbox}) if who.mailbox else Q(pk__in=())
        return by_order | by_mail

    return found


HOLDINGS = [
    Holding(
        "withdrawals.WithdrawalCase",
        DataKind.REQUESTS,
        _of("statement__"),
        ("answer_note",),
        aged=before("assessed_at"),
        told=("submitted_at", "state", "answer_reason", "assessed_at"),
    ),
    Holding(
        "withdrawals.Statement",
        DataKind.STATEMENTS,
        _of(),
        ("name", "contract", "email", "email_key", "note", "text"),
        told=("reference", "submitted_at", "sha256"),
        law_keeps=True,
    ),
]
