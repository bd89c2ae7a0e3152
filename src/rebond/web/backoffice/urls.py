"""Addresses of the desk."""

from django.urls import path, register_converter

from rebond.web.backoffice.converters import NumberConverter
from rebond.web.backoffice.views import door, money, returns, sales, steps, warehouse

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
    path("<slug:slug>/money/rules/", money.rules, name="money_rules"),
    path("<slug:slug>/money/approvals/<uuid:approval_id>/", money.approval, name="approval"),
    path("<slug:slug>/money/limits/<uuid:change_id>/", money.limit_answer, name="limit_answer"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/payment/", money.pay, name="pay"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/again/", money.again, name="again"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/doubt/", money.doubt, name="doubt"),
    path("<slug:slug>/money/refunds/<uuid:refund_id>/way/", money.another_way, name="another_way"),
    path("<slug:slug>/orders/<number:number>/return/", sales.file_return, name="file_return"),
    path("<slug:slug>/documents/", sales.documents, name="documents"),
    path("<slug:slug>/documents/<number:label>/", sales.document, name="document"),
]
