"""The letter with the shop's answer to somebody who wrote without a return."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.enquiries.links import enquiry_token
from rebond.domain.enquiries.models import EnquiryMessage
from rebond.domain.shops.addresses import enquiry_page
from rebond.outbound.notifications.content import Content


def enquiry_answered(message: EnquiryMessage) -> Content:
    """What the shop wrote, and the way to answer."""
    enquiry = message.enquiry
    return Content(
        subject=_("Our answer to your message {number}").format(number=enquiry.number),
        paragraphs=[part for part in message.text.split("\n") if part.strip()],
        button=_("Answer"),
        link=enquiry_page(enquiry.shop, enquiry_token(enquiry)),
    )
