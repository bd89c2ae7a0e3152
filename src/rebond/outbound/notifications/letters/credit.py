"""The letter about store credit for goods without a receipt."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content


def credited(row: NoReceiptReturn, language: str) -> Content:
    """How much credit there is, and what for."""
    amount = formats.money(row.amount_minor, row.currency, language)
    return Content(
        subject=_("You have {amount} of store credit ({number})").format(
            amount=amount, number=row.number
        ),
        paragraphs=[
            _("We have taken back what you brought us without a receipt."),
            _("Your store credit is ready for your next order. It is not paid out in money."),
        ],
        facts=[
            (_("Article"), f"{row.quantity} × {row.title}"),
            (_("Store credit"), amount),
        ],
    )
