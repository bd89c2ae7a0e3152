"""Addresses of the desk."""

from django.urls import path

from rebond.web.backoffice import (
    balance_urls,
    converters,
    elsewhere_urls,
    fairness_urls,
    law_urls,
    parcel_urls,
    policy_urls,
    settings_urls,
    trial_urls,
    warehouse_urls,
    work_urls,
)
from rebond.web.backoffice.views import (
    credit_notes,
    door,
    exchanges,
    exports,
    keys,
    money,
    parcels,
    returns,
    sales,
    signals,
    steps,
    transfers,
    warehouse,
)

assert converters.NumberConverter.regex  # its converter is registered when it is imported

app_name = "backoffice"
urlpatterns = [
    path("", door.home, name="home"),
    path("login/", door.enter, name="login"),
    path("logout/", door.leave, name="logout"),
    *settings_urls.before,
    path("<slug:slug>/", door.into_shop, name="shop"),
    path("<slug:slug>/returns/", returns.queue, name="returns"),
    path("<slug:slug>/returns/<number:number>/", returns.one_return, name="return"),
    path("<slug:slug>/returns/<number:number>/approval/", steps.approve, name="approve"),
    path("<slug:slug>/returns/<number:number>/decline/", steps.decline, name="decline"),
    path("<slug:slug>/returns/<number:number>/cancellation/", steps.cancel, name="cancel"),
    path("<slug:slug>/returns/<number:number>/reopening/", steps.reopen, name="reopen"),
    path("<slug:slug>/returns/<number:number>/closing/", steps.close, name="close"),
    path("<slug:slug>/returns/<number:number>/settlement/", steps.settle, name="settle"),
    path("<slug:slug>/returns/<number:number>/exchange/", exchanges.agree, name="exchange_agree"),
    path(
        "<slug:slug>/returns/<number:number>/exchange/settlement/",
        exchanges.settle,
        name="exchange_settle",
    ),
    path(
        "<slug:slug>/returns/<number:number>/exchange/difference/",
        exchanges.difference,
        name="exchange_difference",
    ),
    path(
        "<slug:slug>/returns/<number:number>/exchange/end/", exchanges.call_off, name="exchange_end"
    ),
    path(
        "<slug:slug>/documents/sales/<uuid:document_id>/",
        exchanges.sale_document,
        name="sale_document",
    ),
    path("<slug:slug>/returns/<number:number>/finding/", signals.judge, name="finding"),
    path("<slug:slug>/returns/<number:number>/notes/", steps.note, name="note"),
    path("<slug:slug>/returns/<number:number>/label/", parcels.give_label, name="give_label"),
    path("<slug:slug>/returns/<number:number>/slip/", parcels.slip, name="slip"),
    path("<slug:slug>/returns/<number:number>/receipt/", warehouse.receive, name="receive"),
    path("<slug:slug>/returns/<number:number>/inspection/", warehouse.inspect, name="inspect"),
    path(
        "<slug:slug>/returns/<number:number>/photos/<uuid:photo_id>/", returns.photo, name="photo"
    ),
    path("<slug:slug>/orders/", sales.orders, name="orders"),
    path("<slug:slug>/orders/<number:number>/", sales.one_order, name="order"),
    path("<slug:slug>/orders/<number:number>/refund/", money.from_order, name="refund_order"),
    path(
        "<slug:slug>/orders/<number:number>/refund/preview/",
        money.preview,
        name="refund_preview",
    ),
    path("<slug:slug>/parcels/<uuid:parcel_id>/", warehouse.parcel_moment, name="parcel_moment"),
    path("<slug:slug>/money/", money.tasks, name="money"),
    path("<slug:slug>/money/keys/", keys.keys, name="keys"),
    path("<slug:slug>/money/keys/<uuid:key_id>/", keys.revoke, name="revoke_key"),
    path("<slug:slug>/money/transfers/", transfers.transfers, name="transfers"),
    path("<slug:slug>/money/transfers/file/", transfers.make, name="transfers_make"),
    path("<slug:slug>/money/transfers/account/", transfers.own_account, name="own_account"),
    path(
        "<slug:slug>/money/transfers/files/<uuid:file_id>/",
        transfers.answer,
        name="transfers_answer",
    ),
    path(
        "<slug:slug>/money/transfers/files/<uuid:file_id>/xml/",
        transfers.file,
        name="transfers_file",
    ),
    path(
        "<slug:slug>/money/transfers/<uuid:transfer_id>/", transfers.ended, name="transfers_ended"
    ),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/ask/", money.ask_shopper, name="ask_shopper"),
    path("<slug:slug>/money/rules/", money.rules, name="money_rules"),
    path("<slug:slug>/money/approvals/<uuid:approval_id>/", money.approval, name="approval"),
    path("<slug:slug>/money/limits/<uuid:change_id>/", money.limit_answer, name="limit_answer"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/payment/", money.pay, name="pay"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/again/", money.again, name="again"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/doubt/", money.doubt, name="doubt"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/way/", money.another_way, name="another_way"),
    path("<slug:slug>/orders/<number:number>/return/", sales.file_return, name="file_return"),
    path(
        "<slug:slug>/orders/<number:number>/credit-note/",
        credit_notes.new_credit_note,
        name="new_credit_note",
    ),
    path("<slug:slug>/documents/", credit_notes.documents, name="documents"),
    path("<slug:slug>/documents/new/", credit_notes.find_for_note, name="find_for_note"),
    path("<slug:slug>/documents/drafts/<uuid:draft_id>/", credit_notes.draft, name="draft"),
    path(
        "<slug:slug>/documents/drafts/<uuid:draft_id>/preview/",
        credit_notes.draft_preview,
        name="draft_preview",
    ),
    path(
        "<slug:slug>/documents/drafts/<uuid:draft_id>/number/",
        credit_notes.draft_issue,
        name="draft_issue",
    ),
    path(
        "<slug:slug>/documents/drafts/<uuid:draft_id>/discarding/",
        credit_notes.draft_discard,
        name="draft_discard",
    ),
    path(
        "<slug:slug>/documents/missing/<uuid:settlement_id>/",
        credit_notes.without_document,
        name="without_document",
    ),
    path("<slug:slug>/documents/exports/", exports.exports, name="exports"),
    path("<slug:slug>/documents/exports/archive/", exports.export_archive, name="export_archive"),
    path("<slug:slug>/documents/exports/bookkeeping/", exports.bookkeeping, name="bookkeeping"),
    path("<slug:slug>/documents/<number:label>/", credit_notes.document, name="document"),
    path(
        "<slug:slug>/documents/<number:label>/page/",
        credit_notes.document_page,
        name="document_page",
    ),
    path(
        "<slug:slug>/documents/<number:label>/xml/",
        credit_notes.document_xml,
        name="document_xml",
    ),
    path("<slug:slug>/documents/<number:label>/copies/", credit_notes.send_copy, name="send_copy"),
    path(
        "<slug:slug>/documents/<number:label>/transmission/",
        credit_notes.hand_over,
        name="hand_over",
    ),
    *balance_urls.urlpatterns,
    *elsewhere_urls.urlpatterns,
    *law_urls.urlpatterns,
    *parcel_urls.urlpatterns,
    *fairness_urls.urlpatterns,
    *policy_urls.urlpatterns,
    *settings_urls.urlpatterns,
    *trial_urls.urlpatterns,
    *warehouse_urls.urlpatterns,
    *work_urls.urlpatterns,
]
