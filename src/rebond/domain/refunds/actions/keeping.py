"""A part of the price for who keeps the article instead of sending it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rebond.domain.orders.models import Order
from rebond.domain.policies.engine import Policy
from rebond.domain.refunds.discounts import ORIGIN, discounts_of, had_discount
from rebond.domain.refunds.errors import DiscountGiven, DiscountNotOffered
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.queries import preview_of
from rebond.domain.refunds.quoting import quote_of_wish
from rebond.domain.refunds.settling import decide
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.returns.models import Reason
from rebond.domain.returns.wishes import Wish
from rebond.kernel import crash
from rebond.kernel.actions import action


@action
def keep_with_discount(
    order_id: UUID,
    wishes: Sequence[Wish],
    *,
    policy: Policy,
    asked_at: datetime,
    shown_minor: int,
    by: str,
    comment: str = "",
) -> Settlement:
    """Give back the part of the price that ``policy`` offers for keeping what ``wishes`` name.

    ``shown_minor`` is the sum that the shopper said yes to. No piece counts as returned: a
    return, the guarantee and the rest of the money stay open. Raises ``DiscountNotOffered``
    where nothing, or another sum, is offered, ``DiscountGiven`` the second time for an article,
    the refusals of ``returns.actions.check_wishes`` and those of ``settle_return`` about payments.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    asked = preview_of(order, wishes, policy=policy, asked_at=asked_at, comment=comment)
    if had_discount(order, [wish.order_line_id for wish in wishes]):
        raise DiscountGiven(number=order.number)
    found = discounts_of(order, asked.decision)
    if not found or sum(found.values()) != shown_minor:
        raise DiscountNotOffered(number=order.number)
    cuts = tuple(WantedPieces(line, amount_minor=amount) for line, amount in found.items())
    settlement = decide(
        order,
        None,
        quote_of_wish(order, OrderRefund(pieces=cuts)),
        origin=ORIGIN,
        by=by,
        who=None,
        reason=_why(order, [wish for wish in wishes if wish.order_line_id in found]),
    )
    crash.point("settlement.deciding")
    return settlement


def _why(order: Order, wishes: Sequence[Wish]) -> str:
    """The reasons that were given, in the language of the shop."""
    language = order.shop.languages[0] if order.shop.languages else "en"
    known = {one.code: one for one in Reason.objects.filter(shop=order.shop_id)}
    given = dict.fromkeys(wish.reason for wish in wishes)
    words = ", ".join(known[code].label(language) if code in known else code for code in given)
    with override(language):
        return _("Kept with a discount: {reasons}").format(reasons=words)
