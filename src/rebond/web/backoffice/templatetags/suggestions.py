"""What to do next with a return, in a sentence and in short."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.returns.models import Return
from rebond.domain.work.suggestions import Next, Suggestion

register = template.Library()

# Each with its sentence on the page of the return, and in short for a row of a list.
WORDS = {
    Next.ANSWER_CONTEST: (
        N_("The customer sees the grade differently: somebody who did not grade it looks again."),
        N_("Look at the grade again"),
    ),
    Next.ANSWER_SHOPPER: (
        N_("The customer wrote and waits for your answer."),
        N_("Answer the customer"),
    ),
    Next.MEND_REFUND: (
        N_("The refund is stuck: try it again or choose another way."),
        N_("Mend the refund"),
    ),
    Next.PAY_BY_HAND: (
        N_("Somebody has to pay this refund by hand and note it."),
        N_("Pay by hand"),
    ),
    Next.SECOND_PERSON: (
        N_("The refund is above a limit: a second person says yes or no."),
        N_("Second person"),
    ),
    Next.BANK_DECIDES: (
        N_("The bank holds the payment. Nothing is refunded until it has decided."),
        N_("Bank decides"),
    ),
    Next.PHOTOS_AWAITED: (
        N_("You asked the customer something; it is their turn."),
        N_("Customer answers"),
    ),
    Next.LOOK_CLOSER: (
        N_("Something asks for a closer look before you decide."),
        N_("Look closer"),
    ),
    Next.DECIDE: (N_("Accept the return, or decline it with a reason."), N_("Accept or decline")),
    Next.DECIDE_REPAIR: (
        N_("The repair will not do: agree on other goods or on the money."),
        N_("Decide on the repair"),
    ),
    Next.DO_REPAIR: (N_("The piece is on the bench."), N_("Repair it")),
    Next.SEND_REPAIR_BACK: (
        N_("Send the piece back to the customer and note its parcel."),
        N_("Send it back"),
    ),
    Next.INSPECT: (N_("The goods are here: look at each piece."), N_("Inspect")),
    Next.REPLY_AWAITED: (
        N_("The customer was shown what you found; it is their turn. Nothing is decided before."),
        N_("Customer answers"),
    ),
    Next.SEND_PIECES_BACK: (
        N_("The customer wants the articles back: send them and note the parcel."),
        N_("Send it back"),
    ),
    Next.DIFFERENCE_AWAITED: (
        N_("The customer still owes the difference for the other goods."),
        N_("Difference awaited"),
    ),
    Next.SETTLE_EXCHANGE: (
        N_("The goods were looked at: settle the exchange."),
        N_("Settle the exchange"),
    ),
    Next.DECIDE_REFUND: (
        N_("The refund is due and could not be decided by itself: look at it and decide."),
        N_("Decide the refund"),
    ),
    Next.REFUND: (N_("Everything is there: refund the customer."), N_("Refund")),
    Next.PAYOUT_AWAITED: (
        N_("The money is on its way. Nothing to do."),
        N_("Money underway"),
    ),
    Next.PROOF_AWAITED: (
        N_("The customer gives the goods away and still has to show it."),
        N_("Proof awaited"),
    ),
    Next.PARCEL_LOST: (
        N_("The parcel is lost: claim it from the carrier, then refund or replace."),
        N_("Parcel lost"),
    ),
    Next.RECEIVE: (N_("The parcel is here: book it in."), N_("Receive")),
    Next.CARRIER_BRINGS: (N_("The parcel is with the carrier."), N_("Carrier brings it")),
    Next.HAND_IN_AWAITED: (
        N_("The parcel is announced; the customer hands it in next."),
        N_("Customer hands it in"),
    ),
    Next.SENDING_AWAITED: (
        N_("Accepted; the customer sends the goods next."),
        N_("Customer sends"),
    ),
    Next.CLOSE: (N_("All is done: put the return away."), N_("Close")),
    Next.CLOSE_UNPAID: (
        N_("Nothing is to be refunded: tell the customer why, then close the return."),
        N_("Tell and close"),
    ),
    Next.NOTHING: (N_("Put away. Nothing to do."), N_("Nothing to do")),
}
# Where it is done, what the way there is called, and whose right it takes.
PLACES = {
    Next.ANSWER_CONTEST: ("#contest-title", N_("Look again"), "decide"),
    Next.ANSWER_SHOPPER: ("#talk-text", N_("Answer"), "decide"),
    Next.REPLY_AWAITED: ("#discussion-title", N_("What was asked"), "see_people"),
    Next.SEND_PIECES_BACK: ("#discussion-title", N_("Send it back"), "receive"),
    Next.MEND_REFUND: ("#money-title", N_("To the refund"), "see_money"),
    Next.SECOND_PERSON: ("#money-title", N_("To the refund"), "see_money"),
    Next.LOOK_CLOSER: ("#closer-title", N_("What was noticed"), "see_people"),
    Next.DECIDE_REPAIR: ("#repair-title", N_("To the repair"), "decide"),
    Next.DO_REPAIR: ("#repair-title", N_("To the repair"), "receive"),
    Next.SEND_REPAIR_BACK: ("#repair-title", N_("To the repair"), "receive"),
    Next.SETTLE_EXCHANGE: ("#exchange-title", N_("To the exchange"), "see_money"),
    Next.DIFFERENCE_AWAITED: ("#exchange-title", N_("To the exchange"), "decide"),
}


@register.filter
def suggested(suggestion: Suggestion) -> str:
    """``{{ seen.suggestion|suggested }}``: what to do, in one sentence."""
    return _(WORDS[suggestion.code][0])


@register.filter
def to_do(suggestion: Suggestion) -> str:
    """What to do, in a word or three."""
    return _(WORDS[suggestion.code][1])


@register.simple_tag
def place_of(suggestion: Suggestion, may: Mapping[str, bool]) -> dict[str, str]:
    """Where on the page of the return it is done, as ``where`` and ``word``, by who may do it.

    Empty where a button at the top of the page does it, or where it is for somebody else.
    """
    where, word, right = PLACES.get(suggestion.code, ("", "", ""))
    return {"where": where, "word": _(word)} if where and may.get(right) else {}


@register.filter
def of_return(found: Mapping[UUID, Suggestion], rma: Return) -> Suggestion | None:
    """``{{ next|of_return:rma }}``: the suggestion for one row."""
    return found.get(rma.pk)
