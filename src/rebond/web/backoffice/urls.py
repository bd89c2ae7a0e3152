"""Addresses of the desk."""

from django.urls import path

from rebond.web.backoffice.views import door

app_name = "backoffice"
urlpatterns = [
    path("", door.home, name="home"),
    path("login/", door.enter, name="login"),
    path("logout/", door.leave, name="logout"),
    path("<slug:slug>/returns/", door.home, name="returns"),
]
