"""What stands in the database, as plain figures."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Sum

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.ledger.models import Account, Entry, Lot, Transaction
from rebond.domain.orders.models import OrderLine, Payment
from rebond.domain.refunds.models import MoneyTask, ProviderEvent, Refund, Settlement
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.warehouse.models import Receipt, Unit
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.models import Event, Job
from rebond.outbound.notifications.models import Message

KEPT_BY_LAW = ("credit_notes_",)
"""The beginnings of the names of tables with documents."""


def facts() -> dict[str, Any]:
    """Everything that a row may want to compare."""
    notes = CreditNote.objects.order_by("series", "number")
    return {
        "refunds": sorted(Refund.objects.values_list("state", "amount_minor", "generation")),
        "settlements": Settlement.objects.count(),
        "reserved": list(Payment.objects.values_list("refund_reserved_minor", flat=True)),
        "unwatched": Refund.objects.filter(
            state__in=["reserved", "sending", "unknown", "pending"], next_check_at=None
        ).count(),
        "documents": list(notes.values_list("number", flat=True)),
        "document_hashes": list(notes.values_list("hash", flat=True)),
        "in_order": [note.issued_at for note in notes] == sorted(n.issued_at for n in notes),
        "waiting_jobs": Job.objects.filter(is_dead=False).count(),
        "dead_jobs": list(Job.objects.filter(is_dead=True).values_list("path", flat=True)),
        "letters": dict(Counter(Message.objects.values_list("kind", flat=True))),
        "tasks": sorted(
            MoneyTask.objects.filter(closed_at=None).values_list("kind", flat=True),
        ),
        "events": dict(Counter(Event.objects.values_list("name", flat=True))),
        "messages": sorted(ProviderEvent.objects.values_list("result", flat=True)),
        "returns": sorted(Return.objects.values_list("request_state", flat=True)),
        "money_states": sorted(Return.objects.values_list("money_state", flat=True)),
        "returned": list(OrderLine.objects.values_list("returned_quantity", flat=True)),
        "books": _books(),
        "broken": [breach for promise in PROMISES for breach in promise.breaches()],
    }


def goods() -> dict[str, int]:
    """Pieces by what was counted at the door, what was found, and what goes on from there."""
    lines = ReturnLine.objects.aggregate(
        received=Sum("received_quantity"), accepted=Sum("accepted_quantity")
    )
    return {
        "receipts": Receipt.objects.count(),
        "received": lines["received"] or 0,
        "accepted": lines["accepted"] or 0,
        "units": Unit.objects.count(),
    }


def paid(slug: str) -> list[float]:
    """For each settled refund of a shop, how long it took since it was decided, in seconds."""
    refunds = Refund.objects.filter(shop__slug=slug, state="succeeded")
    return [(one.settled_at - one.started_at).total_seconds() for one in refunds if one.settled_at]


def names(word: str) -> list[str]:
    """Tables whose rows hold ``word``, but those that the law wants kept."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                if word.lower() in str(row).lower():
                    found.add(table)
    return sorted(table for table in found if not table.startswith(KEPT_BY_LAW))


def balance(account: str) -> list[int]:
    """An account's balance as it is kept, and as its entries make it."""
    found = Account.objects.get(pk=account)
    entries = Entry.objects.filter(shop=found.shop_id, account=found)
    return [found.balance_minor, sum(entries.values_list("amount_minor", flat=True))]


def _books() -> str:
    """A hash over every row of the ledger of credit, in order."""
    tables = (Account, Lot, Transaction, Entry)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()
