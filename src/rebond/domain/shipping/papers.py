"""The papers of a parcel: the slip that goes inside, the address that goes on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from rebond.domain.returns.models import Return
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.sheets import TEMPLATES, codes_of, label_sheet
from rebond.kernel.typeset import typeset

PAPERS = ("a6", "a4")


def packing_slip(
    rma: Return, *, language: str, made_at: datetime, together: Sequence[str] = ()
) -> bytes:
    """The sheet that goes into the parcel: A4, the number as bars, squares and text.

    ``together`` are the numbers of other returns in the same parcel; each has its bars.
    """
    chosen = chosen_of(rma)
    point = chosen.point if chosen else {}
    with override(language):
        about = (
            _("Order {number}").format(number=rma.order.number)
            if rma.order is not None
            else rma.shop.name
        )
        words = {
            "language": language[:2],
            "title": _("Return"),
            "article": _("Article"),
            "sku": _("Reference"),
            "pieces": _("Pieces"),
            "send_to": _("Hand in at") if point else _("Send to"),
            "together": _("In the same parcel"),
            "steps_title": _("How to pack"),
            "steps": [
                _("Put in the article with everything that came with it."),
                _("Lay this sheet on top and close the parcel well."),
                _("Cover or remove old labels, and keep the proof of sending."),
            ],
        }
    data = {
        "number": rma.number,
        "about": about,
        "shop": rma.shop.name,
        "send_to": _place_rows(point) if point else rma.send_to,
        "lines": [
            {"title": line.title, "sku": line.sku, "pieces": line.quantity}
            for line in rma.lines.order_by("position")
        ],
        "together": [{"number": one, "bars": codes_of(one)["bars"]} for one in together],
        "words": words,
        **codes_of(rma.number),
    }
    return typeset(TEMPLATES / "slip.typ", data, made_at=made_at)


def drop_off_sheet(label: Label, *, language: str, made_at: datetime) -> bytes:
    """The QR code that stands for a printed label where the parcel is handed in: A6."""
    with override(language):
        words = {
            "language": language[:2],
            "title": _("Hand in without a printed label"),
            "lead": _("Show this code where you hand the parcel in: the label is printed there."),
        }
    data = {
        "number": label.parcel.rma.number,
        "shop": label.shop.name,
        "carrier": label.parcel.carrier_name,
        "code": label.drop_off_code,
        "squares": codes_of(label.drop_off_code)["squares"],
        "words": words,
    }
    return typeset(TEMPLATES / "code.typ", data, made_at=made_at)


def _place_rows(point: Mapping[str, Any]) -> list[str]:
    """Where it is handed in, line by line: name, street, town, opening hours."""
    town = f"{point['postcode']} {point['town']}"
    return [point["name"], point["street"], town, *point["opening_hours"]]


def address_label(
    rma: Return, *, paper: str, language: str, made_at: datetime, names_sender: bool = True
) -> bytes:
    """The address to stick on a parcel that the shopper sends with a carrier of their own.

    ``paper`` is ``a6`` or ``a4``. Postage is not paid by it, and it says so.
    """
    shopper = rma.shopper if names_sender else None
    with override(language):
        return label_sheet(
            rma.number,
            head=rma.shop.name,
            postage=_("Postage is not paid by this label"),
            sender=[shopper.name, *shopper.address] if shopper else [],
            recipient=rma.send_to,
            paper=paper,
            made_at=made_at,
            words={
                "language": language[:2],
                "title": _("Label"),
                "sender": _("From"),
                "recipient": _("To"),
            },
        )
