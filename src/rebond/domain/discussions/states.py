"""Where a discussion stands, and what a shopper may say.  (pure)"""

from enum import StrEnum


class DiscussionState(StrEnum):
    """``OPEN`` waits for the shopper; ``KEEPS``: they want the pieces back; ``LAPSED``: no word."""

    OPEN = "open"
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    KEEPS = "keeps"
    SENT_BACK = "sent_back"
    LAPSED = "lapsed"


class Reply(StrEnum):
    """What the shopper says to the proposal."""

    ACCEPT = "accept"
    CONTEST = "contest"
    KEEP = "keep"


STATE_AFTER = {
    Reply.ACCEPT: DiscussionState.ACCEPTED,
    Reply.CONTEST: DiscussionState.CONTESTED,
    Reply.KEEP: DiscussionState.KEEPS,
}
BLOCKS = (DiscussionState.OPEN, DiscussionState.KEEPS)
"""Until these are over nothing is graded and nothing is paid."""
