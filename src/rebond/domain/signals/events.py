"""What this room says has happened. Shoppers never hear of it."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ReturnAssessed(Event):
    """What is known of a return asks for a look, for a closer look, or no more for any."""

    name = "return.assessed"
    about = "return_id"

    return_id: str
    number: str
    level: str


@dataclass(frozen=True)
class ReturnJudged(Event):
    """Somebody looked and wrote down what they found."""

    name = "return.judged"
    about = "return_id"

    return_id: str
    number: str
    found: str
    category: str
