"""A refund straight from an order: pieces, amounts, shipping, the way, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.left import Left
from rebond.domain.refunds.ways import NEEDS_CONSENT, Channel, ChosenWay, Way, Yes
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.web.backoffice.forms.amounts import minor_of
from rebond.web.backoffice.forms.counts import whole

WAYS = {
    Way.ORIGINAL: gettext_lazy("Back the way it was paid"),
    Way.STORE_CREDIT: gettext_lazy("Store credit"),
    Way.GIFT_CARD: gettext_lazy("A gift card"),
    Way.BY_HAND: gettext_lazy("By hand, by us"),
}
CHANNELS = {
    Channel.PHONE: gettext_lazy("on the phone"),
    Channel.MAIL: gettext_lazy("by mail"),
    Channel.COUNTER: gettext_lazy("at the counter"),
}


@dataclass
class PieceRow:
    """One line of the order with what is wanted of it, as typed."""

    line: OrderLine
    left: Left
    quantity: str = ""
    amount: str = ""
    restocked: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"line-{self.line.pk}"


@dataclass
class ChargeRow:
    """Shipping or a fee with how much of it is wanted, as typed; empty means none."""

    charge: OrderCharge
    left: Left
    amount: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"charge-{self.charge.pk}"


class WayForm:
    """By which way money goes, and the shopper's yes to another one than the way back."""

    def __init__(
        self,
        order: Order,
        typed: Mapping[str, str] | None,
        *,
        ways: Sequence[Way],
        bonus_percent: int = 0,
    ) -> None:
        given = typed or {}
        self.order = order
        self.bonus_percent = bonus_percent
        self.ways = [(way.value, str(WAYS[way])) for way in ways]
        self.channels = [(channel.value, str(word)) for channel, word in CHANNELS.items()]
        self.way = given.get("way") or ways[0].value
        self.channel = given.get("channel", "")
        self.has_yes = given.get("yes") == "on"
        self.error = ""

    def is_valid(self) -> bool:
        """Whether there is such a way, and a yes where one is needed."""
        if self.way not in [way for way, _word in self.ways]:
            self.error = _("Please choose a way.")
        elif Way(self.way) in NEEDS_CONSENT and not self.has_yes:
            self.error = _(
                "The customer has a right to their money. Please note that they agreed to this."
            )
        elif Way(self.way) in NEEDS_CONSENT and self.channel not in list(Channel):
            self.error = _("Please say how the customer agreed.")
        return not self.error

    @property
    def chosen(self) -> ChosenWay:
        """The way, with where it leads and the yes to it."""
        way = Way(self.way)
        if way is Way.ORIGINAL:
            return ChosenWay()
        given_by = self.order.shopper.email or self.order.shopper.name or self.order.number
        bonus = self.bonus_percent if way is Way.STORE_CREDIT else 0
        return ChosenWay(
            way,
            destination=_destination(way, self.order.shopper_id, bonus),
            bonus_percent=bonus,
            yes=Yes(Channel(self.channel), given_by),
        )


class OrderRefundForm:
    """What to refund of an order. ``wish`` is only right after ``is_valid`` was."""

    def __init__(
        self,
        order: Order,
        left: Mapping[UUID, Left],
        typed: Mapping[str, str] | None = None,
        *,
        ways: Sequence[Way],
        bonus_percent: int = 0,
    ) -> None:
        given = typed or {}
        self.order = order
        self.rows = [
            PieceRow(
                line,
                left[line.pk],
                given.get(f"line-{line.pk}-quantity", ""),
                given.get(f"line-{line.pk}-amount", ""),
                given.get(f"line-{line.pk}-restocked", ""),
            )
            for line in order.lines.order_by("position")
        ]
        self.charges = [
            ChargeRow(charge, left[charge.pk], given.get(f"charge-{charge.pk}", ""))
            for charge in order.charges.order_by("position")
            if left[charge.pk].minor > 0
        ]
        self.amount = given.get("amount", "")
        self.reason = given.get("reason", "")
        self.place = given.get("place", "")
        self.tells_shopper = typed is None or given.get("tells_shopper") == "on"
        self.way = WayForm(order, typed, ways=ways, bonus_percent=bonus_percent)
        self.amount_error = self.reason_error = self.nothing_error = ""

    def is_valid(self) -> bool:
        """Whether everything typed can be read; what is possible, the quote says."""
        for row in self.rows:
            row.error = self._row_error(row)
        for charge in self.charges:
            if charge.amount and minor_of(charge.amount, self.order.currency) is None:
                charge.error = _("Please type an amount such as 12.50.")
        if self.amount and not minor_of(self.amount, self.order.currency):
            self.amount_error = _("Please type an amount such as 12.50.")
        if not self.reason.strip():
            self.reason_error = _("Please say why: it stays with the refund.")
        wrong = [row.error for row in self.rows] + [row.error for row in self.charges]
        way_is_right = self.way.is_valid()
        told = any(wrong) or self.amount_error
        if not told and not (self.amount or self._pieces() or self._charges()):
            self.nothing_error = _("Please choose articles, or type an amount.")
        return way_is_right and not (told or self.reason_error or self.nothing_error)

    @property
    def wish(self) -> OrderRefund:
        """What is wanted."""
        return OrderRefund(
            pieces=self._pieces(),
            charges=self._charges(),
            amount_minor=minor_of(self.amount, self.order.currency) if self.amount else None,
            reason=self.reason,
            tells_shopper=self.tells_shopper,
            way=self.way.chosen,
        )

    def _row_error(self, row: PieceRow) -> str:
        pieces, back = whole(row.quantity), whole(row.restocked)
        if pieces is None or back is None:
            return _("Please type a whole number.")
        if row.amount and not minor_of(row.amount, self.order.currency):
            return _("Please type an amount such as 12.50.")
        if back > pieces:
            return _("No more can go back on the shelf than is refunded.")
        return ""

    def _pieces(self) -> tuple[WantedPieces, ...]:
        return tuple(
            WantedPieces(
                row.line.pk,
                whole(row.quantity) or 0,
                minor_of(row.amount, self.order.currency) if row.amount else None,
                whole(row.restocked) or 0,
                self.place,
            )
            for row in self.rows
            if whole(row.quantity) or row.amount
        )

    def _charges(self) -> tuple[WantedCharge, ...]:
        typed = [(row, minor_of(row.amount or "0", self.order.currency)) for row in self.charges]
        return tuple(WantedCharge(row.charge.pk, minor) for row, minor in typed if minor)


def _destination(way: Way, shopper_id: UUID, bonus_percent: int) -> str:
    if way is Way.STORE_CREDIT:
        return f"shopper:{shopper_id}" + (f"?bonus={bonus_percent}" if bonus_percent else "")
    return f"new:{shopper_id}" if way is Way.GIFT_CARD else ""
