"""Roles: the table of rights, and the shop's own roles."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.shops.access import BASES, GRANTABLE, Right, Role, rights_of
from rebond.domain.shops.actions import keep_own_role, remove_own_role
from rebond.domain.shops.models import OwnRole, Staff
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.templatetags.desk import role as role_word
from rebond.web.backoffice.views.pages import show


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE, confirmed=True)
def roles(request: DeskRequest) -> HttpResponse:
    """Who may do what; a role of the shop's own is made, changed or removed."""
    if request.method != "POST":
        return _page(request)
    own = _named(request)
    try:
        if own is not None and request.POST.get("do") == "remove":
            remove_own_role(request.shop, own.pk, by=request.by)
        else:
            _keep(request, own.pk if own else None)
    except RebondError as refusal:
        return _page(request, refusal)
    messages.success(request, _("Saved."))
    return redirect("backoffice:settings_roles", slug=request.shop.slug)


def _keep(request: DeskRequest, role_id: UUID | None) -> None:
    base = request.POST.get("based_on", "")
    keep_own_role(
        request.shop,
        role_id,
        title=request.POST.get("title", ""),
        based_on=Role(base) if base in BASES else Role.AGENT,
        rights=[right for right in GRANTABLE if right in request.POST.getlist("rights")],
        by=request.by,
    )


def _named(request: DeskRequest) -> OwnRole | None:
    """The role that the form is about; None for a new one."""
    text = request.POST.get("role_id", "")
    if not text:
        return None
    known = OwnRole.objects.filter(shop=request.shop)
    found = next((own for own in known if str(own.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _page(request: DeskRequest, refusal: RebondError | None = None) -> HttpResponse:
    own_roles = list(OwnRole.objects.filter(shop=request.shop).order_by("title"))
    places = Staff.objects.filter(shop=request.shop, is_active=True)
    held = Counter(own or role for role, own in places.values_list("role", "own_role"))
    fixed = [(role_word(one.value), rights_of(one), held[one.value]) for one in Role]
    own = [(one.title, one.granted, held[one.pk]) for one in own_roles]
    is_new = refusal is not None and not request.POST.get("role_id")
    page: dict[str, Any] = {
        "all_rights": list(Right),
        "grantable": [right for right in Right if right in GRANTABLE],
        "bases": [role.value for role in BASES],
        "rows": fixed + own,
        "own_roles": own_roles,
        "typed": {
            "title": request.POST.get("title", "") if is_new else "",
            "rights": request.POST.getlist("rights") if is_new else [Right.SEE],
            "base": request.POST.get("based_on", "") if is_new else "",
        },
    }
    return show(request, "settings_roles.html", page, refusal=refusal)
