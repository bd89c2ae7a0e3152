"""What a detector may look at, and what it answers with.  (pure)"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rebond.domain.policies.settings_reading import Setting


@dataclass(frozen=True)
class PastReturn:
    """An earlier return of the shopper, or (not ``is_own``) of an account linked to theirs.

    Days count back from the moment looked at. ``days_left`` is how many days of the return period
    were left when it was asked for; None where nobody promised a last day. ``waits_days`` is for
    how long the carrier has said "delivered" while the warehouse has booked nothing.
    ``labels_without_goods`` counts prepaid labels of ours whose parcel never came.
    """

    days_ago: int
    is_own: bool = True
    value_minor: int = 0
    is_personal: bool = False
    is_fault_claim: bool = False
    says_not_received: bool = False
    keeps_goods: bool = False
    is_paid: bool = False
    is_received: bool = False
    worn: int = 0
    missing: int = 0
    days_left: int | None = None
    waits_days: int | None = None
    labels_without_goods: int = 0
    is_fraud: bool = False


@dataclass(frozen=True)
class PastOrder:
    """An order of the shopper, or of a linked account. Values are minor units of one currency."""

    days_ago: int
    is_own: bool = True
    pieces: int = 1
    returned: int = 0
    value_minor: int = 0
    returned_minor: int = 0


@dataclass(frozen=True)
class SignalFacts:
    """What is known when one return is looked at; before it is asked for, only its history.

    ``returns`` and ``orders`` hold what came before, without what people found to be honest, and
    without the return itself. ``linked`` counts other accounts with the same address, phone …
    ``shared_account`` and ``shared_payment`` count other accounts with the same bank account, and
    with the same payment. ``missing``, ``worn``, ``is_empty``, ``waits_days`` and
    ``weighed_percent`` are about the return itself; the last is what the carrier weighed of the
    parcel furthest from what its articles weigh, None where either is unknown. ``other_serials``
    counts its pieces whose serial number is not one that was sold. ``missing_days``: how many days
    ago each report was made of goods that never arrived.
    """

    returns: tuple[PastReturn, ...] = ()
    orders: tuple[PastOrder, ...] = ()
    linked: int = 0
    shared_account: int = 0
    shared_payment: int = 0
    account_days: int | None = None
    bonus_days: tuple[int, ...] = ()
    dispute_days: tuple[int, ...] = ()
    is_disputed: bool = False
    refunded_elsewhere_minor: int = 0
    same_photos: int = 0
    cheaper_again: int = 0
    is_colleague: bool = False
    missing: int = 0
    is_empty: bool = False
    waits_days: int | None = None
    weighed_percent: int | None = None
    other_serials: int = 0
    missing_days: tuple[int, ...] = ()

    @property
    def own_returns(self) -> tuple[PastReturn, ...]:
        """The shopper's own."""
        return tuple(one for one in self.returns if one.is_own)

    @property
    def own_orders(self) -> tuple[PastOrder, ...]:
        """The shopper's own."""
        return tuple(one for one in self.orders if one.is_own)


@dataclass(frozen=True)
class Spoken:
    """What a detector says: its ``strength`` (1 to 3) and the numbers of its sentence."""

    strength: int
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Detector:
    """One way to see that a second look is worth it: a file in ``detectors``.

    ``patterns`` are the patterns of abuse it is about (docs/guides/fair-use.md). ``is_history``:
    it speaks of what came before, so that it can be asked before a return exists. ``sentence``
    states facts with ``{name}`` for the numbers; it calls nobody anything.
    """

    key: str
    patterns: tuple[str, ...]
    title: str
    sentence: str
    settings: Sequence[Setting]
    judge: Callable[[Mapping[str, Any], SignalFacts], Spoken | None]
    is_history: bool = True


def share_of(part: int, whole: int) -> int:
    """Whole percent, rounded down; 0 of nothing."""
    return part * 100 // whole if whole > 0 else 0
