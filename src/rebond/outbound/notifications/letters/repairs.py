"""Letters about a repair under the guarantee."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.refunds.models import Settlement
from rebond.domain.repairs.events import (
    PriceReduced,
    RepairFailed,
    RepairRefused,
    RepairSentBack,
    RepairTurned,
)
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.states import Instead
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.models import Inspection
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import facts_of, page_of


def repair_failed(rma: Return, event: RepairFailed) -> Content:
    """It could not be mended: what the shopper may choose now. Source: C. conso. L217-14."""
    pieces = _pieces(rma)
    return Content(
        subject=_about(rma, pieces),
        paragraphs=[
            ngettext(
                "We are sorry: your article could not be repaired.",
                "We are sorry: these articles could not be repaired.",
                pieces,
            ),
            *_apart(rma),
            ngettext(
                "The choice is yours: a new one, if we have it, or your money back. Choose your "
                "money on the page below, or simply answer this message.",
                "The choice is yours: new ones, if we have them, or your money back. Choose your "
                "money on the page below, or simply answer this message.",
                pieces,
            ),
        ],
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
    )


def repair_refused(rma: Return, event: RepairRefused) -> Content:
    """Why the claim was turned down, in writing. Source: C. conso. L217-12."""
    pieces = _pieces(rma)
    return Content(
        subject=_about(rma, pieces),
        paragraphs=[
            ngettext(
                "We have looked at your article and do not repair it under the guarantee.",
                "We have looked at these articles and do not repair them under the guarantee.",
                pieces,
            ),
            *_found(rma),
            *_apart(rma),
            _as_it_is(pieces),
            _(
                "If you see it differently, simply answer this message. Your legal rights remain "
                "untouched."
            ),
        ],
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
    )


def repair_sent_back(rma: Return, event: RepairSentBack) -> Content:
    """The pieces are on their way; how to follow them, and until when the guarantee runs now."""
    repair = Repair.objects.get(shop_id=rma.shop_id, pk=event.repair_id)
    is_mended = repair.reduced_at is None and not _is_refused(rma)
    pieces = _pieces(rma)
    paragraphs = [
        ngettext(
            "Your article is repaired and on its way back to you.",
            "Your articles are repaired and on their way back to you.",
            pieces,
        )
        if is_mended
        else ngettext(
            "Your article is on its way back to you, as it was.",
            "Your articles are on their way back to you, as they were.",
            pieces,
        ),
    ]
    if repair.guaranteed_until is not None:
        until = formats.day(repair.guaranteed_until.isoformat(), rma.language)
        said = ngettext(
            "The repair prolongs your legal guarantee: it now runs until {day}.",
            "The repair prolongs the legal guarantee of each: it now runs at least until {day}.",
            pieces,
        )
        paragraphs.append(said.format(day=until))
    parcel = [
        (_("Carrier"), repair.carrier),
        (_("Tracking number"), repair.tracking_number),
    ]
    return Content(
        subject=ngettext(
            "Your article is on its way back ({number})",
            "Your articles are on their way back ({number})",
            pieces,
        ).format(number=rma.number),
        paragraphs=paragraphs,
        facts=[*facts_of(rma), *[(name, value) for name, value in parcel if value]],
        button=_("See where it stands"),
        link=page_of(rma),
    )


def repair_turned(rma: Return, event: RepairTurned) -> Content:
    """What comes instead of the repair, and why, in writing. Source: C. conso. L217-12."""
    repair = Repair.objects.get(shop_id=rma.shop_id, pk=event.repair_id)
    instead = (
        _("Instead of the repair you get your money back.")
        if event.into == Instead.REFUND
        else ngettext(
            "Instead of the repair you get the same article again. We take care of it.",
            "Instead of the repair you get the same articles again. We take care of it.",
            _pieces(rma),
        )
    )
    return Content(
        subject=_about(rma, _pieces(rma)),
        paragraphs=[instead, repair.turned_note],
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
    )


def price_reduced(rma: Return, event: PriceReduced) -> Content:
    """What comes back of the price, why, and that the guarantee goes on."""
    settlement = Settlement.objects.get(shop_id=rma.shop_id, pk=event.settlement_id)
    amount = formats.money(event.amount_minor, event.currency, rma.language)
    said = _("You keep your article for less: {amount} of its price come back to you.")
    waits = rma.repairs.filter(reduced_at__isnull=False).exists()
    return Content(
        subject=_("A lower price for your article ({number})").format(number=rma.number),
        paragraphs=[
            said.format(amount=amount),
            *([_as_it_is(_pieces(rma))] if waits else []),
            settlement.reason,
            _("Your legal guarantee goes on as before."),
        ],
        facts=facts_of(rma),
        button=_("See how it is worked out"),
        link=page_of(rma),
    )


def _pieces(rma: Return) -> int:
    return sum(line.quantity for line in rma.lines.all())


def _as_it_is(pieces: int) -> str:
    return ngettext(
        "We send it back to you as it is.", "We send them back to you as they are.", pieces
    )


def _about(rma: Return, pieces: int) -> str:
    said = ngettext(
        "About the repair of your article ({number})",
        "About the repair of your articles ({number})",
        pieces,
    )
    return said.format(number=rma.number)


def _apart(rma: Return) -> list[str]:
    """Where the pieces came with others: that those go on, and how this one is called."""
    if rma.split_from is None:
        return []
    said = _(
        "This concerns a part of your return {number} only; for the rest it goes on as before."
    )
    return [said.format(number=rma.split_from.number)]


def _is_refused(rma: Return) -> bool:
    return not any(line.accepted_quantity for line in rma.lines.all())


def _found(rma: Return) -> list[str]:
    """What the inspection wrote down."""
    notes = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma).exclude(note="")
    return list(notes.order_by("at", "id").values_list("note", flat=True))
