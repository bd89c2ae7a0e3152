"""Who may see what in the portal: by the session that found an order, or by a signed link."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rebond.domain.orders.models import Order
from rebond.domain.proofs.queries import proven_address
from rebond.domain.returns.links import return_behind
from rebond.domain.returns.models import Return
from rebond.domain.shipping.queries import slip_with
from rebond.domain.shoppers.models import email_key
from rebond.domain.shops.models import Shop
from rebond.kernel import tenancy
from rebond.kernel.clock import now

GRANTS = "portal_orders"
PROOFS = "portal_proofs"
GIFT_ORDERS = "portal_gift_orders"
GIFT_RETURNS = "portal_gift_returns"
GRANT_LASTS = timedelta(hours=24)
MOST_GRANTS = 20

View = Callable[..., HttpResponse]


class ShopRequest(HttpRequest):
    """A request for a page of one shop. What stands below the shop is set where it is needed."""

    shop: Shop
    LANGUAGE_CODE: str


@dataclass(frozen=True)
class Visit:
    """A return that somebody may look at.

    ``is_by_link`` says that they hold the signed link from our mail, ``is_proven`` that they
    typed a code from the shopper's mailbox. Who only named the order sees neither names nor
    addresses nor documents.
    """

    rma: Return
    token: str
    is_by_link: bool
    is_proven: bool = False

    @property
    def sees_all(self) -> bool:
        """Whether more than the masked view is open to them."""
        return self.is_by_link or self.is_proven


def in_shop(view: View) -> View:
    """Find the shop of the address; a page that says so when there is none. Never cached."""

    @wraps(view)
    def inner(request: Any, slug: str, **more: Any) -> HttpResponse:
        shop = Shop.objects.filter(slug=slug).first()
        if shop is None:
            return lost(request)
        request.shop = shop
        tenancy.tell(shop.pk)
        return private(view(request, **more))

    return inner


def with_order(view: View) -> View:
    """Open the page only to a session that found the order; else show the way to find it."""

    @wraps(view)
    def inner(request: Any, number: str, **more: Any) -> HttpResponse:
        order = (
            Order.objects.select_related("shop", "shopper")
            .filter(shop=request.shop, number_key=number.lower())
            .first()
        )
        if order is None or not (is_granted(request, order.pk) or is_theirs(request, order)):
            return lost(request)
        return view(request, order=order, **more)

    return in_shop(inner)


def with_return(view: View) -> View:
    """Open the page to whoever holds the return's link, or found its order in this session."""

    @wraps(view)
    def inner(request: Any, token: str, **more: Any) -> HttpResponse:
        visit = visit_for(request, token)
        if visit is None:
            return lost(request)
        return view(request, visit=visit, **more)

    return in_shop(inner)


def visit_for(request: ShopRequest, token: str) -> Visit | None:
    """The return that ``token`` opens: a signed token, or a number this session may see."""
    rma = return_behind(request.shop, token)
    if rma is not None:
        return Visit(rma, token, is_by_link=True)
    rma = (
        Return.objects.select_related("order__shopper", "shopper")
        .filter(shop=request.shop, number_key=token.lower())
        .first()
    )
    if rma is None or rma.order is None:
        return None
    if rma.is_gift:
        return _visit_of_gift(request, rma)
    is_proven = is_theirs(request, rma.order)
    if not is_proven and not is_granted(request, rma.order.pk):
        return None
    return Visit(rma, rma.number, is_by_link=False, is_proven=is_proven)


def _visit_of_gift(request: ShopRequest, rma: Return) -> Visit | None:
    """The return of a present: for who asked for it here, or reads the mailbox they named."""
    theirs = rma.shopper.email_key if rma.shopper is not None else ""
    is_proven = _equal(theirs, proven_mailbox(request))
    if not is_proven and not is_granted_in(request, GIFT_RETURNS, rma.pk):
        return None
    return Visit(rma, rma.number, is_by_link=False, is_proven=is_proven)


def find_order(shop: Shop, number: str, proof: str) -> Order | None:
    """The order ``number``, if ``proof`` is its e-mail address or its postcode.

    ``number`` may be the code of the order's return slip: it names the order and proves nothing,
    for the slip travels with the parcel. Unknown numbers and wrong proofs take the same steps and
    give the same answer.
    """
    slip = slip_with(shop.pk, number)
    order = (
        slip.order
        if slip is not None
        else Order.objects.select_related("shopper")
        .filter(shop=shop, number_key=order_key(number))
        .first()
    )
    email = order.shopper.email_key if order else ""
    postcode = order.postcode_key if order else ""
    fits = _equal(email, email_key(proof)) | _equal(postcode, postcode_key(proof))
    return order if fits else None


def order_key(number: str) -> str:
    """The form of an order number that two people type alike."""
    return number.strip().lstrip("#").strip().lower()


def postcode_key(text: str) -> str:
    """The form of a postcode that two people type alike."""
    return "".join(text.split()).lower()


def grant(request: HttpRequest, order: Order) -> None:
    """Let this session see ``order`` for a day."""
    _grant(request, GRANTS, order.pk)


def is_granted(request: HttpRequest, order_id: UUID) -> bool:
    """Whether this session has found the order, not too long ago."""
    return is_granted_in(request, GRANTS, order_id)


def grant_in(request: HttpRequest, kind: str, row_id: UUID) -> None:
    """Let this session see a present (``GIFT_ORDERS``) or its return (``GIFT_RETURNS``).

    Neither opens the order itself, nor any other return.
    """
    _grant(request, kind, row_id)


def is_granted_in(request: HttpRequest, kind: str, row_id: UUID) -> bool:
    """Whether this session was granted the row in this way, not too long ago."""
    until = request.session.get(kind, {}).get(str(row_id), 0)
    return bool(until > now().timestamp())


def prove(request: ShopRequest, code_id: UUID) -> None:
    """Note that this session read the code ``code_id`` in the mailbox it was sent to."""
    request.session.cycle_key()
    proofs = request.session.get(PROOFS, {})
    request.session[PROOFS] = {**proofs, str(request.shop.pk): code_id.hex}


def proven_mailbox(request: ShopRequest) -> str:
    """The address, in its typed form, whose mailbox this session reads; "" where it proved none.

    A proof lasts a day and holds in one shop. The address stays in the database.
    """
    code = request.session.get(PROOFS, {}).get(str(request.shop.pk))
    if code is None:
        return ""
    return proven_address(request.shop, UUID(hex=code), since=now() - GRANT_LASTS)


def is_theirs(request: ShopRequest, order: Order) -> bool:
    """Whether this session proved to read the mailbox of the order's shopper."""
    return _equal(order.shopper.email_key, proven_mailbox(request))


def lost(request: HttpRequest) -> HttpResponse:
    """The page for everything that cannot be seen: it never says whether it exists."""
    return private(render(request, "portal/lost.html", status=404))


def private(response: HttpResponse) -> HttpResponse:
    """Keep ``response`` out of caches and search engines."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _grant(request: HttpRequest, kind: str, row_id: UUID) -> None:
    request.session.cycle_key()
    grants = {k: v for k, v in request.session.get(kind, {}).items() if v > now().timestamp()}
    grants[str(row_id)] = (now() + GRANT_LASTS).timestamp()
    request.session[kind] = dict(list(grants.items())[-MOST_GRANTS:])


def _equal(known: str, typed: str) -> bool:
    same = hmac.compare_digest(known.encode(), typed.encode())
    return same and bool(known)
