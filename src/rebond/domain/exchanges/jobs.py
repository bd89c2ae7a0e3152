"""What follows by itself: settling when goods are here, documents, the end of the time."""

from uuid import UUID

from rebond.domain.credit_notes.jobs import write_heads_of
from rebond.domain.exchanges.actions import (
    document_sale,
    let_go_of,
    let_lapse,
    settle_exchange,
    take_back_settlement,
)
from rebond.domain.exchanges.errors import ExchangeMoved
from rebond.domain.exchanges.events import DifferenceSettled, ExchangeEnded, ExchangeReleased
from rebond.domain.exchanges.models import Exchange, SaleDocument
from rebond.domain.exchanges.states import OPEN
from rebond.domain.refunds.actions import note_blocked
from rebond.domain.refunds.errors import (
    AlreadySettled,
    NoRefundablePayment,
    NothingAccepted,
    PaymentDisputed,
    QuoteRefused,
    RefundExceedsPaid,
)
from rebond.domain.refunds.events import ApprovalAnswered
from rebond.domain.refunds.jobs import settle_now
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.events import ReturnCancelled, ReturnDeclined, ReturnExpired
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.events import ReturnInspected
from rebond.kernel.clock import now
from rebond.kernel.jobs import later, one_action

LOOKED_AT = {InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT}


@one_action
def exchange_on_inspection(event: ReturnInspected) -> None:
    """Let accepted goods pay for the new ones."""
    _settle(UUID(event.return_id))


@one_action
def exchange_when_paid(event: DifferenceSettled) -> None:
    """The difference is there: go on."""
    _settle(UUID(event.return_id))


@one_action
def refund_instead(event: ExchangeEnded) -> None:
    """No goods after all: give the money back where the return was looked at already."""
    rma = Return.objects.only("id", "inspection_state").get(pk=event.return_id)
    if rma.inspection_state in LOOKED_AT:
        settle_now(event.return_id)


@one_action
def let_goods_go(event: ReturnCancelled | ReturnDeclined | ReturnExpired) -> None:
    """The return is off: nobody waits for the goods any more."""
    let_go_of(UUID(event.return_id), why="return_over")


@one_action
def document_exchange(event: ExchangeReleased) -> None:
    """Number the document of the sale."""
    document_sale(UUID(event.exchange_id), by="system")


@one_action
def reopen_exchange(event: ApprovalAnswered) -> None:
    """Take an exchange back whose settlement was refused by a second person."""
    if not event.is_granted:
        take_back_settlement(UUID(event.settlement_id), by="system")


def lapse_exchanges() -> None:
    """By the clock: end every exchange whose time is over, each in a job of its own."""
    over = Exchange.objects.filter(state__in=[str(each) for each in OPEN], expires_at__lte=now())
    for exchange_id in over.order_by("expires_at").values_list("pk", flat=True)[:500]:
        later("rebond.domain.exchanges.jobs.lapse", exchange_id)


@one_action
def lapse(exchange_id: str) -> None:
    """End one exchange whose time is over."""
    let_lapse(UUID(exchange_id))


def _settle(return_id: UUID) -> None:
    try:
        settle_exchange(return_id, by="system")
    except (AlreadySettled, ExchangeMoved, IllegalTransition, NothingAccepted):
        return
    except (NoRefundablePayment, PaymentDisputed, QuoteRefused, RefundExceedsPaid) as refusal:
        note_blocked(return_id, code=refusal.code)


def write_all_heads() -> None:
    """By the clock: give the heads of every shop's sale documents a job of their own."""
    for shop_id in Shop.objects.order_by("slug").values_list("pk", flat=True):
        later("rebond.domain.exchanges.jobs.write_shop_heads", shop_id, shop_id=shop_id)


def write_shop_heads(shop_id: str) -> None:
    """Write the heads of one shop's sale documents outside the database, as of the notes."""
    write_heads_of(SaleDocument, UUID(shop_id))
