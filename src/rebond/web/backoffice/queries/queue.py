"""The queue: returns by what is to be done with them, newest first, narrowed as somebody wishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_noop as N_

from rebond.domain.contests.queries import contested
from rebond.domain.conversations.queries import waiting_for_answer
from rebond.domain.discussions.queries import discussed
from rebond.domain.duties.queries import late_returns
from rebond.domain.refunds.models import Settlement
from rebond.domain.repairs.queries import in_hand
from rebond.domain.returns.models import Donation, Reason, Return, ReturnLine
from rebond.domain.returns.states import Goods, InspectionState, MoneyState, RequestState
from rebond.domain.returns.steps import LOOKED_AT, WAITING
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.signals.queries import is_to_be_looked_at
from rebond.domain.work.models import Assignment, SavedView
from rebond.domain.work.queries import assigned_to, is_assigned
from rebond.kernel.clock import now, today
from rebond.kernel.paging import Page, capped_count, page_of
from rebond.web.backoffice.queries.search import returns_that_match

ROWS = 50
MOST_COUNTED = 1000
OF_A_RETURN = tuple(
    field.attname
    for field in Return._meta.concrete_fields
    if field.name not in {"terms", "comment", "decline_note"}
)
OF_THEM = (
    *("order__number", "order__currency"),
    *("shopper__name", "shopper__email", "shopper__tier"),
)
OF_A_LINE = (
    *("shop_id", "rma_id", "position", "title", "quantity", "reason_id", "outcome"),
    *("is_given_back", "received_quantity", "accepted_quantity"),
)
"""What a row shows, and what says what is next; no more is read."""
UNDERWAY = (MoneyState.PLANNED, MoneyState.SENT, MoneyState.PENDING)


@dataclass(frozen=True)
class View:
    """One tab of the queue. ``empty`` is what it says when there is nothing to do."""

    key: str
    title: str
    empty: str
    condition: Callable[[Shop, Staff], Q]


VIEWS = (
    View(
        "review",
        N_("To review"),
        N_("Nobody is waiting for an answer."),
        lambda shop, staff: Q(request_state=RequestState.REQUESTED),
    ),
    View(
        "answer",
        N_("Customers wrote"),
        N_("No message waits for an answer."),
        lambda shop, staff: Q(pk__in=waiting_for_answer(shop)),
    ),
    View(
        "asked",
        N_("Waiting for photos"),
        N_("No customer owes an answer."),
        lambda shop, staff: Q(request_state=RequestState.NEEDS_INFO),
    ),
    View(
        "receive",
        N_("To receive"),
        N_("No parcel is on its way."),
        lambda shop, staff: Q(
            request_state=RequestState.APPROVED,
            inspection_state=InspectionState.AWAITING,
            goods=Goods.SENT_BACK,
        ),
    ),
    View(
        "inspect",
        N_("To inspect"),
        N_("Nothing is waiting to be looked at."),
        lambda shop, staff: (
            Q(request_state=RequestState.APPROVED, inspection_state=InspectionState.RECEIVED)
            & ~Q(pk__in=discussed(shop))
        ),
    ),
    View(
        "discussed",
        N_("Customer asked"),
        N_("No customer is asked about a piece."),
        lambda shop, staff: Q(pk__in=discussed(shop)),
    ),
    View(
        "contested",
        N_("Grade contested"),
        N_("Nobody sees a grade differently."),
        lambda shop, staff: Q(pk__in=contested(shop)),
    ),
    View(
        "repair",
        N_("In repair"),
        N_("Nothing is being repaired."),
        lambda shop, staff: Q(pk__in=in_hand(shop)),
    ),
    View(
        "refund",
        N_("To refund"),
        N_("No money is waiting."),
        lambda shop, staff: (
            Q(money_state__in=UNDERWAY)
            | Q(
                request_state=RequestState.APPROVED,
                money_state=MoneyState.NONE,
                inspection_state__in=list(LOOKED_AT),
            )
            & ~Q(pk__in=in_hand(shop))
            | Q(
                request_state=RequestState.APPROVED,
                money_state=MoneyState.NONE,
                goods=Goods.KEPT,
            )
            | Q(
                request_state=RequestState.APPROVED,
                money_state=MoneyState.NONE,
                goods=Goods.DONATED,
                pk__in=Donation.objects.filter(shop=shop, proven_at__isnull=False).values("rma"),
            )
        ),
    ),
    View(
        "failed",
        N_("Refund failed"),
        N_("No refund has failed."),
        lambda shop, staff: Q(money_state=MoneyState.FAILED),
    ),
    View(
        "late",
        N_("Late by law"),
        N_("No refund is late by law."),
        lambda shop, staff: Q(pk__in=late_returns(shop, today(shop.time_zone)).order_by()),
    ),
    View(
        "closer",
        N_("To look at closer"),
        N_("Nothing asks for a closer look."),
        lambda shop, staff: is_to_be_looked_at(shop),
    ),
    View(
        "mine",
        N_("Mine"),
        N_("Nothing is on your list."),
        lambda shop, staff: Q(pk__in=assigned_to(staff)),
    ),
    View(
        "unassigned",
        N_("Nobody’s"),
        N_("Somebody takes care of everything."),
        lambda shop, staff: Q(request_state__in=list(WAITING)) & ~Q(is_assigned(shop)),
    ),
    View(
        "vip",
        N_("VIP first"),
        N_("No VIP customer waits for anything."),
        lambda shop, staff: (
            Q(request_state__in=[*WAITING, RequestState.APPROVED])
            & Q(shopper__in=Shopper.objects.filter(shop=shop).exclude(tier="").values("pk"))
        ),
    ),
    View("all", N_("All returns"), N_("No return yet."), lambda shop, staff: Q()),
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


@dataclass(frozen=True)
class Filters:
    """How somebody narrows a view. Without a value nothing is narrowed.

    ``who`` is ``me``, ``none`` or empty; ``days`` is the least age of a return.
    """

    reason: str = ""
    who: str = ""
    days: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in ``asked``; what cannot be read is left out."""
        days = asked.get("days", "") or ""
        who = asked.get("who", "") or ""
        return cls(
            reason=(asked.get("reason", "") or "")[:40],
            who=who if who in {"me", "none"} else "",
            days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        )

    def __bool__(self) -> bool:
        return bool(self.reason or self.who or self.days)

    @property
    def plain(self) -> dict[str, str]:
        """Those that are set, as an address holds them."""
        found = {"reason": self.reason, "who": self.who, "days": str(self.days or "")}
        return {key: value for key, value in found.items() if value}

    def condition(self, shop: Shop, staff: Staff) -> Q:
        """What a return must be like."""
        wanted = Q()
        if self.reason:
            lines = ReturnLine.objects.filter(
                shop=shop, rma=OuterRef("pk"), reason__code=self.reason
            )
            wanted &= Q(Exists(lines))
        if self.who == "me":
            wanted &= Q(pk__in=assigned_to(staff))
        if self.who == "none":
            wanted &= ~Q(is_assigned(shop))
        if self.days:
            wanted &= Q(requested_at__lte=now() - timedelta(days=self.days))
        return wanted


