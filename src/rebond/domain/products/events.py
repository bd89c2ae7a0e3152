"""What happens to the catalogue."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class CatalogueChanged(Event):
    """A list of products was read: prices, variants, stock."""

    name = "catalogue.changed"
    about = "shop_id"

    shop_id: str
    added: int
    changed: int
