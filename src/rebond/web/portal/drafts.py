"""A return that is being put together, kept in the session until it is sent."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.files.storage import default_storage as storage
from django.http import HttpRequest

from rebond.domain.orders.models import Order
from rebond.domain.policies.facts import DONATE
from rebond.domain.returns.wishes import CleanImage, Wish
from rebond.kernel.clock import monotonic
from rebond.kernel.files import content_of, keep

DRAFTS = "portal_drafts"
BASKET = "portal_basket"
MOST_DRAFTS = 5
ONE_DAY = 24 * 3600
SENDING = "…"


@dataclass
class DraftPhoto:
    """A picture that was cleaned and kept, and is not part of a return yet."""

    file: str
    width: int
    height: int
    sha256: str


@dataclass
class DraftLine:
    """What was filled in for one order line. ``quantity`` 0: not chosen."""

    quantity: int = 0
    reason: str = ""
    comment: str = ""
    photos: list[DraftPhoto] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    outcome: str = "refund"


@dataclass
class Draft:
    """The whole of it. ``lines`` maps an order line's id; ``sent`` is the return's number.

    ``changes`` is the number of the return whose wishes it is to replace,
    ``method`` how they travel back, empty until that is chosen.
    """

    token: str
    order_id: str
    lines: dict[str, DraftLine] = field(default_factory=dict)
    comment: str = ""
    sent: str = ""
    method: str = ""
    changes: str = ""

    def line(self, line_id: UUID) -> DraftLine:
        """The entry for one order line; an empty one is made where there is none."""
        return self.lines.setdefault(str(line_id), DraftLine())

    @property
    def is_all_given(self) -> bool:
        """Whether everything goes to a charity, and nothing comes back."""
        chosen = [line.outcome for line in self.lines.values() if line.quantity]
        return bool(chosen) and all(outcome == DONATE for outcome in chosen)

    @property
    def photo_count(self) -> int:
        """How many pictures it holds."""
        return sum(len(line.photos) for line in self.lines.values())

    def wishes(self, *, with_photos: bool) -> list[Wish]:
        """What is asked for. Without photos only their number counts, and no file is read."""
        return [
            Wish(
                order_line_id=UUID(line_id),
                quantity=line.quantity,
                reason=line.reason,
                comment=line.comment,
                outcome=line.outcome,
                answers=line.answers,
                photos=tuple(_image(photo, read=with_photos) for photo in line.photos),
            )
            for line_id, line in self.lines.items()
            if line.quantity
        ]


@dataclass
class Basket:
    """Drafts for several orders that are sent at once. ``sent`` are the returns' numbers."""

    token: str
    drafts: list[Draft]
    method: str = ""
    sent: str = ""


def new_basket(orders: Sequence[Order]) -> Basket:
    """An empty draft for each of ``orders``."""
    return Basket(secrets.token_urlsafe(12), [new_draft(order) for order in orders])


def basket_of(request: HttpRequest, token: str) -> Basket | None:
    """The session's basket, if it is ``token``."""
    kept = request.session.get(BASKET)
    if kept is None or kept["token"] != token:
        return None
    return Basket(**{**kept, "drafts": [_read(draft) for draft in kept["drafts"]]})


def keep_basket(request: HttpRequest, basket: Basket) -> None:
    """Write ``basket`` into the session; another one makes room for it."""
    before = request.session.get(BASKET)
    if before is not None and before["token"] != basket.token:
        for draft in before["drafts"]:
            forget_photos(_read(draft))
    request.session[BASKET] = asdict(basket)


def new_draft(order: Order) -> Draft:
    """An empty draft for ``order``."""
    return Draft(token=secrets.token_urlsafe(12), order_id=str(order.pk))


def draft_of(request: HttpRequest, order: Order, token: str) -> Draft | None:
    """The session's draft ``token``, in its basket or not, if it is for ``order``."""
    in_basket = request.session.get(BASKET, {}).get("drafts", ())
    drafts = {draft["token"]: draft for draft in in_basket} | request.session.get(DRAFTS, {})
    kept = drafts.get(token)
    if kept is None or kept["order_id"] != str(order.pk):
        return None
    return _read(kept)


def keep_draft(request: HttpRequest, draft: Draft) -> None:
    """Write ``draft`` into the session; the oldest ones make room."""
    drafts: dict[str, Any] = request.session.get(DRAFTS, {})
    drafts.pop(draft.token, None)
    drafts[draft.token] = asdict(draft)
    while len(drafts) > MOST_DRAFTS:
        forget_photos(_read(drafts.pop(next(iter(drafts)))))
    request.session[DRAFTS] = drafts


def add_photo(draft: Draft, line_id: UUID, image: CleanImage, *, shop_id: UUID) -> None:
    """Keep ``image`` with a line of the draft."""
    name = keep(image.jpeg, shop_id=shop_id, folder="drafts", suffix=".jpg")
    photo = DraftPhoto(name, image.width, image.height, image.sha256)
    draft.line(line_id).photos.append(photo)


def drop_photo(draft: Draft, line_id: UUID, sha256: str) -> None:
    """Take a picture out again."""
    line = draft.line(line_id)
    for photo in [photo for photo in line.photos if photo.sha256 == sha256]:
        line.photos.remove(photo)
        storage.delete(photo.file)


def forget_photos(draft: Draft) -> None:
    """Remove the draft's own copies; those of a return are its own."""
    for line in draft.lines.values():
        for photo in line.photos:
            storage.delete(photo.file)
        line.photos.clear()


def begin_sending(draft: Draft | Basket) -> bool:
    """True for the one who may send; False when it was sent, or is being sent, by another click."""
    return bool(cache.add(_key(draft), SENDING, ONE_DAY))


def sent_as(draft: Draft | Basket, *, wait_seconds: float) -> str:
    """The number of the return that another click made of it; empty when it did not succeed."""
    until = monotonic() + wait_seconds
    while (number := cache.get(_key(draft))) == SENDING and monotonic() < until:
        _pause()
    return "" if number in (None, SENDING) else str(number)


def note_sent(draft: Draft | Basket, number: str) -> None:
    """Remember which return it became."""
    draft.sent = number
    cache.set(_key(draft), number, ONE_DAY)


def give_up_sending(draft: Draft | Basket) -> None:
    """It could not be sent: it may be tried again."""
    cache.delete(_key(draft))


def _pause() -> None:
    threading.Event().wait(0.05)


def _key(draft: Draft | Basket) -> str:
    return f"portal:sent:{draft.token}"


def _image(photo: DraftPhoto, *, read: bool) -> CleanImage:
    jpeg = content_of(photo.file) if read else b""
    return CleanImage(jpeg, photo.width, photo.height, photo.sha256)


def _read(kept: dict[str, Any]) -> Draft:
    lines = {
        key: DraftLine(**{**line, "photos": [DraftPhoto(**photo) for photo in line["photos"]]})
        for key, line in kept["lines"].items()
    }
    names = {each.name for each in fields(Draft)}
    known = {name: value for name, value in kept.items() if name in names}
    return Draft(**{**known, "lines": lines})
