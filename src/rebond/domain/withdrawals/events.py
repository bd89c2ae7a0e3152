"""What a statement of withdrawal says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutStatement(Event):
    """The id and reference of the statement. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "statement_id"

    statement_id: str
    reference: str


@dataclass(frozen=True)
class WithdrawalSubmitted(_AboutStatement):
    """A consumer withdrew. It is received, whatever will be thought of it."""

    name = "withdrawal.submitted"


@dataclass(frozen=True)
class WithdrawalMatched(_AboutStatement):
    """It is known which order the statement is about."""

    name = "withdrawal.matched"

    order_number: str


@dataclass(frozen=True)
class WithdrawalAccepted(_AboutStatement):
    """The statement became a return."""

    name = "withdrawal.accepted"

    return_id: str
    return_number: str


@dataclass(frozen=True)
class WithdrawalAnswered(_AboutStatement):
    """Somebody wrote to the consumer why no return follows."""

    name = "withdrawal.answered"

    reason: str
