"""What is kept of requests about data, and of jobs that failed."""

from django.db.models import Q

from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_mailbox
from rebond.domain.shoppers.models import DataRequestState, RequestKind

THEIRS = of_mailbox("email")
"""The one that has just been carried out forgets the address when its letter is written."""

HOLDINGS = [
    Holding(
        "shoppers.DataRequest",
        DataKind.TECHNICAL,
        lambda who: THEIRS(who) & ~Q(state=DataRequestState.OPEN) & ~Q(kind=RequestKind.ERASE),
        ("email", "note", "answer"),
        aged=before("ended_at"),
        told=("kind", "asked_at", "state", "ended_at"),
        files=("file",),
    ),
    Holding(
        "kernel.Job",
        DataKind.TECHNICAL,
        lambda who: Q(last_error__icontains=who.mailbox) if who.mailbox else Q(pk__in=()),
        ("last_error",),
        aged=before("created_at"),
    ),
]
