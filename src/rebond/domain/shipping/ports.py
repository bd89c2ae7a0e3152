"""What a carrier must do for us.

A label costs money: one that was asked for is looked up under our own reference before anybody
asks again, so that none is bought twice.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.numbers import CLEAN, clean
from rebond.domain.shipping.points import ToldPoint
from rebond.domain.shipping.states import Charge
from rebond.domain.shipping.tracking import Scan
from rebond.kernel.companies import ANY_SHOP, Account, HookRequest
from rebond.kernel.money import Money
from rebond.kernel.plugs import Socket

POINTS_SECONDS = 2.5
"""How long somebody who looks at a page waits for a carrier's places."""


class Ability(StrEnum):
    """What a carrier's plug can do; a screen offers nothing else.

    ``FIND``: a label can be looked up by our reference. ``STOCK``: labels are not bought one by
    one but taken from those that the shop has laid in. ``PICKUP``: it comes to somebody's door for
    a parcel, in a window of time that is booked with the label. ``POINTS``: it tells where parcels
    are handed in near a postcode.
    """

    LABEL = "label"
    STOCK = "stock"
    FIND = "find"
    VOID = "void"
    QUOTE = "quote"
    HOOK = "hook"
    POLL = "poll"
    PICKUP = "pickup"
    POINTS = "points"


class LabelOutcome(StrEnum):
    """What we know after asking for a label, or for its end.

    ``NO_ANSWER``: nobody knows whether it was made. ``NOT_THERE``: the carrier looked and has
    none under our reference.
    """

    MADE = "made"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    NOT_THERE = "not_there"


@dataclass(frozen=True)
class Place:
    """An address as carriers take it: a name, lines of street, postcode, town, country code."""

    name: str
    lines: tuple[str, ...]
    postcode: str = ""
    town: str = ""
    country: str = ""
    email: str = ""


@dataclass(frozen=True, order=True)
class PickupWindow:
    """When a carrier comes to a door; the times are those of the clock there."""

    day: date
    begins: time
    ends: time

    @property
    def key(self) -> str:
        """The window as text, such as ``2026-11-25/09:00/13:00``."""
        return f"{self.day.isoformat()}/{self.begins:%H:%M}/{self.ends:%H:%M}"

    @classmethod
    def from_key(cls, key: str) -> "PickupWindow":
        """The window that ``key`` says; raises ``ValueError``."""
        day, begins, ends = key.split("/")
        window = cls(date.fromisoformat(day), _hour(begins), _hour(ends))
        if window.begins >= window.ends:
            raise ValueError("a window ends after it begins")
        return window


def _hour(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True)
class Goods:
    """Pieces of one article. ``value_minor`` is what was paid for all of them, tax inside;
    ``grams`` their net weight together, None where it is not known."""

    title: str
    sku: str
    quantity: int
    value_minor: int
    grams: int | None
    hs_code: str
    origin_country: str

    @property
    def is_complete(self) -> bool:
        """Whether nothing has to be written in by hand."""
        return bool(self.grams and self.hs_code and self.origin_country)


@dataclass(frozen=True)
class LabelOrder:
    """What we ask for. ``label_id`` is our reference, which the carrier must keep.

    ``weight_grams`` is what we believe; None where no article's weight is known. With ``pickup``
    the carrier comes for the parcel to the sender's door, and label and pickup are one booking.
    ``box_mm`` is how large it is, longest first: known where it holds one piece alone.
    ``goods`` are told where the parcel passes customs, as returned goods; else there are none.
    """

    label_id: UUID
    return_number: str
    sender: Place
    recipient: Place
    weight_grams: int | None
    currency: str
    pickup: PickupWindow | None = None
    goods: tuple[Goods, ...] = ()
    box_mm: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class LabelAnswer:
    """What the carrier said; ``code`` is its own word for a refusal.

    A label that was made has its tracking number and its PDF; ``cost`` is None where the carrier
    tells the price only on its invoice. ``drop_off_code`` is what a QR code says with which the
    parcel is handed in without a printed label; empty where the carrier has none.
    """

    outcome: LabelOutcome
    reference: str = ""
    tracking_number: str = ""
    pdf: bytes = field(default=b"", repr=False)
    cost: Money | None = None
    code: str = ""
    drop_off_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class SendingAdvice:
    """What a shopper needs in order to send the parcel.

    ``tracking_url`` is empty where the carrier has no page for a number.
    """

    needs_tracking_number: bool
    tracking_url: str


