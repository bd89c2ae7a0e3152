"""Balances for the desk: the list, one account with its lots and its statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import Http404

from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.kinds import OWED, AccountKind, Part
from rebond.domain.ledger.models import Account, Entry, Hold, Lot, Transaction
from rebond.domain.ledger.queries import Usable, usable
from rebond.domain.loyalty.models import PointsReturn
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop
from rebond.kernel.paging import Page, page_of
from rebond.kernel.search import begins_with

ROWS = 50
MOST_PEOPLE = 200
LAST_SIGNS = 4


@dataclass(frozen=True)
class Owner:
    """Whose balance: a shopper, a card, or a card that was issued for a shopper."""

    shopper: Shopper | None = None
    card: GiftCard | None = None


@dataclass(frozen=True)
class Line:
    """One movement of a statement, with what it did to each part."""

    booked: Transaction
    cash_minor: int
    bonus_minor: int

    @property
    def minor(self) -> int:
        """Both parts together; negative for what went."""
        return self.cash_minor + self.bonus_minor


@dataclass(frozen=True)
class Statement:
    """One account whole."""

    account: Account
    owner: Owner
    usable: Usable
    lots: list[Lot]
    holds: list[Hold]
    page: Page[Transaction]
    lines: list[Line]
    missed: list[PointsReturn] = field(default_factory=list)

    @property
    def is_points(self) -> bool:
        """Whether this counts points and not money."""
        return self.account.kind == AccountKind.POINTS

    @property
    def last_cause(self) -> Transaction | None:
        """The newest movement, where there is one."""
        return self.lines[0].booked if self.lines else None


def balances_page(
    shop: Shop, kind: AccountKind, *, text: str, cursor: str, people: bool
) -> Page[Account]:
    """Accounts of ``kind``, newest first; with ``text`` those of all kinds that match it."""
    accounts = Account.objects.filter(shop=shop)
    if text:
        accounts = accounts.filter(kind__in=sorted(OWED), owner__in=_owners(shop, text, people))
    else:
        accounts = accounts.filter(kind=kind)
    return page_of(accounts, by="opened_at", cursor=cursor, size=ROWS)


def owners_of(shop: Shop, accounts: Sequence[Account]) -> dict[UUID, Owner]:
    """Whose each account is, by the account's id. Two queries."""
    ids = [account.owner for account in accounts]
    cards = {
        card.account_id: card
        for card in GiftCard.objects.select_related("shopper").filter(shop=shop, pk__in=ids)
    }
    shoppers = Shopper.objects.filter(shop=shop).in_bulk(ids)
    return {
        account.pk: Owner(
            cards[account.pk].shopper if account.pk in cards else shoppers.get(account.owner),
            cards.get(account.pk),
        )
        for account in accounts
    }


def find_account(shop: Shop, account_id: UUID) -> Account:
    """A balance that the shop owes, or a 404."""
    found = Account.objects.filter(shop=shop, pk=account_id, kind__in=sorted(OWED)).first()
    if found is None:
        raise Http404
    return found


def statement_of(account: Account, *, cursor: str) -> Statement:
    """Everything about one account; its movements by pages, newest first."""
    shop = account.shop
    own = Prefetch("entries", Entry.objects.filter(shop=shop, account=account))
    booked = Transaction.objects.filter(shop=shop, account=account).prefetch_related(own)
    page = page_of(booked, by="at", cursor=cursor, size=ROWS)
    there = Q(cash_left_minor__gt=0) | Q(bonus_left_minor__gt=0)
    lots = Lot.objects.filter(there, shop=shop, account=account).order_by("opened_at", "id")
    holds = Hold.objects.filter(shop=shop, account=account).order_by("-made_at")[:MOST_PEOPLE]
    missed = PointsReturn.objects.filter(shop=shop, points__account=account)
    return Statement(
        account=account,
        owner=owners_of(shop, [account])[account.pk],
        usable=usable(account),
        lots=list(lots),
        holds=[hold for hold in holds if hold.left_minor],
        page=page,
        lines=[_line(row) for row in page.rows],
        missed=[row for row in missed.select_related("points").order_by("-at") if row.missed],
    )


def shopper_by_email(shop: Shop, email: str) -> Shopper | None:
    """The shopper with this address; of several the one who came last."""
    found = Shopper.objects.filter(shop=shop, email_key=email_key(email))
    return found.order_by("-created_at", "-id").first()


def _line(booked: Transaction) -> Line:
    own = booked.entries.all()
    by_part = {part: sum(e.amount_minor for e in own if e.part == part) for part in Part}
    return Line(booked, by_part[Part.CASH], by_part[Part.BONUS])


def _owners(shop: Shop, text: str, people: bool) -> list[UUID]:
    """Cards by their last four signs; shoppers by e-mail or name where one may see them."""
    found: list[UUID] = []
    if len(text) == LAST_SIGNS:
        cards = GiftCard.objects.filter(shop=shop, last_four=text.upper())
        found += cards.values_list("pk", flat=True)[:MOST_PEOPLE]
    if people:
        who = begins_with("email_key", email_key(text)) | begins_with("name_key", text.lower())
        shoppers = Shopper.objects.filter(who, shop=shop).order_by()
        found += shoppers.values_list("pk", flat=True)[:MOST_PEOPLE]
        cards = GiftCard.objects.filter(shop=shop, shopper_id__in=found)
        found += cards.values_list("pk", flat=True)[:MOST_PEOPLE]
    return found
