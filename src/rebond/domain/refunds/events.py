"""What the money says has happened. ``subject_id`` is the return, or else the order."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class SettlementDecided(Event):
    """It was decided to give money back: how much is in minor units of ``currency``."""

    name = "settlement.decided"
    about = "subject_id"

    subject_id: str
    settlement_id: str
    gross_minor: int
    currency: str


@dataclass(frozen=True)
class _AboutRefund(Event):
    """One payout. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "subject_id"

    subject_id: str
    refund_id: str
    settlement_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class RefundStarted(_AboutRefund):
    """The amount is set aside; the provider is asked next."""

    name = "refund.started"


@dataclass(frozen=True)
class RefundPending(_AboutRefund):
    """The provider took the request; the money is underway or waits for somebody."""

    name = "refund.pending"


@dataclass(frozen=True)
class RefundSucceeded(_AboutRefund):
    """The provider says that the money is on its way to the shopper's account."""

    name = "refund.succeeded"


@dataclass(frozen=True)
class RefundFailed(_AboutRefund):
    """The money did not go, or came back; the amount is free again."""

    name = "refund.failed"

    code: str


@dataclass(frozen=True)
class RefundUnclear(_AboutRefund):
    """Nobody knows yet whether the money went; a person is needed when checking is of no use."""

    name = "refund.unclear"

    needs_person: bool


@dataclass(frozen=True)
class RefundCalledOff(_AboutRefund):
    """The money was set aside and will not be sent; the amount is free again."""

    name = "refund.called_off"


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """A refund passes somebody's limit and waits for a second person."""

    name = "approval.asked"
    about = "subject_id"

    subject_id: str
    settlement_id: str
    kind: str
    limit_minor: int
    sum_minor: int
    currency: str


@dataclass(frozen=True)
class ApprovalAnswered(Event):
    """A second person said yes or no to a refund."""

    name = "approval.answered"
    about = "subject_id"

    subject_id: str
    settlement_id: str
    is_granted: bool


@dataclass(frozen=True)
class LimitChanged(Event):
    """A limit on refunds holds from now on; None means that there is none any more."""

    name = "limit.changed"
    about = "shop_id"

    shop_id: str
    role: str
    kind: str
    currency: str
    amount_minor: int | None


@dataclass(frozen=True)
class LimitChangeAsked(Event):
    """Somebody wants to raise or lift a limit; a second person has to agree."""

    name = "limit.change_asked"
    about = "shop_id"

    shop_id: str
    role: str
    kind: str
    currency: str
    amount_minor: int | None


@dataclass(frozen=True)
class LimitChangeDeclined(Event):
    """A second person said no to another limit."""

    name = "limit.change_declined"
    about = "shop_id"

    shop_id: str
    role: str
    kind: str
    currency: str


@dataclass(frozen=True)
class DisputeOpened(Event):
    """A shopper complained at their bank: the money of the payment is held."""

    name = "dispute.opened"
    about = "order_id"

    order_id: str
    payment_id: str
    dispute_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class DisputeEnded(Event):
    """The bank has decided; when lost, ``consumed_minor`` of the payment are gone."""

    name = "dispute.ended"
    about = "order_id"

    order_id: str
    payment_id: str
    dispute_id: str
    is_won: bool
    consumed_minor: int
    currency: str


@dataclass(frozen=True)
class GoodsRestocked(Event):
    """Pieces refunded without a return went back for sale: how many, at which place."""

    name = "goods.restocked"
    about = "order_id"

    order_id: str
    order_line_id: str
    sku: str
    quantity: int
    place: str


@dataclass(frozen=True)
class WayChosenAgain(_AboutRefund):
    """Money that did not go takes another way: ``provider`` pays it now."""

    name = "refund.way_chosen"

    provider: str


@dataclass(frozen=True)
class TenderOrderChanged(Event):
    """In which order money goes back to the ways of paying."""

    name = "tender_order.changed"
    about = "shop_id"

    shop_id: str
    methods: str


@dataclass(frozen=True)
class OutsideRefundFound(Event):
    """A refund that none of ours asked for was found at the provider, and is counted."""

    name = "refund.found_outside"
    about = "order_id"

    order_id: str
    payment_id: str
    outside_id: str
    provider: str
    provider_reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class OutsideRefundGone(Event):
    """A refund that was found at the provider failed there; its amount is free again."""

    name = "refund.outside_gone"
    about = "order_id"

    order_id: str
    payment_id: str
    outside_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class OutsideRefundDecided(Event):
    """Somebody said what a refund found elsewhere was for: ``assigned``, or ``left`` as it is."""

    name = "refund.outside_decided"
    about = "order_id"

    order_id: str
    outside_id: str
    state: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class DiscrepancyExplained(Event):
    """Somebody explained why our books and a provider's do not agree in one refund."""

    name = "discrepancy.explained"
    about = "shop_id"

    shop_id: str
    discrepancy_id: str
    provider: str
    explanation: str


@dataclass(frozen=True)
class PayoutsHeld(Event):
    """A backup was restored: payouts through ``provider`` wait until the two books are compared."""

    name = "payouts.held"
    about = "shop_id"

    shop_id: str
    provider: str
    since: str


@dataclass(frozen=True)
class PayoutsReleased(Event):
    """Payouts through ``provider`` go on: the books were compared, or somebody said so."""

    name = "payouts.released"
    about = "shop_id"

    shop_id: str
    provider: str
    reason: str = ""


@dataclass(frozen=True)
class MessagePutAside(Event):
    """Somebody looked at a provider's message that had no effect, and put it aside."""

    name = "message.put_aside"
    about = "shop_id"

    shop_id: str
    message_id: str
    provider: str
