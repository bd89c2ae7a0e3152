"""What each letter says, in the shopper's language: one function for each kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.conversations.events import ShopWrote
from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.duties.cost import cost_on
from rebond.domain.duties.models import Duty
from rebond.domain.gift_cards.codes import masked
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.policies.engine import sentence_for
from rebond.domain.proofs.mailboxes import MASK
from rebond.domain.refunds.links import way_token
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.repairs.events import (
    RepairFailed,
    RepairRefused,
    RepairSentBack,
    RepairTurned,
)
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.states import Instead
from rebond.domain.returns.events import (
    ReturnApproved,
    ReturnCancelled,
    ReturnDeclined,
    ReturnExpired,
    ReturnRequested,
)
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Donation, Return
from rebond.domain.returns.states import Goods
from rebond.domain.shipping.events import LabelReady, SendingReminded
from rebond.domain.shipping.methods import ON_OUR_LABEL, PICKUP, chosen_of, ways_of
from rebond.domain.shipping.models import Label
from rebond.domain.shops.addresses import duties_page, return_page, way_page
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.warehouse.events import ParcelReceived
from rebond.domain.warehouse.models import Inspection
from rebond.kernel import formats
from rebond.kernel.events import Event
from rebond.outbound.notifications.content import Content
from rebond.outbound.telling.duties import duty_word
from rebond.outbound.telling.outcomes import chosen_rows
from rebond.outbound.telling.sums import sum_of, titles_of
from rebond.outbound.telling.ways import WAYS

Writer = Callable[[Return, Any], Content | None]


def requested(rma: Return, event: ReturnRequested) -> Content | None:
    """Only when a person still has to look: an immediate answer has a letter of its own."""
    if rma.terms.get("verdict") != "review":
        return None
    return Content(
        subject=_("We have received your return request {number}").format(number=rma.number),
        paragraphs=[
            _(
                "Thank you for your message. Somebody from our team looks at it personally and "
                "answers you within two working days."
            ),
            _("You do not need to do anything until then. Please keep the article as it is."),
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def approved(rma: Return, event: ReturnApproved) -> Content:
    """How to send the goods, and what comes back when."""
    pays = {
        "approval": _("We are refunding you right away."),
        "scan": _("We refund you as soon as the carrier has your parcel."),
        "delivery": _("We refund you as soon as your parcel reaches us."),
        "receipt": _("We refund you as soon as your parcel reaches us."),
        "inspection": _("We refund you as soon as we have received and checked the article."),
    }
    terms = rma.terms.get("terms", {})
    if rma.goods == Goods.KEPT:
        return _kept(rma)
    if rma.donation is not None:
        return _donated(rma, rma.donation)
    return Content(
        subject=_("Your return {number} is accepted").format(number=rma.number),
        paragraphs=[
            _("Good news: your return is accepted."),
            _how_to_send(rma),
            gift_worth(rma)
            if rma.is_gift
            else _("We repair it free of charge and send it back to you.")
            if rma.is_repair
            else pays[terms.get("pays_at") or "inspection"],
        ],
        facts=[*_facts(rma), *_where_to_send(rma)],
        button=_("See the next steps"),
        link=_page(rma),
    )


def _kept(rma: Return) -> Content:
    """Accepted, and nothing is to be sent."""
    return Content(
        subject=_("Your return {number} is accepted").format(number=rma.number),
        paragraphs=[
            _("Good news: your request is accepted, and you keep the article."),
            _("Nothing has to be sent back. We are refunding you right away."),
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def _donated(rma: Return, donation: Donation) -> Content:
    """Accepted: where to give the goods, and what we need to see."""
    proofs = {
        "none": _("We are refunding you right away."),
        "word": _("Tell us on the page below when it is done: then we refund you."),
        "photo": _("Show us a photo of the receipt on the page below: then we refund you."),
    }
    return Content(
        subject=_("Your return {number} is accepted").format(number=rma.number),
        paragraphs=[
            _("Good news: your request is accepted. Nothing has to be sent to us."),
            _("Please give the article to {charity}. Thank you!").format(charity=donation.name),
            proofs[donation.proof],
        ],
        facts=[*_facts(rma), (_("Charity"), ", ".join(donation.charity))],
        button=_("See the next steps"),
        link=_page(rma),
    )


def _how_to_send(rma: Return) -> str:
    way = chosen_of(rma)
    if way is None and len(ways_of(rma)) > 1:
        return _("Choose on the page below how you send it: it takes a moment.")
    method = way.method if way else ""
    if method == "counter":
        return _("Bring the article to our counter and tell us {number}.").format(number=rma.number)
    if method == PICKUP:
        return _("Choose on the page below on which day a courier picks it up at your home.")
    if method in ON_OUR_LABEL:
        return _("Get your label on the page below, stick it on the parcel and hand it in.")
    return _(
        "Pack the article well, write {number} on the parcel and send it to the address below."
    ).format(number=rma.number)


def _where_to_send(rma: Return) -> list[tuple[str, str]]:
    way = chosen_of(rma)
    if way is None:
        return [(_("Send to"), ", ".join(rma.send_to))]
    facts = [(_("How you send it"), _(WAYS[way.method]))]
    if way.fee_minor:
        amount = formats.money(way.fee_minor, way.currency, rma.language)
        facts.append((_("Taken off your refund for it"), amount))
    if way.point:
        point = way.point
        address = f"{point['name']}, {point['street']}, {point['postcode']} {point['town']}"
        facts.append((_("Hand it in at"), address))
        facts += [(_("Opening hours"), " · ".join(point["opening_hours"]))] * bool(
            point["opening_hours"]
        )
    if way.method == "own_carrier" or (way.method == "counter" and not way.point):
        facts.append((_("Send to"), ", ".join(rma.send_to)))
    return facts


def gift_worth(rma: Return) -> str:
    """What who got a present is given for it."""
    if rma.gift_paid_as == "gift_card":
        return _("Once it is with us and in order, you get a gift card of its value by e-mail.")
    return _("Once it is with us and in order, you have its value as store credit.")


def declined(rma: Return, event: ReturnDeclined) -> Content:
    """Why not, in a sentence, and what else the shopper can do."""
    found = [
        _(sentence_for(f["rule"], f["code"])).format_map(_readable(f["numbers"], rma.language))
        for f in rma.terms.get("findings", [])
        if f["verdict"] == "decline"
    ]
    return Content(
        subject=_("About your return request {number}").format(number=rma.number),
        paragraphs=[
            _("We are sorry: we cannot accept this return."),
            *([rma.decline_note] if rma.decline_note else found),
            _(
                "If you see it differently, simply answer this message. Your legal rights remain "
                "untouched."
            ),
        ],
        facts=_facts(rma),
        button=_("See your request"),
        link=_page(rma),
    )


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
        facts=_facts(rma),
        button=_("See how to send it"),
        link=_page(rma),
    )


def expired(rma: Return, event: ReturnExpired) -> Content:
    """The wait is over; nothing is lost for good."""
    return Content(
        subject=_("Your return {number} has ended").format(number=rma.number),
        paragraphs=[
            _("We have not received a parcel, so we have put your return away."),
            _("Did you send it after all, or do you still want to? Write to us and we take it up."),
        ],
        facts=_facts(rma),
        button=_("See your return"),
        link=_page(rma),
    )


def cancelled(rma: Return, event: ReturnCancelled) -> Content:
    """Nothing more will happen."""
    return Content(
        subject=_("Your return {number} is cancelled").format(number=rma.number),
        paragraphs=[
            _(
                "As agreed, your return is cancelled. You keep the article and there is "
                "nothing more to do."
            )
        ],
        facts=_facts(rma),
        button=_("See your return"),
        link=_page(rma),
    )


def received(rma: Return, event: ParcelReceived) -> Content:
    """The parcel is there; the money is the next step."""
    if rma.is_repair:
        return _received_for_repair(rma)
    return Content(
        subject=_("Your parcel has arrived ({number})").format(number=rma.number),
        paragraphs=[
            _(
                "Your parcel has reached us. We are looking at it now and then take care of "
                "your refund."
            )
            if not rma.is_gift
            else _("Your parcel has reached us, and we are looking at it.") + " " + gift_worth(rma)
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def _received_for_repair(rma: Return) -> Content:
    """The piece is there; by when it goes back. Source: C. conso. L217-10."""
    return Content(
        subject=_("Your parcel has arrived ({number})").format(number=rma.number),
        paragraphs=[
            _("Your article has reached us. We look at it now, repair it and send it back.")
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def repair_failed(rma: Return, event: RepairFailed) -> Content:
    """It could not be mended: what the shopper may choose now. Source: C. conso. L217-14."""
    return Content(
        subject=_("About the repair of your article ({number})").format(number=rma.number),
        paragraphs=[
            _("We are sorry: your article could not be repaired."),
            _(
                "The choice is yours: a new one, if we have it, or your money back. Choose your "
                "money on the page below, or simply answer this message."
            ),
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def repair_refused(rma: Return, event: RepairRefused) -> Content:
    """Why the claim was turned down, in writing. Source: C. conso. L217-12."""
    return Content(
        subject=_("About the repair of your article ({number})").format(number=rma.number),
        paragraphs=[
            _("We have looked at your article and do not repair it under the guarantee."),
            *_found(rma),
            _("We send it back to you as it is."),
            _(
                "If you see it differently, simply answer this message. Your legal rights remain "
                "untouched."
            ),
        ],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def repair_sent_back(rma: Return, event: RepairSentBack) -> Content:
    """The piece is on its way back; how to follow it, and until when the guarantee runs now."""
    repair = Repair.objects.get(shop_id=rma.shop_id, pk=event.repair_id)
    is_mended = not _is_refused(rma)
    paragraphs = [
        _("Your article is repaired and on its way back to you.")
        if is_mended
        else _("Your article is on its way back to you, as it was."),
    ]
    if repair.guaranteed_until is not None:
        until = formats.day(repair.guaranteed_until.isoformat(), rma.language)
        said = _("The repair prolongs your legal guarantee: it now runs until {day}.")
        paragraphs.append(said.format(day=until))
    parcel = [
        (_("Carrier"), repair.carrier),
        (_("Tracking number"), repair.tracking_number),
    ]
    return Content(
        subject=_("Your article is on its way back ({number})").format(number=rma.number),
        paragraphs=paragraphs,
        facts=[*_facts(rma), *[(name, value) for name, value in parcel if value]],
        button=_("See where it stands"),
        link=_page(rma),
    )


def repair_turned(rma: Return, event: RepairTurned) -> Content:
    """What comes instead of the repair, and why, in writing. Source: C. conso. L217-12."""
    repair = Repair.objects.get(shop_id=rma.shop_id, pk=event.repair_id)
    instead = (
        _("Instead of the repair you get your money back.")
        if event.into == Instead.REFUND
        else _("Instead of the repair you get the same article again. We take care of it.")
    )
    return Content(
        subject=_("About the repair of your article ({number})").format(number=rma.number),
        paragraphs=[instead, repair.turned_note],
        facts=_facts(rma),
        button=_("See where it stands"),
        link=_page(rma),
    )


def _is_refused(rma: Return) -> bool:
    return not any(line.accepted_quantity for line in rma.lines.all())


def _found(rma: Return) -> list[str]:
    """What the inspection wrote down."""
    notes = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma).exclude(note="")
    return list(notes.order_by("at", "id").values_list("note", flat=True))


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
        facts=_facts(rma),
        button=_("Open the label"),
        link=_page(rma),
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
        facts=[*_facts(rma), *facts],
        button=_("Open the label"),
        link=_page(rma),
    )


def shop_wrote(rma: Return, event: ShopWrote) -> Content:
    """What somebody of the shop wrote, and the way to answer."""
    message = ConversationMessage.objects.get(shop_id=rma.shop_id, pk=event.message_id)
    said = [part for part in message.text.splitlines() if part.strip()]
    clause = [_("From our return policy: {clause}").format(clause=message.clause)]
    return Content(
        subject=_("A message about your return {number}").format(number=rma.number),
        paragraphs=[*said, *(clause if message.clause else [])],
        facts=_facts(rma),
        button=_("Read and answer"),
        link=_page(rma) + "#conversation",
    )


def documented(note: CreditNote) -> Content:
    """A document was made: the money is on its way, or the invoice was corrected by hand."""
    content = _refunded(note) if note.settlement is not None else _corrected(note)
    return replace(content, attachments=[f"credit_note:{note.pk}"] if _goes_along(note) else [])


def copied(note: CreditNote) -> Content:
    """A document once more, marked as a duplicate."""
    return Content(
        subject=_("Copy of document {label}").format(label=note.label),
        paragraphs=[_("As agreed, here is document {label} again.").format(label=note.label)],
        facts=[(_("Order"), note.order.number), (_("Document"), note.label)],
        attachments=[f"credit_note_copy:{note.pk}"],
    )


def password_link(staff: Staff, link: str, *, is_new: bool) -> Content:
    """For somebody of the desk: the link to choose a password."""
    if is_new:
        subject = _("You now work at the desk of {shop}").format(shop=staff.shop.name)
        first = _("{shop} has given you a place at its desk for returns and refunds.").format(
            shop=staff.shop.name
        )
    else:
        subject = _("Choose a new password")
        first = _("Somebody asked for a new password for your account.")
    return Content(
        subject=subject,
        paragraphs=[
            first,
            _("Choose a password with the button below. The link works for three days, once."),
            _("If you did not expect this message, you need not do anything."),
        ],
        facts=[(_("Your log-in"), staff.user.email)],
        button=_("Choose a password"),
        link=link,
    )


def one_time_code() -> Content:
    """The code by which somebody proves to read this mailbox; it is put in as the letter leaves."""
    return Content(
        subject=_("Your code"),
        paragraphs=[
            _("Type this code on our page. It works for ten minutes, once."),
            _(
                "You did not ask for it? Then you need not do anything: without the code nobody "
                "sees your orders. Never tell it to anybody, not even to us."
            ),
        ],
        facts=[(_("Code"), MASK)],
    )


def chain_heads(heads: str) -> Content:
    """The last hash of each series, to be kept where nobody can change it."""
    rows = [json.loads(line) for line in heads.splitlines()]
    return Content(
        subject=_("Heads of the document chains, {day}").format(day=rows[0]["at"][:10]),
        paragraphs=[
            _(
                "Please keep this message. Each line names the last document of a series and its "
                "hash: with it anybody can show that no document was changed or removed."
            )
        ],
        facts=[(row["label"], row["hash"]) for row in rows],
    )


def duties_warned(shop: Shop, duties: Sequence[Duty], on: date) -> Content:
    """For the shop: what is late by law, and what comes close, each with its day and its cost."""
    late = [duty for duty in duties if duty.due_on is not None and duty.due_on < on]
    subject = (
        ngettext(
            "{n} legal deadline has passed", "{n} legal deadlines have passed", len(late)
        ).format(n=len(late))
        if late
        else ngettext(
            "{n} legal deadline comes close", "{n} legal deadlines come close", len(duties)
        ).format(n=len(duties))
    )
    return Content(
        subject=subject,
        paragraphs=[_("The most urgent comes first. Each day late may cost more than the last.")],
        facts=[_duty_row(duty, on, shop.language) for duty in duties],
        button=_("Open the board"),
        link=duties_page(shop),
    )


def _duty_row(duty: Duty, on: date, language: str) -> tuple[str, str]:
    assert duty.due_on is not None
    name = duty.rma.number if duty.rma is not None else str(duty.statement or duty_word(duty.kind))
    told = [duty_word(duty.kind), formats.day(duty.due_on, language)]
    if duty.due_on < on:
        days = (on - duty.due_on).days
        told.append(ngettext("{n} day late", "{n} days late", days).format(n=days))
    cost = cost_on(duty, on)
    if cost is not None and cost.minor:
        amount = formats.money(cost.minor, duty.currency, language)
        told.append(_("{amount} on top").format(amount=amount))
    return name, " · ".join(told)


def _refunded(note: CreditNote) -> Content:
    assert note.settlement is not None
    rma = note.settlement.rma
    amount = formats.money(note.gross_minor, note.currency, note.language)
    references = [
        refund.bank_reference for refund in note.settlement.refunds.all() if refund.bank_reference
    ]
    facts = _facts(rma) if rma is not None else [(_("Order"), note.order.number)]
    facts += _why(note.settlement, note.language)
    facts += [(_("Amount"), amount), (_("Document"), note.label)]
    facts += [(_("Bank reference"), reference) for reference in references]
    paragraphs = [
        _(
            "We have refunded {amount}. Depending on your bank it takes up to ten days until "
            "you see it on your account."
        ).format(amount=amount),
        _where_it_is(note),
    ]
    if rma is not None:
        paragraphs.append(_("On the page of your return you find how the amount was worked out."))
    return Content(
        subject=_("{amount} are on their way to you ({number})").format(
            amount=amount, number=rma.number if rma is not None else note.order.number
        ),
        paragraphs=paragraphs,
        facts=facts,
        button=_("See how it adds up") if rma is not None else "",
        link=_page(rma) if rma is not None else "",
    )


def _why(settlement: Settlement, language: str) -> list[tuple[str, str]]:
    """Each part of the sum with its reasons, as the page of the return shows them."""
    told = sum_of(settlement.figures, titles_of(settlement.order))
    rows = []
    for row in told.rows:
        amount = formats.money(row.amount_minor, told.currency, language)
        rows.append((row.title, " · ".join((amount, *row.why))))
    return rows + [(_("Note"), sentence) for sentence in told.why]


def _corrected(note: CreditNote) -> Content:
    amount = formats.money(note.gross_minor, note.currency, note.language)
    return Content(
        subject=_("Credit note {label} for your order {number}").format(
            label=note.label, number=note.order.number
        ),
        paragraphs=[
            _("We have corrected the invoice of your order by {amount}.").format(amount=amount),
            _where_it_is(note),
            _("This document by itself sets no payment in motion."),
        ],
        facts=[
            (_("Order"), note.order.number),
            (_("Amount"), amount),
            (_("Document"), note.label),
        ],
    )


def _where_it_is(note: CreditNote) -> str:
    if _goes_along(note):
        return _("The document is attached.")
    if _is_for_platform(note):
        return _("You receive the document through your e-invoicing platform.")
    return _("We send you the document separately.")


def _goes_along(note: CreditNote) -> bool:
    """Whether the document may be mailed: nothing was found against it, and no platform is due."""
    kept = note.files.first()
    return kept is not None and kept.is_valid and not _is_for_platform(note)


def _is_for_platform(note: CreditNote) -> bool:
    return note.transmissions.filter(is_due=True).exists()


def refund_failed(refund: Refund, language: str) -> Content:
    """The truth, also when it is not pleasant, and also when it comes after better news."""
    rma, order = refund.settlement.rma, refund.settlement.order
    amount = formats.money(refund.amount_minor, refund.currency, language)
    was_told = refund.state == RefundState.FAILED_LATE
    tried = (
        _("We had told you that {amount} were on their way. Your bank has sent them back to us.")
        if was_told
        else _("We tried to refund {amount}, but the money could not be delivered.")
    )
    return Content(
        subject=_("Your refund did not go through yet ({number})").format(
            number=rma.number if rma is not None else order.number
        ),
        paragraphs=[
            tried.format(amount=amount),
            _(
                "This is not your fault and nothing is lost: please choose another way, it takes a "
                "minute. Or do nothing: we look into it too."
            ),
        ],
        facts=_facts(rma) if rma is not None else [(_("Order"), order.number)],
        button=_("Choose where the money goes"),
        link=way_page(refund.shop, way_token(refund)),
    )


def way_asked(refund: Refund, language: str) -> Content:
    """Ask where money shall go that cannot go back the way it was paid."""
    rma, order = refund.settlement.rma, refund.settlement.order
    amount = formats.money(refund.amount_minor, refund.currency, language)
    return Content(
        subject=_("Where shall we send your {amount}? ({number})").format(
            amount=amount, number=rma.number if rma is not None else order.number
        ),
        paragraphs=[
            _("{amount} are yours, but they cannot go back the way you paid.").format(
                amount=amount
            ),
            _("Please tell us where to send them: your bank account, or store credit."),
        ],
        facts=_facts(rma) if rma is not None else [(_("Order"), order.number)],
        button=_("Choose where the money goes"),
        link=way_page(refund.shop, way_token(refund)),
    )


def card_issued(card: GiftCard, language: str) -> Content:
    """The code of a gift card, masked: it is put in when the letter leaves, and never kept."""
    amount = formats.money(card.account.balance_minor, card.account.currency, language)
    return Content(
        subject=_("Your gift card of {amount}").format(amount=amount),
        paragraphs=[
            _("Your refund is kept for you on a gift card of {amount}.").format(amount=amount),
            _(
                "Keep this message: we do not store the code and cannot show it again. Whoever "
                "has the code can spend what is on the card."
            ),
        ],
        facts=[(_("Code"), masked(card.last_four)), (_("Amount"), amount)],
    )


WRITERS: dict[type[Event], tuple[str, Writer]] = {
    ReturnRequested: ("return_requested", requested),
    ReturnApproved: ("return_approved", approved),
    ReturnDeclined: ("return_declined", declined),
    ReturnCancelled: ("return_cancelled", cancelled),
    ReturnExpired: ("return_expired", expired),
    SendingReminded: ("sending_reminded", reminded),
    LabelReady: ("label_ready", label_ready),
    ParcelReceived: ("parcel_received", received),
    ShopWrote: ("shop_wrote", shop_wrote),
    RepairFailed: ("repair_failed", repair_failed),
    RepairRefused: ("repair_refused", repair_refused),
    RepairSentBack: ("repair_sent_back", repair_sent_back),
    RepairTurned: ("repair_turned", repair_turned),
}


def _facts(rma: Return) -> list[tuple[str, str]]:
    facts = [(_("Return"), rma.number)]
    if rma.order is not None:
        facts.append((_("Order"), rma.order.number))
    return facts + list(chosen_rows(rma.lines.order_by("position")))


def _page(rma: Return) -> str:
    return return_page(rma.shop, token_for(rma))


def _readable(numbers: dict[str, Any], language: str) -> dict[str, Any]:
    readable = dict(numbers)
    for name in ("last_day", "guaranteed_until"):
        if name in readable:
            readable[name] = formats.day(readable[name], language)
    return readable
