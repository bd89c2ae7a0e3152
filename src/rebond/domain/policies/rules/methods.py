"""In which ways goods may travel back, in which order, and what each costs the shopper.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import METHODS, Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import minor, read_settings, words


@dataclass(frozen=True)
class Settings:
    """``allowed`` in this order; the fees are kept from the refund, once for the return.

    They are charged only where the shopper pays the way back. With a carrier of their own
    shoppers pay it themselves, and the shop's counter costs nothing.
    """

    allowed: tuple[str, ...]
    label_fee_minor: int
    drop_off_fee_minor: int
    pickup_fee_minor: int

    @property
    def fees(self) -> dict[str, int]:
        """The fee by method, in minor units of the shop's currency; only those above 0."""
        fees = {
            "prepaid_label": self.label_fee_minor,
            "drop_off": self.drop_off_fee_minor,
            "pickup": self.pickup_fee_minor,
        }
        return {name: fee for name, fee in fees.items() if fee and name in self.allowed}


class Methods:
    """Offers ways of sending; never a fee where the fault is the shop's."""

    key = "methods"
    is_first_match = True
    settings = (
        words("allowed", among=METHODS),
        minor("label_fee_minor", default=0, abroad={"label_fee_minor": 0}),
        minor("drop_off_fee_minor", default=0, abroad={"drop_off_fee_minor": 0}),
        minor("pickup_fee_minor", default=0, abroad={"pickup_fee_minor": 0}),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``allowed`` (a carrier of one's own alone when absent) and the fees."""
        values = read_settings(self.settings, settings)
        return Settings(**values | {"allowed": values["allowed"] or ("own_carrier",)})

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the ways and their fees as terms."""
        return (), {"methods": settings.allowed, "method_fees": settings.fees}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A fee for faulty goods; on withdrawals it has to be told, and no way may be closed.

        Source: C. conso. L221-23 (the consumer sends back or hands over, and bears the direct
        cost only if told), L217-11 and L217-12 (conformity is free); Dir. 2011/83/EU art. 14.
        """
        if settings.fees:
            if reach.defects and not reach.withdrawal:
                said = reach.answer(
                    "legal_guarantee", defect=True, return_postage_paid_by_consumer=500
                )
                if said.get("bearer") == "trader":
                    yield reach.breach("return_cost_of_defects", said)
            else:
                yield from reach.cost_to_tell()
        if "own_carrier" not in settings.allowed:
            yield from reach.own_way_to_keep()


RULE = Methods()
