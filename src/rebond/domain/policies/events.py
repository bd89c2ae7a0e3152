"""What a policy says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class PolicyDrafted(Event):
    """A draft was written, or written anew."""

    name = "policy.drafted"
    about = "version_id"

    version_id: str
    number: int
    revision: int


@dataclass(frozen=True)
class PolicyPublished(Event):
    """A version is in force from the moment that it names."""

    name = "policy.published"
    about = "version_id"

    version_id: str
    number: int
    in_force_from: str


@dataclass(frozen=True)
class PolicyCalledOff(Event):
    """A version that was to come into force is a draft again."""

    name = "policy.called_off"
    about = "version_id"

    version_id: str
    number: int


@dataclass(frozen=True)
class PolicyDiscarded(Event):
    """A draft was thrown away."""

    name = "policy.discarded"
    about = "version_id"

    version_id: str
    number: int
