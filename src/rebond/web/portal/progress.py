"""Tells where a return stands: four steps, who has the ball, and what happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.discussions.queries import discussion_of
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.states import RefundState
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState, RequestState
from rebond.domain.shipping.methods import PICKUP, chosen_of
from rebond.domain.shipping.pickups import pickup_of
from rebond.domain.shipping.states import OVER
from rebond.kernel.models import Event
from rebond.web.ui.words import EVENTS, word

HIDDEN = {
    "return.note_added",
    "return.assigned",
    "conversation.shop_wrote",
    "conversation.shopper_wrote",
    "conversation.answered",
    "message.undeliverable",
    "refund.unclear",
    "return.reopened",
    "refund.started",
}
SAYS_A_SUM = ("settlement.", "refund.", "credit_note.", "exchange.")
ENDED = {RequestState.DECLINED, RequestState.CANCELLED, RequestState.EXPIRED}
LOOKED_AT = {InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT}
UNDER_WAY = {ParcelState.ANNOUNCED, ParcelState.IN_TRANSIT, ParcelState.DELIVERED}


@dataclass(frozen=True)
class Step:
    """One track. ``stand`` is ``done``, ``now``, ``later`` or ``stopped``."""

    title: str
    icon: str
    stand: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True)
class Ball:
    """Whose turn it is (``you``, ``us`` or ``nobody``) and what happens next, in sentences."""

    whose: str
    title: str
    text: str


def steps_of(rma: Return) -> list[Step]:
    """Request, parcel, inspection, money."""
    happened = {row.name: row.at for row in _events(rma)}
    ended = rma.request_state in ENDED
    decided = rma.request_state not in {RequestState.REQUESTED, RequestState.NEEDS_INFO}
    arrived = rma.parcel_state == ParcelState.RECEIVED
    seen = rma.inspection_state in LOOKED_AT
    paid = rma.money_state == MoneyState.SUCCEEDED
    failed = rma.money_state == MoneyState.FAILED
    moves = rma.money_state not in {MoneyState.NONE, MoneyState.SUCCEEDED}
    request = Step(
        _("Your request"),
        "clipboard-check",
        "stopped" if ended else "done" if decided else "now",
        word("request", rma.request_state) if decided else _("We are looking at it"),
        rma.closed_at if ended else rma.decided_at or rma.requested_at,
    )
    if ended and not arrived:
        return [request]
    if rma.is_repair:
        return [request, *_steps_of_repair(rma, happened, decided=decided and not ended)]
    money = Step(
        _("Your money"),
        "banknote",
        "stopped" if failed else _stand(done=paid, reached=seen or moves),
        word("money", rma.money_state),
        happened.get("refund.succeeded") or happened.get("settlement.decided"),
    )
    if rma.keeps_goods:
        return [request, _goods_that_stay(rma, decided=decided), money]
    return [
        request,
        Step(
            _("Your parcel"),
            "truck",
            _stand(done=arrived, reached=decided and not ended),
            word("parcel", rma.parcel_state),
            happened.get("parcel.received") or happened.get("parcel.announced"),
        ),
        Step(
            _("Our check"),
            "eye",
            _stand(done=seen, reached=arrived and not ended),
            word("inspection", rma.inspection_state),
            happened.get("return.inspected"),
        ),
        money,
    ]


def _steps_of_repair(rma: Return, happened: dict[str, datetime], *, decided: bool) -> list[Step]:
    """Parcel, repair, and the way back, in place of the money."""
    arrived = rma.parcel_state == ParcelState.RECEIVED
    mended, is_back = "repair.done" in happened, rma.request_state == RequestState.CLOSED
    ready = mended or "repair.refused" in happened
    return [
        Step(
            _("Your parcel"),
            "truck",
            _stand(done=arrived, reached=decided),
            word("parcel", rma.parcel_state),
            happened.get("parcel.received") or happened.get("parcel.announced"),
        ),
        Step(
            _("The repair"),
            "refresh-cw",
            "stopped" if "repair.failed" in happened else _stand(done=ready, reached=arrived),
            word("repair", _repair_word(happened)),
            happened.get("repair.done") or happened.get("repair.started"),
        ),
        Step(
            _("Back to you"),
            "package",
            _stand(done=is_back, reached=ready),
            word("repair", "sent_back") if is_back else "",
            happened.get("repair.sent_back"),
        ),
    ]


def _repair_word(happened: dict[str, datetime]) -> str:
    for name in ("failed", "refused", "done", "started"):
        if f"repair.{name}" in happened:
            return {"done": "repaired", "started": "in_repair"}.get(name, name)
    return "awaited"


def _ball_of_repair(rma: Return, happened: set[str]) -> Ball:
    """The pieces are here, or on their way back."""
    pieces = sum(line.quantity for line in rma.lines.all())
    if rma.request_state == RequestState.CLOSED:
        return Ball(
            "nobody",
            ngettext(
                "Your article is on its way back to you",
                "Your articles are on their way back to you",
                pieces,
            ),
            _("Below you find the carrier and what the law gives you."),
        )
    if "repair.failed" in happened:
        return Ball(
            "you",
            ngettext("It could not be repaired", "They could not be repaired", pieces),
            _("Below you see what you may choose."),
        )
    if "repair.refused" in happened:
        return Ball(
            "us",
            ngettext("We have looked at your article", "We have looked at your articles", pieces),
            ngettext("We send it back to you.", "We send them back to you.", pieces),
        )
    if "repair.done" in happened:
        return Ball(
            "us",
            ngettext("Your article is repaired", "Your articles are repaired", pieces),
            ngettext("We send it back to you now.", "We send them back to you now.", pieces),
        )
    if "repair.started" in happened:
        return Ball(
            "us",
            ngettext("We are repairing your article", "We are repairing your articles", pieces),
            _("You do not need to do anything."),
        )
    return Ball(
        "us",
        _("Your parcel has arrived"),
        ngettext(
            "We look at the article and repair it.",
            "We look at the articles and repair them.",
            pieces,
        ),
    )


def _goods_that_stay(rma: Return, *, decided: bool) -> Step:
    """The step in place of parcel and check, where nothing is sent back."""
    donation = rma.donation
    if donation is not None:
        return Step(
            _("The article"),
            "gift",
            _stand(done=decided and donation.proven_at is not None, reached=decided),
            _("Given to {charity}").format(charity=donation.name),
            donation.proven_at if decided else None,
        )
    return Step(
        _("The article"),
        "package",
        _stand(done=decided, reached=True),
        _("Stays with you: nothing has to be sent back"),
    )


def ball_of(rma: Return) -> Ball:
    """Who has to do something next, and what."""
    state, parcel, money = rma.request_state, rma.parcel_state, rma.money_state
    if state == RequestState.DECLINED:
        return Ball("nobody", _("We cannot accept this return"), "")
    if state in ENDED:
        return Ball(
            "nobody", _("This return is over"), _("You keep the article. Nothing more to do.")
        )
    if state == RequestState.REQUESTED:
        return Ball(
            "us",
            _("We are looking at your request"),
            _("You get our answer by e-mail. Please keep the article as it is until then."),
        )
    if state == RequestState.NEEDS_INFO:
        return Ball(
            "you",
            _("We need something from you"),
            _("Please read our message below and answer it, with a photo if you can."),
        )
    talk = discussion_of(rma) if parcel == ParcelState.RECEIVED else None
    if talk is not None and talk.is_open:
        return Ball(
            "you",
            _("We need your word"),
            _("Please look below at what we found, and tell us how you see it."),
        )
    if rma.is_repair and parcel == ParcelState.RECEIVED:
        return _ball_of_repair(rma, {row.name for row in _events(rma)})
    if rma.is_gift and money != MoneyState.NONE:
        return _ball_of_gift(rma, money)
    return _ball_of_goods_and_money(rma, parcel, money)


def _ball_of_goods_and_money(rma: Return, parcel: str, money: str) -> Ball:
    waits = rma.request_state == RequestState.APPROVED and parcel == ParcelState.NONE
    to_send = waits and not rma.keeps_goods
    if money == MoneyState.SUCCEEDED and not to_send:
        return Ball(
            "nobody",
            _("Your money is on its way"),
            _("Depending on your bank, you see it on your account within ten days."),
        )
    if money == MoneyState.FAILED:
        return Ball(
            "us",
            _("The refund did not go through yet"),
            _("Nothing is lost, and it is not your fault. We are looking for another way."),
        )
    if money in {MoneyState.SENT, MoneyState.PENDING, MoneyState.PLANNED} and not to_send:
        return Ball("us", _("We are sending your money"), _("You do not need to do anything."))
    if waits and rma.keeps_goods:
        return _ball_of_goods_that_stay(rma)
    if rma.inspection_state == InspectionState.NON_COMPLIANT:
        return Ball("us", _("We have checked your parcel"), _("You hear from us very soon."))
    if rma.inspection_state == InspectionState.COMPLIANT:
        return Ball("us", _("Everything is in order"), _("Your refund is being prepared."))
    if parcel == ParcelState.RECEIVED:
        return Ball("us", _("Your parcel has arrived"), _("We check it now and then refund you."))
    if parcel == ParcelState.LOST:
        return Ball(
            "us",
            _("We are looking for your parcel"),
            _("Nobody has seen it for too long. We ask the carrier; keep your proof of sending."),
        )
    if parcel in UNDER_WAY:
        return _ball_of_parcel(rma, parcel)
    return _ball_of_sending(rma)


def _ball_of_parcel(rma: Return, parcel: str) -> Ball:
    pickup = pickup_of(rma) if parcel == ParcelState.ANNOUNCED else None
    if pickup is not None and pickup.state not in OVER:
        return Ball(
            "you",
            _("A courier comes for your parcel"),
            _("Have it packed and ready, with the label on it. Day and time are below."),
        )
    return Ball(
        "us",
        _("Your parcel is on its way"),
        _("We write to you as soon as it reaches us. Please keep the proof of sending."),
    )


def _ball_of_sending(rma: Return) -> Ball:
    chosen = chosen_of(rma)
    if chosen is not None and chosen.method == PICKUP:
        title = _("Now choose when it is picked up")
        return Ball("you", title, _("A courier comes to your door on the day that suits you."))
    if chosen is not None and chosen.method == "counter":
        title = _("Now bring it to our shop")
        return Ball("you", title, _("Tell us the return number at the counter."))
    return Ball(
        "you",
        _("Now send us your parcel"),
        _("Pack the article well and write the return number on the parcel."),
    )


def _ball_of_goods_that_stay(rma: Return) -> Ball:
    """Money has not moved yet: the shopper gives the goods away, or it is our turn."""
    donation = rma.donation
    if donation is None:
        return Ball("us", _("Please keep the article"), _("Nothing to send: we refund you."))
    if donation.proven_at is not None:
        return Ball("us", _("Thank you for giving it away"), _("We look at it and refund you."))
    title = _("Now give it to {charity}").format(charity=donation.name)
    if donation.proof == "photo":
        return Ball("you", title, _("Nothing to send to us. Show us a photo of the receipt below."))
    return Ball("you", title, _("Nothing to send to us. Tell us below when it is done."))


def _ball_of_gift(rma: Return, money: str) -> Ball:
    if money == MoneyState.SUCCEEDED and rma.gift_paid_as == "gift_card":
        title = _("Your gift card is on its way")
        return Ball("nobody", title, _("Its code comes by e-mail, to you alone."))
    if money == MoneyState.SUCCEEDED:
        title = _("Your store credit is there")
        return Ball("nobody", title, _("You can use it for whatever you like here."))
    return Ball(
        "us", _("We are preparing what you get for it"), _("You do not need to do anything.")
    )


def stand_of(refund: Refund) -> MoneyState:
    """Where one payout stands, as far as it concerns the shopper."""
    if refund.state == RefundState.SUCCEEDED:
        return MoneyState.SUCCEEDED
    if refund.state in {RefundState.FAILED, RefundState.FAILED_LATE}:
        return MoneyState.FAILED
    return MoneyState.PENDING


def timeline_of(rma: Return) -> list[Event]:
    """What happened, newest first, without what is ours alone, and without sums of a present."""
    shown = EVENTS.keys() - HIDDEN
    if rma.is_gift and not rma.gift_shows_value:
        shown = {name for name in shown if not name.startswith(SAYS_A_SUM)}
    return [row for row in reversed(_events(rma)) if row.name in shown]


def _events(rma: Return) -> list[Event]:
    return list(Event.objects.filter(shop_id=rma.shop_id, subject=rma.pk).order_by("sequence"))


def _stand(*, done: bool, reached: bool) -> str:
    return "done" if done else "now" if reached else "later"
