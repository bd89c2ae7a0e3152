"""The portal's addresses, below ``/s/<shop>/``."""

from django.urls import include, path

from rebond.web.portal.views import (
    choose,
    conversation,
    exchange,
    fair_use,
    files,
    find,
    parcels,
    policy,
    returns,
    sending,
    way,
    withdraw,
)

app_name = "portal"

urlpatterns = [
    path("", find.start, name="start"),
    path("", include("rebond.web.portal.finding_urls")),
    path("colours.css", find.colours, name="colours"),
    path("logo.jpg", find.logo, name="logo"),
    path("leave/", find.leave, name="leave"),
    path("order/<path:number>/preview/<str:draft>/", choose.preview, name="preview"),
    path("order/<path:number>/send/<str:draft>/", choose.send, name="send"),
    path(
        "order/<path:number>/photos/<str:draft>/<str:sha256>/",
        choose.draft_photo,
        name="draft_photo",
    ),
    path("order/<path:number>/", choose.choose, name="order"),
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/<int:number>/", policy.older, name="policy_version"),
    path("policy/fragment/", policy.fragment, name="policy_fragment"),
    path("policy/embed.js", policy.embed, name="policy_embed"),
    path("policy/form/", policy.model_form, name="policy_form"),
    path("policy/form.pdf", policy.model_form_pdf, name="policy_form_pdf"),
    path("withdraw/", withdraw.declare, name="withdraw"),
    path("withdraw/confirmation/", withdraw.confirm, name="withdraw_confirm"),
    path("withdraw/<str:token>/", withdraw.statement, name="statement"),
    path("withdraw/<str:token>/file/", withdraw.statement_file, name="statement_file"),
    path("fair-use/<str:token>/", fair_use.appeal_page, name="fair_use"),
    path("money/<str:token>/", way.choose_way, name="way"),
    path("r/<str:token>/", returns.show, name="return"),
    path("r/<str:token>/parcel/", returns.announce, name="announce"),
    path("r/<str:token>/sending/", sending.ways, name="sending"),
    path("r/<str:token>/sending/points/", sending.points, name="points"),
    path("r/<str:token>/label/", parcels.ask, name="ask_label"),
    path("r/<str:token>/label/<uuid:label_id>/", parcels.label, name="label"),
    path("r/<str:token>/label/<uuid:label_id>/code/", parcels.code, name="drop_off_code"),
    path("r/<str:token>/slip.pdf", parcels.slip, name="slip_pdf"),
    path("r/<str:token>/address/<str:paper>.pdf", parcels.address, name="address_pdf"),
    path("r/<str:token>/messages/", conversation.write, name="write"),
    path("r/<str:token>/photos/", returns.more_photos, name="more_photos"),
    path("r/<str:token>/photos/<uuid:photo_id>/", files.photo, name="photo"),
    path("r/<str:token>/exchange/", exchange.choose, name="exchange"),
    path("r/<str:token>/cancel/", returns.cancel, name="cancel"),
    path("r/<str:token>/slip/", returns.slip, name="slip"),
    path("r/<str:token>/documents/<uuid:note_id>/", files.document, name="document"),
]
