"""Addresses of the desk about the shop's policy."""

from django.urls import path

from rebond.web.backoffice.views import policies, policy_drafts

ONE = "<slug:slug>/policy/<int:number>"

urlpatterns = [
    path("<slug:slug>/policy/", policies.overview, name="policies"),
    path("<slug:slug>/policy/new/", policies.new, name="policy_new"),
    path("<slug:slug>/policy/file/", policies.take_in, name="policy_import"),
    path("<slug:slug>/policy/schema/", policies.schema_file, name="policy_schema"),
    path("<slug:slug>/policy/changes/", policies.compare, name="policy_compare"),
    path(f"{ONE}/", policies.version, name="policy_version"),
    path(f"{ONE}/file/", policies.file, name="policy_file"),
    path(f"{ONE}/draft/", policy_drafts.edit, name="policy_edit"),
    path(f"{ONE}/draft/look/", policy_drafts.look, name="policy_look"),
    path(f"{ONE}/publication/", policies.publish, name="policy_publish"),
    path(f"{ONE}/discard/", policies.discard, name="policy_discard"),
    path(f"{ONE}/calling-off/", policies.call_off, name="policy_call_off"),
    path(f"{ONE}/roll-back/", policies.back_to, name="policy_roll_back"),
]
