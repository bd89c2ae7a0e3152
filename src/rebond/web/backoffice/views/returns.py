"""The queue, and the page of one return."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from rebond.domain.conversations.actions import values_of
from rebond.domain.conversations.filling import filled
from rebond.domain.conversations.models import Template
from rebond.domain.conversations.queries import templates_of
from rebond.domain.orders.new import TEST_SOURCE
from rebond.domain.refunds.edits import EditGround, ground_words
from rebond.domain.returns.models import Photo, Reason, Return
from rebond.domain.returns.steps import Step
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Shop
from rebond.domain.work.queries import saved_views
from rebond.domain.work.standing import suggestions_for
from rebond.insights.costs.queries import cost_of_return
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.outbound.published.grades import clause
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.amount_edit import AmountEditForm
from rebond.web.backoffice.forms.bulk import kinds_for
from rebond.web.backoffice.forms.fairness import FindingForm
from rebond.web.backoffice.forms.returns import DeclineForm, NoteForm, payment_forms
from rebond.web.backoffice.looks import note_customer
from rebond.web.backoffice.queries.beside import beside
from rebond.web.backoffice.queries.one_return import Shown, find_return, shown
from rebond.web.backoffice.queries.queue import BY_KEY, VIEWS, Filters, own_tabs, queue_page, tabs
from rebond.web.backoffice.queries.search import cleaned
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.letters import letters_leave


@require_GET
@at_desk(Right.SEE)
def queue(request: DeskRequest) -> HttpResponse:
    """Returns by what is to be done; with ``q`` all that match what was typed."""
    text = cleaned(request.GET.get("q", ""))
    view = BY_KEY.get(request.GET.get("view", ""), VIEWS[0])
    filters = Filters.of(request.GET)
    page = queue_page(
        request.shop,
        request.staff,
        view,
        text=text,
        cursor=request.GET.get("at", ""),
        people=Right.SEE_PEOPLE in request.rights,
        filters=filters,
    )
    saved = saved_views(request.staff)
    listed = {
        "page": page,
        "next": suggestions_for(request.shop, page.rows),
        "view": view,
        "q": text,
        "tabs": tabs(request.shop, request.staff, "" if filters else view.key),
        "own_tabs": own_tabs(request.shop, request.staff, saved, view, filters),
        "filters": filters,
        "reasons": Reason.objects.filter(shop=request.shop, is_active=True).order_by("position"),
        "bulk_kinds": kinds_for(request.rights),
    }
    return show(request, "queue.html", listed)


@require_GET
@at_desk(Right.SEE)
def one_return(request: DeskRequest, number: str) -> HttpResponse:
    """Everything about one return, and what can be done with it."""
    rma = find_return(request.shop, number)
    if rma.order is not None:
        note_customer(request, rma.order)
    return return_page(request, rma)


@require_GET
@at_desk(Right.SEE)
def photo(request: DeskRequest, number: str, photo_id: UUID) -> HttpResponse:
    """One picture of a return."""
    found = Photo.objects.filter(
        shop=request.shop, pk=photo_id, rma__number_key=number.lower()
    ).first()
    if found is None:
        raise Http404
    response = HttpResponse(content_of(found.file), content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{number}-{found.pk}.jpg"'
    return response


def return_page(
    request: DeskRequest, rma: Return, *, refusal: RebondError | None = None, **forms: Any
) -> HttpResponse:
    """The page of ``rma``; ``forms`` are those that were typed and are not to be lost."""
    seen = shown(rma, request.rights)
    edited = forms.pop("edited", None)
    discussed = forms.pop("discussed", None)
    message_text = _message_text(request, rma, forms)
    typed = [form for form in forms.values() if form is not None and not form.is_valid()]
    page = {
        "seen": seen,
        "rma": rma,
        "is_trial": rma.order is not None and rma.order.source == TEST_SOURCE,
        "mail_waits": not letters_leave(),
        "beside": beside(rma, request.staff, request.rights),
        "message_text": message_text,
        "cost": cost_of_return(rma) if Right.SEE_MONEY in request.rights else None,
        "is_tax_derived": rma.order is not None and "vat" in rma.order.derived,
        "decline_form": forms.get("decline") or DeclineForm(),
        "note_form": forms.get("note") or NoteForm(),
        "edit_form": forms.get("edit") or _edit_form(request, seen),
        "edited": edited,
        "discussed": discussed,
        "discussion_clause": _usual_clause(seen),
        "finding_form": forms.get("finding")
        or FindingForm(initial=_found(seen), auto_id="id_finding_%s"),
        "payment_forms": payment_forms(seen.to_pay, rma.shop, forms.get("payment")),
    }
    status = 422 if typed else 200
    return show(request, "return.html", page, status=status, refusal=refusal)


def _usual_clause(seen: Shown) -> str:
    """The rule that a proposal usually rests on, in the customer's language."""
    if not seen.can_be_discussed:
        return ""
    ruled = list(seen.shares.values())
    if not ruled or any(shares.is_claim for shares in ruled):
        return ground_words(EditGround.LOSS_OF_VALUE, seen.rma.language, seen.rma.country)
    return clause(ruled[0].shares, seen.rma.language)


def _edit_form(request: DeskRequest, seen: Shown) -> AmountEditForm | None:
    """The form for another amount, with the words of a template where one was chosen."""
    if seen.expected is None or Step.SETTLE not in seen.steps or seen.rma.order is None:
        return None
    chosen = _template(seen.rma.shop, request.GET.get("words", ""))
    return AmountEditForm(
        rma=seen.rma,
        expected_minor=seen.expected["total_minor"],
        words=filled(chosen.text, values_of(seen.rma)) if chosen else "",
    )


def _template(shop: Shop, wanted: str) -> Template | None:
    return next((t for t in templates_of(shop) if str(t.pk) == wanted), None) if wanted else None


def _message_text(request: DeskRequest, rma: Return, forms: dict[str, Any]) -> str:
    """What was typed, or a template with its names and numbers put in."""
    if "message" in forms:
        return str(forms.pop("message"))
    chosen = _template(rma.shop, request.GET.get("template", ""))
    return filled(chosen.text, values_of(rma)) if chosen else ""


def _found(seen: Shown) -> dict[str, str]:
    """What somebody found before, so that it can be changed."""
    if not seen.verdicts:
        return {}
    last = seen.verdicts[0]
    return {"found": last.found, "category": last.category, "note": last.note}
