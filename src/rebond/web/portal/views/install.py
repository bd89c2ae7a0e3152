"""The portal on the phone's home screen: its name, colours and picture."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rebond.domain.shops.icons import icon_of
from rebond.kernel.files import content_of
from rebond.web.portal.access import ShopRequest, in_shop
from rebond.web.portal.looks import colour_of

SIZES = (192, 512)


@require_safe
@in_shop
def manifest(request: ShopRequest) -> HttpResponse:
    """What a phone wants to know to keep the portal among its apps. Source: W3C App Manifest."""
    shop = request.shop
    home = reverse("portal:start", args=[shop.slug])
    told = {
        "id": home,
        "name": _("%(shop)s: returns") % {"shop": shop.name},
        "short_name": shop.name[:30],
        "lang": get_language() or shop.languages[0],
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": colour_of(shop.colours, "brand", "#0f6b57"),
        "background_color": "#faf9f6",
        "icons": _icons(request),
    }
    answer = JsonResponse(told, content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@require_safe
@in_shop
def icon(request: ShopRequest, size: int) -> HttpResponse:
    """The shop's logo on a white square of ``size`` pixels, one of ``SIZES``."""
    if size not in SIZES or not request.shop.logo:
        raise Http404
    drawn = icon_of(content_of(request.shop.logo), size)
    answer = HttpResponse(drawn, content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _icons(request: ShopRequest) -> list[dict[str, str]]:
    if not request.shop.logo:
        return [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    return [
        {
            "src": reverse("portal:icon", args=[request.shop.slug, size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
