"""Addresses of the desk about enquiries."""

from django.urls import path

from rebond.web.backoffice.views import enquiries

ALL = "<slug:slug>/enquiries"

urlpatterns = [
    path(f"{ALL}/", enquiries.listed, name="enquiries"),
    path(f"{ALL}/<uuid:enquiry_id>/", enquiries.one, name="enquiry"),
    path(f"{ALL}/<uuid:enquiry_id>/answer/", enquiries.answer, name="enquiry_answer"),
    path(f"{ALL}/<uuid:enquiry_id>/close/", enquiries.close, name="enquiry_close"),
]
