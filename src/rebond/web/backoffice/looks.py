"""Notes in the audit that somebody looked at a customer's data, or took data out."""

from __future__ import annotations

from rebond.domain.audit.actions import note_look
from rebond.domain.orders.models import Order
from rebond.domain.shops.access import Right
from rebond.web.backoffice.access import DeskRequest

CUSTOMER, EXPORT = "looked.customer", "looked.export"


def note_customer(request: DeskRequest, order: Order) -> None:
    """A customer's data was opened, where this person sees it at all; by their id alone."""
    if Right.SEE_PEOPLE in request.rights and order.shopper_id is not None:
        note_look(request.shop.pk, CUSTOMER, order.shopper_id)


def note_export(request: DeskRequest) -> None:
    """A file with personal data was taken out."""
    note_look(request.shop.pk, EXPORT, request.shop.pk)
