"""Every request of the API as a method, every shape as a type.

Written by scripts/client.py from docs/reference/openapi.json; do not change by hand.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from rebond.client.transport import Transport


class AcceptIn(TypedDict):
    """What comes back."""

    lines: list[WithdrawnPiecesIn]


class AmountIn(TypedDict):
    """How much, in minor units of the balance's currency, or points."""

    amount_minor: int
    reason: str


Answer = Literal["yes", "no", "not_applicable"]


class AnswerIn(TypedDict):
    """What is written back; it goes out by mail."""

    text: str


AnswerReason = Literal["too_late", "exception", "no_such_order", "said_before", "no_consumer"]


class ArrivalIn(TypedDict):
    """What has arrived after all; without ``lines`` all that is open."""

    lines: NotRequired[list[MissingPiecesIn]]


class AttemptOut(TypedDict):
    """One try. ``status`` is null where there was no answer."""

    answer: str
    at: str
    error: str
    milliseconds: int
    status: int | None


class BalanceFilters(TypedDict):
    """Which balances; ``customer`` is a shopper's key at the shop."""

    cursor: NotRequired[str]
    customer: NotRequired[str]
    kind: NotRequired[OwedKind | None]
    limit: NotRequired[int]


class BalanceIn(TypedDict):
    """Whose balance, in which currency."""

    card_code: NotRequired[str]
    currency: NotRequired[str]
    shopper_key: NotRequired[str]


class BalanceOut(TypedDict):
    """One balance in minor units of ``currency`` (points: ``PTS``)."""

    balance_minor: int
    blocked: bool
    card: str | None
    currency: str
    customer: str | None
    held_minor: int
    id: str
    kind: str
    opened_at: str


class BalancesOut(TypedDict):
    """A page of balances, newest first."""

    items: list[BalanceOut]
    newer: str
    older: str


Base = Literal["then", "in_force"]


class BasketIn(TypedDict):
    """Orders of one customer, by their e-mail address."""

    language: NotRequired[str]
    method: NotRequired[Literal["", "own_carrier", "prepaid_label", "drop_off", "counter"]]
    orders: list[OfOrderIn]


class BasketOut(TypedDict):
    """The returns that were filed, in the order in which they were asked for."""

    returns: list[ReturnOut]


class BecameIn(TypedDict):
    """What became of a label that its carrier never answered about; where it was made,
    its number and its PDF (base64).
    """

    pdf: NotRequired[str]
    tracking_number: NotRequired[str]
    was_made: bool


class BecauseIn(TypedDict):
    """Why, in a person's words; it stands in the statement."""

    reason: str


class BroughtIn(TypedDict):
    """Pieces of one article that somebody brought, and whose they are."""

    email: str
    grade: Literal["a", "b", "c", "d"]
    name: NotRequired[str]
    quantity: NotRequired[int]
    said: NotRequired[str]
    sku: str


BulkKind = Literal["approve", "decline", "assign", "ask", "remind", "refund"]


class CaptureIn(TypedDict):
    """Use the hold; without an amount all that is left of it. ``reference`` names the payment."""

    amount_minor: NotRequired[int | None]
    reference: str


CardAs = Literal["cash", "gesture"]


class CardIn(TypedDict):
    """A new card, for a customer where ``shopper_key`` names one."""

    amount_minor: int
    kind: CardAs
    reason: str
    shopper_key: NotRequired[str]


class CardOut(TypedDict):
    """A new card. ``code`` is told once: asked again under the same key it is empty."""

    balance_minor: int
    blocked: bool
    card: str | None
    code: str
    currency: str
    customer: str | None
    held_minor: int
    id: str
    kind: str
    opened_at: str


CaseState = Literal["submitted", "matched", "assessed"]


class CategoryIn(TypedDict):
    """The category of a checklist."""

    category: NotRequired[str]


class CategoryOut(TypedDict):
    """The category that has no checklist of its own now."""

    category: str


class ChangeIn(TypedDict):
    """All that is asked for now, in the place of what was."""

    comment: NotRequired[str]
    lines: list[WishIn]


class ChangedCreditNoteDraftIn(TypedDict):
    """A draft written anew; ``version`` is the one that was read."""

    lines: list[DraftLineIn]
    notify: NotRequired[bool]
    reason: str
    version: int


Channel = Literal["link", "phone", "mail", "counter"]


class ChargeIn(TypedDict):
    """Shipping or a fee; without an amount all that is left of it."""

    amount_minor: NotRequired[int | None]
    charge: str


class CheckedOut(TypedDict):
    """What a piece of the chain is like."""

    breaches: list[str]
    checked: int
    next: int | None


class ChecklistIn(TypedDict):
    """The checklist of ``category``, "" for all that have none of their own; replaces it."""

    category: NotRequired[str]
    grades: NotRequired[dict[str, dict[str, str]]]
    questions: NotRequired[list[QuestionIn]]


class ChecklistOut(TypedDict):
    """How pieces of a category are looked at."""

    category: str
    grades: dict[str, dict[str, str]]
    questions: list[QuestionOut]


ClaimAnswer = Literal["found", "paid", "given_up"]


class ClaimIn(TypedDict):
    """How it ended; ``paid_minor`` is what the carrier paid, in the shop's currency."""

    answer: ClaimAnswer
    note: NotRequired[str]
    paid_minor: NotRequired[int | None]


class ClaimOut(TypedDict):
    """A parcel that counts as lost, and how that ended."""

    currency: str
    ended_at: str | None
    id: str
    note: str
    opened_at: str
    paid_minor: int | None
    parcel: str
    state: ClaimState
    why: str


ClaimState = Literal["open", "found", "paid", "given_up"]


class CompanionsOut(TypedDict):
    """The numbers of the returns that travel in one box with a return, in their order."""

    companions: list[str]


class ConfirmationTextOut(TypedDict):
    """What to put into an order confirmation. ``version`` is 0 before the first version."""

    language: str
    text: str
    version: int


class ConsentIn(TypedDict):
    """The shopper's word that they want another way than the way back."""

    channel: Channel
    given_by: str


class ContestIn(TypedDict):
    """What the shopper sees differently, in their words."""

    text: str


class ContestOut(TypedDict):
    """A contested grade; ``outcome`` is null while it is open, then ``stands`` or
    ``corrected``.
    """

    answer: str
    answer_by: str
    answered_at: str | None
    id: str
    made_at: str
    outcome: str | None
    text: str


class CreditNoteDraftIn(TypedDict):
    """A credit note by hand. ``notify``: the customer gets it by mail once it is issued."""

    lines: list[DraftLineIn]
    notify: NotRequired[bool]
    reason: str


class CreditNoteOut(TypedDict):
    """An issued document; amounts in minor units. ``hash`` chains it to the one before."""

    currency: str
    gross_minor: int
    hash: str
    invoice_date: str | None
    invoice_number: str
    issued_at: str
    issued_on: str
    kind: str
    label: str
    language: str
    net_minor: int
    order: str
    previous_hash: str
    tax_minor: int


class CreditNotesOut(TypedDict):
    """A page of documents, with all fields or those named in ``fields``."""

    items: list[CreditNoteOut]
    newer: str
    older: str


class CreditableOut(TypedDict):
    """What documents may still credit of a line or charge: pieces, and money with VAT inside."""

    left_minor: int
    pieces: int
    source: str
    title: str


class CustomsOut(TypedDict):
    """The papers of a parcel that crosses a customs border; none where it does not."""

    currency: str | None
    grams: int | None
    incomplete: list[str]
    papers: list[str]
    value_minor: int


DataKind = Literal[
    "identity",
    "requests",
    "photos",
    "messages",
    "tracking",
    "signals",
    "bank",
    "technical",
    "statements",
    "documents",
]


class DataRequestFilters(TypedDict):
    """Which requests, from where."""

    after: NotRequired[str | None]
    kind: NotRequired[RequestKind | None]
    limit: NotRequired[int]
    state: NotRequired[DataRequestState | None]


class DataRequestIn(TypedDict):
    """A request that reached the shop outside its portal."""

    email: str
    kind: RequestKind
    note: str


class DataRequestOut(TypedDict):
    """A request for a ``copy`` of somebody's data, or to ``erase`` it."""

    answer: str
    asked_at: str
    due_on: str
    email: str
    ended_at: str | None
    id: str
    is_proven: bool
    kept: int
    kind: RequestKind
    note: str
    state: DataRequestState


DataRequestState = Literal["open", "done", "refused"]


class DataRequestsOut(TypedDict):
    """Requests, the oldest first. ``next`` goes into ``after``; empty where the list ends."""

    items: list[DataRequestOut]
    next: str


class DecisionOut(TypedDict):
    """What would be decided, as it would be frozen on a return."""

    facts: dict[str, Any]
    findings: list[dict[str, Any]]
    overruled: list[dict[str, Any]]
    rules: list[str]
    terms: dict[str, Any]
    verdict: str
    version: int


class DeclineIn(TypedDict):
    """Why; ``note`` is shown to the shopper."""

    note: NotRequired[str]
    reason: DeclineReason


DeclineReason = Literal["final_sale", "window_closed", "not_returnable", "not_ours", "other"]


class DeliveriesOut(TypedDict):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    newer: str
    older: str


class DeliveryFilters(TypedDict):
    """Which deliveries are listed."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[DeliveryState | None]


class DeliveryOut(TypedDict):
    """One event for one endpoint. ``id`` is the ``webhook-id`` of every try."""

    attempts: int
    endpoint: str
    event: str
    id: str
    last_status: int | None
    made_at: str
    next_at: str | None
    sequence: int
    state: str
    subject: str
    type: str


DeliveryState = Literal["waiting", "delivered", "dead"]


class DifferenceIn(TypedDict):
    """The difference that was paid; ``amount_minor`` has to be what is owed."""

    amount_minor: int
    reference: NotRequired[str]
    way: DifferenceWay


DifferenceWay = Literal["card", "cash", "bank_transfer", "gift_card", "waived"]


class DiscardIn(TypedDict):
    """The revision of the draft that was read."""

    revision: int


class DiscussedPointOut(TypedDict):
    """A part of the proposal; ``kept_minor`` in minor units of the order's currency."""

    kept_minor: int
    kept_percent: int
    line: str
    quantity: int
    title: str


class DiscussionOut(TypedDict):
    """A discussion. ``state``: ``open``, ``accepted``, ``contested``, ``keeps`` (the
    shopper wants the pieces back), ``sent_back`` or ``lapsed``.
    """

    answer_by: str
    clause: str
    currency: str
    ended_at: str | None
    id: str
    made_at: str
    may_keep: bool
    points: list[DiscussedPointOut]
    reply: str
    state: str
    text: str


class DocumentFilters(TypedDict):
    """Which documents are listed; all of them where nothing is named."""

    cursor: NotRequired[str]
    fields: NotRequired[str]
    issued_before: NotRequired[str | None]
    issued_from: NotRequired[str | None]
    limit: NotRequired[int]
    order: NotRequired[str]


class DraftIn(TypedDict):
    """A policy to keep as a draft; see docs/guides/policy.md."""

    based_on: NotRequired[int | None]
    document: dict[str, Any]
    note: NotRequired[str]


class DraftLineIn(TypedDict):
    """How much of a line or charge is credited, VAT inside; ``quantity`` 0 for a part
    of its price without a piece.
    """

    gross_minor: int
    quantity: NotRequired[int]
    source: str


class DraftLineOut(TypedDict):
    """One line of a draft."""

    gross_minor: int
    quantity: int
    source: str


class DraftOut(TypedDict):
    """A draft; it has no number. ``findings`` are what the checks of EN 16931 say
    against it, in the checks' own words; ``credit_note`` is the document that it
    became.
    """

    changed_at: str
    credit_note: str | None
    currency: str
    findings: list[str]
    gross_minor: int
    id: str
    lines: list[DraftLineOut]
    made_by: str
    notify: bool
    order: str
    reason: str
    state: str
    version: int


class DraftsOut(TypedDict):
    """The open drafts, the last changed first."""

    items: list[DraftOut]


class DutiesOut(TypedDict):
    """The most urgent first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[DutyOut]
    next: str


class DutyFilters(TypedDict):
    """Which duties, from where. ``withheld`` lists the refunds that wait for goods or proof."""

    after: NotRequired[str]
    kind: NotRequired[DutyKind | None]
    limit: NotRequired[int]
    withheld: NotRequired[bool]


DutyKind = Literal["acknowledge", "answer", "refund", "conformity", "appeal", "data"]


class DutyOut(TypedDict):
    """One duty. It is about a return, a statement of withdrawal, an order whose goods
    never came, an appeal or a request about personal data: those of the five that
    are null it is not about.
    """

    appeal: str | None
    articles: list[str]
    currency: str
    data_request: str | None
    days_left: int | None
    due_on: str | None
    id: str
    jurisdiction: str
    kind: DutyKind
    late_cost_minor: int | None
    late_cost_percent: int | None
    order: str | None
    return_number: str | None
    sum_minor: int | None
    withdrawal: str | None


EndGround = Literal["period_over", "essential_date", "shop_cannot"]


class EndpointChangeIn(TypedDict):
    """The whole endpoint as it shall be."""

    is_active: NotRequired[bool]
    types: NotRequired[list[str]]
    url: str


class EndpointIn(TypedDict):
    """Where events go. ``types`` are names of events; all of them where it is empty."""

    types: NotRequired[list[str]]
    url: str


class EndpointOut(TypedDict):
    """An endpoint. ``why_off``: ``gone`` after a 410, ``by_hand``, or empty while it is on."""

    id: str
    is_active: bool
    made_at: str
    types: list[str]
    url: str
    why_off: str


class EndpointWithSecretOut(TypedDict):
    """The same with its secret, which is shown this once; empty when the request is repeated."""

    id: str
    is_active: bool
    made_at: str
    secret: str
    types: list[str]
    url: str
    why_off: str


class EnquiriesOut(TypedDict):
    """A page of enquiries, newest first."""

    items: list[EnquiryOut]
    newer: str
    older: str


class EnquiryFilters(TypedDict):
    """Which of them, from where."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[EnquiryState | None]


