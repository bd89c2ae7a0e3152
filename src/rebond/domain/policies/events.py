"""What a policy says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class PolicyPublished(Event):
    """A version is in force from now on."""

    name = "policy.published"
    about = "version_id"

    version_id: str
    number: int
