"""Addresses of the desk about goods that never arrived."""

from django.urls import path

from rebond.web.backoffice.views import missing

ALL = "<slug:slug>/missing"
ONE = f"{ALL}/<uuid:report_id>"

urlpatterns = [
    path(f"{ALL}/", missing.listed, name="missing_list"),
    path("<slug:slug>/orders/<number:number>/missing/", missing.new, name="missing_new"),
    path(f"{ONE}/", missing.one, name="missing"),
    path(f"{ONE}/day/", missing.announce, name="missing_day"),
    path(f"{ONE}/again/", missing.again, name="missing_again"),
    path(f"{ONE}/refund/", missing.refund, name="missing_refund"),
    path(f"{ONE}/refusal/", missing.refuse, name="missing_refuse"),
    path(f"{ONE}/arrival/", missing.arrived, name="missing_arrived"),
    path(f"{ONE}/end/", missing.end, name="missing_end"),
]
