"""Sets return slips: a page for each order, to lie in the parcel that goes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from rebond.domain.orders.models import OrderLine
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.sheets import TEMPLATES
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.shops.addresses import slip_page
from rebond.domain.shops.models import Shop
from rebond.kernel.barcodes import Symbology, drawing_of
from rebond.kernel.typeset import typeset

MOST_LINES = 10
"""So many articles fit on the page beside the rest; the others are counted."""


def return_slips(shop: Shop, slips: Sequence[ReturnSlip], *, made_at: datetime) -> bytes:
    """The slips as one PDF, A4, one page each, in the language of each order's shopper.

    The lower part is the address to stick on the parcel, with the code in bars. The squares open
    the portal with the code filled in. No price is on it: the parcel may be a present.
    """
    lines = _lines_of(shop, [slip.order_id for slip in slips])
    data = {
        "shop": shop.name,
        "title": shop.name,
        "language": shop.language[:2],
        "slips": [_page(shop, slip, lines[slip.order_id]) for slip in slips],
    }
    return typeset(TEMPLATES / "return_slips.typ", data, made_at=made_at)


def _lines_of(shop: Shop, order_ids: list[UUID]) -> dict[UUID, list[OrderLine]]:
    found: dict[UUID, list[OrderLine]] = defaultdict(list)
    rows = OrderLine.objects.filter(shop=shop, order__in=order_ids, quantity__gte=1)
    for line in rows.order_by("order", "position"):
        found[line.order_id].append(line)
    return found


def _page(shop: Shop, slip: ReturnSlip, lines: list[OrderLine]) -> dict[str, Any]:
    language = slip.order.shopper.language or shop.language
    code, address = printed(slip.code), slip_page(shop, slip.code)
    left_out = len(lines) - MOST_LINES
    with override(language):
        about = _("Order {number}").format(number=slip.order.number)
        words = {
            "language": language[:2],
            "title": _("Something to send back?"),
            "about": about,
            "order": about,
            "scan": _("Scan to begin"),
            "steps": [
                _("Scan the square, or enter {code} on {page}.").format(
                    code=code, page=_plain(slip_page(shop, ""))
                ),
                _("Say what you send back and why. You see at once what you get for it."),
                _("Put this sheet in the parcel and stick the lower part on top."),
            ],
            "article": _("Article"),
            "sku": _("Reference"),
            "bought": _("Pieces"),
            "back": _("Coming back"),
            "cut": _("Cut here and stick it on the parcel"),
            "send_to": _("Send to"),
            "postage": _("Postage is not paid by this label"),
        }
        more = (
            ngettext("and {n} more article", "and {n} more articles", left_out).format(n=left_out)
            if left_out > 0
            else ""
        )
    return {
        "code": code,
        "address": address,
        "bars": drawing_of(code, Symbology.BARS),
        "squares": drawing_of(address, Symbology.SQUARES),
        "send_to": list(shop.return_address) or [shop.name],
        "lines": [
            {"title": line.title, "sku": line.sku, "pieces": line.quantity}
            for line in lines[:MOST_LINES]
        ],
        "more": more,
        "words": words,
    }


def _plain(address: str) -> str:
    """An address as it is typed."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
