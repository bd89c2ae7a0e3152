"""What follows what. Read this page to know what the house does by itself.

A reaction is a function of some room's ``jobs.py``; each gets a job of its own, so one that
fails neither stops nor repeats another. Sentences: docs/reference/events.md.
"""

from collections.abc import Callable
from typing import Any

from rebond.domain.bank_transfers.events import (
    OwnAccountChanged,
    TransferEnded,
    TransferFileDropped,
    TransferFileMade,
    TransferFileReleased,
)
from rebond.domain.contests.events import GradeAnswered, GradeContested
from rebond.domain.contests.jobs import pay_correction
from rebond.domain.conversations.events import ConversationAnswered, ShopperWrote, ShopWrote
from rebond.domain.credit_notes.events import (
    BookkeepingChanged,
    CreditNoteIssued,
    CreditNotePrinted,
    CreditNoteTransmitted,
    DocumentWaived,
    DraftDiscarded,
    HeadsWritten,
)
from rebond.domain.credit_notes.jobs import (
    document_settlement,
    hand_to_platform,
    post_heads,
    print_credit_note,
)
from rebond.domain.discussions.events import (
    DiscussionAnswered,
    DiscussionLapsed,
    DiscussionOpened,
    DiscussionReminded,
    PiecesSentBack,
)
from rebond.domain.duties.events import DutiesWarned
from rebond.domain.enquiries.events import (
    EnquiryAnswered,
    EnquiryClosed,
    EnquiryReceived,
    EnquiryTurned,
)
from rebond.domain.exchanges.events import (
    DifferenceDue,
    DifferenceSettled,
    ExchangeAgreed,
    ExchangeEnded,
    ExchangeReleased,
    SaleDocumented,
)
from rebond.domain.exchanges.jobs import (
    document_exchange,
    exchange_on_inspection,
    exchange_when_paid,
    let_goods_go,
    refund_instead,
    reopen_exchange,
)
from rebond.domain.fair_use.events import (
    AppealAnswered,
    AppealMade,
    RestrictionLifted,
    RestrictionMade,
    RestrictionTold,
)
from rebond.domain.gift_cards.events import GiftCardIssued
from rebond.domain.ledger.events import (
    BalanceBlockedByShop,
    BalanceCashedOut,
    BalanceExpired,
    BalanceHeld,
    BalanceIssued,
    BalanceReleased,
    BalanceRestored,
    BalanceTakenBack,
    BalanceToppedUp,
    BalanceUnblocked,
    BalanceUsed,
    CreditTermsChanged,
)
from rebond.domain.loyalty.events import PointsMissed
from rebond.domain.loyalty.jobs import points_for_order
from rebond.domain.machines.events import ApiKeyMade, ApiKeyRevoked
from rebond.domain.no_receipt.events import NoReceiptDeclined, NoReceiptFiled, NoReceiptPaid
from rebond.domain.orders.events import OrderEntered, OrdersImported
from rebond.domain.policies.events import (
    PolicyCalledOff,
    PolicyDiscarded,
    PolicyDrafted,
    PolicyPublished,
)
from rebond.domain.privacy.events import (
    DataPurged,
    DataRequestEnded,
    DataRequestMade,
    RetentionChanged,
)
from rebond.domain.privacy.jobs import copy_when_proven
from rebond.domain.products.events import CatalogueChanged
from rebond.domain.proofs.events import CodeAsked, GuessingSeen
from rebond.domain.refunds.events import (
    ApprovalAnswered,
    ApprovalAsked,
    DiscrepancyExplained,
    DisputeEnded,
    DisputeOpened,
    GoodsRestocked,
    LimitChangeAsked,
    LimitChanged,
    LimitChangeDeclined,
    MessagePutAside,
    OutsideRefundDecided,
    OutsideRefundFound,
    OutsideRefundGone,
    PayoutsHeld,
    PayoutsReleased,
    RefundCalledOff,
    RefundFailed,
    RefundPending,
    RefundStarted,
    RefundSucceeded,
    RefundUnclear,
    SettlementDecided,
    TenderOrderChanged,
    WayChosenAgain,
)
from rebond.domain.refunds.jobs import (
    send_refund,
    settle_after_dispute,
    settle_on_approval,
    settle_on_change,
    settle_on_delivery,
    settle_on_hand_in,
    settle_on_inspection,
    settle_on_receipt,
)
from rebond.domain.repairs.events import (
    PriceReduced,
    RepairDone,
    RepairFailed,
    RepairMoneyAsked,
    RepairOpened,
    RepairRefused,
    RepairSentBack,
    RepairStarted,
    RepairTurned,
)
from rebond.domain.repairs.jobs import (
    end_with_return,
    follow_work,
    open_on_approval,
    refund_turned,
    start_on_inspection,
)
from rebond.domain.returns.events import (
    DonationProven,
    NoteAdded,
    PhotoAdded,
    ReasonsChanged,
    ReturnApproved,
    ReturnCancelled,
    ReturnChanged,
    ReturnClosed,
    ReturnDeclined,
    ReturnExpired,
    ReturnReopened,
    ReturnRequested,
)
from rebond.domain.shipping.events import (
    ClaimEnded,
    HandInCorrected,
    LabelAsked,
    LabelFailed,
    LabelReady,
    LabelsLaidIn,
    LabelVoided,
    MethodChosen,
    ParcelAnnounced,
    ParcelDelivered,
    ParcelHandedIn,
    ParcelLeft,
    ParcelLost,
    PointsReplaced,
    SendingReminded,
    ShippingTermsChanged,
    SlipsMade,
)
from rebond.domain.shipping.jobs import buy_label, call_off_pickups
from rebond.domain.shoppers.events import TierChanged
from rebond.domain.shops.events import (
    OwnRoleChanged,
    PasswordLinkAsked,
    ShopChanged,
    ShopOpened,
    StaffAdded,
    StaffChanged,
)
from rebond.domain.sign_in.events import SecondFactorChanged
from rebond.domain.signals.events import ReturnAssessed, ReturnJudged
from rebond.domain.signals.jobs import look_at_order, look_at_return
from rebond.domain.warehouse.events import (
    BatchSent,
    ChecklistChanged,
    LocationAdded,
    LooseParcelMatched,
    LooseParcelSetAside,
    ParcelReceived,
    ReturnInspected,
    StockMoved,
    UnitRedirected,
    WorkFinished,
)
from rebond.domain.withdrawals.events import (
    WithdrawalAccepted,
    WithdrawalAnswered,
    WithdrawalMatched,
    WithdrawalSubmitted,
)
from rebond.domain.withdrawals.jobs import take_up
from rebond.domain.work.events import BulkEnded, BulkStarted, ReturnAssigned
from rebond.domain.work.jobs import follow_return
from rebond.flows.duties import (
    note_acknowledged,
    review_appeal_duty,
    review_data_duty,
    review_duties,
    review_withdrawal,
)
from rebond.flows.points import settle_points
from rebond.flows.signals import note_notice
from rebond.flows.stock import count_sellable
from rebond.flows.transfers import tell_refund
from rebond.insights.costs.events import CostTermsChanged
from rebond.insights.trials.events import TrialEnded, TrialStarted
from rebond.kernel.events import Event
from rebond.outbound.notifications.events import MessageSent, MessageUndeliverable
from rebond.outbound.notifications.jobs import (
    acknowledge_withdrawal,
    mail_guessing,
    mail_heads,
    mail_warning,
    send_document,
    send_password_link,
    tell_answer,
    tell_card_code,
    tell_code,
    tell_enquirer,
    tell_of_credit,
    tell_of_data,
    tell_of_decline,
    tell_of_failure,
    tell_of_restriction,
    tell_shopper,
)
from rebond.outbound.stock.events import ReportLeftOut, ReportRefused, StockLinked
from rebond.outbound.webhooks.events import EndpointChanged, EndpointGone

