"""Two customers of the demo who miss something: one waits for an answer, one ended the contract."""

from __future__ import annotations

from datetime import timedelta

from rebond.domain.non_deliveries.actions import Told, announce_day, end_contract, report_missing
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.states import EndGround, Tracking
from rebond.domain.orders.models import Order
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today

ANA = "staff:Ana Lopes"


def play_missing(shop: Shop, orders: list[Order]) -> None:
    """Report missing pieces of two orders; nothing where some are reported already."""
    if len(orders) < 6 or NonDelivery.objects.filter(shop=shop).exists():
        return
    _reported(orders[-1], "Le suivi dit « livré », mais il n’y a rien dans ma boîte aux lettres.")
    french = next((one for one in orders[:-1] if one.country == "FR"), orders[-2])
    ended = _reported(french, "Je l’attendais pour l’anniversaire de ma mère, je l’avais dit.")
    day = today(shop.time_zone) + timedelta(days=4)
    announce_day(ended.pk, day, "Le colis a été mal trié, il repart demain.", by=ANA)
    end_contract(ended.pk, EndGround.ESSENTIAL_DATE, by=ANA)


def _reported(order: Order, words: str) -> NonDelivery:
    line = order.lines.filter(total_minor__gt=0).order_by("position")[0]
    told = Told({line.pk: 1}, Tracking.DELIVERED, text=words, language="fr")
    return report_missing(order.pk, told, by="shopper")
