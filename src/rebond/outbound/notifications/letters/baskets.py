"""The one letter about returns of several orders that were asked for at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rebond.domain.returns.models import Return
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import page_of


def basket_requested(rma: Return) -> Content | None:
    """About all returns of a basket, with the first of them; None with the others."""
    asked = Return.objects.filter(shop_id=rma.shop_id, basket=rma.basket)
    made = list(asked.select_related("shop", "order").prefetch_related("lines").order_by("number"))
    if made[0].pk != rma.pk:
        return None
    waits = [one for one in made if one.terms.get("verdict") == "review"]
    accepted = _("Your {n} returns are accepted").format(n=len(made))
    received = _("We have received your {n} return requests").format(n=len(made))
    return Content(
        subject=received if waits else accepted,
        paragraphs=[*_what_now(made, waits), _("Each return keeps its own refund and document.")],
        facts=[(one.number, _articles(one)) for one in made],
        links=[(_link(one, is_waiting=one in waits), page_of(one)) for one in made],
    )


def _what_now(made: Sequence[Return], waits: Sequence[Return]) -> list[str]:
    look = _("Somebody from our team looks at it personally and answers within two working days.")
    if len(waits) == len(made):
        keep = _("You do not need to do anything until then. Please keep the articles as they are.")
        return [look, keep]
    told = [_("Good news: your returns are accepted.")]
    if waits:
        numbers = ", ".join(one.number for one in waits)
        told = [_("Some of it is accepted at once. About {numbers}:").format(numbers=numbers), look]
    to_send = [one for one in made if one not in waits and not one.keeps_goods]
    if len(to_send) > 1:
        told.append(
            _(
                "One parcel is enough. Open one of the pages below and get the label, or tell us "
                "of your parcel there: the other articles travel in it."
            )
        )
    elif to_send:
        told.append(_("Open its page below: it says how to send the article."))
    return told


def _articles(rma: Return) -> str:
    lines = ", ".join(f"{line.quantity} × {line.title}" for line in rma.lines.all())
    number = rma.order.number if rma.order is not None else ""
    return _("Order {number}: {articles}").format(number=number, articles=lines)


def _link(rma: Return, *, is_waiting: bool) -> str:
    if is_waiting or rma.keeps_goods:
        return _("{number}: see where it stands").format(number=rma.number)
    return _("{number}: see the next steps").format(number=rma.number)
