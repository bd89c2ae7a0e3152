"""What a visitor of the portal does, in one line each."""

from django.test import Client
from django.urls import reverse

from rebond.domain.orders.models import Order

ONE_LAMP = {"l1-chosen": "1", "l1-quantity": "1", "l1-reason": "changed_mind"}


def page_of(order: Order) -> str:
    """The address of the order's page."""
    return reverse("portal:order", args=[order.shop.slug, order.number])


def choose(client: Client, order: Order, **fields):
    """Fill in the order's page; one lamp where nothing else is said."""
    return client.post(page_of(order), fields or ONE_LAMP)


def send(client: Client, preview: str):
    """Press the button on the preview page."""
    return client.post(preview.replace("/preview/", "/send/"))


def status_page(order: Order, token: str) -> str:
    """The address of a return's page."""
    return reverse("portal:return", args=[order.shop.slug, token])
