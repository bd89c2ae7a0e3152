"""What customs are told of goods that come back over a border.

Goods that were sold into another customs territory and come back are declared as returned goods:
what they are, where they were made, what they weigh and what was paid for them. Within the
customs union of the European Union nothing is declared.

Source: Universal Postal Union, forms CN 22 and CN 23: CN 22 for small packets up to 300 special
drawing rights and 2 kg, CN 23 for everything else
(http://eswatinipost.co.sz/parcels.php, read 2026-11-22). A special drawing right is worth
more than one of each currency in ``UNDER_A_RIGHT``, so that up to 300 of those CN 22 is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rebond.domain.law.places import country_named, is_member_state
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.pickups import door_of, place_of
from rebond.domain.shipping.ports import Goods, Place
from rebond.kernel.money import exponent_of, half_up

UNDER_A_RIGHT = frozenset({"EUR", "USD", "CHF", "CAD", "AUD"})
MOST_OF_CN22 = 300
MOST_GRAMS_OF_CN22 = 2000


class Form(StrEnum):
    """A paper for customs; ``INVOICE`` is asked for beside the declaration."""

    CN22 = "cn22"
    CN23 = "cn23"
    INVOICE = "invoice"


@dataclass(frozen=True)
class Declaration:
    """What is declared for one return."""

    sender: Place
    recipient: Place
    currency: str
    goods: tuple[Goods, ...]

    @property
    def value_minor(self) -> int:
        """What was paid for everything."""
        return sum(one.value_minor for one in self.goods)

    @property
    def grams(self) -> int | None:
        """The net weight of everything; None where one article's is not known."""
        known = [one.grams for one in self.goods]
        return None if None in known else sum(grams or 0 for grams in known)

    @property
    def form(self) -> Form:
        """The declaration that goes on the parcel."""
        limit = MOST_OF_CN22 * 10 ** exponent_of(self.currency)
        is_light = self.grams is not None and self.grams <= MOST_GRAMS_OF_CN22
        is_cheap = self.currency in UNDER_A_RIGHT and self.value_minor <= limit
        return Form.CN22 if is_light and is_cheap else Form.CN23

    @property
    def forms(self) -> tuple[Form, Form]:
        """The papers that are offered."""
        return (self.form, Form.INVOICE)

    @property
    def incomplete(self) -> list[str]:
        """The titles of articles of which something has to be written in by hand."""
        return [one.title for one in self.goods if not one.is_complete]


def crosses_a_border(sender: str, recipient: str) -> bool:
    """Whether goods from one country to the other pass customs; False where one is not known."""
    here, there = country_named(sender), country_named(recipient)
    if not here or not there or here == there:
        return False
    return not (is_member_state(here) and is_member_state(there))


def declaration_of(rma: Return) -> Declaration | None:
    """What is to be declared for the parcel of ``rma``; None where nothing is: the goods stay,
    cross no border, or are carried to a counter of the shop."""
    order = rma.order
    sender = door_of(rma)
    if order is None or rma.keeps_goods or not crosses_a_border(sender.country, rma.shop.country):
        return None
    chosen = chosen_of(rma)
    if chosen is not None and chosen.method == "counter":
        return None
    lines = list(rma.lines.select_related("order_line").order_by("position"))
    known = {
        product.sku: product
        for product in Product.objects.filter(
            shop_id=rma.shop_id, sku__in=[line.sku for line in lines]
        )
    }
    rows = list(rma.send_to)
    goods = []
    for line in lines:
        product, bought = known.get(line.sku), line.order_line
        if bought is None:
            return None
        grams = product.weight_grams if product else None
        goods.append(
            Goods(
                line.title,
                line.sku,
                line.quantity,
                half_up(Fraction(bought.total_minor * line.quantity, bought.quantity)),
                grams * line.quantity if grams else None,
                product.hs_code if product else "",
                product.origin_country if product else "",
            )
        )
    recipient = place_of(rows[0] if rows else rma.shop.name, rows[1:], rma.shop.country, "")
    return Declaration(sender, recipient, order.currency, tuple(goods))
