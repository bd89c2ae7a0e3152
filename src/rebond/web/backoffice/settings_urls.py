"""Addresses of the desk about the first start, settings and passwords."""

from django.urls import path

from rebond.web.backoffice.views import (
    account,
    audit,
    beginning,
    checklists,
    letters,
    own_pages,
    passwords,
    privacy,
    roles,
    settings,
)

before = [
    path("begin/", beginning.begin, name="begin"),
    path("account/", account.account, name="account"),
    path("account/app/", account.app, name="account_app"),
    path("account/passkeys/", account.passkey, name="account_passkey"),
    path("account/passkeys/question/", account.passkey_question, name="passkey_offer"),
    path("account/factors/<uuid:factor_id>/", account.remove, name="account_remove"),
    path("account/codes/", account.codes, name="account_codes"),
    path("account/sessions/", account.end_others, name="account_sessions"),
    path("account/sessions/<uuid:session_id>/", account.end_one, name="account_session"),
    path("account/password/", account.password, name="account_password"),
    path("confirm/", account.confirm, name="confirm"),
    path("password/", passwords.forgotten, name="password_forgotten"),
    path("password/<str:person>/<str:token>/", passwords.choose, name="password"),
]
"""Without a shop, and so before the addresses that begin with one."""

urlpatterns = [
    path("<slug:slug>/first-steps/", beginning.steps, name="first_steps"),
    path("<slug:slug>/first-steps/policy/", beginning.choose_policy, name="first_policy"),
    path("<slug:slug>/first-steps/order/", beginning.test_order, name="first_order"),
    path("<slug:slug>/settings/", settings.index, name="settings"),
    path("<slug:slug>/settings/shop/", settings.shop, name="settings_shop"),
    path("<slug:slug>/settings/brand/", settings.brand, name="settings_brand"),
    path("<slug:slug>/settings/own-pages/", own_pages.own_pages, name="settings_own_pages"),
    path("<slug:slug>/settings/audit/", audit.entries, name="audit"),
    path("<slug:slug>/settings/audit/csv/", audit.entries_csv, name="audit_csv"),
    path("<slug:slug>/settings/roles/", roles.roles, name="settings_roles"),
    path("<slug:slug>/settings/people/", settings.people, name="settings_people"),
    path(
        "<slug:slug>/settings/people/second-factor/",
        settings.second_factor,
        name="settings_factor",
    ),
    path("<slug:slug>/settings/people/<uuid:staff_id>/", settings.person, name="settings_person"),
    path("<slug:slug>/settings/privacy/", privacy.listed, name="privacy"),
    path("<slug:slug>/settings/privacy/keep/", privacy.keep, name="privacy_keep"),
    path("<slug:slug>/settings/privacy/<uuid:request_id>/", privacy.answer, name="privacy_answer"),
    path("<slug:slug>/settings/letters/", letters.listed, name="letters"),
    path("<slug:slug>/settings/letters/<slug:kind>/<slug:language>/", letters.one, name="letter"),
    path("<slug:slug>/settings/reasons/", settings.reasons, name="settings_reasons"),
    path("<slug:slug>/settings/reasons/new/", settings.reason, name="settings_reason_new"),
    path("<slug:slug>/settings/reasons/<uuid:reason_id>/", settings.reason, name="settings_reason"),
    path("<slug:slug>/settings/checklists/", checklists.listed, name="checklists"),
    path("<slug:slug>/settings/checklists/new/", checklists.new, name="checklist_new"),
    path("<slug:slug>/settings/checklists/<uuid:checklist_id>/", checklists.one, name="checklist"),
    path(
        "<slug:slug>/settings/checklists/<uuid:checklist_id>/end/",
        checklists.forget,
        name="checklist_forget",
    ),
    path(
        "<slug:slug>/settings/checklists/<uuid:checklist_id>/<slug:grade>/",
        checklists.picture,
        name="checklist_picture",
    ),
    path("<slug:slug>/settings/products/", settings.products, name="settings_products"),
    path(
        "<slug:slug>/settings/products/<uuid:product_id>/",
        settings.product,
        name="settings_product",
    ),
]