class EnquiryIn(TypedDict):
    """A question as somebody typed it. ``order`` is what they typed as an order number."""

    email: str
    language: NotRequired[str]
    name: NotRequired[str]
    order: NotRequired[str]
    text: str


class EnquiryOut(TypedDict):
    """An enquiry. ``order`` is the order that has the number that was typed: no proof."""

    email: str
    id: str
    messages: list[SaidOut]
    name: str
    number: str
    order: str | None
    order_told: str
    received_at: str
    return_number: str | None
    state: str


EnquiryState = Literal["open", "answered", "turned", "closed"]


class EntriesOut(TypedDict):
    """A page of entries, newest first."""

    items: list[EntryOut]
    newer: str
    older: str


class EntryFilters(TypedDict):
    """Which entries. ``at_before`` is the first moment that is too late."""

    at_before: NotRequired[str | None]
    at_from: NotRequired[str | None]
    cursor: NotRequired[str]
    limit: NotRequired[int]
    subject: NotRequired[str | None]
    verb: NotRequired[str]
    who: NotRequired[str | None]


class EntryOut(TypedDict):
    """One change or one look."""

    at: str
    event: str | None
    hash: str
    id: str
    network: str
    number: int
    subject: str
    verb: str
    who: str
    who_kind: str


class EventFilters(TypedDict):
    """From where, how many, and which ``types`` (names with commas; all where empty)."""

    after: NotRequired[str | None]
    limit: NotRequired[int]
    types: NotRequired[str]


class EventOut(TypedDict):
    """Something that happened to ``subject``; ``data`` as docs/reference/events.md says."""

    actor: str
    data: dict[str, Any]
    id: str
    sequence: int
    subject: str
    timestamp: str
    type: str


class EventsOut(TypedDict):
    """Events, oldest first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[EventOut]
    next: str


class ExchangeFilters(TypedDict):
    """Which exchanges, from where. ``return_number`` narrows to one return."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    return_number: NotRequired[str]
    state: NotRequired[ExchangeState | None]


class ExchangeIn(TypedDict):
    """What is wanted instead, and the shopper's word that they want it."""

    consent: ConsentIn
    lines: list[ExchangedPiecesIn]


class ExchangeLineOut(TypedDict):
    """Pieces of a product for pieces of a line. ``unit_minor`` is null for the same
    thing in another size or colour: it costs what the shopper had paid.
    ``gross_minor`` is known once the goods came back.
    """

    gross_minor: int | None
    line: str
    quantity: int
    settled_quantity: int | None
    sku: str
    title: str
    unit_minor: int | None


class ExchangeOut(TypedDict):
    """An exchange. Until it is settled its goods are held, at most until ``expires_at``."""

    agreed_at: str
    applied_minor: int | None
    currency: str
    due_minor: int | None
    due_way: str
    ended_at: str | None
    ended_why: str
    expires_at: str
    id: str
    lines: list[ExchangeLineOut]
    new_order: str | None
    return_number: str
    sale_minor: int | None
    state: ExchangeState


ExchangeState = Literal["agreed", "unpaid", "settled", "released", "lapsed", "cancelled"]


class ExchangedPiecesIn(TypedDict):
    """Pieces of a product for pieces of one line of the return (its ``id``)."""

    line: str
    quantity: int
    sku: str


class ExchangesOut(TypedDict):
    """A page of exchanges, newest first."""

    items: list[ExchangeOut]
    newer: str
    older: str


class FactsIn(TypedDict):
    """A request as a policy sees it; with ``document`` by that policy, else by the one
    in force.
    """

    asked_on: str
    channel: NotRequired[str]
    country: NotRequired[str]
    delivered_on: NotRequired[str | None]
    dispatched_on: NotRequired[str | None]
    document: NotRequired[dict[str, Any] | None]
    earlier_returns_on: NotRequired[list[str]]
    is_business: NotRequired[bool]
    is_whole_order: NotRequired[bool]
    lines: list[LineToDecideIn]
    order_number: NotRequired[str]
    order_returns: NotRequired[int]
    ordered_on: str
    shopper_marks: NotRequired[list[str]]
    shopper_tags: NotRequired[list[str]]


class FindingIn(TypedDict):
    """Some pieces of a line in one state. ``kept_percent`` of their value is not refunded."""

    answers: NotRequired[dict[str, Answer]]
    disposition: Literal[
        "restock",
        "refurbish",
        "resell",
        "donate",
        "recycle",
        "destroy",
        "return_to_vendor",
        "quarantine",
    ]
    grade: Literal["a", "b", "c", "d"]
    is_accepted: NotRequired[bool]
    is_incomplete: NotRequired[bool]
    kept_percent: NotRequired[int | None]
    line: str
    note: NotRequired[str]
    photo: NotRequired[str | None]
    quantity: int
    serials: NotRequired[list[str]]


class FoundIn(TypedDict):
    """What became of money that the provider gave no answer about, as its own pages say."""

    reference: NotRequired[str]
    was_paid: bool


class GiftIn(TypedDict):
    """What a customer gets, named by their key at the shop or their e-mail address."""

    amount_minor: int
    kind: GivenAs
    reason: str
    shopper_key: str


GivenAs = Literal["cash", "gesture", "points"]

Goods = Literal["sent_back", "kept", "donated"]


class GradeSharesOut(TypedDict):
    """The share of a line's price that is refunded for each grade, and at most where
    parts are missing (``incomplete``), in whole percent.
    """

    is_claim: bool
    line: str
    refund_percents: dict[str, int]
    rule: str


class HandedOverIn(TypedDict):
    """The platform's reference for the document."""

    reference: str


class HoldIn(TypedDict):
    """How much is set aside, under which reference, for how long."""

    amount_minor: int
    card_code: NotRequired[str]
    currency: NotRequired[str]
    minutes: NotRequired[int]
    reference: str
    shopper_key: NotRequired[str]


class HoldOut(TypedDict):
    """A hold as it stands."""

    amount_minor: int
    captured_minor: int
    currency: str
    expires_at: str
    left_minor: int
    reference: str
    released_minor: int


class ImportOut(TypedDict):
    """How far an import is; ``refused_rows`` shows the first 200."""

    entered: int
    finished_at: str | None
    id: str
    made_at: str
    refused: int
    refused_rows: list[RefusedRowOut]
    state: str
    total: int


class InspectionIn(TypedDict):
    """What was found for every piece that arrived."""

    findings: list[FindingIn]


InspectionState = Literal["awaiting", "received", "compliant", "non_compliant"]


class InsteadIn(TypedDict):
    """Another amount than the one worked out, in minor units of the order's currency, and why."""

    amount_minor: int
    ground: Literal["loss_of_value", "incomplete", "agreed", "goodwill"]
    words: str


class InvitationIn(TypedDict):
    """Somebody who is to work here. ``name`` counts for who is new to the installation."""

    email: str
    name: str
    own_role: NotRequired[str | None]
    role: NotRequired[Role | None]


class IssueIn(TypedDict):
    """The version of the draft that is to become a document."""

    version: int


class KeptOut(TypedDict):
    """How many articles were new, and how many were known."""

    added: int
    changed: int


class LabelOut(TypedDict):
    """A label. ``cost_minor`` is null until the carrier says a price; ``code`` is why
    it was refused; ``drop_off_code`` the text of the QR code that stands for a
    printed label.
    """

    asked_at: str
    carrier: str
    code: str
    cost_minor: int | None
    currency: str
    drop_off_code: str
    id: str
    parcel: str
    state: LabelState
    tracking_number: str


LabelState = Literal["asked", "sent", "unknown", "unclear", "ready", "refused", "voiding", "void"]


class LabelsIn(TypedDict):
    """The words of a reason in each language."""

    en: str
    fr: str


class LeftOut(TypedDict):
    """What is left to refund of a line or charge."""

    amount_minor: int
    id: str
    quantity: int


class LetterOut(TypedDict):
    """A letter that may carry own words: what can be put into them, where it carries some."""

    kind: str
    languages: list[str]
    placeholders: list[str]


class LineChecklistOut(TypedDict):
    """The checklist for one line of a return."""

    category: str
    grades: dict[str, dict[str, str]]
    line: str
    questions: list[QuestionOut]


class LineOut(TypedDict):
    """Some pieces of an order line; ``accepted_quantity`` is null until they were inspected."""

    accepted_quantity: int | None
    comment: str
    id: str
    order_line: str | None
    outcome: str
    position: int
    quantity: int
    reason: str
    received_quantity: int
    sku: str
    title: str


class LineToDecideIn(TypedDict):
    """One article that would come back. ``value_minor`` is the gross value of its pieces."""

    answers: NotRequired[dict[str, str]]
    category: NotRequired[str]
    is_final_sale: NotRequired[bool]
    is_in_transit: NotRequired[bool]
    is_our_fault: NotRequired[bool]
    is_returnable: NotRequired[bool]
    key: str
    outcome: NotRequired[str]
    photos: NotRequired[int]
    quantity: NotRequired[int]
    reason: NotRequired[str]
    reason_needs_photo: NotRequired[bool]
    sku: NotRequired[str]
    tags: NotRequired[list[str]]
    value_minor: NotRequired[int]


class MatchIn(TypedDict):
    """The order that is meant."""

    order: str


class MessageIn(TypedDict):
    """Words to the shopper; ``asks`` makes an open request wait for the answer."""

    asks: NotRequired[bool]
    text: str


class MessageOut(TypedDict):
    """A message; ``side`` is ``shop`` or ``shopper``."""

    at: str
    by: str
    id: str
    side: str
    text: str


class MissingAnswerOut(TypedDict):
    """One answer. ``pieces`` are quantities by order line; ``refund`` is the id of its refund."""

    announced_on: str | None
    article: str
    at: str
    called_off: bool
    carrier: str
    id: str
    kind: str
    pieces: dict[str, int]
    reason: str
    refund: str | None
    text: str
    tracking_number: str


class MissingLineOut(TypedDict):
    """Pieces of one line, and what became of them."""

    arrived: int
    open: int
    order_line: str
    quantity: int
    refunded: int
    refused: int
    sku: str


class MissingPiecesIn(TypedDict):
    """Pieces of one line of the order."""

    order_line: str
    quantity: int


class MissingRefundIn(TypedDict):
    """What is paid back; without ``lines`` all that is open. ``shown_minor`` is what
    you expect.
    """

    lines: NotRequired[list[MissingPiecesIn]]
    shown_minor: NotRequired[int | None]
    with_delivery: NotRequired[bool]


MoneyState = Literal["none", "planned", "sent", "pending", "succeeded", "failed"]


class MoneyTaskOut(TypedDict):
    """Something that a person or a machine has to do. ``refund`` and ``payout`` are
    what it is about, where it is about one; ``facts`` are the numbers behind it.
    """

    facts: dict[str, Any]
    id: str
    kind: TaskKind
    opened_at: str
    order: str
    payout: str | None
    refund: str | None
    return_number: str | None


class MoneyTasksOut(TypedDict):
    """A page of open tasks, newest first."""

    items: list[MoneyTaskOut]
    newer: str
    older: str


class MovementFilters(TypedDict):
    """From where the movements are listed."""

    cursor: NotRequired[str]
    limit: NotRequired[int]


class MovementOut(TypedDict):
    """One movement; what went is below zero. ``reference`` is the payment it is about."""

    at: str
    bonus_minor: int
    by: str
    cash_minor: int
    id: str
    kind: str
    reason: str
    reference: str


class MovementsOut(TypedDict):
    """A page of movements, newest first."""

    items: list[MovementOut]
    newer: str
    older: str


class NearOut(TypedDict):
    """A place and how far it is from the postcode, in metres; null where nobody knows."""

    carrier_name: str
    country: str
    id: str
    is_step_free: bool | None
    kind: str
    metres: int | None
    name: str
    opening_hours: list[str]
    postcode: str
    reference: str
    street: str
    town: str


class NewDayIn(TypedDict):
    """The day that is announced to the customer, and words to them."""

    announced_on: str
    text: NotRequired[str]


class NewDraftIn(TypedDict):
    """The same, for a draft that exists: ``revision`` is the one that was read."""

    based_on: NotRequired[int | None]
    document: dict[str, Any]
    note: NotRequired[str]
    revision: int


