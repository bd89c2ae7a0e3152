"""Refusals about kept value."""

from rebond.kernel.errors import Kind, RebondError


class InsufficientBalance(RebondError):
    """facts: asked_minor, free_minor, currency"""

    code = "insufficient_balance"


class AmountNotPositive(RebondError):
    """facts: asked_minor"""

    code = "amount_not_positive"
    kind = Kind.INVALID


class ReferenceNeeded(RebondError):
    """A redemption, a payment by hand, needs the reference under which it is known."""

    code = "reference_needed"
    kind = Kind.INVALID


class ReferenceReused(RebondError):
    """The same reference was given for something else before. facts: reference"""

    code = "reference_reused"


class HoldUnknown(RebondError):
    """facts: reference"""

    code = "hold_unknown"
    kind = Kind.MISSING


class HoldOver(RebondError):
    """Nothing, or less than what is asked for, is still held. facts: reference, left_minor"""

    code = "hold_over"


class BalanceBlocked(RebondError):
    """The account or card was blocked by the shop."""

    code = "balance_blocked"


class CashOutExceedsCash(RebondError):
    """facts: asked_minor, cash_minor, currency"""

    code = "cash_out_exceeds_cash"


class NothingToRestore(RebondError):
    """No such spend is known, or it has no such amount left. facts: reference, left_minor"""

    code = "nothing_to_restore"


class BalanceReasonNeeded(RebondError):
    """What a person does by hand needs the reason why."""

    code = "balance_reason_needed"
    kind = Kind.INVALID


class OtherCurrency(RebondError):
    """facts: currency, asked"""

    code = "other_currency"
    kind = Kind.INVALID


class TermsNotPossible(RebondError):
    """facts: field"""

    code = "terms_not_possible"
    kind = Kind.INVALID
