"""The withdrawal right in plain types: its period, its refund, its exceptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rebond.domain.law.calendar import FRANCE, Calendar, add_days, add_months
from rebond.domain.law.dated import whole


@dataclass(frozen=True, slots=True)
class Period:
    """A withdrawal period. All days are inclusive; ``start_event`` itself is not counted."""

    start_event: date
    initial_end: date
    last_day: date
    prolonged_from: date | None

    @property
    def is_extended(self) -> bool:
        """True when missing information moved the end."""
        return self.last_day > self.initial_end


def withdrawal_period(
    start_event: date,
    *,
    informed: bool = True,
    informed_later_on: date | None = None,
    calendar: Calendar = FRANCE,
    law: str = "withdrawal",
) -> Period:
    """Fourteen days after the event, and up to twelve months more without information.

    ``start_event`` is the receipt of the goods or the conclusion of a service.
    ``informed_later_on`` is the day on which missing information was given; None
    means never. ``law`` is the prefix of the parameters. Raises ``ParameterUnknown``.
    Source: C. conso. L221-18 to L221-20; Dir. 2011/83/EU arts 9 and 10.
    """
    days = whole(f"{law}.days", start_event)
    initial_end = calendar.prolonged(add_days(start_event, days))
    if informed:
        unmoved = add_days(start_event, days)
        return _period(start_event, initial_end, unmoved, calendar)
    longest = add_months(initial_end, whole(f"{law}.extension_months", start_event))
    if informed_later_on is None or informed_later_on > calendar.prolonged(longest):
        return _period(start_event, initial_end, longest, calendar)
    unmoved = max(initial_end, min(longest, add_days(informed_later_on, days)))
    return _period(start_event, initial_end, unmoved, calendar)


def withdrawal_last_day(
    received_on: date,
    *,
    informed: bool = True,
    informed_later_on: date | None = None,
    calendar: Calendar = FRANCE,
) -> date:
    """The last day on which the consumer may withdraw, inclusive.

    Source: C. conso. L221-18 to L221-20; Dir. 2011/83/EU arts 9 and 10.
    """
    period = withdrawal_period(
        received_on, informed=informed, informed_later_on=informed_later_on, calendar=calendar
    )
    return period.last_day


def send_back_by(informed_on: date) -> date:
    """The last day for the consumer to hand the goods to a carrier; never prolonged.

    Source: C. conso. L221-23 al. 1; Dir. 2011/83/EU art. 14(1).
    """
    return add_days(informed_on, whole("withdrawal.send_back_days", informed_on))


def withholding_ends_on(
    *, goods_received_on: date | None, proof_of_dispatch_on: date | None
) -> date | None:
    """The day that ends the trader's right to wait: goods back or proof, the earlier.

    None while neither has come. Source: C. conso. L221-24 al. 2; Dir. art. 13(3).
    """
    return min((day for day in (goods_received_on, proof_of_dispatch_on) if day), default=None)


def refund_due_on(
    informed_on: date,
    *,
    goods_received_on: date | None = None,
    proof_of_dispatch_on: date | None = None,
    may_withhold: bool = True,
) -> date | None:
    """The last day to refund, without any prolongation; inspection never moves it.

    ``may_withhold`` is False for services and where the trader offered to collect.
    None while the trader may still wait for the goods or for proof of dispatch.
    Source: C. conso. L221-24; Dir. 2011/83/EU art. 13.
    """
    plain = add_days(informed_on, whole("withdrawal.refund_days", informed_on))
    if not may_withhold:
        return plain
    until = withholding_ends_on(
        goods_received_on=goods_received_on, proof_of_dispatch_on=proof_of_dispatch_on
    )
    return None if until is None else max(plain, until)


def depreciation_claim(
    price: int, *, value_before: int, value_after: int, informed: bool, excessive: bool
) -> int:
    """The most that may be claimed for loss of value, in minor units; 0 to ``price``.

    ``excessive`` is handling beyond what a shop would allow.
    Source: C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2).
    """
    if not (informed and excessive):
        return 0
    return max(0, min(price, value_before - value_after))


def standard_delivery_part(paid: int, *, standard_price: int | None, chosen_expressly: bool) -> int:
    """The part of the delivery price that is refunded, in minor units.

    ``standard_price`` None means that no standard mode was offered.
    Source: C. conso. L221-24 al. 4; Dir. 2011/83/EU art. 13(2).
    """
    if standard_price is None or not chosen_expressly:
        return paid
    return min(paid, standard_price)


def _period(start: date, initial_end: date, unmoved: date, calendar: Calendar) -> Period:
    last_day = calendar.prolonged(unmoved)
    return Period(start, initial_end, last_day, None if last_day == unmoved else unmoved)


@dataclass(frozen=True, slots=True)
class ProductFlags:
    """What the exceptions ask of a product or a contract; see ``EXCEPTIONS``."""

    service_done: bool = False
    prior_express_consent: bool = False
    acknowledged_loss_of_right: bool = False
    confirmation_on_durable_medium: bool = False
    market_priced: bool = False
    personalised: bool = False
    perishable: bool = False
    hygiene_seal: bool = False
    seal_broken_by_consumer: bool = False
    mixed: bool = False
    alcohol_future_delivery: bool = False
    urgent_repair: bool = False
    media_seal_broken: bool = False
    press_issue: bool = False
    press_subscription: bool = False
    public_auction: bool = False
    dated_service: bool = False
    digital_begun: bool = False


def _consented(flags: ProductFlags) -> bool:
    return flags.prior_express_consent and flags.acknowledged_loss_of_right


# Item of L221-28, letter of art. 16, and the test of the exception.
EXCEPTIONS: tuple[tuple[int, str, Callable[[ProductFlags], bool]], ...] = (
    (1, "a", lambda f: f.service_done and _consented(f)),
    (2, "b", lambda f: f.market_priced),
    (3, "c", lambda f: f.personalised),
    (4, "d", lambda f: f.perishable),
    (5, "e", lambda f: f.hygiene_seal and f.seal_broken_by_consumer),
    (6, "f", lambda f: f.mixed),
    (7, "g", lambda f: f.alcohol_future_delivery),
    (8, "h", lambda f: f.urgent_repair),
    (9, "i", lambda f: f.media_seal_broken),
    (10, "j", lambda f: f.press_issue and not f.press_subscription),
    (11, "k", lambda f: f.public_auction),
    (12, "l", lambda f: f.dated_service),
    (
        13,
        "m",
        lambda f: f.digital_begun and _consented(f) and f.confirmation_on_durable_medium,
    ),
)


def withdrawal_exception(flags: ProductFlags) -> tuple[int, str] | None:
    """The exception that takes the right away: item of L221-28 and letter of art. 16.

    None when the right is kept. Source: C. conso. L221-28; Dir. 2011/83/EU art. 16.
    """
    return next(((item, letter) for item, letter, test in EXCEPTIONS if test(flags)), None)