FOLLOWS: dict[type[Event], list[Callable[..., Any]]] = {
    ShopOpened: [],
    StaffAdded: [],
    OrderEntered: [points_for_order],
    OrdersImported: [],
    PolicyDrafted: [],
    PolicyPublished: [],
    PolicyCalledOff: [],
    PolicyDiscarded: [],
    ReturnRequested: [tell_shopper, review_duties, look_at_return],
    ReturnApproved: [settle_on_approval, open_on_approval, tell_shopper, review_duties],
    ReturnChanged: [settle_on_change, tell_shopper, review_duties, look_at_return],
    ReturnDeclined: [tell_of_decline, call_off_pickups, let_goods_go, review_duties, follow_return],
    ReturnCancelled: [
        tell_shopper,
        call_off_pickups,
        let_goods_go,
        end_with_return,
        review_duties,
        follow_return,
    ],
    ReturnExpired: [
        tell_shopper,
        call_off_pickups,
        let_goods_go,
        end_with_return,
        review_duties,
        follow_return,
    ],
    ReturnReopened: [review_duties, follow_return],
    ReturnClosed: [review_duties, follow_return],
    PhotoAdded: [],
    NoteAdded: [],
    ShopWrote: [tell_shopper],
    ShopperWrote: [],
    ConversationAnswered: [],
    EnquiryReceived: [],
    EnquiryAnswered: [tell_enquirer],
    EnquiryClosed: [],
    EnquiryTurned: [],
    DonationProven: [review_duties],
    ReturnAssigned: [],
    BulkStarted: [],
    BulkEnded: [],
    WithdrawalSubmitted: [acknowledge_withdrawal, take_up, review_withdrawal],
    WithdrawalMatched: [review_withdrawal],
    WithdrawalAccepted: [review_withdrawal],
    WithdrawalAnswered: [tell_answer, review_withdrawal],
    ParcelAnnounced: [],
    ParcelLeft: [],
    ParcelHandedIn: [settle_on_hand_in, review_duties],
    ParcelDelivered: [settle_on_delivery],
    HandInCorrected: [review_duties],
    ParcelLost: [],
    ClaimEnded: [],
    LabelAsked: [buy_label],
    LabelReady: [tell_shopper, call_off_pickups],
    LabelFailed: [],
    LabelVoided: [],
    LabelsLaidIn: [],
    SlipsMade: [],
    SendingReminded: [tell_shopper],
    MethodChosen: [],
    PointsReplaced: [],
    ShippingTermsChanged: [],
    ParcelReceived: [settle_on_receipt, tell_shopper, review_duties, look_at_return],
    SettlementDecided: [settle_points, review_duties],
    ReturnInspected: [
        settle_on_inspection,
        exchange_on_inspection,
        start_on_inspection,
        review_duties,
        look_at_return,
    ],
    DiscussionOpened: [tell_shopper],
    DiscussionReminded: [tell_shopper],
    DiscussionAnswered: [],
    DiscussionLapsed: [],
    PiecesSentBack: [tell_shopper],
    GradeContested: [],
    GradeAnswered: [pay_correction, tell_shopper],
    LooseParcelSetAside: [],
    LooseParcelMatched: [],
    LocationAdded: [],
    ChecklistChanged: [],
    NoReceiptFiled: [],
    NoReceiptPaid: [tell_of_credit],
    NoReceiptDeclined: [],
    StockMoved: [count_sellable],
    UnitRedirected: [],
    WorkFinished: [follow_work],
    BatchSent: [],
    TierChanged: [],
    ReturnAssessed: [],
    ReturnJudged: [],
    RestrictionMade: [tell_of_restriction],
    RestrictionTold: [],
    RestrictionLifted: [tell_of_restriction],
    AppealMade: [review_appeal_duty],
    AppealAnswered: [review_appeal_duty, tell_of_restriction],
    DataRequestMade: [review_data_duty, copy_when_proven],
    DataRequestEnded: [review_data_duty, tell_of_data],
    DataPurged: [],
    RetentionChanged: [],
    ExchangeAgreed: [],
    DifferenceDue: [],
    DifferenceSettled: [exchange_when_paid],
    ExchangeReleased: [document_exchange],
    ExchangeEnded: [refund_instead],
    SaleDocumented: [],
    RepairOpened: [],
    RepairStarted: [],
    RepairDone: [],
    RepairFailed: [tell_shopper],
    RepairRefused: [tell_shopper],
    RepairSentBack: [tell_shopper],
    RepairMoneyAsked: [],
    RepairTurned: [refund_turned, tell_shopper, review_duties],
    PriceReduced: [tell_shopper, review_duties],
    CatalogueChanged: [],
    RefundStarted: [send_refund],
    RefundPending: [],
    RefundSucceeded: [document_settlement, review_duties],
    RefundFailed: [tell_of_failure, review_duties],
    RefundUnclear: [],
    RefundCalledOff: [review_duties],
    TransferFileMade: [],
    TransferFileReleased: [],
    TransferFileDropped: [],
    TransferEnded: [tell_refund],
    OwnAccountChanged: [],
    ApiKeyMade: [],
    ApiKeyRevoked: [],
    WayChosenAgain: [],
    ApprovalAsked: [],
    ApprovalAnswered: [reopen_exchange],
    LimitChanged: [],
    LimitChangeAsked: [],
    LimitChangeDeclined: [],
    TenderOrderChanged: [],
    DisputeOpened: [look_at_order],
    DisputeEnded: [settle_after_dispute],
    GoodsRestocked: [],
    OutsideRefundFound: [],
    OutsideRefundGone: [],
    OutsideRefundDecided: [],
    DiscrepancyExplained: [],
    MessagePutAside: [],
    PayoutsHeld: [],
    PayoutsReleased: [],
    CreditNoteIssued: [print_credit_note],
    CreditNotePrinted: [send_document, hand_to_platform],
    CreditNoteTransmitted: [],
    DraftDiscarded: [],
    DocumentWaived: [],
    BookkeepingChanged: [],
    CodeAsked: [tell_code],
    GuessingSeen: [mail_guessing],
    PasswordLinkAsked: [send_password_link],
    ReasonsChanged: [],
    ShopChanged: [],
    StaffChanged: [],
    OwnRoleChanged: [],
    SecondFactorChanged: [],
    HeadsWritten: [mail_heads, post_heads],
    BalanceIssued: [],
    BalanceToppedUp: [],
    BalanceUsed: [],
    BalanceRestored: [],
    BalanceExpired: [],
    BalanceCashedOut: [],
    BalanceTakenBack: [],
    BalanceHeld: [],
    BalanceReleased: [],
    BalanceBlockedByShop: [],
    BalanceUnblocked: [],
    CreditTermsChanged: [],
    GiftCardIssued: [tell_card_code],
    PointsMissed: [],
    DutiesWarned: [mail_warning],
    CostTermsChanged: [],
    TrialStarted: [],
    TrialEnded: [],
    MessageSent: [note_acknowledged, note_notice],
    MessageUndeliverable: [],
    EndpointChanged: [],
    EndpointGone: [],
    StockLinked: [],
    ReportRefused: [],
    ReportLeftOut: [],
}
