"""Settings of the warehouse: what the grades of a category mean, what is asked of its pieces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.products.models import Product
from rebond.domain.returns.errors import PhotoTooLarge, PhotoUnreadable
from rebond.domain.returns.images import clean_image
from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import forget_checklist, keep_checklist
from rebond.domain.warehouse.checklists import without_checklist
from rebond.domain.warehouse.models import Checklist
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of, keep, remove
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.checklists import ChecklistForm
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import refusal_sentence

MOST_CATEGORIES = 500


@require_safe
@at_desk(Right.CONFIGURE)
def listed(request: DeskRequest) -> HttpResponse:
    """Every category that has a checklist, and those that have none of their own."""
    kept = list(Checklist.objects.filter(shop=request.shop).order_by("category"))
    rows = Product.objects.filter(shop=request.shop).exclude(category="")
    categories = rows.order_by("category").values_list("category", flat=True).distinct()
    page = {
        "kept": kept,
        "without": without_checklist(list(categories[:MOST_CATEGORIES]), kept),
        "covers_all": any(one.category == "" for one in kept),
    }
    return show(request, "checklists.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def new(request: DeskRequest) -> HttpResponse:
    """A checklist for a category that has none; one that has is opened."""
    category = request.GET.get("category", "").strip()[:80]
    found = Checklist.objects.filter(shop=request.shop, category=category).first()
    if found is not None:
        return redirect("backoffice:checklist", slug=request.shop.slug, checklist_id=found.pk)
    is_known = Product.objects.filter(shop=request.shop, category=category).exists()
    if category and not is_known:
        raise Http404
    return _edit(request, category, None)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def one(request: DeskRequest, checklist_id: UUID) -> HttpResponse:
    """The checklist of one category."""
    found = _found(request, checklist_id)
    return _edit(request, found.category, found)


@require_POST
@at_desk(Right.CONFIGURE)
def forget(request: DeskRequest, checklist_id: UUID) -> HttpResponse:
    """Ask nothing of a category any more."""
    pictures = forget_checklist(request.shop, _found(request, checklist_id).pk, by=request.by)
    for name in pictures:
        remove(name)
    messages.success(request, _("Taken away. Answers given so far stay with their pieces."))
    return redirect("backoffice:checklists", slug=request.shop.slug)


@require_safe
@at_desk(Right.RECEIVE, Right.CONFIGURE)
def picture(request: DeskRequest, checklist_id: UUID, grade: str) -> HttpResponse:
    """The picture of one grade."""
    name = _found(request, checklist_id).grades.get(grade, {}).get("picture", "")
    if not name:
        raise Http404
    return HttpResponse(content_of(name), content_type="image/jpeg")


def _edit(request: DeskRequest, category: str, kept: Checklist | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, category, ChecklistForm(kept))
    form = ChecklistForm(kept, request.POST, request.FILES)
    is_valid = form.is_valid()
    before = {row["picture"] for row in kept.grades.values()} if kept else set()
    if not (_take_pictures(request, form) and is_valid):
        return _page(request, category, form, status=422)
    try:
        keep_checklist(
            request.shop, category, grades=form.words, questions=form.questions, by=request.by
        )
    except RebondError as refusal:
        return _page(request, category, form, refusal=refusal)
    for name in before - {row.picture for row in form.grades}:
        remove(name)
    messages.success(request, _("Saved."))
    return redirect("backoffice:checklists", slug=request.shop.slug)


def _take_pictures(request: DeskRequest, form: ChecklistForm) -> bool:
    """Keep the pictures that were sent; False where one cannot be read."""
    for row in form.grades:
        if row.upload is None:
            continue
        try:
            made = clean_image(row.upload.read())
        except (PhotoTooLarge, PhotoUnreadable) as refusal:
            row.error = refusal_sentence(refusal)
            continue
        row.picture = keep(made.jpeg, shop_id=request.shop.pk, folder="grades", suffix=".jpg")
    return not any(row.error for row in form.grades)


def _page(
    request: DeskRequest,
    category: str,
    form: ChecklistForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page: dict[str, Any] = {"category": category, "form": form, "kept": form.kept}
    return show(request, "checklist.html", page, status=status, refusal=refusal)


def _found(request: DeskRequest, checklist_id: UUID) -> Checklist:
    found = Checklist.objects.filter(shop=request.shop, pk=checklist_id).first()
    if found is None:
        raise Http404
    return found
