"""Pieces on shelves: one conditional update decides, one row is added. Inside actions only."""

from django.db.models import F

from rebond.domain.warehouse.errors import StockTooLow
from rebond.domain.warehouse.events import StockMoved
from rebond.domain.warehouse.models import Balance, Location, Movement, Unit
from rebond.kernel.clock import now
from rebond.kernel.events import record


def move(
    location: Location, sku: str, pieces: int, *, by: str, unit: Unit | None = None, why: str = ""
) -> Movement:
    """Put ``pieces`` of ``sku`` on the shelf, or take them away where negative.

    Raises ``StockTooLow`` when fewer are there.
    """
    this = {"shop_id": location.shop_id, "location": location, "sku": sku}
    Balance.objects.bulk_create([Balance(**this)], ignore_conflicts=True)
    rows = Balance.objects.filter(**this, pieces__gte=-pieces)
    if not rows.update(pieces=F("pieces") + pieces):
        there = Balance.objects.get(**this).pieces
        raise StockTooLow(sku=sku, there=there, asked=-pieces)
    made = Movement.objects.create(**this, pieces=pieces, unit=unit, why=why[:300], by=by, at=now())
    event = StockMoved(str(location.pk), str(made.pk), location.place, sku, pieces)
    record(event, shop_id=location.shop_id, actor=by)
    return made
