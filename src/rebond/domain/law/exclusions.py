"""The thirteen exceptions to the withdrawal right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


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

    @property
    def consented(self) -> bool:
        """True when the consumer agreed to the start, and to losing the right by it."""
        return self.prior_express_consent and self.acknowledged_loss_of_right


# Item of L221-28, letter of art. 16, and the test of the exception.
EXCEPTIONS: tuple[tuple[int, str, Callable[[ProductFlags], bool]], ...] = (
    (1, "a", lambda f: f.service_done and f.consented),
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
        lambda f: f.digital_begun and f.consented and f.confirmation_on_durable_medium,
    ),
)


def withdrawal_exception(flags: ProductFlags) -> tuple[int, str] | None:
    """The exception that takes the right away: item of L221-28 and letter of art. 16.

    None when the right is kept. Source: C. conso. L221-28; Dir. 2011/83/EU art. 16.
    """
    return next(((item, letter) for item, letter, test in EXCEPTIONS if test(flags)), None)
