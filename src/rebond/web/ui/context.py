"""What every page knows: the shop whose page it is, and the languages it can be read in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from rebond.web.ui.letters import letters_leave


def look(request: HttpRequest) -> dict[str, Any]:
    """``shop`` (or None), ``languages`` as code and name, ``language`` as the active code.

    ``letters_leave``: whether the page may promise an e-mail.
    """
    shop = getattr(request, "shop", None)
    wanted = shop.languages if shop and shop.languages else [code for code, _ in settings.LANGUAGES]
    return {
        "shop": shop,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in wanted],
        "letters_leave": letters_leave(),
        "language": getattr(request, "LANGUAGE_CODE", "fr"),
    }
