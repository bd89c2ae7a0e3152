"""Labels and papers of a parcel, for the shopper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rebond.domain.returns.states import RequestState
from rebond.domain.shipping.actions import ask_label
from rebond.domain.shipping.customs import Form, declaration_of
from rebond.domain.shipping.customs_papers import customs_paper
from rebond.domain.shipping.errors import NoLabelOffered
from rebond.domain.shipping.papers import PAPERS, address_label, drop_off_sheet, packing_slip
from rebond.domain.shipping.queries import label_is_offered
from rebond.domain.shipping.sharing import companions_of, label_for
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.web.portal.access import ShopRequest, Visit, lost, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.together import may_see
from rebond.web.portal.views.files import pdf
from rebond.web.portal.views.returns import return_page
from rebond.web.ui.letters import letters_leave


@require_POST
@with_return
def ask(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Ask for a prepaid label."""
    try:
        if not label_is_offered(visit.rma):
            raise NoLabelOffered(carrier="")
        ask_label(visit.rma.pk, by="shopper")
    except RebondError as refusal:
        return return_page(request, visit, ParcelForm(), refused=refusal, place="label")
    messages.success(
        request,
        _("Your label is on its way: you also get it by e-mail.")
        if letters_leave()
        else _("Your label is being made."),
    )
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)


@require_safe
@with_return
def label(request: ShopRequest, visit: Visit, label_id: UUID) -> HttpResponse:
    """A label as PDF. It bears a name and an address, so only the link from our mail opens it."""
    found = label_for(request.shop, visit.rma, label_id)
    if found is None or not visit.sees_all:
        return lost(request)
    return pdf(content_of(found.file), f"{visit.rma.number}-label.pdf")


@require_safe
@with_return
def code(request: ShopRequest, visit: Visit, label_id: UUID) -> HttpResponse:
    """The code that stands for a printed label, as PDF; opened as the label is."""
    found = label_for(request.shop, visit.rma, label_id)
    if found is None or not visit.sees_all or not found.drop_off_code:
        return lost(request)
    made = drop_off_sheet(found, language=get_language() or "fr", made_at=now())
    return pdf(made, f"{visit.rma.number}-code.pdf")


@require_safe
@with_return
def slip(request: ShopRequest, visit: Visit) -> HttpResponse:
    """The sheet that goes into the parcel."""
    together = [o.number for o in companions_of(visit.rma) if may_see(request, visit, o)]
    made = packing_slip(
        visit.rma, language=get_language() or "fr", made_at=now(), together=together
    )
    return pdf(made, f"{visit.rma.number}.pdf")


@require_safe
@with_return
def customs(request: ShopRequest, visit: Visit, form: str) -> HttpResponse:
    """A paper for customs. It bears a name and an address, so it opens as the label does."""
    told = declaration_of(visit.rma)
    if told is None or form not in set(Form) or not visit.sees_all:
        return lost(request)
    made = customs_paper(visit.rma, told, Form(form), made_at=now())
    return pdf(made, f"{visit.rma.number}-{form}.pdf")


@require_safe
@with_return
def address(request: ShopRequest, visit: Visit, paper: str) -> HttpResponse:
    """The address to stick on the parcel; the sender's only for who holds the link."""
    if paper not in PAPERS or visit.rma.request_state != RequestState.APPROVED:
        raise Http404
    made = address_label(
        visit.rma,
        paper=paper,
        language=get_language() or "fr",
        made_at=now(),
        names_sender=visit.sees_all,
    )
    return pdf(made, f"{visit.rma.number}-{paper}.pdf")
