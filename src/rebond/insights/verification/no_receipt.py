"""The promise about goods without a receipt."""

from rebond.domain.ledger.kinds import AccountKind, Part
from rebond.domain.ledger.models import Entry, Transaction
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.insights.verification.table import Breaches, promise


@promise("I36", "goods without a receipt bring store credit only, once, within the cap")
def without_receipt() -> Breaches:
    """Each that was paid has one booking of its worth on credit, none of it cash; no other has."""
    rows = NoReceiptReturn.objects.exclude(paid_with=None).select_related("paid_with__account")
    for row in rows.iterator():
        booked = row.paid_with
        assert booked is not None
        is_right = (
            booked.shop_id == row.shop_id
            and booked.cause == f"no_receipt:{row.pk}"
            and booked.amount_minor == row.amount_minor
            and booked.currency == row.currency
            and booked.account.kind == AccountKind.STORE_CREDIT
            and booked.account.owner == row.shopper_id
        )
        if not is_right or row.amount_minor > int(row.terms.get("cap_minor", 0)):
            yield f"return {row.number}: booking {booked.pk} of {booked.amount_minor}"
    cash = Entry.objects.filter(
        transaction__cause__startswith="no_receipt:", part=Part.CASH
    ).exclude(amount_minor=0)
    for entry in cash.iterator():
        yield f"entry {entry.pk}: cash for goods without a receipt"
    ours = Transaction.objects.filter(cause__startswith="no_receipt:")
    for loose in ours.exclude(pk__in=rows.values("paid_with_id")).iterator():
        yield f"booking {loose.pk}: no return without a receipt has it"
