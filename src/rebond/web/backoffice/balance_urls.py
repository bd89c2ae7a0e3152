"""Addresses of store credit, gift cards and points."""

from django.urls import path

from rebond.web.backoffice.views import balances, liability

urlpatterns = [
    path("<slug:slug>/balances/", balances.balances, name="balances"),
    path("<slug:slug>/balances/code/", balances.card_check, name="card_check"),
    path("<slug:slug>/balances/new/", balances.new_gift, name="new_gift"),
    path("<slug:slug>/balances/new-card/", balances.new_card, name="new_card"),
    path("<slug:slug>/balances/report/", liability.report, name="balance_report"),
    path("<slug:slug>/balances/report.csv", liability.report_csv, name="balance_report_csv"),
    path("<slug:slug>/balances/terms/", liability.terms, name="balance_terms"),
    path("<slug:slug>/balances/<uuid:account_id>/", balances.balance, name="balance"),
    path("<slug:slug>/balances/<uuid:account_id>/more/", balances.give_more, name="give_more"),
    path("<slug:slug>/balances/<uuid:account_id>/payout/", balances.pay_out, name="pay_out"),
    path(
        "<slug:slug>/balances/<uuid:account_id>/correction/",
        balances.correct,
        name="correct_balance",
    ),
    path(
        "<slug:slug>/balances/<uuid:account_id>/block/",
        balances.block_balance,
        name="block_balance",
    ),
    path(
        "<slug:slug>/balances/<uuid:account_id>/unblock/",
        balances.unblock_balance,
        name="unblock_balance",
    ),
]
