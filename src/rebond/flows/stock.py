"""What a shelf means for the catalogue: the rooms of both know nothing of each other."""

from rebond.domain.products.actions import shift_stock
from rebond.domain.warehouse.events import StockMoved
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Movement
from rebond.kernel.jobs import one_action


@one_action
def count_sellable(event: StockMoved) -> None:
    """Pieces on a sellable shelf are stock of their article; second-hand ones are not."""
    if event.place == Place.SELLABLE:
        shop_id = Movement.objects.values_list("shop_id", flat=True).get(pk=event.movement_id)
        shift_stock(shop_id, event.sku, event.pieces)
