"""The promises about store credit, gift cards and points. See `promises.py`."""

from __future__ import annotations

import re

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Concat

from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.kinds import OWED, AccountKind, Movement, Part
from rebond.domain.ledger.models import Account, Entry, Hold, Lot, Transaction
from rebond.insights.verification.table import Breaches, promise, sum_of

HASH = re.compile(r"[0-9a-f]{64}")


@promise("I8", "every booking balances")
def entries_balance() -> Breaches:
    """The entries of each transaction sum to zero in its currency, and there are some."""
    odd = Entry.objects.order_by().values("transaction", "currency")
    for row in odd.annotate(sum=Sum("amount_minor")).exclude(sum=0).iterator():
        yield f"transaction {row['transaction']}: entries sum to {row['sum']} {row['currency']}"
    for booked in Transaction.objects.filter(entries=None).iterator():
        yield f"transaction {booked.pk} ({booked.cause}): no entries"
    strange = Entry.objects.exclude(
        currency=F("transaction__currency"), account__currency=F("currency")
    )
    for entry in strange.iterator():
        yield f"entry {entry.pk}: {entry.currency} is not the currency of its account"


@promise("I9", "no balance is below zero, and each is the sum of its entries")
def balances() -> Breaches:
    """What is kept on each account is what was booked; what is set aside is what holds say."""
    entries = Entry.objects.filter(shop=OuterRef("shop"), account=OuterRef("pk"))
    open_holds = Hold.objects.filter(shop=OuterRef("shop"), account=OuterRef("pk")).annotate(
        open=F("amount_minor") - F("captured_minor") - F("released_minor")
    )
    owed = Account.objects.filter(kind__in=sorted(OWED)).annotate(
        booked=sum_of(entries, "account", "amount_minor"),
        aside=sum_of(open_holds, "account", "open"),
    )
    wrong = owed.filter(
        ~Q(balance_minor=F("booked")) | ~Q(held_minor=F("aside")) | Q(balance_minor__lt=0)
    )
    for account in wrong.iterator():
        yield (
            f"account {account.pk} ({account.kind}): balance {account.balance_minor}, "
            f"entries {account.booked}, held {account.held_minor}, holds {account.aside}"
        )


@promise("I10", "kept value keeps its origin: cash stays cash, a bonus earns no bonus")
def origins() -> Breaches:
    """Lots are what was booked on them; only cash is paid out; a spend comes back at most once."""
    for part in Part:
        column = f"{part}_left_minor"
        booked = Entry.objects.filter(shop=OuterRef("shop"), lot=OuterRef("pk"), part=part)
        lots = Lot.objects.annotate(booked=sum_of(booked, "lot", "amount_minor"))
        for lot in lots.exclude(**{column: F("booked")}).iterator():
            yield f"lot {lot.pk}: {part} {getattr(lot, column)}, entries {lot.booked}"
    paid_out = Entry.objects.filter(transaction__kind=Movement.CASHED_OUT).exclude(part=Part.CASH)
    for entry in paid_out.iterator():
        yield f"entry {entry.pk}: a bonus was paid out"
    back = Transaction.objects.filter(shop=OuterRef("shop"), reverses=OuterRef("pk"))
    spends = Transaction.objects.filter(kind=Movement.USED).annotate(
        back=sum_of(back, "reverses", "amount_minor")
    )
    for spend in spends.filter(back__gt=F("amount_minor")).iterator():
        yield f"transaction {spend.pk} ({spend.cause}): {spend.back} of {spend.amount_minor} back"
    yield from _bonus_on_bonus()


@promise("I11", "every gift card was issued by one booking, and no code is stored")
def cards() -> Breaches:
    """One card for each account and one first booking for each card; hashes look like hashes."""
    for account in (
        Account.objects.filter(kind=AccountKind.GIFT_CARD)
        .annotate(many=Count("cards"))
        .exclude(many=1)
        .iterator()
    ):
        yield f"account {account.pk}: {account.many} cards"
    issues = Transaction.objects.filter(shop=OuterRef("shop"), account=OuterRef("account"))
    first = issues.filter(
        Q(kind=Movement.ISSUED, cause__startswith="hand:") | Q(cause__startswith="refund:")
    ).exclude(
        Q(cause__endswith=":bonus") | Q(kind=Movement.RESTORED, reverses__account=F("account"))
    )
    counted = first.annotate(one=Value(1, output_field=BigIntegerField()))
    for card in (
        GiftCard.objects.annotate(issued=sum_of(counted, "account", "one"))
        .exclude(issued=1)
        .iterator()
    ):
        yield f"gift card {card.pk}: issued by {card.issued} bookings"
    for card_id, code_hash in GiftCard.objects.values_list("pk", "code_hash").iterator():
        if not HASH.fullmatch(code_hash):
            yield f"gift card {card_id}: its code is not kept as a hash"


def _bonus_on_bonus() -> Breaches:
    """A bonus on a refund is at most the cash of that refund."""
    cash = Entry.objects.filter(
        shop=OuterRef("shop"),
        transaction__account=OuterRef("account"),
        account=OuterRef("account"),
        part=Part.CASH,
    ).annotate(for_bonus=Concat("transaction__cause", Value(":bonus")))
    extra = Transaction.objects.filter(cause__startswith="refund:", cause__endswith=":bonus")
    of_refund = cash.filter(for_bonus=OuterRef("cause"))
    for booked in (
        extra.annotate(cash=sum_of(of_refund, "for_bonus", "amount_minor"))
        .filter(amount_minor__gt=F("cash"))
        .iterator()
    ):
        yield f"transaction {booked.pk} ({booked.cause}): {booked.amount_minor} on {booked.cash}"