@dataclass(frozen=True)
class OwnTab:
    """A view that somebody saved: where it leads, and how much is in it."""

    saved: SavedView
    way: str
    count: int
    is_open: bool

    @property
    def is_more(self) -> bool:
        """Whether the count stopped at its limit."""
        return self.count > MOST_COUNTED


def rows_in(shop: Shop, staff: Staff, view: View, filters: Filters) -> QuerySet[Return]:
    """The returns of ``view``; the whole list is never narrowed, it would have to be read."""
    rows = Return.objects.filter(view.condition(shop, staff), shop=shop)
    if filters and view.key != "all":
        rows = rows.filter(filters.condition(shop, staff))
    return rows


def tabs(shop: Shop, staff: Staff, open_key: str) -> list[Tab]:
    """All tabs, one capped count for each but the last."""
    return [
        Tab(
            view,
            None
            if view.key == "all"
            else capped_count(rows_in(shop, staff, view, Filters()), MOST_COUNTED),
            view.key == open_key,
        )
        for view in VIEWS
    ]


def own_tabs(
    shop: Shop, staff: Staff, saved: list[SavedView], view: View, filters: Filters
) -> list[OwnTab]:
    """The saved views with their capped counts."""
    made = []
    for one in saved:
        base = BY_KEY.get(one.filters.get("view", ""), VIEWS[0])
        narrowed = Filters.of(one.filters)
        rows = rows_in(shop, staff, base, narrowed)
        made.append(
            OwnTab(
                one,
                "?" + urlencode({"view": base.key, **narrowed.plain}),
                capped_count(rows, MOST_COUNTED),
                bool(filters) and base.key == view.key and narrowed == filters,
            )
        )
    return made


