"""Enquiries for screens."""

from __future__ import annotations

from rebond.domain.enquiries.models import Enquiry, EnquiryMessage
from rebond.domain.orders.models import Order
from rebond.domain.shoppers.models import Shopper

MOST_ORDERS = 5


def said_in(enquiry: Enquiry) -> list[EnquiryMessage]:
    """What was said in ``enquiry``, oldest first."""
    return list(enquiry.said.order_by("at", "id"))


def words_of(enquiry: Enquiry) -> str:
    """All that its sender wrote, a paragraph each."""
    return "\n\n".join(one.text for one in said_in(enquiry) if one.side == "shopper")


def orders_for(enquiry: Enquiry) -> list[Order]:
    """Orders that it may be about: the one that was named first, then the newest of the mailbox."""
    of_shop = Order.objects.filter(shop_id=enquiry.shop_id).select_related("shopper")
    found = [enquiry.order] if enquiry.order is not None else []
    if enquiry.email_key:
        people = Shopper.objects.filter(shop_id=enquiry.shop_id, email_key=enquiry.email_key)
        theirs = of_shop.filter(shopper__in=people).order_by("-ordered_at", "-id")
        found += [one for one in theirs[:MOST_ORDERS] if one.pk != enquiry.order_id]
    return found[:MOST_ORDERS]


def is_of_sender(enquiry: Enquiry, order: Order) -> bool:
    """Whether the order was placed with the address that the enquiry came from."""
    return bool(enquiry.email_key) and order.shopper.email_key == enquiry.email_key
