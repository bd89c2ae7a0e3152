"""Refusals about money."""

from rebond.kernel.errors import Kind, RebondError


class RefundExceedsPaid(RebondError):
    """facts: payment, left_minor, asked_minor, currency"""

    code = "refund_exceeds_paid"


class QuoteRefused(RebondError):
    """facts: reason (a code of the quote), and its numbers"""

    code = "quote_refused"


class NothingAccepted(RebondError):
    """facts: number"""

    code = "nothing_accepted"


class RepairOpen(RebondError):
    """The piece is to be repaired: no money goes back unless that is turned. facts: number"""

    code = "repair_open"


class ExchangeOpen(RebondError):
    """facts: number"""

    code = "exchange_open"


class AlreadySettled(RebondError):
    """facts: number"""

    code = "already_settled"


class IllegalRefundStep(RebondError):
    """facts: was, asked"""

    code = "illegal_refund_step"


class NoRefundablePayment(RebondError):
    """facts: order, owed_minor, currency"""

    code = "no_refundable_payment"


class PaymentReferenceNeeded(RebondError):
    """A payment made by hand needs the reference under which it was made."""

    code = "payment_reference_needed"
    kind = Kind.INVALID


class PaymentDayToCome(RebondError):
    """A payment is noted once it was made. facts: day"""

    code = "payment_day_to_come"
    kind = Kind.INVALID


class NotPaidByHand(RebondError):
    """facts: provider"""

    code = "not_paid_by_hand"


class HookRefused(RebondError):
    """facts: why"""

    code = "hook_refused"
    kind = Kind.FORBIDDEN


class ConsentNeeded(RebondError):
    """facts: way"""

    code = "consent_needed"
    kind = Kind.INVALID


class PaymentDisputed(RebondError):
    """facts: order, payment"""

    code = "payment_disputed"


class ReasonNeeded(RebondError):
    """A refund without a return needs a word on why."""

    code = "reason_needed"
    kind = Kind.INVALID


class DiscountNotOffered(RebondError):
    """The policy offers no discount to be had at once for keeping these. facts: number"""

    code = "discount_not_offered"


class DiscountGiven(RebondError):
    """An article had a part of its price back already. facts: number"""

    code = "discount_given"


class RestockExceedsPieces(RebondError):
    """facts: sku, asked, possible"""

    code = "restock_exceeds_pieces"
    kind = Kind.INVALID


class AlreadyAnswered(RebondError):
    """Somebody said yes or no before."""

    code = "already_answered"


class TwoPeopleNeeded(RebondError):
    """Nobody answers their own wish."""

    code = "two_people_needed"
    kind = Kind.FORBIDDEN


class LimitTooLow(RebondError):
    """facts: limit_minor, sum_minor, currency"""

    code = "limit_too_low"
    kind = Kind.FORBIDDEN


class WayNotPossible(RebondError):
    """facts: way"""

    code = "way_not_possible"
    kind = Kind.INVALID


class AmountUnchanged(RebondError):
    """The other amount is the worked-out one, or nothing. facts: computed_minor, currency"""

    code = "amount_unchanged"
    kind = Kind.INVALID


class EditNeedsWords(RebondError):
    """Another amount needs words that the customer reads. facts: limit"""

    code = "edit_needs_words"
    kind = Kind.INVALID


class GroundNotOpen(RebondError):
    """facts: ground, why (``direction``, ``our_fault``, ``not_inspected``, ``withdrawal``,
    ``no_evidence``)"""

    code = "ground_not_open"


class AmountAboveCap(RebondError):
    """More than what is left of the sale. facts: most_minor, currency"""

    code = "amount_above_cap"
    kind = Kind.INVALID


class PaymentInOtherCurrency(RebondError):
    """facts: order_currency, payment_currency"""

    code = "payment_in_other_currency"


class LimitUnreadable(RebondError):
    """facts: asked"""

    code = "limit_unreadable"
    kind = Kind.INVALID
