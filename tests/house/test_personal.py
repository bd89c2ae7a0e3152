"""Every column of every table is known to hold people's data, or known not to."""

from django.apps import apps
from django.db import models

from rebond.domain.shoppers.holdings import holdings
from rebond.domain.shops.models import ShopRow

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
OF_THE_SHOP = {
    "audit.AuditEntry",
    "bank_transfers.OwnAccount",
    "conversations.Template",
    "notifications.LetterWords",
    "credit_notes.Bookkeeping",
    "orders.ImportRun",
    "policies.PolicyVersion",
    "products.Product",
    "returns.Reason",
    "shipping.CarrierPoint",
    "shipping.PointSearch",
    "shipping.ReturnPoint",
    "shipping.ShippingTerms",
    "shops.OwnRole",
    "shops.RoleTerms",
    "shipping.StockLabel",
    "warehouse.Batch",
    "warehouse.Checklist",
    "warehouse.Location",
    "stock.Link",
    "webhooks.Endpoint",
    "work.SavedView",
}
"""Tables in which only the shop, its goods and its own people are spoken of."""
OF_STAFF = {
    "agreed_by", "answered_by", "assessed_by", "by", "changed_by", "closed_by", "decided_by",
    "given_by",
    "ended_by", "handed_by", "handled_by", "issued_by", "lifted_by", "made_by", "matched_by",
    "noted_by", "put_aside_by", "started_by", "actor", "taken_by",
}  # fmt: skip
SAY_NOTHING_OF_ANYBODY = {
    "answers",
    "carrier", "carrier_name", "category", "cause", "channel", "checks", "code", "codes",
    "company_size", "content_type", "counts", "country", "currency", "cursor", "derived",
    "detail", "detector", "document", "due_way", "ended_why", "event_id", "facts", "failure_code",
    "figures", "findings", "fingerprint", "hash", "idempotency_key", "invoice_number", "key",
    "kind", "label", "language", "last_four", "level", "limits", "lost_percent", "method", "name",
    "networks", "number", "number_key", "numbers", "occasion", "off", "option", "order_number",
    "origin", "outcome", "outside_document", "ours_state", "payment_reference", "pieces", "place",
    "platform", "previous_hash", "problem", "provider", "provider_reference", "reference",
    "request_key", "restocked_at", "result", "route", "rules", "articles", "scopes", "secret_hash",
    "serial", "serials", "series", "sha256", "sku", "source", "state", "station", "status", "steps",
    "subject", "tally", "tax_rate", "taxes", "their_reference", "theirs_state", "title", "types",
    "piece_guarantees", "unit_price", "url", "way", "why", "xml", "xml_sha256", "bank_reference",
    "buyer_kind",
    "code_hash", "decline_reason", "destination", "due_reference", "end_to_end_id", "gift_paid_as",
    "answer_basis", "jurisdiction", "local_time", "message_id", "recipient", "breakdown",
    "tracking_key", "mark", "rows", "proof",
}  # fmt: skip
KEPT_FOR_A_WHILE = {
    "credit_notes.CreditNoteFile.file": "a document, kept by law",
    "machines.GivenAnswer.body": "thirty days (domain/machines/jobs.py)",
    "stock.Report.body": "goods and numbers, no person (docs/guides/warehouse.md)",
    "stock.Report.answer": "what another system answered",
    "stock.Report.system": "a plug",
    "webhooks.Delivery.body": "event ids and numbers, no person (docs/reference/events.md)",
    "webhooks.Attempt.answer": "what another system answered",
    "webhooks.Attempt.error": "what another system answered",
    "work.BulkRun.told": "the shop's own words, the same for many",
    "work.BulkRow.code": "a refusal",
    "credit_notes.CreditNoteDraft.reason": "becomes the document's",
    "credit_notes.WithoutDocument.reason": "about a booking",
    "contests.Contest.graded_by": "who of the staff inspected",
    "contests.Contest.photos": "ids of photos, which have an end of their own",
    "contests.Contest.was": "figures of findings",
    "discussions.Discussion.clause": "a rule",
    "discussions.Discussion.photos": "ids of photos, which have an end of their own",
    "discussions.Discussion.points": "articles and percentages",
    "discussions.Discussion.reply_photos": "ids of photos, which have an end of their own",
    "discussions.Discussion.made_by": "who of the staff wrote",
    "discussions.Discussion.carrier": "the name of a company",
    "exchanges.SaleDocument.content": "a document, kept by law",
    "ledger.Transaction.reason": "a code and the shop's words about a booking",
    "no_receipt.NoReceiptReturn.terms": "the policy’s settings as they were",
    "refunds.Approval.note": "between two of the staff about a sum",
    "refunds.Discrepancy.explanation": "about a booking",
    "refunds.Discrepancy.subject": "a reference",
    "shipping.Label.drop_off_code": "a number of the carrier, used up with the parcel",
    "shipping.TrackingEvent.words": "the carrier's status",
    "warehouse.Inspection.rule": "a rule of the policy",
    "warehouse.LooseParcel.code": "what was scanned",
    "warehouse.Movement.why": "about goods",
    "warehouse.Unit.why": "about goods",
    "warehouse.WorkOrder.note": "about goods",
    "orders.Order.channel": "a word",
}


def unclassified(models_of=apps.get_models) -> list[str]:
    """Columns with text that nobody has said anything about."""
    held = {}
    for one in holdings():
        held.setdefault(one.table, set()).update(one.fields, one.files, one.told)
    found = []
    for model in models_of():
        label = model._meta.label
        if not issubclass(model, ShopRow) or label in OF_THE_SHOP:
            continue
        known = held.get(label, set()) | OF_STAFF | SAY_NOTHING_OF_ANYBODY
        for column in model._meta.concrete_fields:
            if isinstance(column, TEXTS) and not column.choices and column.name not in known:
                name = f"{label}.{column.name}"
                if name not in KEPT_FOR_A_WHILE:
                    found.append(name)
    return found


def test_every_column_with_text_is_classified():
    assert unclassified() == []


def test_a_new_column_about_people_is_found():
    class Stranger(ShopRow):
        favourite_song = models.CharField(max_length=80)

        class Meta:
            app_label = "house"

    try:
        assert unclassified(lambda: [Stranger]) == ["house.Stranger.favourite_song"]
    finally:
        del apps.all_models["house"]


def test_every_declaration_names_columns_that_are_there():
    for one in holdings():
        names = {column.name for column in one.model._meta.concrete_fields}
        assert {*one.fields, *one.files} <= names, one.table
        assert one.aged is not None or one.law_keeps or one.table == "shoppers.Shopper", one.table
