"""The words people see for states, reasons, refusals and sums: one table for all screens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.ledger.kinds import POINTS_CURRENCY
from rebond.domain.policies.engine import sentence_for
from rebond.domain.refunds.ways import Way
from rebond.kernel import formats
from rebond.kernel.errors import RebondError
from rebond.kernel.models import Event as EventRow
from rebond.outbound.published import grades
from rebond.outbound.telling import non_deliveries

REQUEST_STATES = {
    "requested": N_("To review"),
    "needs_info": N_("Waiting for information"),
    "approved": N_("Approved"),
    "declined": N_("Declined"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
    "closed": N_("Closed"),
}
QUESTIONS = {
    "tags_on": N_("Are the labels still on it?"),
    "seal_intact": N_("Is the seal still intact?"),
    "original_packaging": N_("Do you still have the original packaging?"),
    "unused": N_("Is it unused?"),
    "complete": N_("Is everything there that came with it?"),
}
PARCEL_STATES = {
    "none": N_("Not sent yet"),
    "announced": N_("Announced"),
    "in_transit": N_("On its way"),
    "delivered": N_("Delivered"),
    "received": N_("Received"),
    "lost": N_("Lost"),
}
GOODS = {
    "sent_back": N_("Sent back"),
    "kept": N_("Stays with the customer"),
    "donated": N_("Given to a charity"),
}
INSPECTION_STATES = {
    "awaiting": N_("Not looked at yet"),
    "received": N_("To inspect"),
    "compliant": N_("All in order"),
    "non_compliant": N_("Not all in order"),
}
MONEY_STATES = {
    "none": N_("Nothing to pay yet"),
    "planned": N_("Planned"),
    "sent": N_("Sent to the bank"),
    "pending": N_("Underway"),
    "succeeded": N_("Refunded"),
    "failed": N_("Failed, we are on it"),
}
REFUND_STATES = {
    "reserved": N_("Planned"),
    "sending": N_("Being sent"),
    "unknown": N_("Answer unclear, being checked"),
    "pending": N_("Underway"),
    "requires_action": N_("Waiting for somebody"),
    "succeeded": N_("Refunded"),
    "failed": N_("Failed"),
    "failed_late": N_("Came back"),
    "cancelled": N_("Cancelled"),
}
GRADES = {**grades.GRADES, "missing": N_("Missing")}
ENQUIRY_STATES = {
    "open": N_("Waits for an answer"),
    "answered": N_("Answered"),
    "turned": N_("Became a return"),
    "closed": N_("Done"),
}
NON_DELIVERY_STATES = {
    "open": N_("Waits for an answer"),
    "waiting": N_("Waits for the parcel"),
    "closed": N_("Done"),
}
MISSING_ANSWERS = {
    "on_its_way": N_("On its way"),
    "sent_again": N_("Sent again"),
    "refunded": N_("Refunded"),
    "refused": N_("Refused"),
    "arrived": N_("Has arrived"),
}
END_GROUNDS = {
    "period_over": N_("The additional period is over"),
    "essential_date": N_("The day was essential, and we knew it"),
    "shop_cannot": N_("We cannot or will not deliver"),
}
NO_RECEIPT_STATES = {
    "waiting": N_("To decide"),
    "paid": N_("Store credit given"),
    "declined": N_("Not taken"),
}
ANSWERS = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "not_applicable": N_("Does not apply"),
}
DISPOSITIONS = {
    "restock": N_("Back to stock"),
    "refurbish": N_("Refurbish"),
    "resell": N_("Sell second hand"),
    "donate": N_("Donate"),
    "recycle": N_("Recycle"),
    "destroy": N_("Destroy"),
    "return_to_vendor": N_("Back to the supplier"),
    "quarantine": N_("Set aside"),
    "repair": N_("Repair for the customer"),
    "missing": N_("Not in the parcel"),
}
DECLINE_REASONS = {
    "final_sale": N_("Final sale"),
    "window_closed": N_("The return period is over"),
    "not_returnable": N_("This article cannot be returned"),
    "not_ours": N_("Not bought from us"),
    "other": N_("Another reason"),
}
FAMILIES = {
    "product": N_("The article"),
    "experience": N_("The delivery or the service"),
    "personal": N_("A personal reason"),
}
EXCHANGE_STATES = {
    "agreed": N_("Agreed, goods held"),
    "unpaid": N_("Difference to be paid"),
    "settled": N_("Being exchanged"),
    "released": N_("Exchanged"),
    "lapsed": N_("Time is over"),
    "cancelled": N_("Called off"),
}
REPAIR_STATES = {
    "awaited": N_("Waiting for the article"),
    "in_repair": N_("Being repaired"),
    "repaired": N_("Repaired"),
    "failed": N_("Could not be repaired"),
    "refused": N_("Not taken in for repair"),
    "sent_back": N_("Sent back"),
    "turned": N_("Something else instead"),
    "over": N_("Called off"),
}
REPAIR_INSTEAD = {
    "replacement": N_("a replacement"),
    "refund": N_("the money back"),
    "reduction": N_("a lower price, the article stays with the customer"),
}
TRACKING = {
    "pending": N_("No report yet"),
    "info_received": N_("Registered, not handed in yet"),
    "in_transit": N_("On its way"),
    "out_for_delivery": N_("Out for delivery"),
    "attempt_fail": N_("Delivery was tried"),
    "available_for_pickup": N_("Waits to be collected"),
    "delivered": N_("Delivered"),
    "exception": N_("Held up"),
    "expired": N_("No report for a long time"),
    "lost": N_("Lost"),
}
LABEL_STATES = {
    "asked": N_("Being made"),
    "sent": N_("Being made"),
    "unknown": N_("No answer yet"),
    "unclear": N_("Nobody knows whether it was made"),
    "ready": N_("Ready to be printed"),
    "refused": N_("The carrier refused"),
    "voiding": N_("Being given back"),
    "void": N_("Given back"),
}
CLAIM_STATES = {
    "open": N_("Being looked for"),
    "found": N_("Found again"),
    "paid": N_("Paid by the carrier"),
    "given_up": N_("Given up"),
}
CARRIERS = {
    "own_carrier": N_("The customer’s own carrier"),
    "shop_counter": N_("Brought to the shop"),
    "manual": N_("Prepaid labels in stock"),
    "simulator": N_("Simulated carrier"),
}
METHODS = {
    "own_carrier": N_("A carrier of their own"),
    "prepaid_label": N_("Prepaid label"),
    "drop_off": N_("Drop-off point"),
    "pickup": N_("Home pickup"),
    "counter": N_("Brought to the counter"),
}
POINT_KINDS = {
    "counter": N_("Shop counter"),
    "relay": N_("Pick-up point"),
    "locker": N_("Parcel locker"),
    "post_office": N_("Post office"),
}
POINT_PROBLEMS = {
    "columns": N_("the columns are not those below"),
    "coordinates": N_("latitude and longitude are degrees, both or none"),
    "country": N_("the country is a code of two letters"),
    "csv": N_("this cannot be read as CSV"),
    "encoding": N_("the text is not UTF-8"),
    "json": N_("a list of objects is needed"),
    "kind": N_("the kind is counter, relay, locker or post_office"),
    "none": N_("there is not one place in it"),
    "size": N_("larger than 10 MB"),
    "too_many": N_("more than 20,000 places"),
    "twice": N_("the reference is used twice"),
    "wheelchair": N_("wheelchair is yes, no or empty"),
}
ABILITIES = {
    "label": N_("makes labels"),
    "stock": N_("gives out labels in stock"),
    "find": N_("finds a label again"),
    "void": N_("takes labels back"),
    "quote": N_("says the price beforehand"),
    "hook": N_("reports by itself"),
    "poll": N_("answers when asked"),
    "pickup": N_("picks parcels up at home"),
    "points": N_("tells its places"),
}
TABLES: dict[str, Mapping[str, str]] = {
    "tracking": TRACKING,
    "label": LABEL_STATES,
    "claim": CLAIM_STATES,
    "ability": ABILITIES,
    "carrier": CARRIERS,
    "exchange": EXCHANGE_STATES,
    "repair": REPAIR_STATES,
    "repair_instead": REPAIR_INSTEAD,
    "method": METHODS,
    "point_kind": POINT_KINDS,
    "request": REQUEST_STATES,
    "parcel": PARCEL_STATES,
    "goods": GOODS,
    "inspection": INSPECTION_STATES,
    "money": MONEY_STATES,
    "refund": REFUND_STATES,
    "grade": GRADES,
    "answer": ANSWERS,
    "no_receipt": NO_RECEIPT_STATES,
    "enquiry": ENQUIRY_STATES,
    "non_delivery": NON_DELIVERY_STATES,
    "missing_answer": MISSING_ANSWERS,
    "end_ground": END_GROUNDS,
    "missing_tracking": non_deliveries.TRACKING,
    "missing_refused": non_deliveries.REFUSED,
    "missing_evidence": non_deliveries.EVIDENCE,
    "disposition": DISPOSITIONS,
    "decline": DECLINE_REASONS,
    "family": FAMILIES,
}

EVENTS = {
    "order.entered": N_("Order taken in"),
    "return.requested": N_("Return requested"),
    "return.changed": N_("Return changed: {became}"),
    "return.split": N_("Apart from {came_with}: {pieces}"),
    "return.pieces_split_off": N_("Goes its own way in {apart}: {pieces}"),
    "return.approved": N_("Return accepted"),
    "return.declined": N_("Return declined"),
    "return.cancelled": N_("Return cancelled"),
    "return.expired": N_("Return ended: no parcel came"),
    "sending.reminded": N_("Reminded to send the parcel"),
    "sending.method_chosen": N_("Way of sending chosen"),
    "return.reopened": N_("Return taken up again"),
    "return.closed": N_("Return closed"),
    "return.photo_added": N_("Photo added"),
    "donation.proven": N_("Given to {charity}"),
    "return.note_added": N_("Note written"),
    "return.assigned": N_("Given to: {to}"),
    "conversation.shop_wrote": N_("We wrote to the customer"),
    "conversation.shopper_wrote": N_("The customer wrote to us"),
    "conversation.answered": N_("Message marked as dealt with"),
    "discussion.opened": N_("The customer was shown what was found"),
    "discussion.reminded": N_("The customer was reminded to answer"),
    "discussion.answered": N_("The customer answered what was found"),
    "discussion.lapsed": N_("No answer came in time"),
    "discussion.sent_back": N_("The articles go back to the customer"),
    "shopper.tier_changed": N_("Tier changed"),
    "non_delivery.reported": N_("Said not to have arrived ({number})"),
    "non_delivery.answered": N_("Answered what has not arrived ({number})"),
    "non_delivery.terminated": N_("The customer ended the contract for what is missing ({number})"),
    "non_delivery.contested": N_("The customer contests the refusal ({number})"),
    "grade.contested": N_("The customer sees the grade differently"),
    "grade.answered": N_("Looked at again by somebody else"),
    "parcel.announced": N_("Parcel announced"),
    "parcel.left": N_("Taken out of the shared parcel"),
    "parcel.handed_in": N_("Parcel handed in to the carrier"),
    "parcel.delivered": N_("Parcel delivered to us, says the carrier"),
    "parcel.hand_in_corrected": N_("Parcel handed in earlier than known"),
    "parcel.lost": N_("Parcel counts as lost"),
    "parcel_claim.ended": N_("Search for the parcel ended"),
    "label.asked": N_("Prepaid label asked for"),
    "label.ready": N_("Prepaid label ready"),
    "label.failed": N_("The carrier made no label"),
    "label.voided": N_("Prepaid label given back"),
    "parcel.received": N_("Parcel received: {pieces}"),
    "return.inspected": N_("Inspected: {accepted} accepted, {refused} not accepted"),
    "settlement.decided": N_("Refund of {gross} decided"),
    "repair.opened": N_("Repair accepted"),
    "repair.started": N_("The repair has begun"),
    "repair.done": N_("The article is repaired"),
    "repair.failed": N_("The article could not be repaired"),
    "repair.refused": N_("The article was not taken in for repair"),
    "repair.sent_back": N_("The article is on its way back: {carrier} {tracking_number}"),
    "repair.money_asked": N_("Money asked for instead of the repair"),
    "repair.turned": N_("Something else comes instead of the repair"),
    "return.price_reduced": N_("Price reduced by {amount}: the article stays with the customer"),
    "exchange.agreed": N_("Exchange agreed: {goods}"),
    "exchange.difference_due": N_("The new goods cost {due} more"),
    "exchange.difference_settled": N_("The difference of {due} is settled"),
    "exchange.released": N_("Exchanged for {goods}: order {order_number}"),
    "exchange.ended": N_("Exchange ended: the money goes back instead"),
    "exchange.documented": N_("Invoice {label} issued: {gross}"),
    "refund.started": N_("{amount} set aside"),
    "refund.pending": N_("{amount} underway"),
    "refund.succeeded": N_("{amount} refunded"),
    "refund.failed": N_("Refund of {amount} failed"),
    "refund.unclear": N_("Refund of {amount}: no clear answer, being checked"),
    "refund.called_off": N_("Refund of {amount} called off"),
    "refund.way_chosen": N_("{amount} take another way"),
    "approval.asked": N_("A second person is asked"),
    "approval.answered": N_("The second person has answered"),
    "dispute.opened": N_("Complaint at the bank about {amount}"),
    "dispute.ended": N_("The bank has decided"),
    "refund.found_outside": N_("{amount} refunded elsewhere: found at the provider"),
    "refund.outside_gone": N_("{amount} refunded elsewhere came back"),
    "refund.outside_decided": N_("{amount} refunded elsewhere: looked at"),
    "goods.restocked": N_("{quantity} × {sku} back on the shelf"),
    "credit_note.issued": N_("Document {label} issued: {gross}"),
    "settlement.left_without_document": N_("Left without a document of its own: {reason}"),
    "balance.issued": N_("{amount} given"),
    "balance.topped_up": N_("{amount} added"),
    "balance.used": N_("{amount} used"),
    "balance.restored": N_("{amount} given back"),
    "balance.expired": N_("{amount} expired"),
    "balance.cashed_out": N_("{amount} paid out"),
    "balance.taken_back": N_("{amount} taken back"),
    "balance.held": N_("{amount} set aside for a purchase"),
    "balance.released": N_("{amount} free again"),
    "balance.blocked": N_("Blocked: {reason}"),
    "balance.unblocked": N_("Unblocked: {reason}"),
    "credit_terms.changed": N_("Terms of store credit changed"),
    "gift_card.issued": N_("Gift card …{last_four} issued"),
    "points.missed": N_(
        "{missed} points of order {order_number} could not be taken back: they were spent already"
    ),
    "withdrawal.submitted": N_("Withdrawal received"),
    "withdrawal.matched": N_("Order found: {order_number}"),
    "withdrawal.accepted": N_("Became return {return_number}"),
    "withdrawal.answered": N_("Answered without a return"),
    "return.assessed": N_("How closely to look was worked out anew"),
    "return.judged": N_("Somebody wrote down what they found"),
    "restriction.made": N_("Extra services changed for a while"),
    "restriction.told": N_("The customer was told of the change"),
    "restriction.lifted": N_("The change was lifted"),
    "appeal.made": N_("The customer asks for another look"),
    "appeal.answered": N_("The appeal was answered"),
    "data_request.made": N_("Somebody asks about their data"),
    "data_request.ended": N_("A request about data was answered"),
    "data.purged": N_("What was kept long enough is removed"),
    "retention.changed": N_("Kept for another time: {months} months"),
    "duties.warned": N_("Warned of legal deadlines"),
    "guessing.seen": N_("Told that somebody is guessing at the portal"),
    "letter_words.changed": N_("Words in a letter changed"),
    "message.sent": N_("Mail sent"),
    "message.undeliverable": N_("Mail could not be delivered: {problem}"),
}

REFUSALS = {
    "restriction_needs_grounds": N_(
        "A change needs something that changes, words to the customer, their e-mail address, and "
        "the number of at least one return of theirs."
    ),
    "restriction_over": N_("This change has ended already."),
    "already_appealed": N_("Your message is with us already. A person is looking at it."),
    "appeal_empty": N_("Please write a few words: {limit} characters at most."),
    "appeal_answered_already": N_("Somebody has answered this appeal already."),
    "data_request_open": N_("This was asked for already. The answer is due by {due_on}."),
    "data_request_answered": N_("Somebody has answered this request already."),
    "unknown_mailbox": N_("Nobody with this address is known in this shop."),
    "matters_open": N_(
        "Something is not finished yet: {numbers}. Finish it first, then the data can go."
    ),
    "words_needed": N_("Please write a few words."),
    "retention_out_of_reach": N_("Between {least} and {most} months, please."),
    "another_person_needed": N_(
        "In this shop another person answers: somebody else than who decided on the change."
    ),
    "category_needed": N_("A confirmed abuse needs its kind; anything else has none."),
    "bounds_unreadable": N_("A number is out of its range: {problem}."),
    "statement_differs": N_("This statement was sent before with other words."),
    "already_assessed": N_("This withdrawal has already been answered."),
    "order_unknown": N_("There is no order with this number."),
    "order_needed": N_("First say which order is meant."),
    "answer_needed": N_("Please write to the customer why."),
    "evidence_needed": N_(
        "“{sku}”: whoever may withdraw answers for a loss of value only. Please add a note and a "
        "photo as evidence."
    ),
    "unit_moved": N_("This piece has moved on already. Somebody was quicker."),
    "wrong_place": N_("“{sku}” does not go there: choose a place for what was decided."),
    "no_receipt_not_offered": N_("Your return policy takes nothing back without a receipt."),
    "article_unknown": N_("No article has the stock code “{sku}”."),
    "no_price_known": N_("“{sku}” was not sold in the last {days} days and has no price."),
    "too_many_without_receipt": N_("At most {most} at a time come back without a receipt."),
    "no_receipt_cap_reached": N_(
        "This customer may have {cap} in {days} days without a receipt, so {left} more; this "
        "would be {asked}."
    ),
    "customer_needed": N_("Please type the e-mail address of the customer."),
    "no_receipt_decided": N_("Somebody has decided on {number} already."),
    "colleague_needed": N_("You filed {number} yourself: a colleague decides."),
    "reason_to_decline_needed": N_("Please say why it is not taken."),
    "checklist_unreadable": N_("Please check the words: something is missing or too long."),
    "checklist_open": N_("“{sku}”: please answer every question of the checklist."),
    "grade_too_good": N_("“{sku}”: after these answers, {best} is the best grade."),
    "detail_missing": N_("Something is missing: please fill in every field."),
    "stock_too_low": N_("Only {there} of “{sku}” stand there, so {asked} cannot be taken away."),
    "location_taken": N_("There is a place called “{name}” already."),
    "nothing_to_send": N_("Please choose at least one piece, and 500 at most."),
    "destruction_banned": N_(
        "Unsold goods, returned ones included, are destroyed only under an exception, with "
        "evidence (Regulation (EU) 2024/1781, art. 25; Code de l'environnement, art. L541-15-8). "
        "Name both, or choose another way."
    ),
    "parcel_unmatched": N_("Neither a return nor an order has the number “{asked}”."),
    "parcel_matched": N_("Somebody matched the parcel “{code}” already."),
    "nothing_written": N_("Please write a few words first."),
    "too_many_codes": N_("Please wait an hour before you ask for another code."),
    "too_many_messages": N_(
        "You have written to us very often today. We read everything and answer you soon."
    ),
    "sender_unreadable": N_("We need an e-mail address that we can answer to."),
    "too_many_enquiries": N_(
        "You have written to us several times within the hour. We read everything and answer you "
        "soon."
    ),
    "looks_like_spam": N_("Please leave out addresses of pages: {limit} at most."),
    "nothing_missing": N_("Please say which articles are missing, and how many."),
    "pieces_not_missing": N_(
        "“{sku}”: {possible} can be named here. The others are reported, in a return or refunded "
        "already."
    ),
    "non_delivery_not_possible": N_("Order {number} was cancelled: nothing of it is on its way."),
    "expected_day_unreadable": N_("Please choose a day from {earliest_on} to {latest_on}."),
    "non_delivery_closed": N_("{number} is done already. Somebody was quicker."),
    "contract_ended": N_(
        "The customer has ended the contract ({number}): only the refund is left."
    ),
    "termination_too_early": N_("You may end the contract from {from_on} on."),
    "refusal_unfounded": N_(
        "A refusal needs words to the customer and, for goods that were handed over, the proof."
    ),
    "refusal_not_contestable": N_(
        "Please write a few words. A refusal can be contested once, here."
    ),
    "sum_has_changed": N_("The amount has changed since you looked. Please check it once more."),
    "enquiry_over": N_("This became the return {return_number}: please go on there."),
    "unknown_letter": N_("There is no such letter."),
    "unknown_placeholder": N_("Nothing can be put in for {{{name}}}."),
    "nothing_picked": N_("Please choose at least one return, and a name for a view."),
    "too_many_picked": N_("Please choose at most {limit} returns at once."),
    "decline_needs_reason": N_("Please say why: a decline needs a reason."),
    "unknown_colleague": N_("Nobody of your team has this name."),
    "no_longer_allowed": N_("Who began this may not do it any more."),
    "something_open": N_("This one needs a look of its own."),
    "illegal_transition": N_("This is no longer possible: the return has moved on meanwhile."),
    "quantity_exceeds_bought": N_(
        "There are not that many left to return: {bought} received, {already_returned} already "
        "in a return."
    ),
    "order_cancelled": N_("This order was cancelled, so there is nothing to return."),
    "nothing_selected": N_("Please choose at least one article."),
    "line_not_in_order": N_("This article is not part of the order."),
    "duplicate_line": N_("Each article can be chosen only once."),
    "unknown_reason": N_("Please choose a reason from the list."),
    "text_too_long": N_("This text is too long: {limit} characters at most, please."),
    "photo_unreadable": N_("We could not read this picture. JPEG, PNG and WebP work best."),
    "photo_is_heic": N_(
        "Your telephone saved this picture as HEIC, which we cannot read. Choose “Most "
        "compatible” in its camera settings and take it again, or send a screenshot of it."
    ),
    "photo_is_document": N_(
        "This is a PDF document, not a picture. Please send a photo or a screenshot of it."
    ),
    "photo_too_large": N_("This picture is too large: {limit} at most, please."),
    "donation_not_offered": N_("These articles cannot be given to a charity for this return."),
    "proof_needed": N_("Please add what shows that you gave it away: a word or a photo, as asked."),
    "too_many_photos": N_("{limit} photos at most, please."),
    "not_discussable": N_("This can no longer be discussed here."),
    "no_time_to_discuss": N_(
        "The law wants the refund too soon to wait for an answer. Please decide now."
    ),
    "proposal_incomplete": N_(
        "Please choose the pieces and how much would be kept, write what you found and on which "
        "rule it rests, and add a photo."
    ),
    "discussion_open": N_(
        "The customer was asked first: nothing is decided before the answer or its last day."
    ),
    "discussion_over": N_("This is over: nothing is asked any more."),
    "keeping_not_offered": N_("Only some of the articles are meant; they cannot go back alone."),
    "reply_empty": N_("Please tell us how you see it, in words or with a photo."),
    "more_than_rule": N_(
        "The rule “{rule}” keeps {rule_percent} % of “{sku}” for this grade. To keep more, say "
        "why in the note."
    ),
    "more_than_agreed": N_(
        "The customer agreed to {agreed_percent} % being kept of {sku}, not to more."
    ),
    "tier_unreadable": N_("A tier has {limit} characters at most."),
    "not_contestable": N_("This can no longer be contested here. Please write to us."),
    "contest_empty": N_("Please write in a few words how you see it."),
    "contest_answered_already": N_("Somebody has answered this already."),
    "another_grader_needed": N_(
        "Whoever graded these articles cannot look at them again: somebody else answers."
    ),
    "nothing_corrected": N_("Please tick what was graded wrongly."),
    "not_changeable": N_("This return can no longer be changed."),
    "change_declined": N_(
        "Our return policy does not allow this change. Your return stays as it was."
    ),
    "changed_meanwhile": N_(
        "Somebody else changed this return while you were looking at it. Here is how it stands now."
    ),
    "refund_exceeds_paid": N_("This is more than what is left of the payment."),
    "quote_refused": N_("This amount cannot be refunded."),
    "amount_unchanged": N_("This is the amount that was worked out. Type another one."),
    "edit_needs_words": N_("Please write why, in words that the customer reads ({limit} at most)."),
    "ground_not_open": N_("Less cannot be paid on this ground."),
    "amount_above_cap": N_("Of this sale at most {most} can be refunded with this return."),
    "nothing_accepted": N_("No article was accepted, so there is nothing to refund."),
    "exchange_open": N_(
        "This return is to be exchanged. Exchange it, or call the exchange off first."
    ),
    "repair_open": N_("This article is to be repaired. No money is paid unless that is changed."),
    "repair_moved": N_("This is no longer possible: the repair has moved on meanwhile."),
    "repair_not_possible": N_("A repair is possible for faulty articles, in a request of its own."),
    "shopper_chooses": N_(
        "The money is the customer’s choice. They ask for it on their page, or you agree on it."
    ),
    "reason_for_shopper_missing": N_("Please write to the customer why, in a few words."),
    "reduction_not_possible": N_(
        "The price can be reduced for faulty articles that the customer keeps, by 1 to 99 %."
    ),
    "money_not_due": N_(
        "The money can be asked for once the repair failed or its day by law is over."
    ),
    "belongs_to_shopper": N_("{sku} belongs to the customer: it goes on from its return."),
    "exchange_exists": N_("An exchange is already agreed for this return."),
    "exchange_moved": N_("This is no longer possible: the exchange has moved on meanwhile."),
    "nothing_to_exchange": N_("Please choose what you would like instead."),
    "not_for_exchange": N_("{sku} cannot be taken in exchange here."),
    "difference_owed": N_("The customer still owes the difference."),
    "not_the_difference": N_("This is not the amount that is owed."),
    "out_of_stock": N_("{sku} is no longer in stock."),
    "unknown_product": N_("There is no article {sku} in the catalogue."),
    "product_unreadable": N_("Row {row} of the list cannot be read: {problem}."),
    "already_settled": N_("The refund of this return has already been decided."),
    "illegal_refund_step": N_("This is no longer possible: the refund has moved on meanwhile."),
    "no_refundable_payment": N_("No payment of this order can take the refund."),
    "consent_needed": N_("The customer has to agree to this way first."),
    "payment_disputed": N_(
        "The customer complained at their bank: this payment is held until the bank has decided."
    ),
    "discount_not_offered": N_("This discount is no longer on offer."),
    "discount_given": N_("You had a part of the price of this article back already."),
    "reason_needed": N_("Please say why: it stays with the refund."),
    "restock_exceeds_pieces": N_(
        "“{sku}”: only {possible} are refunded, so no more can go back on the shelf."
    ),
    "already_answered": N_("Somebody has already answered this."),
    "two_people_needed": N_("Somebody else has to agree: nobody approves their own wish."),
    "limit_too_low": N_("This is above your own limit too."),
    "way_not_possible": N_("The money cannot go this way."),
    "payment_in_other_currency": N_(
        "This payment is in another currency than the order, so its money cannot be given to "
        "articles."
    ),
    "last_owner": N_("{name} is the last owner: make somebody else an owner first."),
    "owners_at_desk": N_("Owners are made and changed by an owner at the desk only."),
    "shop_unreadable": N_("This cannot be changed here."),
    "identity_not_proven": N_(
        "The log-in at your provider did not work. Please try again, or use your password."
    ),
    "nobody_here": N_(
        "Your provider knows you, but no shop here does. The owner can invite you with this "
        "address."
    ),
    "code_not_right": N_(
        "That is not the code of now. Please type the one that the app shows at this moment."
    ),
    "passkey_not_read": N_("The passkey could not be read, or is known already."),
    "too_many_factors": N_("You have {most} second factors: take one away first."),
    "role_unreadable": N_("A role needs a name that no other role has, and at least one right."),
    "role_in_use": N_("Somebody still works as “{title}”: give them another role first."),
    "already_begun": N_("Somebody has an account here already. Please log in."),
    "reason_unreadable": N_(
        "A reason needs words, and can only refine a main reason that refines nothing itself."
    ),
    "limit_unreadable": N_("Please type an amount such as 150, or nothing for no limit."),
    "iban_unreadable": N_("There is a mistake in this account number."),
    "not_sepa": N_("Only accounts in the single euro payments area can be paid."),
    "holder_needed": N_("Please give the name on the account."),
    "only_euros": N_("Bank transfers are possible in euros only."),
    "nothing_to_transfer": N_("No transfer waits for a file."),
    "own_account_needed": N_("First say from which account the shop pays."),
    "file_not_open": N_("This has moved on meanwhile."),
    "second_person_needed": N_("Somebody else has to release it: nobody releases their own file."),
    "key_refused": N_("This API key is not valid."),
    "scope_missing": N_("This API key may not do this."),
    "scope_unknown": N_("There is no such permission."),
    "idempotency_key_needed": N_("This request needs an Idempotency-Key."),
    "still_being_answered": N_("The first request with this key is still being answered."),
    "idempotency_key_reused": N_("The same Idempotency-Key came before with another request."),
    "version_needed": N_("This request has to say which version it saw (If-Match)."),
    "unknown_parameter": N_("There is no parameter {parameter}."),
    "unknown_field": N_("There is no field {field}."),
    "cursor_unreadable": N_("This is no place in the list."),
    "network_unreadable": N_("{network} is no internet address."),
    "too_many_requests": N_("Too many requests. Please wait {retry_after} seconds."),
    "address_refused": N_(
        "Events cannot be sent to this address: it has to be public and begin with https://."
    ),
    "unknown_event": N_("There is no event called {type}."),
    "too_many_endpoints": N_("There cannot be more than {limit} addresses."),
    "endpoint_off": N_("This address is turned off. Turn it on first."),
    "unknown_system": N_("There is no system {system} that stock can be told to."),
    "system_not_set_up": N_("This is not set up yet. Your host has to set: {settings}."),
    "nobody_is_told": N_("No system of yours hears of the stock. Choose one first."),
    "report_ended": N_("This movement waits for nobody: it was told, left out, or is on its way."),
    "why_missing": N_("Please say why your system need not hear of this movement."),
    "payment_day_to_come": N_("A payment is noted once it was made, not before."),
    "payment_reference_needed": N_("Please give the reference under which you paid."),
    "not_paid_by_hand": N_("This refund is paid by the payment provider, not by hand."),
    "hook_refused": N_("This call was not accepted."),
    "tracking_number_unreadable": N_(
        "This does not look like a tracking number: letters, digits and hyphens only."
    ),
    "unknown_carrier": N_("We do not know this way of sending."),
    "not_to_be_sent": N_("This parcel is not to be sent, or has already arrived."),
    "carrier_hook_refused": N_("This call was not accepted."),
    "method_not_offered": N_("This way of sending is not on offer."),
    "not_together": N_("This return cannot travel in that parcel."),
    "basket_refused": N_("These orders cannot be sent at once. Nothing was written."),
    "method_fixed": N_("The parcel is on its way: how it travels cannot be changed any more."),
    "point_unknown": N_("This place is not on our list any more. Please choose another one."),
    "pickup_window_unknown": N_("Please choose a day and a time that are still to come."),
    "points_unreadable": N_("This list could not be read. Nothing was changed."),
    "no_label_offered": N_("There is no prepaid label here."),
    "label_already_there": N_("There is a label already."),
    "label_stock_empty": N_("No prepaid label is left in stock."),
    "label_not_voidable": N_("This label cannot be given back."),
    "label_file_unreadable": N_("A label is a PDF of at most {limit}."),
    "orders_unknown": N_("We do not know these orders: {numbers}."),
    "slips_out_of_range": N_("Please tick 1 to {limit} orders."),
    "origin_unreadable": N_(
        "This address cannot be allowed: {origin}. Write it like https://www.example.com, "
        "{limit} at most."
    ),
    "claim_over": N_("This search has ended already."),
    "claim_answer_unclear": N_("Please say how it ended, with the sum where the carrier paid."),
    "not_expected": N_("This return is not expected in the warehouse."),
    "count_impossible": N_("There cannot be that many of “{sku}” in the parcel."),
    "nothing_received": N_("Nothing has been received yet."),
    "inspection_incomplete": N_(
        "“{sku}”: {received} received, {graded} graded. Please grade every piece."
    ),
    "already_inspected": N_("This return has already been inspected."),
    "order_exists": N_("There already is an order with this number."),
    "mailbox_unreadable": N_("The e-mail address of this order is not one address."),
    "order_does_not_add_up": N_("The payments of this order are not the sum of its parts."),
    "money_not_sent": N_("The money is not on its way yet, so there is no document."),
    "credits_exceed_invoice": N_(
        "This is more than what is left of the invoice: {left} can still be credited."
    ),
    "pieces_exceed_invoice": N_("Only {left} pieces of “{title}” are left to credit."),
    "nothing_to_credit": N_("Please enter an amount for at least one line."),
    "credit_reason_needed": N_("Please say why: the reason is printed on the credit note."),
    "draft_changed": N_(
        "Somebody else changed this draft while you were looking at it. Here is how it stands now."
    ),
    "draft_closed": N_("This draft was already issued or discarded."),
    "settlement_has_document": N_("This refund has its document, or needs none."),
    "not_to_transmit": N_("This document does not go through a platform."),
    "account_unreadable": N_("“{account}” is no account: three to twenty digits or letters."),
    "policy_against_law": N_("This policy is stricter than the law allows."),
    "policy_changed_meanwhile": N_(
        "Somebody changed this draft since you opened it. Please look at it again."
    ),
    "policy_already_published": N_("This version is published and no longer changes."),
    "published_in_the_past": N_("A policy cannot come into force in the past."),
    "unknown_policy_version": N_("There is no version {number} of the policy."),
    "unknown_outcome": N_("Please choose from what is on offer."),
    "policy_not_readable": N_("This policy cannot be read: {problem}"),
    "insufficient_balance": N_("There is not enough on this balance: {free} can be used."),
    "amount_not_positive": N_("The amount must be above zero."),
    "reference_needed": N_("Please give a reference."),
    "reference_reused": N_("This reference already stands for something else."),
    "hold_unknown": N_("Nothing is set aside under this reference."),
    "hold_over": N_("What was set aside is used up, or its time is over."),
    "balance_blocked": N_("This balance is blocked."),
    "cash_out_exceeds_cash": N_(
        "Only money that was paid can be paid out: {cash} at most. A bonus stays in the shop."
    ),
    "nothing_to_restore": N_("There is nothing left to give back for this payment."),
    "balance_reason_needed": N_("Please give a reason."),
    "other_currency": N_("This balance is in another currency."),
    "terms_not_possible": N_("One of these numbers is out of bounds."),
    "gift_card_not_usable": N_("No usable gift card has this code."),
}


QUOTE_REFUSALS = {
    "AMOUNT_EXCEEDS_REMAINING": N_("This is more than what is left of the order."),
    "QUANTITY_EXCEEDS_REMAINING": N_("There are not that many pieces left to refund."),
    "SHIPPING_EXCEEDS_REMAINING": N_("This is more than what is left of the shipping."),
    "SHIPPING_ALREADY_REFUNDED": N_("The shipping was refunded before."),
    "NOTHING_TO_REFUND": N_("There is nothing left to refund."),
    "NOT_REFUNDABLE": N_("This cannot be refunded."),
    "NOT_PAID": N_("This order was not paid."),
    "AMOUNT_MISMATCH": N_("The amounts of the articles are not the amount for all of it."),
    "AMOUNT_NOT_POSITIVE": N_("This adds up to nothing."),
}


STANDS_OPEN = {
    "closer": N_("Something asks for a closer look here."),
    "withdrawal": N_("A withdrawal: the law decides, not a form for many."),
    "decided": N_("It is decided already."),
    "nothing_awaited": N_("We are not waiting for anything from this customer."),
    "not_inspected": N_("Its goods have not been looked at yet, or its money is decided."),
    "exchange": N_("An exchange is open here."),
    "unanswered": N_("The customer wrote and waits for an answer."),
}


def word(kind: str, value: str) -> str:
    """The word for ``value`` in the table ``kind``; the value itself when it has none."""
    text = TABLES[kind].get(str(value))
    return _(text) if text else str(value)


def point_problem(name: str) -> str:
    """What is wrong with a row of a list of hand-in places; ``name`` may be a column."""
    if name in POINT_PROBLEMS:
        return _(POINT_PROBLEMS[name])
    return _("{name} is missing, too long or cannot be read").format(name=name)


GROUNDS_SHUT = {
    "direction": N_("A gesture pays more; less needs a ground of its own."),
    "our_fault": N_("The article is faulty: less can only be paid where the customer agreed."),
    "not_inspected": N_("Loss of value can be claimed once the goods were looked at."),
    "withdrawal": N_("Whoever withdrew, or may withdraw, answers for a loss of value only."),
    "no_evidence": N_("A loss of value needs the inspection’s note and photo as evidence."),
}

REPAIRS_SHUT = {
    "no_fault": N_("We repair what is faulty. For another reason, please choose something else."),
    "mixed": N_(
        "A repair goes its own way. Please make two requests: one for the repair, one for the rest."
    ),
    "present": N_("A repair under the guarantee can be asked for by the person who bought it."),
}
"""Why a repair cannot be asked for like this, and what to do, by ``why`` of the refusal."""


def refusal_sentence(error: RebondError) -> str:
    """What to tell a person about ``error``."""
    return refusal_of(error.code, error.facts)


def refusal_of(code: str, facts: Mapping[str, Any]) -> str:
    """The same from what was kept of an error: its code and its facts."""
    if code == "quote_refused":
        return _quote_refusal(facts)
    if code == "ground_not_open":
        return _(GROUNDS_SHUT.get(str(facts.get("why")), REFUSALS[code]))
    if code == "something_open":
        return _(STANDS_OPEN.get(str(facts.get("why")), REFUSALS[code]))
    if code == "repair_not_possible":
        return _(REPAIRS_SHUT.get(str(facts.get("why")), REFUSALS[code]))
    text = REFUSALS.get(code)
    if text is None:
        return _("This is not possible at the moment.")
    if code == "grade_too_good":
        facts = {**facts, "best": word("grade", str(facts["best"]))}
    return _(text).format_map(_with_money(facts))


def _quote_refusal(facts: Mapping[str, Any]) -> str:
    """Why the quote said no, with the most that is possible where it knows."""
    text = _(QUOTE_REFUSALS.get(str(facts.get("reason")), REFUSALS["quote_refused"]))
    most, currency = facts.get("max_refundable_minor"), facts.get("currency")
    if not isinstance(most, int) or not currency:
        return text
    shown = formats.money(most, str(currency), active_language())
    return f"{text} " + _("{amount} can still be refunded.").format(amount=shown)


def finding_sentence(finding: Mapping[str, Any], titles: Mapping[str, str] | None = None) -> str:
    """What to tell a shopper about one finding of the policy, as frozen on a return.

    ``titles`` says what people call the order's lines, by their ids; without it the stock code
    stands in the sentence.
    """
    numbers = dict(finding["numbers"])
    if "sku" in numbers:
        numbers["sku"] = (titles or {}).get(finding.get("line", "")) or numbers["sku"]
    if "last_day" in numbers:
        numbers["last_day"] = day(numbers["last_day"])
    return _(sentence_for(finding["rule"], finding["code"])).format_map(numbers)


def event_sentence(row: EventRow) -> str:
    """What to tell a person about one event of a timeline."""
    text = EVENTS.get(row.name)
    if text is None:
        return row.name
    return _(text).format_map(_with_money(row.payload))


def amount(minor: int, currency: str) -> str:
    """An amount as people write it, points as a plain number."""
    if currency == POINTS_CURRENCY:
        return ngettext("{n} point", "{n} points", minor).format(n=minor)
    return formats.money(minor, currency, active_language())


def _with_money(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``facts``, with a written amount for each in minor units of their currency, and days."""
    written = dict(facts)
    for name, value in facts.items():
        if name in {"earliest_on", "latest_on", "from_on"}:
            written[name] = formats.day(date.fromisoformat(value), active_language())
        if name.endswith("_minor") and "currency" in facts:
            written[name.removesuffix("_minor")] = amount(value, facts["currency"])
    return written


def actor_name(actor: str) -> str:
    """Who did it, as people say: staff by their name, the rest by what they are."""
    kind, _sep, name = actor.partition(":")
    known = {
        "shopper": _("Customer"),
        "policy": _("Policy"),
        "law": _("The law"),
        "system": _("Rebond"),
        "provider": _("Rebond") if name == Way.BY_HAND else _("Payment provider"),
        "carrier": _("Carrier"),
    }
    return known.get(kind) or name or actor


def active_language() -> str:
    """The language of the page being made."""
    return get_language() or "en"


def day(value: Any) -> str:
    """A date (or its ISO text) as people write it: “3 novembre 2026”."""
    return formats.day(value, active_language())
