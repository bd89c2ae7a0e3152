"""What work at the desk says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ReturnAssigned(Event):
    """Somebody takes care of the return; ``to`` is empty when nobody does any more."""

    name = "return.assigned"
    about = "return_id"

    return_id: str
    number: str
    to: str


@dataclass(frozen=True)
class BulkStarted(Event):
    """Something began to be done to many returns, or went on after a stop."""

    name = "bulk.started"
    about = "run_id"

    run_id: str
    kind: str
    total: int


@dataclass(frozen=True)
class BulkEnded(Event):
    """A run came to its end, or was stopped."""

    name = "bulk.ended"
    about = "run_id"

    run_id: str
    state: str
    done: int
