"""Addresses of the desk about webhooks."""

from django.urls import path

from rebond.web.backoffice.views import webhooks

urlpatterns = [
    path("<slug:slug>/money/webhooks/", webhooks.endpoints, name="webhooks"),
    path("<slug:slug>/money/webhooks/<uuid:endpoint_id>/", webhooks.endpoint, name="webhook"),
    path(
        "<slug:slug>/money/webhooks/<uuid:endpoint_id>/change/",
        webhooks.change,
        name="webhook_change",
    ),
    path(
        "<slug:slug>/money/webhooks/<uuid:endpoint_id>/secret/",
        webhooks.rotate,
        name="webhook_secret",
    ),
    path(
        "<slug:slug>/money/webhooks/<uuid:endpoint_id>/replay/",
        webhooks.send_range_again,
        name="webhook_range",
    ),
    path(
        "<slug:slug>/money/webhooks/deliveries/<uuid:delivery_id>/",
        webhooks.delivery,
        name="webhook_delivery",
    ),
    path(
        "<slug:slug>/money/webhooks/deliveries/<uuid:delivery_id>/replay/",
        webhooks.send_again,
        name="webhook_replay",
    ),
]
