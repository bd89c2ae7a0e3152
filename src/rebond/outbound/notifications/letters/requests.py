"""Letters about a request: received, accepted, declined, called off, and what was written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.conversations.events import ShopWrote
from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.policies.engine import sentence_for
from rebond.domain.returns.events import (
    ReturnApproved,
    ReturnCancelled,
    ReturnChanged,
    ReturnDeclined,
    ReturnExpired,
    ReturnRequested,
)
from rebond.domain.returns.models import Donation, Return
from rebond.domain.returns.states import Goods, RequestState
from rebond.domain.shipping.methods import ON_OUR_LABEL, PICKUP, chosen_of, ways_of
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.baskets import basket_requested
from rebond.outbound.notifications.letters.facts import facts_of, page_of, readable
from rebond.outbound.telling.ways import WAYS


def requested(rma: Return, event: ReturnRequested) -> Content | None:
    """Only when a person still has to look: an immediate answer has a letter of its own.

    For returns that were asked for at once, the first of them has one letter about all.
    """
    if rma.basket is not None:
        return basket_requested(rma)
    if rma.terms.get("verdict") != "review" or rma.origin == "counter":
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
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
    )


def approved(rma: Return, event: ReturnApproved) -> Content | None:
    """How to send the goods, and what comes back when; None where they came over the counter."""
    is_told = rma.basket is not None and rma.terms.get("verdict") == "approve"
    if is_told or (rma.origin == "counter" and not rma.keeps_goods):
        return None
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
        facts=[*facts_of(rma), *_where_to_send(rma)],
        button=_("See the next steps"),
        link=page_of(rma),
    )


def _kept(rma: Return) -> Content:
    """Accepted, and nothing is to be sent."""
    return Content(
        subject=_("Your return {number} is accepted").format(number=rma.number),
        paragraphs=[
            _("Good news: your request is accepted, and you keep the article."),
            _("Nothing has to be sent back. We are refunding you right away."),
        ],
        facts=facts_of(rma),
        button=_("See where it stands"),
        link=page_of(rma),
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
        facts=[*facts_of(rma), (_("Charity"), ", ".join(donation.charity))],
        button=_("See the next steps"),
        link=page_of(rma),
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
        _(sentence_for(f["rule"], f["code"])).format_map(readable(f["numbers"], rma.language))
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
        facts=facts_of(rma),
        button=_("See your request"),
        link=page_of(rma),
    )


def expired(rma: Return, event: ReturnExpired) -> Content:
    """The wait is over; nothing is lost for good."""
    return Content(
        subject=_("Your return {number} has ended").format(number=rma.number),
        paragraphs=[
            _("We have not received a parcel, so we have put your return away."),
            _("Did you send it after all, or do you still want to? Write to us and we take it up."),
        ],
        facts=facts_of(rma),
        button=_("See your return"),
        link=page_of(rma),
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
        facts=facts_of(rma),
        button=_("See your return"),
        link=page_of(rma),
    )


def changed(rma: Return, event: ReturnChanged) -> Content:
    """What it is about now, and what the shopper does next."""
    if rma.request_state == RequestState.APPROVED:
        next_step = _("It is accepted as it stands now. On its page you find how to send it.")
    else:
        next_step = _("Somebody from our team looks at it again. Please do not send anything yet.")
    return Content(
        subject=_("Your return {number} is changed").format(number=rma.number),
        paragraphs=[
            _("You have changed your return. This is what it is about now."),
            next_step,
        ],
        facts=facts_of(rma),
        button=_("See your return"),
        link=page_of(rma),
    )


def shop_wrote(rma: Return, event: ShopWrote) -> Content:
    """What somebody of the shop wrote, and the way to answer."""
    message = ConversationMessage.objects.get(shop_id=rma.shop_id, pk=event.message_id)
    said = [part for part in message.text.splitlines() if part.strip()]
    clause = [_("From our return policy: {clause}").format(clause=message.clause)]
    return Content(
        subject=_("A message about your return {number}").format(number=rma.number),
        paragraphs=[*said, *(clause if message.clause else [])],
        facts=facts_of(rma),
        button=_("Read and answer"),
        link=page_of(rma) + "#conversation",
    )
