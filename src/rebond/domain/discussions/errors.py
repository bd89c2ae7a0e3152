"""Refusals about discussions."""

from rebond.kernel.errors import Kind, RebondError


class NotDiscussable(RebondError):
    """facts: number, why (``state``, ``again``, ``repair``, ``no_sale``)"""

    code = "not_discussable"


class NoTimeToDiscuss(RebondError):
    """The law wants the refund too soon for an answer to be awaited. facts: number, due_on"""

    code = "no_time_to_discuss"


class ProposalIncomplete(RebondError):
    """facts: needs (``points``, ``text``, ``clause``, ``photo``)"""

    code = "proposal_incomplete"
    kind = Kind.INVALID


class DiscussionOpen(RebondError):
    """Nothing is graded or paid before the shopper's answer or its day. facts: number, until"""

    code = "discussion_open"


class DiscussionOver(RebondError):
    """facts: number, was"""

    code = "discussion_over"


class KeepingNotOffered(RebondError):
    """The proposal is about some pieces only, so they are not sent back alone. facts: number"""

    code = "keeping_not_offered"


class ReplyEmpty(RebondError):
    """Who sees it differently says how, in words or photos."""

    code = "reply_empty"
    kind = Kind.INVALID


class MoreThanAgreed(RebondError):
    """The shopper agreed to less being kept. facts: sku, agreed_percent"""

    code = "more_than_agreed"
