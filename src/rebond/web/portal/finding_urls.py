"""The portal's addresses for other ways to an order than its number."""

from django.urls import path

from rebond.web.portal.views import basket, contact, data, from_shop, gift, mailbox

urlpatterns = [
    path("in/<str:token>/", from_shop.enter, name="from_shop"),
    path("contact/", contact.contact, name="contact"),
    path("contact/<str:token>/", contact.enquiry, name="enquiry"),
    path("gift/", gift.find, name="gift"),
    path("gift/<path:number>/", gift.choose, name="gift_order"),
    path("mailbox/", mailbox.ask, name="mailbox"),
    path("mailbox/code/", mailbox.enter, name="mailbox_code"),
    path("mailbox/orders/", mailbox.own_orders, name="own_orders"),
    path("basket/", basket.begin, name="basket_begin"),
    path("basket/<str:token>/", basket.choose, name="basket"),
    path("basket/<str:token>/preview/", basket.preview, name="basket_preview"),
    path("basket/<str:token>/send/", basket.send, name="basket_send"),
    path("basket/<str:token>/done/", basket.done, name="basket_done"),
    path("mailbox/data/", data.ask, name="data"),
    path("data/<str:token>/", data.fetch, name="data_copy"),
    path("r/<str:token>/code/", mailbox.ask_for_return, name="ask_code"),
]