class NoReceiptFilters(TypedDict):
    """Which of them, from where."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[NoReceiptState | None]


class NoReceiptOut(TypedDict):
    """A return without a receipt; amounts in minor units. It is paid as store credit only."""

    amount_minor: int
    currency: str
    decided_at: str | None
    filed_at: str
    grade: str
    id: str
    lowest_since: str
    number: str
    price_minor: int
    quantity: int
    sku: str
    state: str


NoReceiptState = Literal["waiting", "paid", "declined"]


class NoReceiptsOut(TypedDict):
    """A page of them."""

    items: list[NoReceiptOut]
    newer: str
    older: str


class NonDeliveriesOut(TypedDict):
    """A page of reports, newest first."""

    items: list[NonDeliveryOut]
    newer: str
    older: str


class NonDeliveryFilters(TypedDict):
    """Which of them, from where."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[ReportState | None]


class NonDeliveryIn(TypedDict):
    """What has not arrived. ``tracking_said`` is what the customer reads; it proves nothing."""

    expected_on: NotRequired[str | None]
    language: NotRequired[str]
    lines: list[MissingPiecesIn]
    order: str
    text: NotRequired[str]
    tracking_said: NotRequired[Tracking]


class NonDeliveryOut(TypedDict):
    """A report. ``deliver_by`` ends the additional period; ``refund_by`` is the last
    day by law once the contract has ended, null where no page of law names one.
    """

    announced_on: str | None
    answers: list[MissingAnswerOut]
    deliver_by: str
    end_ground: str
    ended_on: str | None
    expected_on: str | None
    id: str
    lines: list[MissingLineOut]
    number: str
    order: str
    refund_by: str | None
    reported_at: str
    state: str
    text: str
    tracking_said: str


class NoteOut(TypedDict):
    """A remark that only the team sees."""

    at: str
    by: str
    id: str
    text: str


class NothingIn(TypedDict):
    """Nothing has to be said."""


class OfOrderIn(TypedDict):
    """What comes back of one order."""

    comment: NotRequired[str]
    lines: list[WishIn]
    order: str


class OfferedOut(TypedDict):
    """A system that can be told. ``missing`` are settings that the host has to give first."""

    key: str
    missing: list[str]
    title: str


class OmissionIn(TypedDict):
    """Why the system need not hear of the movement."""

    why: str


class OrderChargeIn(TypedDict):
    """Shipping or a fee, VAT inside."""

    amount_minor: int
    kind: NotRequired[Literal["shipping", "fee"]]
    tax_rate: NotRequired[str]
    title: str


class OrderChargeOut(TypedDict):
    """Shipping or a fee."""

    amount_minor: int
    id: str
    kind: str
    tax_minor: int
    title: str


class OrderFilters(TypedDict):
    """Which orders are listed; all of them where nothing is named."""

    article: NotRequired[str]
    cursor: NotRequired[str]
    fields: NotRequired[str]
    last_four: NotRequired[str]
    limit: NotRequired[int]
    name: NotRequired[str]
    ordered_before: NotRequired[str | None]
    ordered_from: NotRequired[str | None]
    postcode: NotRequired[str]
    shopper_key: NotRequired[str]


class OrderIn(TypedDict):
    """A sale. Amounts are whole minor units; the payments, where told, are the sum of
    the parts.
    """

    channel: NotRequired[str]
    charges: NotRequired[list[OrderChargeIn]]
    currency: str
    delivered_on: NotRequired[str | None]
    invoice_date: NotRequired[str | None]
    invoice_number: NotRequired[str]
    lines: list[OrderLineIn]
    number: str
    ordered_at: str
    payments: NotRequired[list[PaymentIn]]
    shopper: ShopperIn


class OrderLineIn(TypedDict):
    """One line. ``total_minor`` is for all pieces, after discounts, with its VAT inside."""

    category: NotRequired[str]
    discount_minor: NotRequired[int]
    is_final_sale: NotRequired[bool]
    is_returnable: NotRequired[bool]
    quantity: int
    serials: NotRequired[list[str]]
    sku: str
    tags: NotRequired[list[str]]
    tax_rate: NotRequired[str]
    title: str
    total_minor: int


class OrderLineOut(TypedDict):
    """A line with what is on its way back."""

    discount_minor: int
    id: str
    is_final_sale: bool
    is_returnable: bool
    position: int
    quantity: int
    returned_quantity: int
    serials: list[str]
    sku: str
    tax_minor: int
    title: str
    total_minor: int


class OrderOut(TypedDict):
    """A sale as it was told, with its lines, charges and payments."""

    channel: str
    charges: list[OrderChargeOut]
    currency: str
    id: str
    invoice_date: str | None
    invoice_number: str
    lines: list[OrderLineOut]
    number: str
    ordered_at: str
    payments: list[OrderPaymentOut]
    shopper: OrderShopperOut
    source: str
    state: str
    tax_minor: int
    total_minor: int


class OrderPaymentOut(TypedDict):
    """A payment with what can still be refunded of it."""

    captured_minor: int
    id: str
    left_minor: int
    method: str
    provider: str
    reference: str


class OrderShopperOut(TypedDict):
    """Who bought."""

    address: list[str]
    country: str
    email: str
    key: str
    language: str
    name: str
    phone: str
    postcode: str
    tags: list[str]
    tier: str


class OrdersOut(TypedDict):
    """A page of orders, with all fields or those named in ``fields``."""

    items: list[OrderOut]
    newer: str
    older: str


OtherWay = Literal["store_credit", "gift_card", "paper"]

OwedKind = Literal["store_credit", "gift_card", "points"]


class OwnRoleIn(TypedDict):
    """A role of the shop's own. ``based_on`` says whose limits on money hold: agent or manager."""

    based_on: Role
    rights: list[Right]
    title: str


class OwnRoleOut(TypedDict):
    """A role of the shop's own, and how many work under it."""

    based_on: Role
    id: str
    people: int
    rights: list[Right]
    title: str


class PaidIn(TypedDict):
    """A payment by hand: its reference, and its day (today where none is named)."""

    paid_on: NotRequired[str | None]
    reference: str


class ParcelFilters(TypedDict):
    """Which parcels, from where."""

    after: NotRequired[str | None]
    limit: NotRequired[int]
    state: NotRequired[ParcelState | None]


class ParcelIn(TypedDict):
    """A parcel on its way. ``carrier`` is the key of a carrier that is set up."""

    carrier: str
    carrier_name: NotRequired[str]
    tracking_number: NotRequired[str]


class ParcelOfReturnOut(TypedDict):
    """A parcel with the number of its return."""

    announced_at: str
    carrier: str
    carrier_name: str
    delivered_at: str | None
    expected_on: str | None
    handed_in_at: str | None
    id: str
    position: int
    received_at: str | None
    return_number: str
    state: str
    tracking_number: str


class ParcelOut(TypedDict):
    """A parcel of a return."""

    announced_at: str
    carrier: str
    carrier_name: str
    delivered_at: str | None
    expected_on: str | None
    handed_in_at: str | None
    id: str
    position: int
    received_at: str | None
    state: str
    tracking_number: str


ParcelState = Literal["none", "announced", "in_transit", "delivered", "received", "lost"]


class ParcelsOut(TypedDict):
    """Parcels, oldest first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[ParcelOfReturnOut]
    next: str


class PaymentIn(TypedDict):
    """Money that came in; ``reference`` is the provider's own."""

    can_refund: NotRequired[bool]
    captured_minor: int
    last_four: NotRequired[str]
    method: NotRequired[str]
    provider: str
    reference: NotRequired[str]


class PayoutIn(TypedDict):
    """Cash that was paid out, under the reference of its payment."""

    amount_minor: int
    reason: str
    reference: str


class PayoutOut(TypedDict):
    """One payout: through which payment, by whom, how far."""

    amount_minor: int
    bank_reference: str
    currency: str
    failure_code: str
    id: str
    payment: str
    provider: str
    reference: str
    state: str


class PickupOut(TypedDict):
    """The pickup that was asked for last and how far it is, as a label's state."""

    begins: str
    day: str
    ends: str
    state: str


class Piece(TypedDict):
    """Where a piece begins: after the entry with this number."""

    after: NotRequired[int]


class PieceOut(TypedDict):
    """Pieces of an order line that the consumer named."""

    order_line: str
    quantity: int
    sku: str


class PiecesIn(TypedDict):
    """Pieces of a line; ``amount_minor`` in place of what they cost, VAT inside."""

    amount_minor: NotRequired[int | None]
    order_line: str
    quantity: NotRequired[int]
    restock: NotRequired[int]
    restock_at: NotRequired[str]


class PlaceIn(TypedDict):
    """The whole place as it shall be. ``is_active`` false takes it away."""

    is_active: NotRequired[bool]
    own_role: NotRequired[str | None]
    role: NotRequired[Role | None]


class PointIn(TypedDict):
    """So much of the price of some pieces of a line would be kept; 100: nothing is paid."""

    kept_percent: int
    line: str
    quantity: int


class PointOut(TypedDict):
    """The place where the goods are handed in, as it was when it was chosen."""

    carrier_name: str
    country: str
    id: str
    is_step_free: bool | None
    kind: str
    name: str
    opening_hours: list[str]
    postcode: str
    reference: str
    street: str
    town: str


class PolicyOut(TypedDict):
    """One version with its document, and where that is stricter than the law, or close to it."""

    based_on: int | None
    breaches: list[dict[str, Any]]
    created_by: str
    document: dict[str, Any]
    note: str
    number: int
    published_at: str | None
    revision: int
    standing: str


class PortalLinkIn(TypedDict):
    """For which order, and what for: ``order`` chooses what comes back, ``return``
    shows the newest return of the order. Make one when the customer clicks; it
    lasts a few minutes.
    """

    minutes: NotRequired[int]
    order: str
    purpose: NotRequired[Literal["order", "return"]]


class PortalLinkOut(TypedDict):
    """The address to send the customer to, and when it ends."""

    expires_at: str
    purpose: str
    url: str


class PreviewOut(TypedDict):
    """What would be refunded: minor units of ``currency``, tax inside ``total_minor``."""

    currency: str
    lines: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    shipping: list[dict[str, Any]]
    tax_by_rate_minor: dict[str, int]
    tax_minor: int
    total_minor: int
    why: list[WhyOut]


class PrintedSlips(TypedDict):
    """Whose slips are printed; ``orders`` are numbers, parted by commas."""

    orders: str


class Problem(TypedDict):
    """What every error looks like. ``code`` is stable; ``facts`` holds its numbers."""

    code: str
    facts: NotRequired[dict[str, Any]]
    status: int
    title: str
    type: str


class ProductFilters(TypedDict):
    """Which articles, from which stock code on."""

    after: NotRequired[str]
    category: NotRequired[str]
    limit: NotRequired[int]
    sku: NotRequired[str]


class ProductIn(TypedDict):
    """An article, known by its stock code. What is left out stays as it is."""

    category: NotRequired[str]
    dimensions: NotRequired[str | None]
    family: NotRequired[str | None]
    hs_code: NotRequired[str | None]
    is_final_sale: NotRequired[bool | None]
    is_returnable: NotRequired[bool | None]
    option: NotRequired[str | None]
    origin_country: NotRequired[str | None]
    price_minor: NotRequired[int | None]
    size_chart: NotRequired[str | None]
    sku: str
    stock: NotRequired[int | None]
    tags: NotRequired[list[str] | None]
    tax_rate: NotRequired[str | None]
    title: NotRequired[str]
    weight_grams: NotRequired[int | None]


class ProductOut(TypedDict):
    """An article. ``stock`` null: nobody counts it; ``stock_held`` of them are promised."""

    category: str
    currency: str
    dimensions: str
    family: str
    hs_code: str
    id: str
    is_final_sale: bool
    is_returnable: bool
    option: str
    origin_country: str
    price_minor: int | None
    size_chart: str
    sku: str
    stock: int | None
    stock_held: int
    tags: list[str]
    tax_rate: str
    title: str
    weight_grams: int | None


class ProductsIn(TypedDict):
    """Articles to add or change: all of them, or none where one cannot be."""

    products: list[ProductIn]


class ProductsOut(TypedDict):
    """Articles by stock code. ``next`` goes into ``after``; empty where the list ends."""

    items: list[ProductOut]
    next: str


class ProposalIn(TypedDict):
    """What was found and is proposed. ``photos`` are ids of photos of the return, at least one."""

    clause: str
    days: NotRequired[int]
    photos: list[str]
    points: list[PointIn]
    text: str


class PublishIn(TypedDict):
    """Which revision of the draft, and from when; now when absent."""

    at: NotRequired[str | None]
    revision: int


class PurgeOut(TypedDict):
    """The last removal that came to its end: how much went, by kind of data."""

    begun_at: str
    ended_at: str
    rows: dict[str, int]


class QuestionIn(TypedDict):
    """Something to look at; ``key`` of a question that is known keeps it the same question."""

    at_best: NotRequired[Literal["b", "c", "d"] | None]
    key: NotRequired[str]
    words: dict[str, str]


class QuestionOut(TypedDict):
    """A question; ``at_best`` is null where a "no" rules no grade out."""

    at_best: str | None
    key: str
    words: dict[str, str]


class RangeIn(TypedDict):
    """Everything that happened from ``since`` to ``until``, at most 1000 events."""

    since: str
    until: str


ReasonFamily = Literal["product", "experience", "personal"]


