"""What a trial says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class TrialStarted(Event):
    """Somebody began, or took up again, the trial of a policy on the past."""

    name = "trial.started"
    about = "trial_id"

    trial_id: str
    number: int
    revision: int


@dataclass(frozen=True)
class TrialEnded(Event):
    """The trial came to its end (``done``), or somebody stopped it (``stopped``)."""

    name = "trial.ended"
    about = "trial_id"

    trial_id: str
    number: int
    state: str