NOT_OFFERED = LabelAnswer(LabelOutcome.REFUSED, code="not_offered")


class Carrier(Protocol):
    """A way in which a parcel comes back, for one shop's ``account``.

    A plug says in ``can`` what it does beyond its advice, and writes only those; what it does not
    do, and how tracking numbers are read as a rule, is answered here. ``lists_after`` is how long
    a label may be missing from what the carrier finds. ``tried_live`` False is shown to staff.
    ``settings`` are the names in the environment without which it does not work. ``charged_at`` is
    when its labels cost, unless the shop's contract says otherwise.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    can: ClassVar[frozenset[Ability]] = frozenset()
    lists_after: ClassVar[timedelta] = timedelta(0)
    tried_live: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ()
    charged_at: ClassVar[Charge] = Charge.MADE
    account: Account

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self.account = account

    @abstractmethod
    def advice(self, tracking_number: str) -> SendingAdvice:
        """How the shopper sends the parcel, and where they can follow it."""

    def clean_number(self, text: str) -> str:
        """The tracking number in ``text`` as the carrier writes it; raises ``ValueError``.

        Letters, digits and hyphens in capitals, blanks and dots left out; it may be empty.
        """
        number = clean(text)
        if not CLEAN.fullmatch(number):
            raise ValueError("letters, digits and hyphens, at most 40")
        return number

    def buy_label(self, order: LabelOrder) -> LabelAnswer:
        """Ask for a label. Never raises for anything the carrier or the network does."""
        return NOT_OFFERED

    def find_label(self, label_id: UUID) -> LabelAnswer:
        """The label under our reference: made, ``NOT_THERE``, or ``NO_ANSWER``."""
        return LabelAnswer(LabelOutcome.NO_ANSWER, code="not_offered")

    def void_label(self, reference: str) -> LabelAnswer:
        """Give a label back: ``NOT_THERE`` once it is void, ``REFUSED``, or ``NO_ANSWER``."""
        return NOT_OFFERED

    def quote_label(self, order: LabelOrder) -> Money | None:
        """What a label would cost; None when the carrier cannot say now."""
        return None

    def pickup_windows(self, address: Place, first: date) -> Sequence[PickupWindow] | None:
        """When it could come to ``address`` from the day ``first`` on, in order; empty where it
        does not come there, None when the carrier cannot be asked now."""
        return ()

    def points_near(self, place: Place) -> Sequence[ToldPoint] | None:
        """Where parcels are handed in near the postcode and country of ``place``, whose town may
        be empty; None when the carrier cannot be asked now. Somebody waits at a page: it takes
        ``POINTS_SECONDS`` at most."""
        return ()

    def scans_of(self, tracking_number: str) -> Sequence[Scan] | None:
        """All reports of a parcel, or None when the carrier cannot be asked now."""
        return None

    def read_scans(self, request: HookRequest) -> Sequence[Scan]:
        """The reports in a call from the carrier. Raises ``CarrierHookRefused``: closed, never
        open, when the signature is missing or wrong, or no secret is set."""
        raise CarrierHookRefused(why="not offered")

    def is_set_up(self) -> bool:
        """Whether the shop has given every setting that the plug needs."""
        return all(self.account.setting(name) for name in self.settings)


carriers: Socket[Carrier] = Socket("carriers")


def with_ability(*any_of: Ability) -> list[str]:
    """The keys of all carriers that can do one of these, sorted."""
    known = carriers.keys()
    return [key for key in known if set(any_of) & carriers[key].can]
