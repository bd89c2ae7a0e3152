"""What a contested grade says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class GradeContested(Event):
    """A shopper sees the state of their articles differently."""

    name = "grade.contested"
    about = "return_id"

    return_id: str
    number: str
    contest_id: str


@dataclass(frozen=True)
class GradeAnswered(Event):
    """Somebody else has looked again; ``outcome`` is ``stands`` or ``corrected``."""

    name = "grade.answered"
    about = "return_id"

    return_id: str
    number: str
    contest_id: str
    outcome: str
