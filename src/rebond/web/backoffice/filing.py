"""What a return is filed from at the desk: a parcel that is here, an enquiry, or a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from rebond.domain.conversations.actions import take_along
from rebond.domain.conversations.models import ConversationMessage, Side
from rebond.domain.enquiries.actions import turn_into_return
from rebond.domain.enquiries.models import Enquiry
from rebond.domain.enquiries.queries import words_of
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import bind_parcel
from rebond.domain.warehouse.models import LooseParcel
from rebond.domain.warehouse.queries import loose_parcel_of
from rebond.web.backoffice.access import DeskRequest

_M = TypeVar("_M", bound=Model)


@dataclass(frozen=True)
class Source:
    """At most one of the three."""

    parcel: LooseParcel | None = None
    enquiry: Enquiry | None = None
    message: ConversationMessage | None = None

    @property
    def text(self) -> str:
        """What the person wrote; empty where nothing was written."""
        if self.enquiry is not None:
            return words_of(self.enquiry)
        return self.message.text if self.message is not None else ""


def source_of(request: DeskRequest, order: Order) -> Source:
    """What the address names, as far as it goes with ``order`` and this person may see it."""
    named = request.GET
    enquiry = None
    if Right.SEE_PEOPLE in request.rights:
        rows = Enquiry.objects.filter(shop=request.shop, rma=None)
        enquiry = _first(rows, named.get("enquiry", ""))
    messages = ConversationMessage.objects.filter(
        shop=request.shop, rma__order=order, side=Side.SHOPPER
    )
    return Source(
        parcel=loose_parcel_of(order, named.get("parcel", "")),
        enquiry=enquiry,
        message=_first(messages, named.get("message", "")),
    )


def take_up(request: DeskRequest, source: Source, rma: Return) -> None:
    """Say of what it was filed from that ``rma`` is its return."""
    if source.parcel is not None:
        bind_parcel(request.shop, source.parcel.pk, rma.pk, by=request.by)
    if source.enquiry is not None:
        turn_into_return(source.enquiry.pk, rma.pk, by=request.by)
    if source.message is not None:
        take_along(source.message.pk, rma.pk, by=request.by)


def _first(rows: QuerySet[_M], typed: str) -> _M | None:
    """The row with this id; None where there is none, or where it is no id."""
    try:
        return rows.filter(pk=UUID(typed)).first()
    except ValueError:
        return None
