"""What a return says has happened."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class _AboutReturn(Event):
    """The id and number of the return. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "return_id"

    return_id: str
    number: str


@dataclass(frozen=True)
class ReturnRequested(_AboutReturn):
    """A shopper, or somebody for them, asked to give things back."""

    name = "return.requested"

    order_number: str
    origin: str


@dataclass(frozen=True)
class ReturnApproved(_AboutReturn):
    """The shopper may send the goods."""

    name = "return.approved"


@dataclass(frozen=True)
class ReturnDeclined(_AboutReturn):
    """The request was turned down, for the reason named."""

    name = "return.declined"

    reason: str


@dataclass(frozen=True)
class ReturnCancelled(_AboutReturn):
    """The return will not take place; its pieces are free again."""

    name = "return.cancelled"


@dataclass(frozen=True)
class ReturnChanged(_AboutReturn):
    """Before anything was sent, something else was asked for; both fields list pieces."""

    name = "return.changed"

    was: str
    became: str


@dataclass(frozen=True)
class ReturnSplit(_AboutReturn):
    """Pieces of the return ``came_with`` go their own way in this one; ``pieces`` lists them."""

    name = "return.split"

    came_with: str
    pieces: str


@dataclass(frozen=True)
class PiecesSplitOff(_AboutReturn):
    """Some pieces of this return go their own way in the return ``apart``."""

    name = "return.pieces_split_off"

    apart: str
    pieces: str


@dataclass(frozen=True)
class ReturnExpired(_AboutReturn):
    """The goods never came: the return is put away, its pieces are free again."""

    name = "return.expired"


@dataclass(frozen=True)
class ReturnReopened(_AboutReturn):
    """A return that was over goes on."""

    name = "return.reopened"


@dataclass(frozen=True)
class ReturnClosed(_AboutReturn):
    """Nothing more is to be done."""

    name = "return.closed"


@dataclass(frozen=True)
class PhotoAdded(_AboutReturn):
    """A photo was added by the shopper or the warehouse."""

    name = "return.photo_added"

    taken_by: str


@dataclass(frozen=True)
class NoteAdded(_AboutReturn):
    """Somebody of the staff wrote a remark."""

    name = "return.note_added"


@dataclass(frozen=True)
class ReasonsChanged(Event):
    """The shop's reasons were worded or ordered anew; ``code`` names which, or ``order``."""

    name = "reasons.changed"
    about = "shop_id"

    shop_id: str
    code: str


@dataclass(frozen=True)
class DonationProven(_AboutReturn):
    """The shopper gave the goods to the charity, and said or showed it."""

    name = "donation.proven"

    charity: str
