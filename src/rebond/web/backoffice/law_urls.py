"""Addresses of the desk about the law: what is due, and who withdrew."""

from django.urls import path

from rebond.web.backoffice.views import duties, withdrawals

ONE = "<slug:slug>/withdrawals/<uuid:statement_id>"

urlpatterns = [
    path("<slug:slug>/duties/", duties.board, name="duties"),
    path("<slug:slug>/withdrawals/", withdrawals.listed, name="withdrawals"),
    path(f"{ONE}/", withdrawals.one, name="withdrawal"),
    path(f"{ONE}/file/", withdrawals.file, name="withdrawal_file"),
    path(f"{ONE}/order/", withdrawals.match, name="withdrawal_match"),
    path(f"{ONE}/return/", withdrawals.accept, name="withdrawal_accept"),
    path(f"{ONE}/answer/", withdrawals.answer, name="withdrawal_answer"),
]
