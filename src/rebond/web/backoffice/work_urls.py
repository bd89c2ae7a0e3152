"""Addresses of the desk about work: the home page, own views, many at once, conversations."""

from django.urls import path

from rebond.web.backoffice.views import conversation, today, work

ONE = "<slug:slug>/returns/<number:number>"

urlpatterns = [
    path("<slug:slug>/home/", today.today, name="today"),
    path(f"{ONE}/assignment/", work.assign, name="assign"),
    path(f"{ONE}/presence/", work.presence, name="presence"),
    path(f"{ONE}/mentions/", work.seen, name="mentions_seen"),
    path(f"{ONE}/messages/", conversation.write, name="write"),
    path(f"{ONE}/messages/answered/", conversation.answered, name="answered"),
    path("<slug:slug>/templates/", conversation.templates, name="templates"),
    path(
        "<slug:slug>/templates/<uuid:template_id>/away/",
        conversation.put_away,
        name="template_away",
    ),
    path("<slug:slug>/views/", work.keep_view, name="keep_view"),
    path("<slug:slug>/views/<uuid:view_id>/away/", work.forget_view, name="forget_view"),
    path("<slug:slug>/bulk/", work.bulk, name="bulk"),
    path("<slug:slug>/bulk/<uuid:run_id>/", work.bulk_run, name="bulk_run"),
    path("<slug:slug>/bulk/<uuid:run_id>/stop/", work.stop, name="bulk_stop"),
    path("<slug:slug>/bulk/<uuid:run_id>/going-on/", work.go_on, name="bulk_resume"),
]
