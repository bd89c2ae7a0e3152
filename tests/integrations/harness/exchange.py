"""Goods taken in exchange, on the bench."""

from dataclasses import replace

from tests.integrations.fakes.own_ledger import EXCUSED, LedgerBench
from tests.integrations.harness import Booked, Money
from tests.world import order_of, requested_return, small_shop

from rebond.domain.exchanges.models import Exchange, ExchangeLine, ExchangePayment
from rebond.domain.exchanges.states import ExchangeState
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.ports import RefundOrder
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now


class Harness(LedgerBench):
    """A payment of an order whose return is settled: all of it pays for other goods."""

    key = "exchange"
    excused = EXCUSED

    def start(self) -> None:
        self.slug = "maison-belle" if self.folder.name == "other" else "galerie"
        self.shop: Shop = small_shop(self.slug)
        self.places: dict[str, str] = {}
        keep_products(self.shop, [NewProduct("VASE-01", "Vase")], by="test")

    def opens(self, captured: Money) -> str:
        reference = self.new_reference()
        vase = Product.objects.get(shop=self.shop, sku="VASE-01")
        rma = requested_return(order_of(self.shop, number=reference), {"LAMP-01": 1})
        exchange = Exchange.objects.create(
            shop=self.shop,
            rma=rma,
            state=ExchangeState.SETTLED,
            currency=captured.currency,
            channel="link",
            given_by="Camille",
            agreed_by="shopper",
            agreed_at=now(),
            expires_at=now(),
            sale_minor=captured.minor,
            applied_minor=captured.minor,
            due_minor=0,
        )
        ExchangeLine.objects.create(
            shop=self.shop,
            exchange=exchange,
            position=1,
            return_line=rma.lines.get(),
            product=vase,
            sku=vase.sku,
            title=vase.title,
            quantity=1,
            unit_minor=captured.minor,
            tax_rate="0.20",
            settled_quantity=1,
            gross_minor=captured.minor,
        )
        self.places[reference] = f"exchange:{exchange.pk}"
        return reference

    def order(self, payment: str, amount: Money, *, key: str = "") -> RefundOrder:
        asked = super().order(payment, amount, key=key)
        return replace(asked, destination=self.places.get(payment, ""))

    def booked(self) -> list[Booked]:
        rows = ExchangePayment.objects.filter(shop=self.shop).order_by("id")
        return [
            Booked(
                reference=str(row.pk),
                refund_id=str(row.refund_id),
                amount=Money(row.amount_minor, row.currency),
                payment=row.payment_reference,
            )
            for row in rows
        ]
