"""What messages say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class LetterWordsChanged(Event):
    """The shop says something else of its own in a kind of letter."""

    name = "letter_words.changed"
    about = "shop_id"

    shop_id: str
    kind: str
    language: str


@dataclass(frozen=True)
class MessageSent(Event):
    """A message was handed over to the channel."""

    name = "message.sent"
    about = "subject_id"

    subject_id: str
    message_id: str
    kind: str
    channel: str


@dataclass(frozen=True)
class MessageUndeliverable(Event):
    """A message will never arrive; somebody may want to call."""

    name = "message.undeliverable"
    about = "subject_id"

    subject_id: str
    message_id: str
    kind: str
    channel: str
    problem: str
