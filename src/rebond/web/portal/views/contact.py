"""Write to the shop without naming a return, and read its answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.enquiries.actions import NewEnquiry, receive_enquiry, write_again
from rebond.domain.enquiries.links import enquiry_behind, enquiry_token
from rebond.domain.enquiries.models import Enquiry
from rebond.domain.enquiries.queries import said_in
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, in_shop, lost
from rebond.web.portal.forms.contact import ContactForm, begun
from rebond.web.portal.limits import enquiry_guess_of
from rebond.web.portal.views.find import too_many
from rebond.web.ui.words import refusal_sentence

BY = "visitor"


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def contact(request: ShopRequest) -> HttpResponse:
    """The form; what was sent opens as a page of its own."""
    if request.method != "POST":
        return _form_page(request, ContactForm())
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    guess = enquiry_guess_of(request, request.shop)
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    told = form.cleaned_data
    try:
        enquiry = receive_enquiry(
            request.shop,
            NewEnquiry(
                email=told["email"],
                text=told["text"],
                language=request.LANGUAGE_CODE,
                name=told["name"],
                order_number=told["number"],
            ),
            by=BY,
        )
    except RebondError as refusal:
        form.add_error(None, refusal_sentence(refusal))
        return _form_page(request, form, status=422)
    guess.failed()
    messages.success(request, _("Thank you, your message has arrived. We answer by e-mail."))
    return redirect("portal:enquiry", slug=request.shop.slug, token=enquiry_token(enquiry))


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def enquiry(request: ShopRequest, token: str) -> HttpResponse:
    """What was said, and a field to add something."""
    found = enquiry_behind(request.shop, token)
    if found is None:
        return lost(request)
    if request.method != "POST":
        return _enquiry_page(request, found, token)
    guess = enquiry_guess_of(request, request.shop)
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    text = request.POST.get("text", "")
    try:
        write_again(found.pk, text, by=BY)
    except RebondError as refusal:
        return _enquiry_page(request, found, token, refused=refusal, typed=text)
    guess.failed()
    messages.success(request, _("Thank you, your message has arrived. We answer by e-mail."))
    return redirect("portal:enquiry", slug=request.shop.slug, token=token)


def _form_page(request: ShopRequest, form: ContactForm, *, status: int = 200) -> HttpResponse:
    """The form with a new moment of its showing, unless the old one will do next time."""
    kept = request.POST.get("begun", "") if request.method == "POST" else ""
    is_kept = bool(kept) and "begun" not in form.errors
    page = {"form": form, "begun": kept if is_kept or _is_early(form) else begun()}
    return render(request, "portal/contact/form.html", page, status=status)


def _is_early(form: ContactForm) -> bool:
    """Whether only the time was too short: the same signature is good a moment later."""
    return form.is_bound and set(form.errors) == {"begun"}


def _enquiry_page(
    request: ShopRequest,
    found: Enquiry,
    token: str,
    *,
    refused: RebondError | None = None,
    typed: str = "",
) -> HttpResponse:
    page: dict[str, Any] = {
        "enquiry": found,
        "said": said_in(found),
        "token": token,
        "typed": typed,
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = 422 if refused else 200
    return render(request, "portal/contact/enquiry.html", page, status=status)
