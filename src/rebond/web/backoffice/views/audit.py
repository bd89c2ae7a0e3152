"""The audit: who changed what and who looked at whom, searched, filtered, taken out as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_GET

from rebond.domain.audit.models import AuditEntry
from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Staff
from rebond.kernel import spreadsheet
from rebond.kernel.models import Event
from rebond.kernel.paging import page_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.looks import CUSTOMER, EXPORT, note_export
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import event_sentence

AT_ONCE = 500
SAID = {
    CUSTOMER: N_("Opened a customer’s data"),
    EXPORT: N_("Took data out"),
    "shop.changed": N_("Changed the shop’s settings"),
    "staff.added": N_("Let somebody work here"),
    "staff.changed": N_("Changed somebody’s role"),
    "own_role.changed": N_("Changed a role of your own"),
    "second_factor.changed": N_("Changed a second factor"),
    "api_key.made": N_("Made an API key"),
    "api_key.revoked": N_("Revoked an API key"),
    "webhook.endpoint_changed": N_("Changed a webhook"),
    "limit.changed": N_("Changed a limit on money"),
    "tender_order.changed": N_("Changed the order of the ways of paying"),
    "reasons.changed": N_("Changed the reasons"),
    "checklist.changed": N_("Changed a checklist"),
    "policy.published": N_("Published a policy"),
    "policy.drafted": N_("Wrote a draft of the policy"),
}


@dataclass(frozen=True)
class Shown:
    """One entry in words."""

    entry: AuditEntry
    who: str
    what: str
    about: str
    link: str


@require_GET
@at_desk(Right.CONFIGURE)
def entries(request: DeskRequest) -> HttpResponse:
    """The entries, latest first."""
    page = page_of(_asked(request), by="at", cursor=request.GET.get("at", ""))
    people = Staff.objects.filter(shop=request.shop).select_related("user")
    told = {
        "page": page,
        "rows": list(_shown(request, page.rows)),
        "people": people.order_by("user__name"),
        "keys": ApiKey.objects.filter(shop=request.shop).order_by("title"),
        "asked": {name: request.GET.get(name, "") for name in ("q", "who", "from", "to")},
        "query": _query(request),
    }
    return show(request, "audit.html", told)


@require_GET
@at_desk(Right.CONFIGURE)
def entries_csv(request: DeskRequest) -> Any:
    """What was asked for as CSV, oldest first, with numbers and hashes."""
    need_confirmed(request)
    note_export(request)
    found = _asked(request).order_by("at", "id")
    response = StreamingHttpResponse(_lines(request, found), content_type="text/csv; charset=utf-8")
    name = f"{request.shop.slug}-audit.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(request: DeskRequest, found: QuerySet[AuditEntry]) -> Iterator[str]:
    heads = ("number", "at", "who_kind", "who", "network", "verb", "subject", "event", "hash")
    yield "\ufeff" + spreadsheet.line(heads)
    for entry in found.iterator(AT_ONCE):
        told = [getattr(entry, name) for name in heads]
        yield spreadsheet.line(v.isoformat() if isinstance(v, datetime) else v for v in told)


def _asked(request: DeskRequest) -> QuerySet[AuditEntry]:
    """The entries that the filters name."""
    rows = AuditEntry.objects.filter(shop=request.shop)
    who, words = request.GET.get("who", "")[:36], request.GET.get("q", "").strip()[:80]
    if who:
        rows = rows.filter(who=who)
    first, last = (_day(request.GET.get(name, "")) for name in ("from", "to"))
    zone = ZoneInfo(request.shop.time_zone)
    if first:
        rows = rows.filter(at__gte=datetime.combine(first, time(), zone))
    if last and last < date.max:
        rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    if not words:
        return rows
    subjects = _subjects(request, words)
    return rows.filter(subject__in=subjects) if subjects else rows.filter(verb__icontains=words)


def _subjects(request: DeskRequest, words: str) -> list[UUID]:
    """The rows that somebody means by a number or an id: a return, an order and its customer."""
    try:
        return [UUID(words)]
    except ValueError:
        pass
    rma = Return.objects.filter(shop=request.shop, number_key=words.lower())
    order = Order.objects.filter(shop=request.shop, number=words)
    found = [*rma.values_list("pk", flat=True)]
    for pk, shopper in order.values_list("pk", "shopper_id"):
        found += [pk] if shopper is None else [pk, shopper]
    return found


def _shown(request: DeskRequest, rows: Iterable[AuditEntry]) -> Iterator[Shown]:
    rows = list(rows)
    staff = Staff.objects.filter(shop=request.shop).select_related("user")
    names = {str(one.pk): one.user.name for one in staff}
    names |= {str(k.pk): k.title for k in ApiKey.objects.filter(shop=request.shop)}
    events = Event.objects.filter(
        shop_id=request.shop.pk, pk__in=[r.event for r in rows if r.event]
    )
    said = {event.pk: event_sentence(event) for event in events}
    subjects = {row.subject for row in rows}
    returns = Return.objects.filter(shop=request.shop, pk__in=subjects)
    orders = Order.objects.filter(shop=request.shop, pk__in=subjects)
    numbers = dict(orders.values_list("pk", "number"))
    links = {pk: ("order", number) for pk, number in numbers.items()}
    links |= {pk: ("return", number) for pk, number in returns.values_list("pk", "number")}
    for row in rows:
        kind, number = links.get(row.subject, ("", ""))
        who = names.get(row.who) or (_("Host") if row.who_kind == "console" else row.who)
        event = said.get(row.event) if row.event else None
        what = _(SAID[row.verb]) if row.verb in SAID else event or row.verb
        yield Shown(entry=row, who=who, what=what, about=number, link=kind)


def _query(request: DeskRequest) -> str:
    """The filters for another address."""
    asked = request.GET.copy()
    asked.pop("at", None)
    return asked.urlencode()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
