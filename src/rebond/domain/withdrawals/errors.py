"""Refusals about statements of withdrawal. None of them meets a consumer."""

from rebond.kernel.errors import Kind, RebondError


class StatementDiffers(RebondError):
    """facts: reference"""

    code = "statement_differs"


class AlreadyAssessed(RebondError):
    """facts: reference"""

    code = "already_assessed"


class OrderUnknown(RebondError):
    """facts: number"""

    code = "order_unknown"
    kind = Kind.INVALID


class OrderNeeded(RebondError):
    """facts: reference"""

    code = "order_needed"
    kind = Kind.INVALID


class AnswerNeeded(RebondError):
    """facts: reference"""

    code = "answer_needed"
    kind = Kind.INVALID
