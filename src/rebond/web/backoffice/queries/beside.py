"""What stands beside a return: who takes care of it, what was said, what happened before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Q

from rebond.domain.conversations.models import ConversationMessage, Template
from rebond.domain.conversations.queries import messages_of, templates_of
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Staff
from rebond.domain.signals.queries import confirmed_fraud
from rebond.domain.work.models import Assignment
from rebond.domain.work.queries import assignment_of, team_of
from rebond.kernel.paging import capped_count

MOST_EARLIER = 5
MOST_COUNTED = 100
MOST_PIECES = 1000
MOST_ARTICLES = 4
MOST_REASONS = 3


@dataclass(frozen=True)
class Article:
    """How often one article came back, and the reasons named most, each with its pieces.

    ``pieces`` of this shop's last thousand lines at most; this return is among them.
    """

    sku: str
    title: str
    pieces: int
    reasons: list[tuple[Reason, int]]


@dataclass(frozen=True)
class Beside:
    """Everything beside the return. People's things are empty without the right to see people."""

    assignment: Assignment | None
    team: list[Staff]
    me: Staff
    messages: list[ConversationMessage]
    templates: list[Template]
    earlier: list[Return]
    returns: int
    orders: int
    articles: list[Article]

    @property
    def waits(self) -> bool:
        """Whether the shopper wrote and nobody has answered."""
        return any(message.waits for message in self.messages)

    @property
    def more_returns(self) -> bool:
        """Whether the count of returns stopped at its limit."""
        return self.returns > MOST_COUNTED


def beside(rma: Return, staff: Staff, rights: frozenset[Right]) -> Beside:
    """What somebody with ``rights`` sees beside ``rma``."""
    people = Right.SEE_PEOPLE in rights
    theirs = Return.objects.requests().filter(shop_id=rma.shop_id, shopper=rma.shopper)
    known = people and rma.shopper_id is not None
    bought = Order.objects.filter(shop_id=rma.shop_id, shopper=rma.shopper)
    earlier = theirs.exclude(pk__in=[rma.pk, rma.split_from_id or rma.pk]).order_by(
        "-requested_at", "-id"
    )
    return Beside(
        assignment=assignment_of(rma),
        team=team_of(rma.shop),
        me=staff,
        messages=messages_of(rma) if people else [],
        templates=templates_of(rma.shop) if people else [],
        earlier=list(earlier[:MOST_EARLIER]) if known else [],
        returns=capped_count(theirs, MOST_COUNTED) if known else 0,
        orders=capped_count(bought, MOST_COUNTED) if known else 0,
        articles=_articles(rma),
    )


def _articles(rma: Return) -> list[Article]:
    """The return's articles and why they came back before, without confirmed fraud; two queries."""
    titles = dict(rma.lines.order_by("position").values_list("sku", "title")[:MOST_ARTICLES])
    counts = ~Q(rma__in=confirmed_fraud(rma.shop_id)) | Q(rma=rma)
    lines = ReturnLine.objects.filter(counts, shop_id=rma.shop_id, sku__in=titles)
    pieces: Counter[str] = Counter()
    why: defaultdict[str, Counter[Reason]] = defaultdict(Counter)
    for line in lines.select_related("reason").only("sku", "quantity", "reason")[:MOST_PIECES]:
        pieces[line.sku] += line.quantity
        if line.reason is not None:
            why[line.sku][line.reason] += line.quantity
    return [
        Article(sku, title, pieces[sku], why[sku].most_common(MOST_REASONS))
        for sku, title in titles.items()
    ]
