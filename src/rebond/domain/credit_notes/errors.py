"""Refusals about documents."""

from rebond.kernel.errors import RebondError


class MoneyNotSent(RebondError):
    """facts: settlement"""

    code = "money_not_sent"
