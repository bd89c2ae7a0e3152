"""Letters about the parcel: the label, the pickup, the reminder, its arrival."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.returns.models import Return
from rebond.domain.shipping.events import LabelReady, SendingReminded
from rebond.domain.shipping.models import Label
from rebond.domain.warehouse.events import ParcelReceived
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import facts_of, page_of
from rebond.outbound.notifications.letters.requests import gift_worth


def reminded(rma: Return, event: SendingReminded) -> Content:
    """The goods are still waited for; kindly, and with the last day where there is one."""
    paragraphs = [
        _("Your return is accepted, and we have not heard of your parcel yet."),
        _("The slip, the label and the address are on the page of your return."),
    ]
    if event.ends_on:
        said = _("We wait for it until {day}. If you keep the article, you need not do anything.")
        paragraphs.append(said.format(day=formats.day(event.ends_on, rma.language)))
    paragraphs.append(_("Already sent? Then please forgive us, and add the tracking number."))
    return Content(
        subject=_("Your return {number} is waiting for your parcel").format(number=rma.number),
        paragraphs=paragraphs,
        facts=facts_of(rma),
        button=_("See how to send it"),
        link=page_of(rma),
    )


def label_ready(rma: Return, event: LabelReady) -> Content:
    """The label waits behind the link; it bears an address, so it is opened from here only."""
    if event.pickup_on:
        return _pickup_booked(rma, event)
    return Content(
        subject=_("Your return label is ready ({number})").format(number=rma.number),
        paragraphs=[
            _("Your prepaid label is ready. Print it, stick it on the parcel and hand it in."),
            _("The page below has the label and a sheet to put inside."),
        ],
        facts=facts_of(rma),
        button=_("Open the label"),
        link=page_of(rma),
    )


def _pickup_booked(rma: Return, event: LabelReady) -> Content:
    """When the courier comes, and what is to be ready then."""
    label = Label.objects.get(shop_id=rma.shop_id, pk=event.label_id)
    facts = [(_("The courier comes"), formats.day(event.pickup_on, rma.language))]
    if label.pickup_from and label.pickup_to:
        facts.append((_("Between"), f"{label.pickup_from:%H:%M} – {label.pickup_to:%H:%M}"))
    return Content(
        subject=_("Your pickup is booked ({number})").format(number=rma.number),
        paragraphs=[
            _("A courier picks your parcel up at your home. You do not need to go anywhere."),
            _("Print the label on the page below, stick it on, and have the parcel ready."),
            _("You cannot be there? Call it off on the same page and choose another day."),
        ],
        facts=[*facts_of(rma), *facts],
        button=_("Open the label"),
        link=page_of(rma),
    )


def received(rma: Return, event: ParcelReceived) -> Content:
    """The parcel is there; the money is the next step, or the repair (C. conso. L217-10)."""
    if rma.is_repair:
        next_step = _("Your article has reached us. We look at it now, repair it and send it back.")
    elif rma.is_gift:
        next_step = (
            _("Your parcel has reached us, and we are looking at it.") + " " + gift_worth(rma)
        )
    else:
        next_step = _(
            "Your parcel has reached us. We are looking at it now and then take care of "
            "your refund."
        )
    return Content(
        subject=_("Your parcel has arrived ({number})").format(number=rma.number),
        paragraphs=[next_step],
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
    )