@dataclass(frozen=True)
class Asked:
    """Which returns somebody means: ticked by number, shown before by id, or the whole view."""

    numbers: list[str]
    ids: list[UUID]
    is_whole: bool = False


def picked_ids(shop: Shop, staff: Staff, view: View, filters: Filters, asked: Asked) -> list[UUID]:
    """The returns that were meant: a thousand at most, newest first.

    None where one of those ticked is not there: whoever ticks returns saw each of them.
    """
    if asked.is_whole and view.key != "all":
        rows = rows_in(shop, staff, view, filters)
    else:
        ticked = [number.lower() for number in asked.numbers[:MOST_COUNTED]]
        meant = Q(number_key__in=ticked) | Q(pk__in=asked.ids[:MOST_COUNTED])
        rows = Return.objects.filter(meant, shop=shop)
        if {*ticked, *asked.ids[:MOST_COUNTED]} - {one for row in _names(rows) for one in row}:
            return []
    newest = rows.order_by("-requested_at", "-id")
    return list(newest.values_list("pk", flat=True)[:MOST_COUNTED])


def _names(rows: QuerySet[Return]) -> QuerySet[Return, tuple[UUID, str]]:
    return rows.values_list("pk", "number_key")


def queue_page(
    shop: Shop,
    staff: Staff,
    view: View,
    *,
    text: str,
    cursor: str,
    people: bool,
    filters: Filters,
) -> Page[Return]:
    """One page of ``view``, or of all returns that match ``text`` where something is sought."""
    if view.key == "late" and not text and not filters:
        return _latest_first(shop)
    rows = (
        returns_that_match(shop, text, people=people)
        if text
        else rows_in(shop, staff, view, filters)
    )
    return page_of(with_row_details(rows, shop.pk), by="requested_at", cursor=cursor, size=ROWS)


def _latest_first(shop: Shop) -> Page[Return]:
    """What is late by law, the longest first; the board of duties shows what comes after."""
    order = list(late_returns(shop, today(shop.time_zone))[:ROWS])
    rows = with_row_details(Return.objects.filter(shop=shop, pk__in=order), shop.pk)
    places = {pk: place for place, pk in enumerate(order)}
    return Page(sorted(rows, key=lambda rma: places[rma.pk]))


def with_row_details(rows: QuerySet[Return], shop_id: UUID) -> QuerySet[Return]:
    """``rows`` with all that a row of a list shows: four more queries, whatever the length."""
    lines = ReturnLine.objects.filter(shop_id=shop_id).order_by("position").only(*OF_A_LINE)
    money = Settlement.objects.filter(shop_id=shop_id)
    money = money.only("id", "rma_id", "gross_minor", "currency")
    reasons = Reason.objects.filter(shop_id=shop_id)
    taken = Assignment.objects.filter(shop_id=shop_id).select_related("staff__user")
    return (
        rows.select_related("order", "shopper")
        .only(*OF_A_RETURN, *OF_THEM)
        .prefetch_related(
            Prefetch("lines", lines.prefetch_related(Prefetch("reason", reasons))),
            Prefetch("settlements", money),
            Prefetch("assignments", taken),
        )
    )
