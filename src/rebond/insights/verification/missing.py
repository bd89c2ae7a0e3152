"""The promise about goods that never arrived."""

from django.db.models import F, OuterRef, Q

from rebond.domain.non_deliveries.models import NonDeliveryAnswer, NonDeliveryLine
from rebond.domain.non_deliveries.states import AnswerKind
from rebond.domain.orders.models import OrderLine
from rebond.insights.verification.table import Breaches, promise, sum_of


@promise("I37", "a piece that never arrived is paid once, and never returned too")
def missing_pieces() -> Breaches:
    """The count on each order line is the sum of what is missing or was paid as missing; with the
    returned pieces it is at most what was ordered; each refund stands behind its answer."""
    reported = NonDeliveryLine.objects.annotate(
        claimed=F("quantity") - F("arrived_quantity") - F("refused_quantity")
    )
    wrong = OrderLine.objects.annotate(
        claimed=sum_of(
            reported.filter(shop=OuterRef("shop"), order_line=OuterRef("pk")),
            "order_line",
            "claimed",
        )
    ).filter(
        ~Q(missing_quantity=F("claimed"))
        | Q(quantity__lt=F("missing_quantity") + F("delivered_quantity"))
        | Q(quantity__lt=F("missing_quantity") + F("returned_quantity"))
    )
    for line in wrong.iterator():
        yield (
            f"order line {line.pk}: counted {line.missing_quantity} missing, reported "
            f"{line.claimed}, returned {line.returned_quantity} of {line.quantity}"
        )
    paid = NonDeliveryAnswer.objects.filter(kind=AnswerKind.REFUNDED, called_off_at=None)
    rows = paid.select_related("settlement").prefetch_related("settlement__lines")
    for answer in rows.iterator(chunk_size=500):
        settlement = answer.settlement
        assert settlement is not None
        settled = {str(one.order_line_id): one.quantity for one in settlement.lines.all()}
        is_paid = settlement.shop_id == answer.shop_id and settled == answer.pieces
        if not is_paid and settlement.called_off_at is None:
            yield f"answer {answer.pk}: settlement {settlement.pk} pays other pieces"
