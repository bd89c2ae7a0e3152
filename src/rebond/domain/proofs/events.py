"""What proofs say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class CodeAsked(Event):
    """Somebody asked for a one-time code for a mailbox, known to the shop or not."""

    name = "code.asked"
    about = "code_id"

    code_id: str


@dataclass(frozen=True)
class GuessingSeen(Event):
    """Somebody guessed until the portal asked for a pause; said at most once an hour.

    ``what`` is what was tried again and again: ``order``, ``proof``, ``address`` (of the client)
    or ``code``. Nothing that was typed is told.
    """

    name = "guessing.seen"
    about = "shop_id"

    shop_id: str
    what: str
