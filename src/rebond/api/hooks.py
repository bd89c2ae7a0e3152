"""Messages from other systems: signed or refused, kept before they are answered, applied once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rebond.api.errors import problem
from rebond.domain.refunds.actions import apply_hook, keep_hook
from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import Account, HookRequest, payment_providers
from rebond.domain.shipping.actions import take_scans
from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.ports import Ability, carriers
from rebond.domain.shops.models import Shop
from rebond.kernel import tenancy
from rebond.kernel.actions import outside_transaction

MOST_BYTES = 256 * 1024
# Not the caller's fault: it shall come again. Everything else is a wrong message.
COME_AGAIN = {"no secret is set", "cannot be checked now"}


@csrf_exempt
@require_POST
def payment_hook(request: HttpRequest, slug: str, provider: str) -> HttpResponse:
    """Take what a payment provider says. 204 once it is kept, also when it was known before."""
    if provider not in payment_providers:
        raise Http404
    shop = get_object_or_404(Shop, slug=slug)
    tenancy.tell(shop.pk)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal():
        return problem(400, "not_json")
    if int(length) > MOST_BYTES:
        return problem(413, "too_large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.body
    plug = payment_providers[provider](Account(shop.slug))
    outside_transaction()
    try:
        hooks = plug.read_hook(HookRequest(headers, body, request.GET.dict()))
    except HookRefused as refused:
        return problem(503 if refused.facts.get("why") in COME_AGAIN else 401, refused.code)
    for hook in hooks:
        kept = keep_hook(shop.pk, provider, hook, body)
        if kept is not None:
            apply_hook(kept, hook)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def carrier_hook(request: HttpRequest, slug: str, carrier: str) -> HttpResponse:
    """Take what a carrier reports of parcels. 204 once it is kept, also when it was known."""
    if carrier not in carriers or Ability.HOOK not in carriers[carrier].can:
        raise Http404
    shop = get_object_or_404(Shop, slug=slug)
    tenancy.tell(shop.pk)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal():
        return problem(400, "not_json")
    if int(length) > MOST_BYTES:
        return problem(413, "too_large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    plug = carriers[carrier](Account(shop.slug))
    outside_transaction()
    try:
        scans = plug.read_scans(HookRequest(headers, request.body, request.GET.dict()))
    except CarrierHookRefused as refused:
        return problem(503 if refused.facts.get("why") in COME_AGAIN else 401, refused.code)
    take_scans(shop.pk, carrier, scans)
    return HttpResponse(status=204)
