"""The queue: returns by what is to be done with them, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_noop as N_

from rebond.domain.duties.queries import late_returns
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import InspectionState, MoneyState, RequestState
from rebond.domain.returns.steps import LOOKED_AT, WAITING
from rebond.domain.shops.models import Shop
from rebond.domain.signals.queries import is_to_be_looked_at
from rebond.kernel.clock import today
from rebond.kernel.paging import Page, capped_count, page_of
from rebond.web.backoffice.queries.search import returns_that_match

ROWS = 50
MOST_COUNTED = 1000
UNDERWAY = (MoneyState.PLANNED, MoneyState.SENT, MoneyState.PENDING)


@dataclass(frozen=True)
class View:
    """One tab of the queue. ``empty`` is what it says when there is nothing to do."""

    key: str
    title: str
    empty: str
    condition: Callable[[Shop], Q]


VIEWS = (
    View(
        "review",
        N_("To review"),
        N_("Nobody is waiting for an answer."),
        lambda shop: Q(request_state__in=list(WAITING)),
    ),
    View(
        "receive",
        N_("To receive"),
        N_("No parcel is on its way."),
        lambda shop: Q(
            request_state=RequestState.APPROVED, inspection_state=InspectionState.AWAITING
        ),
    ),
    View(
        "inspect",
        N_("To inspect"),
        N_("Nothing is waiting to be looked at."),
        lambda shop: Q(
            request_state=RequestState.APPROVED, inspection_state=InspectionState.RECEIVED
        ),
    ),
    View(
        "refund",
        N_("To refund"),
        N_("No money is waiting."),
        lambda shop: (
            Q(money_state__in=UNDERWAY)
            | Q(
                request_state=RequestState.APPROVED,
                money_state=MoneyState.NONE,
                inspection_state__in=list(LOOKED_AT),
            )
        ),
    ),
    View(
        "failed",
        N_("Refund failed"),
        N_("No refund has failed."),
        lambda shop: Q(money_state=MoneyState.FAILED),
    ),
    View(
        "late",
        N_("Late by law"),
        N_("No refund is late by law."),
        lambda shop: Q(pk__in=late_returns(shop, today(shop.time_zone))),
    ),
    View(
        "closer",
        N_("To look at closer"),
        N_("Nothing asks for a closer look."),
        is_to_be_looked_at,
    ),
    View("all", N_("All returns"), N_("No return yet."), lambda shop: Q()),
)
BY_KEY = {view.key: view for view in VIEWS}


@dataclass(frozen=True)
class Tab:
    """A view with how much is in it; None where nobody counts. More than 1000 is 1001."""

    view: View
    count: int | None
    is_open: bool

    @property
    def is_more(self) -> bool:
        """Whether the count stopped at its limit."""
        return self.count is not None and self.count > MOST_COUNTED


def tabs(shop: Shop, open_key: str) -> list[Tab]:
    """All tabs, one capped count for each but the last."""
    standing = Return.objects.filter(shop=shop)
    return [
        Tab(
            view,
            None
            if view.key == "all"
            else capped_count(standing.filter(view.condition(shop)), MOST_COUNTED),
            view.key == open_key,
        )
        for view in VIEWS
    ]


def queue_page(shop: Shop, view: View, *, text: str, cursor: str, people: bool) -> Page[Return]:
    """One page of ``view``, or of all returns that match ``text`` where something is sought."""
    if view.key == "late" and not text:
        return _latest_first(shop)
    rows = (
        returns_that_match(shop, text, people=people)
        if text
        else Return.objects.filter(view.condition(shop), shop=shop)
    )
    return page_of(with_row_details(rows, shop.pk), by="requested_at", cursor=cursor, size=ROWS)


def _latest_first(shop: Shop) -> Page[Return]:
    """What is late by law, the longest first; the board of duties shows what comes after."""
    order = late_returns(shop, today(shop.time_zone), ROWS)
    rows = with_row_details(Return.objects.filter(shop=shop, pk__in=order), shop.pk)
    places = {pk: place for place, pk in enumerate(order)}
    return Page(sorted(rows, key=lambda rma: places[rma.pk]))


def with_row_details(rows: QuerySet[Return], shop_id: UUID) -> QuerySet[Return]:
    """``rows`` with all that a row of a list shows: two more queries, whatever the length."""
    lines = ReturnLine.objects.filter(shop_id=shop_id).select_related("reason").order_by("position")
    money = Settlement.objects.filter(shop_id=shop_id)
    money = money.only("id", "rma_id", "gross_minor", "currency")
    return (
        rows.select_related("order", "shopper")
        .defer("terms", "comment", "decline_note", "order__derived", "shopper__address")
        .prefetch_related(Prefetch("lines", lines), Prefetch("settlements", money))
    )
