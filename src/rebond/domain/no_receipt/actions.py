"""The verbs of returns without a receipt: filed by one person, decided by a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rebond.domain.ledger.books import Cause, account_of, locked
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.movements import Value, come_in
from rebond.domain.ledger.terms import dated
from rebond.domain.no_receipt.errors import (
    ArticleUnknown,
    ColleagueNeeded,
    CustomerNeeded,
    NoReceiptCapReached,
    NoReceiptDecided,
    ReasonToDeclineNeeded,
    TooManyWithoutReceipt,
)
from rebond.domain.no_receipt.events import NoReceiptDeclined, NoReceiptFiled, NoReceiptPaid
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.no_receipt.worth import left_for, terms_without_receipt, worth_of
from rebond.domain.policies.engine import Policy
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Location
from rebond.domain.warehouse.shelves import move
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7
from rebond.kernel.models import next_number

ORIGIN = "no_receipt"


@dataclass(frozen=True)
class Brought:
    """Pieces of one article that somebody brought, and whose they are."""

    sku: str
    quantity: int
    grade: Grade
    email: str
    name: str = ""
    said: str = ""


@action
def file_without_receipt(
    shop: Shop,
    brought: Brought,
    *,
    policy: Policy,
    at: datetime,
    by: str,
    staff: Staff | None = None,
    row_id: UUID | None = None,
) -> NoReceiptReturn:
    """Write down goods for which no sale was found; a person decides on them.

    Raises ``NoReceiptNotOffered``, ``ArticleUnknown``, ``NoPriceKnown``,
    ``TooManyWithoutReceipt``, ``CustomerNeeded``, and ``NoReceiptCapReached`` where the person
    has had, or waits for, so much that these goods would pass the policy's cap.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    terms = terms_without_receipt(policy)
    product = Product.objects.filter(shop=shop, sku=brought.sku.strip()).first()
    if product is None:
        raise ArticleUnknown(sku=brought.sku[:64])
    if not 1 <= brought.quantity <= terms.most_pieces:
        raise TooManyWithoutReceipt(most=terms.most_pieces, asked=brought.quantity)
    _check_address(brought.email)
    worth = worth_of(product, days=terms.lowest_price_days, at=at, shop=shop)
    amount = worth.price_minor * brought.quantity
    left = left_for(shop, brought.email, asdict(terms), at=at)
    if amount > left:
        raise NoReceiptCapReached(
            asked_minor=amount,
            left_minor=left,
            cap_minor=terms.cap_minor,
            currency=shop.currency,
            days=terms.cap_days,
        )
    row = NoReceiptReturn.objects.create(
        id=row_id or uuid7(),
        shop=shop,
        number=f"N-{at.year}-{next_number(shop.pk, f'no_receipt:{at.year}'):06d}",
        shopper=_shopper(shop, brought),
        product=product,
        sku=product.sku,
        title=product.title,
        quantity=brought.quantity,
        grade=brought.grade,
        currency=shop.currency,
        price_minor=worth.price_minor,
        amount_minor=amount,
        lowest_since=local_date(worth.since, shop.time_zone),
        terms=asdict(terms),
        said=brought.said.strip()[:1000],
        state=NoReceiptState.WAITING,
        by=by,
        filed_by_staff=staff,
        at=at,
    )
    event = NoReceiptFiled(
        str(row.pk), row.number, row.sku, row.quantity, row.amount_minor, row.currency
    )
    record(event, shop_id=shop.pk, actor=by)
    return row


@action
def pay_without_receipt(
    shop: Shop, row_id: UUID, *, staff: Staff, by: str, location_id: UUID | None = None
) -> NoReceiptReturn:
    """Give the customer store credit for the goods, once; they go to a shelf where one is named.

    The credit is a gesture in the books: no payment is known, so it is never paid out in money.
    Raises ``NoReceiptDecided``, and ``ColleagueNeeded`` where the policy wants another person
    than who filed it.
    """
    row = _open_row(shop, row_id)
    if row.terms.get("needs_second_person", True) and row.filed_by_staff_id == staff.pk:
        raise ColleagueNeeded(number=row.number)
    kind = AccountKind.STORE_CREDIT
    account = locked(account_of(shop.pk, kind, row.shopper_id, row.currency).pk)
    value = Value(
        cash_minor=0,
        bonus_minor=row.amount_minor,
        origin=ORIGIN,
        source=row.number,
        is_bonus_given=True,
    )
    cause = Cause(f"no_receipt:{row.pk}", by=by, reason=row.number)
    row.paid_with = come_in(account, dated(shop.pk, kind, value), cause)
    if location_id is not None:
        location = Location.objects.get(shop=shop, pk=location_id)
        move(location, row.sku, row.quantity, why=row.number, by=by)
    _end(row, NoReceiptState.PAID, staff=staff, by=by, note="")
    event = NoReceiptPaid(str(row.pk), row.number, row.amount_minor, row.currency)
    record(event, shop_id=shop.pk, actor=by)
    return row


@action
def decline_without_receipt(
    shop: Shop, row_id: UUID, *, note: str, staff: Staff, by: str
) -> NoReceiptReturn:
    """Do not take the goods. Raises ``NoReceiptDecided``, ``ReasonToDeclineNeeded``."""
    row = _open_row(shop, row_id)
    if not note.strip():
        raise ReasonToDeclineNeeded
    _end(row, NoReceiptState.DECLINED, staff=staff, by=by, note=note.strip()[:1000])
    record(NoReceiptDeclined(str(row.pk), row.number), shop_id=shop.pk, actor=by)
    return row


def _open_row(shop: Shop, row_id: UUID) -> NoReceiptReturn:
    rows = NoReceiptReturn.objects.select_for_update(no_key=True)
    row = rows.get(shop=shop, pk=row_id)
    if not row.is_open:
        raise NoReceiptDecided(number=row.number, state=row.state)
    return row


def _end(row: NoReceiptReturn, state: NoReceiptState, *, staff: Staff, by: str, note: str) -> None:
    """One conditional update decides who ends it."""
    still = NoReceiptReturn.objects.filter(
        shop_id=row.shop_id, pk=row.pk, state=NoReceiptState.WAITING
    )
    if not still.update(
        state=state,
        decided_by=by,
        decided_by_staff=staff,
        decided_at=now(),
        note=note,
        paid_with=row.paid_with,
    ):
        raise NoReceiptDecided(number=row.number, state=row.state)
    row.refresh_from_db()


def _check_address(email: str) -> None:
    try:
        validate_email(email.strip())
    except ValidationError as problem:
        raise CustomerNeeded from problem


def _shopper(shop: Shop, brought: Brought) -> Shopper:
    """The customer with this mailbox, of several the newest; else a row of their own."""
    key = email_key(brought.email)
    known = Shopper.objects.filter(shop=shop, email_key=key)
    found = known.exclude(key__startswith="gift:").order_by("-created_at", "-id").first()
    if found is not None:
        return found
    name = brought.name.strip()[:200]
    made, _ = Shopper.objects.get_or_create(
        shop=shop,
        key=f"counter:{sha256(key.encode()).hexdigest()[:40]}",
        defaults={
            "name": name,
            "name_key": name.lower(),
            "email": brought.email.strip(),
            "email_key": key,
            "language": shop.language,
        },
    )
    return made