class ReasonIn(TypedDict):
    """The whole reason as it shall be."""

    categories: NotRequired[list[str]]
    family: ReasonFamily
    is_active: NotRequired[bool]
    is_in_transit: NotRequired[bool]
    is_our_fault: NotRequired[bool]
    labels: LabelsIn
    needs_photo: NotRequired[bool]
    parent: NotRequired[str]


class ReasonOrderIn(TypedDict):
    """Codes of reasons in the order wanted; those not named come after, as they were."""

    codes: list[str]


class ReasonOut(TypedDict):
    """A reason that may be given. ``parent`` is the code of the one that it refines."""

    code: str
    family: str
    labels: dict[str, str]
    needs_photo: bool
    parent: str | None


class ReasonSettingOut(TypedDict):
    """A reason as it is set. Its ``code`` never changes, so that past returns keep their sense."""

    categories: list[str]
    code: str
    family: ReasonFamily
    id: str
    is_active: bool
    is_in_transit: bool
    is_our_fault: bool
    labels: dict[str, str]
    needs_photo: bool
    parent: str | None


class ReceiptIn(TypedDict):
    """Pieces that arrived, by the id of the return's line."""

    counts: dict[str, int]
    note: NotRequired[str]


class ReductionIn(TypedDict):
    """Every line of the return; ``note`` is written to the shopper, who asked for it or agrees."""

    is_agreed: bool
    lines: list[ReductionLineIn]
    note: str


class ReductionLineIn(TypedDict):
    """How much less the pieces of a line are worth with their fault than without, in percent."""

    line: str
    lost_percent: int


class RefundIn(TypedDict):
    """A refund straight from an order. ``way`` other than ``original`` needs ``consent``."""

    amount_minor: NotRequired[int | None]
    charges: NotRequired[list[ChargeIn]]
    consent: NotRequired[ConsentIn | None]
    lines: NotRequired[list[PiecesIn]]
    notify: NotRequired[bool]
    reason: NotRequired[str]
    way: NotRequired[Way]


class RefundOut(TypedDict):
    """A decided refund with its payouts. ``waits_for_approval``: nothing is sent before a yes."""

    called_off: bool
    currency: str
    decided_at: str
    id: str
    lines: list[dict[str, Any]]
    order: str
    origin: str
    payments: list[dict[str, Any]]
    payouts: list[PayoutOut]
    reason: str
    shipping: list[dict[str, Any]]
    tax_by_rate_minor: dict[str, int]
    tax_minor: int
    total_minor: int
    waits_for_approval: bool
    why: list[WhyOut]


class RefusalIn(TypedDict):
    """Why nothing is handed out or erased; the person reads it."""

    answer: str


class RefusedRowOut(TypedDict):
    """A row that did not become an order: its line in the file, counted from 1, and why."""

    code: str
    facts: dict[str, Any]
    row: int


class RepairOut(TypedDict):
    """A repair under the guarantee. ``due_on`` is the last day by law to have it done."""

    asked_on: str
    carrier: str
    due_on: str | None
    guaranteed_until: str | None
    is_late: bool
    money_asked_at: str | None
    sent_back_at: str | None
    state: str
    tracking_number: str
    turned_ground: str
    turned_into: str
    turned_note: str


class RepairResultIn(TypedDict):
    """How the work on one piece ended; ``parts_minor`` in minor units of the shop's currency."""

    is_repaired: bool
    line: NotRequired[str | None]
    minutes: NotRequired[int]
    note: NotRequired[str]
    parts_minor: NotRequired[int]
    steps: list[str]


class RepairShipmentIn(TypedDict):
    """The parcel that brings the pieces back to their shopper."""

    carrier: str
    tracking_number: NotRequired[str]


class RepairTurnIn(TypedDict):
    """What comes instead of the repair, and why; ``note`` is written to the shopper."""

    ground: TurnGround
    into: Literal["replacement", "refund"]
    note: str


class ReplayedOut(TypedDict):
    """How many events are sent again."""

    count: int


class ReplyIn(TypedDict):
    """What the shopper says; who contests says why."""

    reply: Literal["accept", "contest", "keep"]
    text: NotRequired[str]


class ReportFilters(TypedDict):
    """Which reports are listed."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[ReportState | None]


class ReportOut(TypedDict):
    """One movement for the shop's system. ``number`` counts from 1 at each location."""

    answer: str
    attempts: int
    ended_at: str | None
    id: str
    location: str
    made_at: str
    movement: str
    next_at: str | None
    number: int
    pieces: int
    reference: str
    sku: str
    state: str
    system: str
    why: str


ReportState = Literal["waiting", "told", "refused", "left_out"]


class ReportsOut(TypedDict):
    """A page of reports, newest first."""

    items: list[ReportOut]
    newer: str
    older: str


RequestKind = Literal["copy", "erase"]

RequestState = Literal[
    "requested", "needs_info", "approved", "declined", "cancelled", "expired", "closed"
]


class RetentionOut(TypedDict):
    """How many months one kind of data is kept, by default and at least; ``rule`` says why."""

    kind: DataKind
    least: int
    months: int
    rule: str
    usual: int


class RetentionsOut(TypedDict):
    """Each kind of data, and what was removed last."""

    kinds: list[RetentionOut]
    last_purge: PurgeOut | None


class ReturnFilters(TypedDict):
    """Which returns are listed; all of them where nothing is named."""

    cursor: NotRequired[str]
    fields: NotRequired[str]
    goods: NotRequired[Goods | None]
    inspection_state: NotRequired[InspectionState | None]
    limit: NotRequired[int]
    money_state: NotRequired[MoneyState | None]
    order: NotRequired[str]
    parcel_state: NotRequired[ParcelState | None]
    request_state: NotRequired[RequestState | None]
    requested_before: NotRequired[str | None]
    requested_from: NotRequired[str | None]
    shopper_key: NotRequired[str]


class ReturnIn(TypedDict):
    """A return to file. ``language`` is that of its letters; the shopper's own when empty."""

    at_counter: NotRequired[bool]
    comment: NotRequired[str]
    language: NotRequired[str]
    lines: list[WishIn]
    order: str


class ReturnOut(TypedDict):
    """A return with its four tracks. ``version`` is what ``ETag`` carries."""

    closed_at: str | None
    comment: str
    decided_at: str | None
    decline_note: str
    decline_reason: str
    goods: str
    ground: str
    id: str
    inspection_state: str
    language: str
    lines: list[LineOut]
    money_state: str
    number: str
    order: str | None
    origin: str
    parcel_state: str
    repair: RepairOut | None
    request_state: str
    requested_at: str
    shopper_key: str | None
    split_from: str | None
    version: int


class ReturnsOut(TypedDict):
    """A page of returns, with all fields or those named in ``fields``."""

    items: list[ReturnOut]
    newer: str
    older: str


Right = Literal[
    "see",
    "see_money",
    "see_people",
    "decide",
    "receive",
    "refund",
    "documents",
    "export",
    "configure",
]

Role = Literal["owner", "manager", "agent", "warehouse", "accountant", "analyst", "read_only"]


class RoleOut(TypedDict):
    """A role of every shop, and how many work under it here."""

    needs_second_factor: bool
    people: int
    rights: list[Right]
    role: Role


class RolesOut(TypedDict):
    """All roles: those of every shop, and the shop's own by their name."""

    own: list[OwnRoleOut]
    roles: list[RoleOut]


class RollbackIn(TypedDict):
    """Why, and from when; now when absent."""

    at: NotRequired[str | None]
    note: NotRequired[str]


class RunIn(TypedDict):
    """What is done to which returns, in their order."""

    assignee: NotRequired[str]
    kind: BulkKind
    reason: NotRequired[DeclineReason | None]
    returns: list[str]
    text: NotRequired[str]


class RunOut(TypedDict):
    """A run: ``running``, ``stopped`` or ``done``; ``done`` of ``total`` returns are over."""

    done: int
    ended_at: str | None
    id: str
    kind: str
    started_at: str
    state: str
    total: int


class RunRowOut(TypedDict):
    """What became of one return: ``waiting``, ``done``, or ``refused`` with ``code`` and facts."""

    code: str
    facts: dict[str, Any]
    number: str
    state: str


class RunsOut(TypedDict):
    """The newest runs first, at most twenty."""

    items: list[RunOut]


class SaidOut(TypedDict):
    """One message of an enquiry; ``side`` is ``shop`` or ``shopper``."""

    at: str
    side: str
    text: str


class SendingIn(TypedDict):
    """How the goods travel back; ``point`` is the id of a hand-in place of the shop."""

    method: Literal["own_carrier", "prepaid_label", "drop_off", "pickup", "counter"]
    pickup: NotRequired[WindowIn | None]
    point: NotRequired[str | None]


class SendingOut(TypedDict):
    """How the goods travel back; ``method`` is null until it is chosen."""

    currency: str
    fee_minor: int
    may_change: bool
    method: str | None
    offered: list[WayOut]
    pickup: PickupOut | None
    point: PointOut | None


class SentAgainIn(TypedDict):
    """What was sent once more; without ``lines`` all that is open."""

    announced_on: NotRequired[str | None]
    carrier: NotRequired[str]
    lines: NotRequired[list[MissingPiecesIn]]
    text: NotRequired[str]
    tracking_number: NotRequired[str]


class SentBackIn(TypedDict):
    """The parcel that brings the pieces back."""

    carrier: str
    tracking_number: NotRequired[str]


class SettleIn(TypedDict):
    """How the return is settled; without a body, as it was worked out."""

    instead: NotRequired[InsteadIn | None]


class ShopperIn(TypedDict):
    """Who bought. ``key`` is your own name for them, empty for a guest."""

    address: NotRequired[list[str]]
    country: NotRequired[str]
    email: NotRequired[str]
    key: NotRequired[str]
    language: NotRequired[str]
    name: NotRequired[str]
    phone: NotRequired[str]
    postcode: NotRequired[str]
    tags: NotRequired[list[str]]
    tier: NotRequired[str]


class SitesIn(TypedDict):
    """Every site that may show the form; the list takes the old one's place."""

    origins: list[str]


class SitesOut(TypedDict):
    """The origins that may show the form, in their order, and the address of the form."""

    form: str
    origins: list[str]


class SlipOut(TypedDict):
    """A slip: ``code`` is what its Code 128 says, ``url`` what its QR code says."""

    code: str
    made_at: str
    order: str
    url: str


class SlipsIn(TypedDict):
    """The orders that are packed, by number."""

    orders: list[str]


class SlipsOut(TypedDict):
    """The slips in the order that was asked for."""

    items: list[SlipOut]


class StaffFilters(TypedDict):
    """Which places, from where."""

    after: NotRequired[str | None]
    is_active: NotRequired[bool | None]
    limit: NotRequired[int]


class StaffOut(TypedDict):
    """A place in the shop. ``role`` is whose limits on money hold, ``rights`` what may be done."""

    email: str
    has_second_factor: bool
    id: str
    is_active: bool
    name: str
    needs_second_factor: bool
    own_role: str | None
    rights: list[Right]
    role: Role


class StaffPageOut(TypedDict):
    """Places, the oldest first. ``next`` goes into ``after``; empty where the list ends."""

    items: list[StaffOut]
    next: str


class StockBalanceFilters(TypedDict):
    """Which balances, from where."""

    after: NotRequired[str | None]
    limit: NotRequired[int]
    sku: NotRequired[str]


class StockBalanceOut(TypedDict):
    """Pieces of one stock code at one location now."""

    location: str
    pieces: int
    place: str
    sku: str


class StockBalancesOut(TypedDict):
    """Balances in a stable order. ``next`` is the ``after`` of the next page."""

    items: list[StockBalanceOut]
    next: str


class StockLabelIn(TypedDict):
    """A label that was bought before, as PDF (base64, 2 MB at most)."""

    carrier_name: NotRequired[str]
    pdf: str
    tracking_number: str


