"""What proofs say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class CodeAsked(Event):
    """Somebody asked for a one-time code for a mailbox, known to the shop or not."""

    name = "code.asked"
    about = "code_id"

    code_id: str
