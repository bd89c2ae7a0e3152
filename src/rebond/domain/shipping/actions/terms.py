"""How a shop's parcels come back: who makes labels, when one counts as lost, labels in stock."""

from rebond.domain.shipping.errors import (
    LabelAlreadyThere,
    LabelFileUnreadable,
    NoLabelOffered,
    TrackingNumberUnreadable,
)
from rebond.domain.shipping.events import LabelsLaidIn, ShippingTermsChanged
from rebond.domain.shipping.models import ShippingTerms, StockLabel
from rebond.domain.shipping.numbers import CLEAN, clean
from rebond.domain.shipping.ports import Ability, carriers
from rebond.domain.shipping.states import Charge
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.events import record
from rebond.kernel.files import keep

MOST_BYTES = 2 * 1024 * 1024
LOST_AFTER = range(2, 91)
USUAL_REMINDER, MOST_REMINDER = 7, 60


@action
def set_shipping_terms(
    shop: Shop,
    *,
    label_carrier: str,
    lost_after_days: int,
    by: str,
    remind_after_days: int = USUAL_REMINDER,
    expire_after_days: int = 0,
    label_charge: str = "",
) -> ShippingTerms:
    """Say who makes the shop's labels and after how many days (2 to 90) a parcel is lost.

    Goods that nobody sent are asked for after ``remind_after_days`` (0 to 60) and waited for no
    longer after ``expire_after_days`` (21 to 365); 0: never. ``label_charge`` is a ``Charge``,
    empty: as the carrier's plug says; it counts for labels from now on.

    Raises ``NoLabelOffered`` for a carrier that makes none; empty means that there are none.
    """
    if label_carrier and not _makes_labels(label_carrier):
        raise NoLabelOffered(carrier=label_carrier[:30])
    days = min(max(lost_after_days, LOST_AFTER[0]), LOST_AFTER[-1])
    terms, _ = ShippingTerms.objects.update_or_create(
        shop=shop,
        defaults={
            "label_carrier": label_carrier,
            "lost_after_days": days,
            "remind_after_days": min(max(remind_after_days, 0), MOST_REMINDER),
            "expire_after_days": expire_after_days and min(max(expire_after_days, 21), 365),
            "label_charge": Charge(label_charge) if label_charge else "",
        },
    )
    event = ShippingTermsChanged(str(shop.pk), label_carrier, days)
    record(event, shop_id=shop.pk, actor=by)
    return terms


@action
def lay_in_label(
    shop: Shop, *, carrier_name: str, tracking_number: str, pdf: bytes, by: str
) -> StockLabel:
    """Put a prepaid label into the stock.

    Raises ``LabelFileUnreadable`` for anything but a PDF of at most 2 MB,
    ``TrackingNumberUnreadable``, and ``LabelAlreadyThere`` for a number that was laid in before.
    """
    if not pdf.startswith(b"%PDF-") or len(pdf) > MOST_BYTES:
        raise LabelFileUnreadable(limit="2 MB")
    number = clean(tracking_number)
    if not number or not CLEAN.fullmatch(number):
        raise TrackingNumberUnreadable(carrier="manual")
    if StockLabel.objects.filter(shop=shop, tracking_key=number.lower()).exists():
        raise LabelAlreadyThere(number=number)
    label = StockLabel.objects.create(
        shop=shop,
        carrier_name=carrier_name[:60],
        tracking_number=number,
        tracking_key=number.lower(),
        file=keep(pdf, shop_id=shop.pk, folder="labels", suffix=".pdf"),
    )
    record(LabelsLaidIn(str(shop.pk), 1), shop_id=shop.pk, actor=by)
    return label


def _makes_labels(carrier: str) -> bool:
    return carrier in carriers and bool({Ability.LABEL, Ability.STOCK} & carriers[carrier].can)
