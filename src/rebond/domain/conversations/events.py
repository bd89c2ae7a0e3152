"""What a conversation says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutMessage(Event):
    """The return and the message. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "return_id"

    return_id: str
    number: str
    message_id: str


@dataclass(frozen=True)
class ShopWrote(_AboutMessage):
    """Somebody of the shop wrote to the shopper."""

    name = "conversation.shop_wrote"

    asks: str


@dataclass(frozen=True)
class ShopperWrote(_AboutMessage):
    """The shopper wrote, or answered."""

    name = "conversation.shopper_wrote"


@dataclass(frozen=True)
class ConversationAnswered(_AboutMessage):
    """Somebody marked the shopper's words as dealt with, without writing."""

    name = "conversation.answered"
