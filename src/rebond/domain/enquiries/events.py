"""What an enquiry says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutEnquiry(Event):
    """The enquiry. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "enquiry_id"

    enquiry_id: str
    number: str


@dataclass(frozen=True)
class EnquiryReceived(_AboutEnquiry):
    """Somebody wrote, for the first time or again."""

    name = "enquiry.received"


@dataclass(frozen=True)
class EnquiryAnswered(_AboutEnquiry):
    """Somebody of the shop wrote back."""

    name = "enquiry.answered"

    message_id: str


@dataclass(frozen=True)
class EnquiryClosed(_AboutEnquiry):
    """Nothing needs to be written back."""

    name = "enquiry.closed"


@dataclass(frozen=True)
class EnquiryTurned(_AboutEnquiry):
    """A return was made of it."""

    name = "enquiry.turned"

    return_number: str
