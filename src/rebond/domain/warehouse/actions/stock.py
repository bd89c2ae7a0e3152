"""Places for goods, and counting by hand."""

from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.errors import DetailMissing, LocationTaken
from rebond.domain.warehouse.events import LocationAdded
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Location, Movement
from rebond.domain.warehouse.shelves import move
from rebond.kernel.actions import action
from rebond.kernel.events import record


@action
def add_location(shop: Shop, name: str, place: Place, *, by: str) -> Location:
    """Name a place where goods stand. Raises ``DetailMissing`` without, ``LocationTaken`` twice."""
    name = name.strip()[:60]
    if not name:
        raise DetailMissing()
    made, is_new = Location.objects.get_or_create(shop=shop, name=name, defaults={"place": place})
    if not is_new:
        raise LocationTaken(name=name)
    record(LocationAdded(str(made.pk), str(place)), shop_id=shop.pk, actor=by)
    return made


@action
def adjust_stock(
    shop: Shop, location_id: UUID, sku: str, pieces: int, *, why: str, by: str
) -> Movement:
    """Correct what stands at a location by ``pieces``, negative for less.

    Raises ``DetailMissing`` without a stock code, a number or a reason, and ``StockTooLow``.
    """
    if not why.strip() or not sku.strip() or not pieces:
        raise DetailMissing()
    location = Location.objects.get(shop=shop, pk=location_id)
    return move(location, sku.strip()[:64], pieces, why=why.strip(), by=by)
