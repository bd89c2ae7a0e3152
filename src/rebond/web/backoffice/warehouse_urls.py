"""Addresses of the desk about the warehouse."""

from django.urls import path

from rebond.web.backoffice.views import floor, shelves, told, units

HERE = "<slug:slug>/warehouse"

urlpatterns = [
    path(f"{HERE}/", floor.home, name="warehouse"),
    path(f"{HERE}/receiving/", floor.receiving, name="receiving"),
    path(f"{HERE}/receiving/scans/", floor.scan, name="scan"),
    path(f"{HERE}/parcels/<uuid:parcel_id>/", floor.match, name="loose_match"),
    path(f"{HERE}/pieces/", units.listed, name="units"),
    path(f"{HERE}/pieces/<uuid:unit_id>/place/", units.place, name="unit_place"),
    path(f"{HERE}/pieces/<uuid:unit_id>/way/", units.redirect_one, name="unit_way"),
    path(f"{HERE}/work/<uuid:work_id>/", units.work, name="work_order"),
    path(f"{HERE}/batches/", units.send, name="batch_new"),
    path(f"{HERE}/batches/<uuid:batch_id>/", units.batch, name="batch"),
    path(f"{HERE}/stock/", shelves.stock, name="stock"),
    path(f"{HERE}/stock/places/", shelves.new_location, name="location_new"),
    path(f"{HERE}/stock/corrections/", shelves.correct, name="stock_correct"),
    path(f"{HERE}/stock/told/", told.reports, name="stock_told"),
    path(f"{HERE}/stock/told/system/", told.choose, name="stock_system"),
    path(f"{HERE}/stock/told/<uuid:report_id>/again/", told.again, name="stock_again"),
    path(f"{HERE}/stock/told/<uuid:report_id>/leave-out/", told.leave, name="stock_leave_out"),
]
