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


class NotPaidByHand(RebondError):
    """facts: provider"""

    code = "not_paid_by_hand"


class HookRefused(RebondError):
    """facts: why"""

    code = "hook_refused"
    kind = Kind.FORBIDDEN