class StockMovementFilters(TypedDict):
    """Which movements, from where."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    sku: NotRequired[str]


class StockMovementOut(TypedDict):
    """Pieces put on a shelf (more than 0) or taken from it."""

    at: str
    by: str
    id: str
    location: str
    pieces: int
    sku: str
    unit: str | None
    why: str


class StockMovementsOut(TypedDict):
    """A page of movements, newest first."""

    items: list[StockMovementOut]
    newer: str
    older: str


class StockOut(TypedDict):
    """How many prepaid labels are left in the stock."""

    left: int


class SuggestionOut(TypedDict):
    """The one thing to do next, such as ``decide``, ``receive`` or ``refund``."""

    code: str
    step: str | None
    who: str


class SystemIn(TypedDict):
    """The key of the system that hears of the stock from now on; empty for none."""

    system: str


class SystemOut(TypedDict):
    """Who is told, empty for nobody, and who could be."""

    offered: list[OfferedOut]
    system: str


class TaskFilters(TypedDict):
    """Which tasks, from where."""

    cursor: NotRequired[str]
    kind: NotRequired[TaskKind | None]
    limit: NotRequired[int]


TaskKind = Literal[
    "failed", "unclear", "no_way", "by_hand", "approval", "dispute", "blocked", "outside"
]


class TerminationIn(TypedDict):
    """Why the customer ends the contract."""

    ground: EndGround


class TextIn(TypedDict):
    """Words."""

    text: str


class TierIn(TypedDict):
    """The tier, such as ``vip``; empty for none."""

    tier: str


class TierOut(TypedDict):
    """The tier that holds now."""

    key: str
    tier: str


Tracking = Literal["nothing", "underway", "delivered", "lost"]


class TrialIn(TypedDict):
    """Which days, both inside; against what was decided ``then`` or the version ``in_force``."""

    base: NotRequired[Base]
    first: str
    last: str
    with_orders: NotRequired[bool]
    with_simulated: NotRequired[bool]


class TrialOut(TypedDict):
    """A trial: ``running``, ``stopped`` or ``done``; ``done`` of ``total`` rows are looked at."""

    base: Base
    done: int
    ended_at: str | None
    first: str
    id: str
    last: str
    lines: int
    policy: int
    revision: int
    started_at: str
    state: TrialState
    total: int


class TrialReportOut(TypedDict):
    """A trial with what was counted so far; amounts in minor units of their currency."""

    base: Base
    by_law: int
    done: int
    ended_at: str | None
    first: str
    id: str
    last: str
    lines: int
    never_fired: list[str]
    orders: dict[str, Any]
    policy: int
    returns: dict[str, Any]
    revision: int
    set_aside: dict[str, int]
    simulated: dict[str, Any]
    started_at: str
    state: TrialState
    total: int
    undecided: int


TrialState = Literal["running", "stopped", "done"]


class TrialsOut(TypedDict):
    """The newest trials of a version, whatever its draft said then."""

    items: list[TrialOut]


TurnGround = Literal["impossible", "too_dear", "agreed"]


class TurnIn(TypedDict):
    """The number of the return that was made of it."""

    number: str


class UsableOut(TypedDict):
    """What can be used now, and what is held for purchases that are not finished."""

    currency: str
    free_minor: int
    held_minor: int


class VersionOut(TypedDict):
    """One version. ``revision`` has to be sent back when a draft is changed or published."""

    based_on: int | None
    created_by: str
    note: str
    number: int
    published_at: str | None
    revision: int
    standing: str


Way = Literal["original", "store_credit", "gift_card", "bank_transfer", "paper"]


class WayIn(TypedDict):
    """Another way, and the shopper's word that they want it."""

    consent: ConsentIn
    way: OtherWay


class WayOut(TypedDict):
    """A way back and what it costs the shopper, kept from the refund."""

    fee_minor: int
    method: str


class WholeDeliveryOut(TypedDict):
    """A delivery with the body that is sent and every try."""

    attempts: int
    body: str
    endpoint: str
    event: str
    id: str
    last_status: int | None
    made_at: str
    next_at: str | None
    sequence: int
    state: str
    subject: str
    tries: list[AttemptOut]
    type: str


class WholeRunOut(TypedDict):
    """A run with every return of it, in their order."""

    done: int
    ended_at: str | None
    id: str
    kind: str
    rows: list[RunRowOut]
    started_at: str
    state: str
    total: int


class WhyOut(TypedDict):
    """One reason: its code with its numbers, and the sentence in the reader's language."""

    code: str
    numbers: dict[str, Any]
    sentence: str


class WindowIn(TypedDict):
    """A day and its window of time, as ``pickup_windows`` offers them."""

    begins: str
    day: str
    ends: str


class WindowOut(TypedDict):
    """When the carrier can come; the times are those of the clock at the door."""

    begins: str
    day: str
    ends: str


class WishIn(TypedDict):
    """Pieces of one line of the order, with a reason code of the shop (``GET
    /return-reasons``).
    """

    answers: NotRequired[dict[str, str]]
    comment: NotRequired[str]
    order_line: str
    outcome: NotRequired[str]
    quantity: int
    reason: str


class WithdrawalAnswerIn(TypedDict):
    """Why no return follows, and words to the consumer in their language."""

    note: str
    reason: AnswerReason


class WithdrawalFilters(TypedDict):
    """Which statements, from where."""

    cursor: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[CaseState | None]


class WithdrawalOut(TypedDict):
    """A statement as it was made, and what became of it."""

    answer_basis: str
    answer_note: str
    answer_reason: str
    contract: str
    email: str
    id: str
    is_flood: bool
    is_late: bool
    language: str
    last_day: str | None
    name: str
    note: str
    order: str | None
    pieces: list[PieceOut]
    question: str
    received: str
    reference: str
    return_number: str | None
    sha256: str
    state: CaseState
    text: str


class WithdrawalsOut(TypedDict):
    """A page of statements, newest first."""

    items: list[WithdrawalOut]
    newer: str
    older: str


class WithdrawnPiecesIn(TypedDict):
    """Pieces of one line of the order."""

    order_line: str
    quantity: int


class WordsIn(TypedDict):
    """Own words for one letter; what is empty leaves ours, all empty takes them away."""

    closing: NotRequired[str]
    opening: NotRequired[str]
    subject: NotRequired[str]


class WordsOut(TypedDict):
    """Own words of one letter in one language; empty where ours stand alone."""

    closing: str
    kind: str
    language: str
    opening: str
    subject: str


