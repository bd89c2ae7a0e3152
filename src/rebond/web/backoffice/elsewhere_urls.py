"""Addresses of the desk about what happened elsewhere."""

from django.urls import path

from rebond.web.backoffice.views import outside, reconciliation

MONEY = "<slug:slug>/money"

urlpatterns = [
    path(f"{MONEY}/outside/<uuid:outside_id>/", outside.outside, name="outside"),
    path(f"{MONEY}/outside/<uuid:outside_id>/sum/", outside.preview, name="outside_sum"),
    path(f"{MONEY}/outside/<uuid:outside_id>/refund/", outside.is_refund, name="outside_refund"),
    path(f"{MONEY}/outside/<uuid:outside_id>/leaving/", outside.leave, name="outside_leave"),
    path(f"{MONEY}/reconciliation/", reconciliation.overview, name="reconciliation"),
    path(f"{MONEY}/reconciliation/csv/", reconciliation.overview_csv, name="reconciliation_csv"),
    path(f"{MONEY}/reconciliation/<uuid:report_id>/", reconciliation.one_report, name="comparison"),
    path(
        f"{MONEY}/differences/<uuid:discrepancy_id>/",
        reconciliation.explain_difference,
        name="explain_difference",
    ),
    path(f"{MONEY}/messages/<uuid:message_id>/", reconciliation.put_aside, name="put_aside"),
    path(f"{MONEY}/holds/<uuid:hold_id>/", reconciliation.release, name="release_hold"),
]
