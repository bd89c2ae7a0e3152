"""What a discussion says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutDiscussion(Event):
    """The return and its discussion. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "return_id"

    return_id: str
    number: str
    discussion_id: str


@dataclass(frozen=True)
class DiscussionOpened(_AboutDiscussion):
    """The shop showed what it found and proposed what would be kept; ``answer_by`` is the day."""

    name = "discussion.opened"

    answer_by: str


@dataclass(frozen=True)
class DiscussionReminded(_AboutDiscussion):
    """The day of the answer is near."""

    name = "discussion.reminded"

    answer_by: str


@dataclass(frozen=True)
class DiscussionAnswered(_AboutDiscussion):
    """The shopper said ``accept``, ``contest`` or ``keep``."""

    name = "discussion.answered"

    reply: str


@dataclass(frozen=True)
class DiscussionLapsed(_AboutDiscussion):
    """No answer came by its day."""

    name = "discussion.lapsed"


@dataclass(frozen=True)
class PiecesSentBack(_AboutDiscussion):
    """The pieces are on their way to the shopper again, who wanted them back."""

    name = "discussion.sent_back"

    carrier: str
    tracking_number: str