class Api(Transport):
    """The API of one shop, by its key."""

    def list_audit_entries(
        self,
        *,
        who: str | None = None,
        verb: str | None = None,
        subject: str | None = None,
        at_from: str | None = None,
        at_before: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> EntriesOut:
        """Who changed what, and who looked at whom."""
        return self.ask(
            "GET",
            "/audit-entries",
            query={
                "who": who,
                "verb": verb,
                "subject": subject,
                "at_from": at_from,
                "at_before": at_before,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def verify_audit_entries(self, *, after: int | None = None) -> CheckedOut:
        """Whether the chain is whole: numbers, hashes, events and the heads that were
        kept outside."""
        return self.ask("GET", "/audit-entries/verification", query={"after": after})

    def list_balances(
        self,
        *,
        kind: OwedKind | None = None,
        customer: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> BalancesOut:
        """Store credit, gift cards and points, newest first."""
        return self.ask(
            "GET",
            "/balances",
            query={"kind": kind, "customer": customer, "cursor": cursor, "limit": limit},
        )

    def read_balance(self, balance_id: str) -> BalanceOut:
        """One balance as it stands now."""
        return self.ask("GET", "/balances/{balance_id}", path={"balance_id": balance_id})

    def add_to_balance(
        self, balance_id: str, body: AmountIn, *, idempotency_key: str | None = None
    ) -> BalanceOut:
        """A gesture on store credit or points; money that was paid on a card."""
        return self.ask(
            "POST",
            "/balances/{balance_id}/additions",
            path={"balance_id": balance_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def block_balance(
        self, balance_id: str, body: BecauseIn, *, idempotency_key: str | None = None
    ) -> BalanceOut:
        """Let nothing more be used; what is held already stands."""
        return self.ask(
            "POST",
            "/balances/{balance_id}/blocks",
            path={"balance_id": balance_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def correct_balance(
        self, balance_id: str, body: AmountIn, *, idempotency_key: str | None = None
    ) -> BalanceOut:
        """Take back what was given by mistake, as far as it is free."""
        return self.ask(
            "POST",
            "/balances/{balance_id}/corrections",
            path={"balance_id": balance_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_balance_movements(
        self, balance_id: str, *, cursor: str | None = None, limit: int | None = None
    ) -> MovementsOut:
        """Everything that moved the balance, newest first."""
        return self.ask(
            "GET",
            "/balances/{balance_id}/movements",
            path={"balance_id": balance_id},
            query={"cursor": cursor, "limit": limit},
        )

    def pay_balance_out(
        self, balance_id: str, body: PayoutIn, *, idempotency_key: str | None = None
    ) -> BalanceOut:
        """Note that cash of the balance was paid out. A bonus never is."""
        return self.ask(
            "POST",
            "/balances/{balance_id}/payouts",
            path={"balance_id": balance_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def unblock_balance(
        self, balance_id: str, body: BecauseIn, *, idempotency_key: str | None = None
    ) -> BalanceOut:
        """Let a blocked balance be used again."""
        return self.ask(
            "POST",
            "/balances/{balance_id}/releases",
            path={"balance_id": balance_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def remove_checklist(
        self, body: CategoryIn, *, idempotency_key: str | None = None
    ) -> CategoryOut:
        """Ask nothing of a category any more; answers that were given stay with their
        pieces."""
        return self.ask(
            "POST",
            "/checklist-removals",
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_checklists(self) -> list[ChecklistOut]:
        """All checklists by category; the one for all other categories comes first."""
        return self.ask("GET", "/checklists")

    def keep_checklist(
        self, body: ChecklistIn, *, idempotency_key: str | None = None
    ) -> ChecklistOut:
        """Write the checklist of a category."""
        return self.ask(
            "POST", "/checklists", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def list_credit_note_drafts(self) -> DraftsOut:
        """What somebody still writes."""
        return self.ask("GET", "/credit-note-drafts")

    def read_credit_note_draft(self, draft_id: str) -> DraftOut:
        """One draft, with what the checks say of it."""
        return self.ask("GET", "/credit-note-drafts/{draft_id}", path={"draft_id": draft_id})

    def change_credit_note_draft(self, draft_id: str, body: ChangedCreditNoteDraftIn) -> DraftOut:
        """Write an open draft anew; refused where somebody changed it since
        ``version``."""
        return self.ask(
            "PUT", "/credit-note-drafts/{draft_id}", path={"draft_id": draft_id}, json=body
        )

    def discard_credit_note_draft(
        self, draft_id: str, *, idempotency_key: str | None = None
    ) -> DraftOut:
        """Give a draft up; no number was taken. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/credit-note-drafts/{draft_id}/discards",
            path={"draft_id": draft_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def issue_credit_note_draft(
        self, draft_id: str, body: IssueIn, *, idempotency_key: str | None = None
    ) -> CreditNoteOut:
        """Give the draft its number; from then on nothing of it changes."""
        return self.ask(
            "POST",
            "/credit-note-drafts/{draft_id}/issues",
            path={"draft_id": draft_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def preview_credit_note_draft(self, draft_id: str) -> bytes:
        """The draft as a page that says it is one, without a number. 404 once it is
        over."""
        return self.fetch("GET", "/credit-note-drafts/{draft_id}/pdf", path={"draft_id": draft_id})

    def list_credit_notes(
        self,
        *,
        order: str | None = None,
        issued_from: str | None = None,
        issued_before: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        fields: str | None = None,
    ) -> CreditNotesOut:
        """Credit notes and refund vouchers, newest first."""
        return self.ask(
            "GET",
            "/credit-notes",
            query={
                "order": order,
                "issued_from": issued_from,
                "issued_before": issued_before,
                "cursor": cursor,
                "limit": limit,
                "fields": fields,
            },
        )

    def read_credit_note(self, label: str) -> CreditNoteOut:
        """One document."""
        return self.ask("GET", "/credit-notes/{label}", path={"label": label})

    def send_credit_note_copy(
        self, label: str, *, idempotency_key: str | None = None
    ) -> CreditNoteOut:
        """Mail the document to the customer once more, marked as a duplicate."""
        return self.ask(
            "POST",
            "/credit-notes/{label}/copies",
            path={"label": label},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_credit_note_pdf(self, label: str) -> bytes:
        """The document as it was printed, its XML inside."""
        return self.fetch("GET", "/credit-notes/{label}/pdf", path={"label": label})

    def note_credit_note_transmission(
        self, label: str, body: HandedOverIn, *, idempotency_key: str | None = None
    ) -> CreditNoteOut:
        """Note that the platform for invoices between businesses has the document."""
        return self.ask(
            "POST",
            "/credit-notes/{label}/transmissions",
            path={"label": label},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_credit_note_xml(self, label: str) -> bytes:
        """The document as data (EN 16931); 404 for a voucher, which has none."""
        return self.fetch("GET", "/credit-notes/{label}/xml", path={"label": label})

    def credit_balance(self, body: BalanceIn) -> UsableOut:
        """What can be used. The same answer for a code that does not exist and one
        that is over."""
        return self.ask("POST", "/credit/balance", json=body)

    def give_credit(self, body: GiftIn, *, idempotency_key: str | None = None) -> BalanceOut:
        """Give a customer store credit in the shop's currency, or points."""
        return self.ask(
            "POST", "/credit/gifts", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def hold_credit(self, body: HoldIn) -> HoldOut:
        """Set an amount aside for a purchase; by itself it is free again when its time
        is over."""
        return self.ask("POST", "/credit/holds", json=body)

    def capture_credit(self, reference: str, body: CaptureIn) -> HoldOut:
        """Use what is held, all or part of it."""
        return self.ask(
            "POST", "/credit/holds/{reference}/capture", path={"reference": reference}, json=body
        )

    def release_credit(self, reference: str) -> HoldOut:
        """Free what is still held; asked again, nothing more happens."""
        return self.ask("POST", "/credit/holds/{reference}/release", path={"reference": reference})

    def set_customer_tier(self, key: str, body: TierIn) -> TierOut:
        """Say to which tier a customer belongs, by your own key for them; twice is
        once."""
        return self.ask("PUT", "/customers/{key}/tier", path={"key": key}, json=body)

    def list_data_requests(
        self,
        *,
        state: DataRequestState | None = None,
        kind: RequestKind | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> DataRequestsOut:
        """What people asked about their data."""
        return self.ask(
            "GET",
            "/data-requests",
            query={"state": state, "kind": kind, "after": after, "limit": limit},
        )

    def note_data_request(
        self, body: DataRequestIn, *, idempotency_key: str | None = None
    ) -> DataRequestOut:
        """Note that somebody asks. Needs an ``Idempotency-Key``. The answer is due
        within a month."""
        return self.ask(
            "POST", "/data-requests", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_data_request(self, request_id: str) -> DataRequestOut:
        """One request, and what became of it."""
        return self.ask("GET", "/data-requests/{request_id}", path={"request_id": request_id})

    def fulfil_data_request(
        self, request_id: str, *, idempotency_key: str | None = None
    ) -> DataRequestOut:
        """Do what was asked for. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/data-requests/{request_id}/fulfilments",
            path={"request_id": request_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def refuse_data_request(
        self, request_id: str, body: RefusalIn, *, idempotency_key: str | None = None
    ) -> DataRequestOut:
        """Say no, and why. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/data-requests/{request_id}/refusals",
            path={"request_id": request_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_duties(
        self,
        *,
        kind: DutyKind | None = None,
        withheld: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> DutiesOut:
        """What is due, the most urgent first, and what each day late costs."""
        return self.ask(
            "GET",
            "/duties",
            query={"kind": kind, "withheld": withheld, "after": after, "limit": limit},
        )

    def list_enquiries(
        self,
        *,
        state: EnquiryState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> EnquiriesOut:
        """Enquiries with what was said, newest first."""
        return self.ask(
            "GET", "/enquiries", query={"state": state, "cursor": cursor, "limit": limit}
        )

    def send_enquiry(self, body: EnquiryIn, *, idempotency_key: str | None = None) -> EnquiryOut:
        """Hand over a question from a contact form of your own."""
        return self.ask(
            "POST", "/enquiries", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def answer_enquiry(
        self, enquiry_id: str, body: AnswerIn, *, idempotency_key: str | None = None
    ) -> EnquiryOut:
        """Write back by mail; the letter has a link to answer."""
        return self.ask(
            "POST",
            "/enquiries/{enquiry_id}/answer",
            path={"enquiry_id": enquiry_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def turn_enquiry(
        self, enquiry_id: str, body: TurnIn, *, idempotency_key: str | None = None
    ) -> EnquiryOut:
        """Say which return was made of it; what was said stands in the return's
        conversation."""
        return self.ask(
            "POST",
            "/enquiries/{enquiry_id}/return",
            path={"enquiry_id": enquiry_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_events(
        self, *, after: str | None = None, limit: int | None = None, types: str | None = None
    ) -> EventsOut:
        """What happened after the event ``after``. Younger than ten seconds comes with
        the next call."""
        return self.ask("GET", "/events", query={"after": after, "limit": limit, "types": types})

    def list_exchanges(
        self,
        *,
        state: ExchangeState | None = None,
        return_number: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> ExchangesOut:
        """Exchanges, newest first."""
        return self.ask(
            "GET",
            "/exchanges",
            query={
                "state": state,
                "return_number": return_number,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def settle_exchange_difference(
        self, exchange_id: str, body: DifferenceIn, *, idempotency_key: str | None = None
    ) -> ExchangeOut:
        """Note how the shopper paid the difference, or that the shop lets it go."""
        return self.ask(
            "POST",
            "/exchanges/{exchange_id}/differences",
            path={"exchange_id": exchange_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def end_exchange(self, exchange_id: str, *, idempotency_key: str | None = None) -> ExchangeOut:
        """Call it off: its goods are free again, and the money goes back instead."""
        return self.ask(
            "POST",
            "/exchanges/{exchange_id}/endings",
            path={"exchange_id": exchange_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def settle_exchange(
        self, exchange_id: str, *, idempotency_key: str | None = None
    ) -> ExchangeOut:
        """Let what came back pay for the goods now; what is left of it goes back as
        money."""
        return self.ask(
            "POST",
            "/exchanges/{exchange_id}/settlements",
            path={"exchange_id": exchange_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_form_sites(self) -> SitesOut:
        """On which sites the return form may be shown."""
        return self.ask("GET", "/form-sites")

    def allow_form_sites(self, body: SitesIn) -> SitesOut:
        """Say on which sites the return form may be shown."""
        return self.ask("PUT", "/form-sites", json=body)

    def issue_gift_card(self, body: CardIn, *, idempotency_key: str | None = None) -> CardOut:
        """Issue a gift card in the shop's currency; its code is in the first answer
        alone."""
        return self.ask(
            "POST", "/gift-cards", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def say_what_became_of_label(
        self, label_id: str, body: BecameIn, *, idempotency_key: str | None = None
    ) -> LabelOut:
        """Settle a label that waits for somebody: it was made and here it is, or it
        was not made."""
        return self.ask(
            "POST",
            "/labels/{label_id}/answers",
            path={"label_id": label_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_label_pdf(self, label_id: str) -> bytes:
        """A label as it is printed; 404 while there is none and once it is void."""
        return self.fetch("GET", "/labels/{label_id}/pdf", path={"label_id": label_id})

    def void_label(self, label_id: str, *, idempotency_key: str | None = None) -> LabelOut:
        """Give a label back that nobody used; its carrier is asked in the background."""
        return self.ask(
            "POST",
            "/labels/{label_id}/voids",
            path={"label_id": label_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def legal_answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the law of a country says of these facts, with the article."""
        return self.ask("POST", "/legal-answers", json=body)

    def list_letters(self) -> list[LetterOut]:
        """Every letter that may carry words of the shop."""
        return self.ask("GET", "/letters")

    def read_letter_words(self, kind: str, language: str) -> WordsOut:
        """The words of one letter in one language of the shop."""
        return self.ask(
            "GET", "/letters/{kind}/{language}", path={"kind": kind, "language": language}
        )

    def keep_letter_words(self, kind: str, language: str, body: WordsIn) -> WordsOut:
        """Say these words from the next letter of this kind on."""
        return self.ask(
            "PUT",
            "/letters/{kind}/{language}",
            path={"kind": kind, "language": language},
            json=body,
        )

    def list_money_tasks(
        self, *, kind: TaskKind | None = None, cursor: str | None = None, limit: int | None = None
    ) -> MoneyTasksOut:
        """What about money waits: failed and unclear payouts, approvals, disputes,
        payments by hand."""
        return self.ask(
            "GET", "/money-tasks", query={"kind": kind, "cursor": cursor, "limit": limit}
        )

    def list_without_receipt(
        self,
        *,
        state: NoReceiptState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> NoReceiptsOut:
        """Returns without a receipt, newest first."""
        return self.ask(
            "GET", "/no-receipt-returns", query={"state": state, "cursor": cursor, "limit": limit}
        )

    def file_without_receipt(
        self, body: BroughtIn, *, idempotency_key: str | None = None
    ) -> NoReceiptOut:
        """File goods for which no sale was found. Needs an ``Idempotency-Key``; a
        person decides."""
        return self.ask(
            "POST",
            "/no-receipt-returns",
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_without_receipt(self, row_id: str) -> NoReceiptOut:
        """One of them."""
        return self.ask("GET", "/no-receipt-returns/{row_id}", path={"row_id": row_id})

    def list_non_deliveries(
        self,
        *,
        state: ReportState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> NonDeliveriesOut:
        """Reports of goods that never arrived, newest first."""
        return self.ask(
            "GET", "/non-deliveries", query={"state": state, "cursor": cursor, "limit": limit}
        )

    def report_non_delivery(
        self, body: NonDeliveryIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """Report pieces that have not arrived; the customer gets a letter with the
        days."""
        return self.ask(
            "POST", "/non-deliveries", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def get_non_delivery(self, non_delivery_id: str) -> NonDeliveryOut:
        """One report with its answers."""
        return self.ask(
            "GET", "/non-deliveries/{non_delivery_id}", path={"non_delivery_id": non_delivery_id}
        )

    def announce_delivery(
        self, non_delivery_id: str, body: NewDayIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """Tell the customer that it is on its way, and a new day; takes no right away."""
        return self.ask(
            "POST",
            "/non-deliveries/{non_delivery_id}/announcements",
            path={"non_delivery_id": non_delivery_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def note_arrival(
        self, non_delivery_id: str, body: ArrivalIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """Pieces have arrived after all; they may come back in a return again."""
        return self.ask(
            "POST",
            "/non-deliveries/{non_delivery_id}/arrivals",
            path={"non_delivery_id": non_delivery_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def refund_missing(
        self, non_delivery_id: str, body: MissingRefundIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """Pay back the whole price the way it came, within the limits of machines."""
        return self.ask(
            "POST",
            "/non-deliveries/{non_delivery_id}/refunds",
            path={"non_delivery_id": non_delivery_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def send_missing_again(
        self, non_delivery_id: str, body: SentAgainIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """Say that pieces were sent once more; they stay open until they arrive."""
        return self.ask(
            "POST",
            "/non-deliveries/{non_delivery_id}/replacements",
            path={"non_delivery_id": non_delivery_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def end_contract(
        self, non_delivery_id: str, body: TerminationIn, *, idempotency_key: str | None = None
    ) -> NonDeliveryOut:
        """The customer waits no longer: from today the law counts the days to the
        refund."""
        return self.ask(
            "POST",
            "/non-deliveries/{non_delivery_id}/termination",
            path={"non_delivery_id": non_delivery_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def import_orders(self, body: str | bytes, *, idempotency_key: str | None = None) -> ImportOut:
        """Take many orders and enter them in the background. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST", "/order-imports", lines=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_order_import(self, import_id: str) -> ImportOut:
        """How far the import is, and which rows were refused."""
        return self.ask("GET", "/order-imports/{import_id}", path={"import_id": import_id})

    def list_orders(
        self,
        *,
        shopper_key: str | None = None,
        ordered_from: str | None = None,
        ordered_before: str | None = None,
        article: str | None = None,
        postcode: str | None = None,
        name: str | None = None,
        last_four: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        fields: str | None = None,
    ) -> OrdersOut:
        """Orders, newest first."""
        return self.ask(
            "GET",
            "/orders",
            query={
                "shopper_key": shopper_key,
                "ordered_from": ordered_from,
                "ordered_before": ordered_before,
                "article": article,
                "postcode": postcode,
                "name": name,
                "last_four": last_four,
                "cursor": cursor,
                "limit": limit,
                "fields": fields,
            },
        )

    def create_order(self, body: OrderIn, *, idempotency_key: str | None = None) -> OrderOut:
        """Enter an order with its shopper, lines, charges, payments and delivery,
        once."""
        return self.ask(
            "POST", "/orders", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_order(self, number: str) -> OrderOut:
        """One order with what is on its way back of it."""
        return self.ask("GET", "/orders/{number}", path={"number": number})

    def write_credit_note_draft(
        self, number: str, body: CreditNoteDraftIn, *, idempotency_key: str | None = None
    ) -> DraftOut:
        """Begin a credit note by hand; nothing of the order changes. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/orders/{number}/credit-note-drafts",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def creditable(self, number: str) -> list[CreditableOut]:
        """What documents may still credit of every line and charge of the order."""
        return self.ask("GET", "/orders/{number}/creditable", path={"number": number})

    def refundable(self, number: str) -> list[LeftOut]:
        """What every line and charge of the order can still give back."""
        return self.ask("GET", "/orders/{number}/refundable", path={"number": number})

    def list_refunds(self, number: str) -> list[RefundOut]:
        """Every refund of the order, oldest first."""
        return self.ask("GET", "/orders/{number}/refunds", path={"number": number})

    def create_refund(
        self, number: str, body: RefundIn, *, idempotency_key: str | None = None
    ) -> RefundOut:
        """Decide a refund and start it. Needs an ``Idempotency-Key``; the same key
        pays once."""
        return self.ask(
            "POST",
            "/orders/{number}/refunds",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def preview_refund(self, number: str, body: RefundIn) -> PreviewOut:
        """The amount with its reasons and the plan over the payments. Writes nothing."""
        return self.ask(
            "POST", "/orders/{number}/refunds/preview", path={"number": number}, json=body
        )

    def list_parcel_claims(self) -> list[ClaimOut]:
        """The last two hundred parcels that counted as lost, the newest first."""
        return self.ask("GET", "/parcel-claims")

    def end_parcel_claim(
        self, claim_id: str, body: ClaimIn, *, idempotency_key: str | None = None
    ) -> ClaimOut:
        """Say how a lost parcel ended. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/parcel-claims/{claim_id}/endings",
            path={"claim_id": claim_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_parcels(
        self,
        *,
        state: ParcelState | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> ParcelsOut:
        """The parcels of all returns."""
        return self.ask("GET", "/parcels", query={"state": state, "after": after, "limit": limit})

    def end_payout_doubt(
        self, payout_id: str, body: FoundIn, *, idempotency_key: str | None = None
    ) -> PayoutOut:
        """Say what became of an unclear payout: paid under a reference, or not paid."""
        return self.ask(
            "POST",
            "/payouts/{payout_id}/findings",
            path={"payout_id": payout_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def pay_by_hand(
        self, payout_id: str, body: PaidIn, *, idempotency_key: str | None = None
    ) -> PayoutOut:
        """Note that somebody paid what waits for a payment by hand."""
        return self.ask(
            "POST",
            "/payouts/{payout_id}/payments",
            path={"payout_id": payout_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def send_payout_again(self, payout_id: str, *, idempotency_key: str | None = None) -> PayoutOut:
        """Send money that failed once more by the same way; the answer is the new
        payout."""
        return self.ask(
            "POST",
            "/payouts/{payout_id}/tries",
            path={"payout_id": payout_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def ask_for_payout_way(
        self, payout_id: str, *, idempotency_key: str | None = None
    ) -> PayoutOut:
        """Mail the customer a link by which they choose where money without a way
        goes."""
        return self.ask(
            "POST",
            "/payouts/{payout_id}/way-requests",
            path={"payout_id": payout_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def send_payout_another_way(
        self, payout_id: str, body: WayIn, *, idempotency_key: str | None = None
    ) -> PayoutOut:
        """Let money that did not go take another way; the answer is the new payout."""
        return self.ask(
            "POST",
            "/payouts/{payout_id}/ways",
            path={"payout_id": payout_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def policies(self) -> list[VersionOut]:
        """All versions, the newest first."""
        return self.ask("GET", "/policies")

    def draft_policy(self, body: DraftIn, *, idempotency_key: str | None = None) -> PolicyOut:
        """Send an `Idempotency-Key`: the same key, the same answer, one effect."""
        return self.ask(
            "POST", "/policies", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def confirmation_text(
        self, *, language: Literal["fr", "en"] | None = None
    ) -> ConfirmationTextOut:
        """The legal rights, the policy in force and the model form, as plain text for
        a mail."""
        return self.ask("GET", "/policies/confirmation-text", query={"language": language})

    def preview_decision(self, body: FactsIn) -> DecisionOut:
        """What would be decided on these facts. Stores nothing."""
        return self.ask("POST", "/policies/decisions", json=body)

    def policy(self, number: int) -> PolicyOut:
        """One version with its document."""
        return self.ask("GET", "/policies/{number}", path={"number": number})

    def replace_policy_draft(self, number: int, body: NewDraftIn) -> PolicyOut:
        """Write a draft anew, unless somebody else did since ``revision``."""
        return self.ask("PUT", "/policies/{number}", path={"number": number}, json=body)

    def call_off_policy(self, number: int, *, idempotency_key: str | None = None) -> PolicyOut:
        """Send an `Idempotency-Key`: the same key, the same answer, one effect."""
        return self.ask(
            "POST",
            "/policies/{number}/callings-off",
            path={"number": number},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def discard_policy_draft(
        self, number: int, body: DiscardIn, *, idempotency_key: str | None = None
    ) -> VersionOut:
        """Send an `Idempotency-Key`: the same key, the same answer, one effect."""
        return self.ask(
            "POST",
            "/policies/{number}/discards",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def publish_policy(
        self, number: int, body: PublishIn, *, idempotency_key: str | None = None
    ) -> PolicyOut:
        """Send an `Idempotency-Key`: the same key, the same answer, one effect."""
        return self.ask(
            "POST",
            "/policies/{number}/publication",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def roll_back_policy(
        self, number: int, body: RollbackIn, *, idempotency_key: str | None = None
    ) -> PolicyOut:
        """Send an `Idempotency-Key`: the same key, the same answer, one effect."""
        return self.ask(
            "POST",
            "/policies/{number}/rollbacks",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_policy_trials(self, number: int) -> TrialsOut:
        """The last twenty trials of a version, the newest first."""
        return self.ask("GET", "/policies/{number}/trials", path={"number": number})

    def start_policy_trial(
        self, number: int, body: TrialIn, *, idempotency_key: str | None = None
    ) -> TrialOut:
        """Try a version on past returns in the background. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/policies/{number}/trials",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_policy_trial(self, number: int, trial_id: str) -> TrialReportOut:
        """How far a trial is, and what came out so far."""
        return self.ask(
            "GET",
            "/policies/{number}/trials/{trial_id}",
            path={"number": number, "trial_id": trial_id},
        )

    def resume_policy_trial(self, number: int, trial_id: str) -> TrialOut:
        """Go on where it was stopped."""
        return self.ask(
            "POST",
            "/policies/{number}/trials/{trial_id}/resumptions",
            path={"number": number, "trial_id": trial_id},
        )

    def stop_policy_trial(self, number: int, trial_id: str) -> TrialOut:
        """Stop where it is; what was counted stays. One that ended stays as it is."""
        return self.ask(
            "POST",
            "/policies/{number}/trials/{trial_id}/stops",
            path={"number": number, "trial_id": trial_id},
        )

    def make_portal_link(self, body: PortalLinkIn) -> PortalLinkOut:
        """A link that opens the order in the portal, as if its customer had typed its
        number."""
        return self.ask("POST", "/portal-links", json=body)

    def list_products(
        self,
        *,
        sku: str | None = None,
        category: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> ProductsOut:
        """The catalogue."""
        return self.ask(
            "GET",
            "/products",
            query={"sku": sku, "category": category, "after": after, "limit": limit},
        )

    def keep_products(self, body: ProductsIn, *, idempotency_key: str | None = None) -> KeptOut:
        """Add articles, and change those that are known. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/products", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_product(self, product_id: str) -> ProductOut:
        """One article."""
        return self.ask("GET", "/products/{product_id}", path={"product_id": product_id})

    def quote(self, body: dict[str, Any]) -> dict[str, Any]:
        """What is refunded, line by line, tax by tax, payment by payment, and why."""
        return self.ask("POST", "/quotes", json=body)

    def order_reasons(self, body: ReasonOrderIn) -> list[ReasonSettingOut]:
        """Put the reasons in another order."""
        return self.ask("PUT", "/reason-order", json=body)

    def list_reasons(self) -> list[ReasonSettingOut]:
        """All reasons in the shop's order, also those that are offered no more."""
        return self.ask("GET", "/reasons")

    def add_reason(self, body: ReasonIn, *, idempotency_key: str | None = None) -> ReasonSettingOut:
        """A new reason, after the others. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/reasons", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def change_reason(self, reason_id: str, body: ReasonIn) -> ReasonSettingOut:
        """Word a reason anew, or offer it no more (``is_active`` false)."""
        return self.ask("PUT", "/reasons/{reason_id}", path={"reason_id": reason_id}, json=body)

    def read_refund(self, refund_id: str) -> RefundOut:
        """One refund as it stands now."""
        return self.ask("GET", "/refunds/{refund_id}", path={"refund_id": refund_id})

    def read_retention(self) -> RetentionsOut:
        """How long what is kept."""
        return self.ask("GET", "/retention")

    def create_return_basket(
        self, body: BasketIn, *, idempotency_key: str | None = None
    ) -> BasketOut:
        """File returns of several orders at once: all of them, or none. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST", "/return-baskets", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def list_return_reasons(self) -> list[ReasonOut]:
        """The reasons that may be given now, in the shop's order."""
        return self.ask("GET", "/return-reasons")

    def list_return_runs(self) -> RunsOut:
        """The last runs of the shop, those of the desk too."""
        return self.ask("GET", "/return-runs")

    def start_return_run(self, body: RunIn, *, idempotency_key: str | None = None) -> WholeRunOut:
        """Do one thing to up to a thousand returns in the background. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST", "/return-runs", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_return_run(self, run_id: str) -> WholeRunOut:
        """How far a run is, and what became of each return."""
        return self.ask("GET", "/return-runs/{run_id}", path={"run_id": run_id})

    def resume_return_run(self, run_id: str) -> WholeRunOut:
        """Go on with what is left of a stopped run, with the rights of who began it."""
        return self.ask("POST", "/return-runs/{run_id}/resumptions", path={"run_id": run_id})

    def stop_return_run(self, run_id: str) -> WholeRunOut:
        """Stop after the return it is at; what is done stays done. One that ended
        stays as it is."""
        return self.ask("POST", "/return-runs/{run_id}/stops", path={"run_id": run_id})

    def make_return_slips(self, body: SlipsIn) -> SlipsOut:
        """A slip for each order; one that has its slip keeps it, so asking twice
        changes nothing."""
        return self.ask("POST", "/return-slips", json=body)

    def print_return_slips(self, *, orders: str | None = None) -> bytes:
        """Slips that were made, a page each; 404 where an order has none."""
        return self.fetch("GET", "/return-slips/pdf", query={"orders": orders})

    def list_returns(
        self,
        *,
        request_state: RequestState | None = None,
        goods: Goods | None = None,
        parcel_state: ParcelState | None = None,
        inspection_state: InspectionState | None = None,
        money_state: MoneyState | None = None,
        order: str | None = None,
        shopper_key: str | None = None,
        requested_from: str | None = None,
        requested_before: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        fields: str | None = None,
    ) -> ReturnsOut:
        """Returns, newest first. A filter that is not known is refused, not
        overlooked."""
        return self.ask(
            "GET",
            "/returns",
            query={
                "request_state": request_state,
                "goods": goods,
                "parcel_state": parcel_state,
                "inspection_state": inspection_state,
                "money_state": money_state,
                "order": order,
                "shopper_key": shopper_key,
                "requested_from": requested_from,
                "requested_before": requested_before,
                "cursor": cursor,
                "limit": limit,
                "fields": fields,
            },
        )

    def create_return(self, body: ReturnIn, *, idempotency_key: str | None = None) -> ReturnOut:
        """File a return and let the policy decide on it. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/returns", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_return(self, number: str) -> ReturnOut:
        """One return as it stands. ``ETag`` is its version; 304 for ``If-None-Match``."""
        return self.ask("GET", "/returns/{number}", path={"number": number})

    def approve_return(
        self,
        number: str,
        body: NothingIn | None = None,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Accept the request: the shopper may send the goods."""
        return self.ask(
            "POST",
            "/returns/{number}/approvals",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def cancel_return(
        self,
        number: str,
        body: NothingIn | None = None,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Call the return off, before goods arrived or money moved."""
        return self.ask(
            "POST",
            "/returns/{number}/cancellations",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def change_return(
        self, number: str, body: ChangeIn, *, version: int | str, idempotency_key: str | None = None
    ) -> ReturnOut:
        """Ask for something else before anything was sent; the policy judges it again."""
        return self.ask(
            "POST",
            "/returns/{number}/changes",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_checklists_of_return(self, number: str) -> list[LineChecklistOut]:
        """What an inspection of the return has to answer; lines without a checklist
        are left out."""
        return self.ask("GET", "/returns/{number}/checklists", path={"number": number})

    def close_return(
        self,
        number: str,
        body: NothingIn | None = None,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Put the return away: nothing more is to be done."""
        return self.ask(
            "POST",
            "/returns/{number}/closings",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def leave_parcel(self, number: str) -> CompanionsOut:
        """Take the goods of this return out of the box of another one, before it is
        handed in."""
        return self.ask("DELETE", "/returns/{number}/companions", path={"number": number})

    def list_companions(self, number: str) -> CompanionsOut:
        """The returns that travel in one box with this one."""
        return self.ask("GET", "/returns/{number}/companions", path={"number": number})

    def join_parcel(self, number: str, other: str) -> CompanionsOut:
        """Put the goods of this return into the box of the other one, which was
        announced and not handed in; the same wish again changes nothing."""
        return self.ask(
            "PUT", "/returns/{number}/companions/{other}", path={"number": number, "other": other}
        )

    def list_contests(self, number: str) -> list[ContestOut]:
        """What was contested about the return: at most one."""
        return self.ask("GET", "/returns/{number}/contests", path={"number": number})

    def contest_grade(
        self, number: str, body: ContestIn, *, idempotency_key: str | None = None
    ) -> ContestOut:
        """Have somebody else look at the grades of the return again, once."""
        return self.ask(
            "POST",
            "/returns/{number}/contests",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_customs_papers(self, number: str) -> CustomsOut:
        """Which papers the return needs for customs."""
        return self.ask("GET", "/returns/{number}/customs-papers", path={"number": number})

    def read_customs_paper(self, number: str, form: str) -> bytes:
        """One of them as PDF: ``cn22``, ``cn23`` or ``invoice``."""
        return self.fetch(
            "GET", "/returns/{number}/customs-papers/{form}", path={"number": number, "form": form}
        )

    def decline_return(
        self,
        number: str,
        body: DeclineIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Turn the request down; its pieces are free again."""
        return self.ask(
            "POST",
            "/returns/{number}/declines",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def answer_discussion(
        self, number: str, body: ReplyIn, *, idempotency_key: str | None = None
    ) -> DiscussionOut:
        """Take the shopper's word on the proposal."""
        return self.ask(
            "POST",
            "/returns/{number}/discussion-replies",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def send_pieces_back(
        self, number: str, body: SentBackIn, *, idempotency_key: str | None = None
    ) -> DiscussionOut:
        """Note that the pieces go back to who wanted them; the return is closed."""
        return self.ask(
            "POST",
            "/returns/{number}/discussion-shipments",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_discussions(self, number: str) -> list[DiscussionOut]:
        """What was discussed about the return: at most one."""
        return self.ask("GET", "/returns/{number}/discussions", path={"number": number})

    def open_discussion(
        self, number: str, body: ProposalIn, *, idempotency_key: str | None = None
    ) -> DiscussionOut:
        """Show the shopper what was found; nothing is decided before their word or its
        day."""
        return self.ask(
            "POST",
            "/returns/{number}/discussions",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def agree_exchange(
        self, number: str, body: ExchangeIn, *, idempotency_key: str | None = None
    ) -> ExchangeOut:
        """Hold other goods for a return that is not decided yet. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/returns/{number}/exchanges",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_grade_shares_of_return(self, number: str) -> list[GradeSharesOut]:
        """What the policy refunds of each line by grade; lines without such a rule are
        left out."""
        return self.ask("GET", "/returns/{number}/grade-shares", path={"number": number})

    def inspect_return(
        self,
        number: str,
        body: InspectionIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Grade what came, once, and say where it goes and what is paid for."""
        return self.ask(
            "POST",
            "/returns/{number}/inspections",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_labels_of_return(self, number: str) -> list[LabelOut]:
        """The labels of a return, the first one first."""
        return self.ask("GET", "/returns/{number}/labels", path={"number": number})

    def ask_label(self, number: str, *, idempotency_key: str | None = None) -> LabelOut:
        """Have a prepaid label made; the customer gets it by mail once it is there."""
        return self.ask(
            "POST",
            "/returns/{number}/labels",
            path={"number": number},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_messages(self, number: str) -> list[MessageOut]:
        """What shop and shopper wrote to each other, oldest first."""
        return self.ask("GET", "/returns/{number}/messages", path={"number": number})

    def write_message(
        self, number: str, body: MessageIn, *, idempotency_key: str | None = None
    ) -> MessageOut:
        """Write to the shopper; they get it by mail and answer on the page of their
        return."""
        return self.ask(
            "POST",
            "/returns/{number}/messages",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_notes(self, number: str) -> list[NoteOut]:
        """The remarks of the team, oldest first."""
        return self.ask("GET", "/returns/{number}/notes", path={"number": number})

    def write_note(
        self, number: str, body: TextIn, *, idempotency_key: str | None = None
    ) -> NoteOut:
        """Write a remark that only the team sees."""
        return self.ask(
            "POST",
            "/returns/{number}/notes",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_parcels_of_return(self, number: str) -> list[ParcelOut]:
        """The parcels of the return, in the order in which they were announced."""
        return self.ask("GET", "/returns/{number}/parcels", path={"number": number})

    def announce_parcel(
        self, number: str, body: ParcelIn, *, idempotency_key: str | None = None
    ) -> ParcelOut:
        """Say that a parcel of the return is on its way."""
        return self.ask(
            "POST",
            "/returns/{number}/parcels",
            path={"number": number},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_pickup_windows_of_return(self, number: str) -> list[WindowOut]:
        """When the shop's carrier could come for the parcel, asked now; empty where it
        does not come to the address, or does not answer."""
        return self.ask("GET", "/returns/{number}/pickup-windows", path={"number": number})

    def list_points_of_return(self, number: str, *, postcode: str | None = None) -> list[NearOut]:
        """Places where the parcel is handed in, the nearest to the postcode first:
        those of the carrier of the shop's labels, else of the shop's list; empty
        where the way is not on offer."""
        return self.ask(
            "GET", "/returns/{number}/points", path={"number": number}, query={"postcode": postcode}
        )

    def reduce_price(
        self,
        number: str,
        body: ReductionIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Give a part of the price back for faulty goods that their shopper keeps."""
        return self.ask(
            "POST",
            "/returns/{number}/price-reductions",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def receive_return(
        self,
        number: str,
        body: ReceiptIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Book goods in; a line that is not named did not arrive."""
        return self.ask(
            "POST",
            "/returns/{number}/receipts",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def reopen_return(
        self,
        number: str,
        body: NothingIn | None = None,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Take a return up again that was declined, cancelled or closed."""
        return self.ask(
            "POST",
            "/returns/{number}/reopenings",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def finish_repair(
        self,
        number: str,
        body: RepairResultIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Close the work order of one piece in repair; with the last, the repair's
        state follows."""
        return self.ask(
            "POST",
            "/returns/{number}/repair-results",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def send_repair_back(
        self,
        number: str,
        body: RepairShipmentIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """The repaired pieces go back to their shopper; the return is closed without a
        refund."""
        return self.ask(
            "POST",
            "/returns/{number}/repair-shipments",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def turn_repair(
        self,
        number: str,
        body: RepairTurnIn,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """A replacement or the money comes instead of the repair."""
        return self.ask(
            "POST",
            "/returns/{number}/repair-turns",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def get_sending_of_return(self, number: str) -> SendingOut:
        """The ways back on offer for the return, and the one that was chosen."""
        return self.ask("GET", "/returns/{number}/sending", path={"number": number})

    def choose_sending_of_return(self, number: str, body: SendingIn) -> SendingOut:
        """Choose how the goods travel back; the same choice again changes nothing."""
        return self.ask("PUT", "/returns/{number}/sending", path={"number": number}, json=body)

    def settle_return(
        self,
        number: str,
        body: SettleIn | None = None,
        *,
        version: int | str,
        idempotency_key: str | None = None,
    ) -> ReturnOut:
        """Decide what is refunded for the return and start it, within the limits of
        machines."""
        return self.ask(
            "POST",
            "/returns/{number}/settlements",
            path={"number": number},
            json=body,
            version=version,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def suggest_next_step(self, number: str) -> SuggestionOut:
        """What to do next with the return."""
        return self.ask("GET", "/returns/{number}/suggestion", path={"number": number})

    def list_roles(self) -> RolesOut:
        """Who may do what."""
        return self.ask("GET", "/roles")

    def create_role(self, body: OwnRoleIn, *, idempotency_key: str | None = None) -> OwnRoleOut:
        """Make a role of the shop's own. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/roles", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def change_role(self, role_id: str, body: OwnRoleIn) -> OwnRoleOut:
        """Give a role another name and other rights; everybody who has it has them at
        once."""
        return self.ask("PUT", "/roles/{role_id}", path={"role_id": role_id}, json=body)

    def remove_role(self, role_id: str, *, idempotency_key: str | None = None) -> OwnRoleOut:
        """Remove a role that nobody has; it is answered once more. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/roles/{role_id}/removals",
            path={"role_id": role_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_staff(
        self, *, is_active: bool | None = None, after: str | None = None, limit: int | None = None
    ) -> StaffPageOut:
        """Who works here, and who did."""
        return self.ask(
            "GET", "/staff", query={"is_active": is_active, "after": after, "limit": limit}
        )

    def invite_staff(self, body: InvitationIn, *, idempotency_key: str | None = None) -> StaffOut:
        """Let somebody work here. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/staff", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def read_staff(self, staff_id: str) -> StaffOut:
        """One place."""
        return self.ask("GET", "/staff/{staff_id}", path={"staff_id": staff_id})

    def change_staff(self, staff_id: str, body: PlaceIn) -> StaffOut:
        """Give somebody another role, or take their place away."""
        return self.ask("PUT", "/staff/{staff_id}", path={"staff_id": staff_id}, json=body)

    def read_label_stock(self) -> StockOut:
        """How many prepaid labels are left."""
        return self.ask("GET", "/stock-labels")

    def lay_in_label(self, body: StockLabelIn, *, idempotency_key: str | None = None) -> StockOut:
        """Put a prepaid label into the stock. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST", "/stock-labels", json=body, idempotency_key=idempotency_key or self.new_key()
        )

    def list_stock_balances(
        self, *, sku: str | None = None, after: str | None = None, limit: int | None = None
    ) -> StockBalancesOut:
        """What stands on which shelf."""
        return self.ask(
            "GET", "/stock/balances", query={"sku": sku, "after": after, "limit": limit}
        )

    def list_stock_movements(
        self, *, sku: str | None = None, cursor: str | None = None, limit: int | None = None
    ) -> StockMovementsOut:
        """What was put on a shelf or taken from it, newest first."""
        return self.ask(
            "GET", "/stock/movements", query={"sku": sku, "cursor": cursor, "limit": limit}
        )

    def list_stock_reports(
        self,
        *,
        state: ReportState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> ReportsOut:
        """What the system was told and is to be told, newest first."""
        return self.ask(
            "GET", "/stock/reports", query={"state": state, "cursor": cursor, "limit": limit}
        )

    def leave_stock_report_out(
        self, report_id: str, body: OmissionIn, *, idempotency_key: str | None = None
    ) -> ReportOut:
        """Go on without a movement that was refused. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/stock/reports/{report_id}/omissions",
            path={"report_id": report_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def tell_stock_report_again(
        self, report_id: str, *, idempotency_key: str | None = None
    ) -> ReportOut:
        """Tell a movement at once that waits or was refused. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/stock/reports/{report_id}/tries",
            path={"report_id": report_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_stock_system(self) -> SystemOut:
        """Which system of the shop hears of its stock."""
        return self.ask("GET", "/stock/system")

    def choose_stock_system(self, body: SystemIn) -> SystemOut:
        """Say which system hears of every movement from now on."""
        return self.ask("PUT", "/stock/system", json=body)

    def read_webhook_delivery(self, delivery_id: str) -> WholeDeliveryOut:
        """One delivery with its body and what each try was answered."""
        return self.ask(
            "GET", "/webhook-deliveries/{delivery_id}", path={"delivery_id": delivery_id}
        )

    def replay_webhook_delivery(
        self, delivery_id: str, *, idempotency_key: str | None = None
    ) -> WholeDeliveryOut:
        """Send it again: the same id, the same bytes. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/webhook-deliveries/{delivery_id}/replays",
            path={"delivery_id": delivery_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_webhook_endpoints(self) -> list[EndpointOut]:
        """All endpoints, oldest first."""
        return self.ask("GET", "/webhook-endpoints")

    def create_webhook_endpoint(
        self, body: EndpointIn, *, idempotency_key: str | None = None
    ) -> EndpointWithSecretOut:
        """Send events to an address from now on. Needs an ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/webhook-endpoints",
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def read_webhook_endpoint(self, endpoint_id: str) -> EndpointOut:
        """One endpoint."""
        return self.ask(
            "GET", "/webhook-endpoints/{endpoint_id}", path={"endpoint_id": endpoint_id}
        )

    def change_webhook_endpoint(self, endpoint_id: str, body: EndpointChangeIn) -> EndpointOut:
        """Set the address, the types, and whether anything is sent."""
        return self.ask(
            "PUT", "/webhook-endpoints/{endpoint_id}", path={"endpoint_id": endpoint_id}, json=body
        )

    def list_webhook_deliveries(
        self,
        endpoint_id: str,
        *,
        state: DeliveryState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> DeliveriesOut:
        """What was sent to the endpoint or is to be, newest first."""
        return self.ask(
            "GET",
            "/webhook-endpoints/{endpoint_id}/deliveries",
            path={"endpoint_id": endpoint_id},
            query={"state": state, "cursor": cursor, "limit": limit},
        )

    def replay_webhook_range(
        self, endpoint_id: str, body: RangeIn, *, idempotency_key: str | None = None
    ) -> ReplayedOut:
        """Send again what happened in a while, also what was missed while the endpoint
        was off."""
        return self.ask(
            "POST",
            "/webhook-endpoints/{endpoint_id}/replays",
            path={"endpoint_id": endpoint_id},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def rotate_webhook_secret(
        self, endpoint_id: str, *, idempotency_key: str | None = None
    ) -> EndpointWithSecretOut:
        """Sign with a new secret; for a day the old one signs too. Needs an
        ``Idempotency-Key``."""
        return self.ask(
            "POST",
            "/webhook-endpoints/{endpoint_id}/secrets",
            path={"endpoint_id": endpoint_id},
            idempotency_key=idempotency_key or self.new_key(),
        )

    def list_withdrawals(
        self, *, state: CaseState | None = None, cursor: str | None = None, limit: int | None = None
    ) -> WithdrawalsOut:
        """Who withdrew, newest first."""
        return self.ask(
            "GET", "/withdrawals", query={"state": state, "cursor": cursor, "limit": limit}
        )

    def read_withdrawal(self, reference: str) -> WithdrawalOut:
        """One statement by its reference."""
        return self.ask("GET", "/withdrawals/{reference}", path={"reference": reference})

    def answer_withdrawal(
        self, reference: str, body: WithdrawalAnswerIn, *, idempotency_key: str | None = None
    ) -> WithdrawalOut:
        """Write to the consumer why no return follows; the article is added by itself."""
        return self.ask(
            "POST",
            "/withdrawals/{reference}/answers",
            path={"reference": reference},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def match_withdrawal(
        self, reference: str, body: MatchIn, *, idempotency_key: str | None = None
    ) -> WithdrawalOut:
        """Say which order is meant. Needs an ``Idempotency-Key``, as do the other
        calls here."""
        return self.ask(
            "POST",
            "/withdrawals/{reference}/matches",
            path={"reference": reference},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )

    def accept_withdrawal(
        self, reference: str, body: AcceptIn, *, idempotency_key: str | None = None
    ) -> WithdrawalOut:
        """Make the statement a return, as the law wants it; its number is in the
        answer."""
        return self.ask(
            "POST",
            "/withdrawals/{reference}/returns",
            path={"reference": reference},
            json=body,
            idempotency_key=idempotency_key or self.new_key(),
        )
