"""Addresses of the desk."""

from django.urls import path, register_converter

from rebond.web.backoffice.converters import NumberConverter
from rebond.web.backoffice.views import door, returns, sales, steps, warehouse

register_converter(NumberConverter, "number")

app_name = "backoffice"
urlpatterns = [
    path("", door.home, name="home"),
    path("login/", door.enter, name="login"),
    path("logout/", door.leave, name="logout"),
    path("<slug:slug>/", door.into_shop, name="shop"),
    path("<slug:slug>/returns/", returns.queue, name="returns"),
    path("<slug:slug>/returns/<number:number>/", returns.one_return, name="return"),
    path("<slug:slug>/returns/<number:number>/approval/", steps.approve, name="approve"),
    path("<slug:slug>/returns/<number:number>/decline/", steps.decline, name="decline"),
    path("<slug:slug>/returns/<number:number>/cancellation/", steps.cancel, name="cancel"),
    path("<slug:slug>/returns/<number:number>/reopening/", steps.reopen, name="reopen"),
    path("<slug:slug>/returns/<number:number>/closing/", steps.close, name="close"),
    path("<slug:slug>/returns/<number:number>/settlement/", steps.settle, name="settle"),
    path("<slug:slug>/returns/<number:number>/notes/", steps.note, name="note"),
    path(
        "<slug:slug>/returns/<number:number>/refunds/<uuid:refund_id>/payment/",
        steps.pay,
        name="pay",
    ),
    path(
        "<slug:slug>/returns/<number:number>/refunds/<uuid:refund_id>/again/",
        steps.again,
        name="again",
    ),
    path(
        "<slug:slug>/returns/<number:number>/refunds/<uuid:refund_id>/doubt/",
        steps.doubt,
        name="doubt",
    ),
    path("<slug:slug>/returns/<number:number>/receipt/", warehouse.receive, name="receive"),
    path("<slug:slug>/returns/<number:number>/inspection/", warehouse.inspect, name="inspect"),
    path(
        "<slug:slug>/returns/<number:number>/photos/<uuid:photo_id>/", returns.photo, name="photo"
    ),
    path("<slug:slug>/orders/", sales.orders, name="orders"),
    path("<slug:slug>/orders/<number:number>/", sales.one_order, name="order"),
    path("<slug:slug>/orders/<number:number>/return/", sales.file_return, name="file_return"),
    path("<slug:slug>/documents/", sales.documents, name="documents"),
    path("<slug:slug>/documents/<number:label>/", sales.document, name="document"),
]
