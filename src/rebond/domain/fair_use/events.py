"""What fair use says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutRestriction(Event):
    """The restriction and its shopper. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "restriction_id"

    restriction_id: str
    shopper_id: str


@dataclass(frozen=True)
class RestrictionMade(_AboutRestriction):
    """A person decided on a restriction; it holds only once its notice has left."""

    name = "restriction.made"

    reason: str


@dataclass(frozen=True)
class RestrictionTold(_AboutRestriction):
    """The notice has left; the restriction begins on its day."""

    name = "restriction.told"


@dataclass(frozen=True)
class RestrictionLifted(_AboutRestriction):
    """A person ended a restriction before its day."""

    name = "restriction.lifted"


@dataclass(frozen=True)
class AppealMade(_AboutRestriction):
    """The shopper asks a person to look at a restriction again."""

    name = "appeal.made"

    appeal_id: str


@dataclass(frozen=True)
class AppealAnswered(_AboutRestriction):
    """A person answered the appeal: the restriction is lifted, or kept with the reason why."""

    name = "appeal.answered"

    appeal_id: str
    outcome: str
