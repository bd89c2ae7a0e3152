"""What webhooks say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class EndpointChanged(Event):
    """Events are sent to an address, to another one, or no more."""

    name = "webhook.endpoint_changed"
    about = "endpoint_id"

    endpoint_id: str
    is_active: str


@dataclass(frozen=True)
class EndpointGone(Event):
    """An address answered 410: nothing is sent there any more."""

    name = "webhook.endpoint_gone"
    about = "endpoint_id"

    endpoint_id: str


@dataclass(frozen=True)
class EndpointSilent(Event):
    """An address took no event in three days of tries; later ones are still sent."""

    name = "webhook.endpoint_silent"
    about = "endpoint_id"

    endpoint_id: str
