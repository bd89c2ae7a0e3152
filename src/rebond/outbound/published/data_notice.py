"""What the policy page says of personal data, as far as returns are concerned.

Source: Regulation (EU) 2016/679, art. 13, 14, 15 to 22, 77; C. com. L123-22.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rebond.domain.law.places import is_member_state
from rebond.domain.shops.models import Shop

SOURCE = "Regulation (EU) 2016/679, art. 13–22, 77"


def sentences(shop: Shop) -> Iterator[str]:
    """Purposes, periods, photos, the closer look, rights, and whom to complain to."""
    yield _(
        "For a return we use your order, your reason, what you write, your photos and, if you want "
        "the money on an account, its number: to answer you, to pay you, and because the law asks "
        "for it. Nothing of it is used for advertising."
    )
    yield _(
        "Documents about money are kept for ten years, as the law demands; what concerns your "
        "return as long as claims may arise from it. From photos we remove where and with what "
        "they were taken."
    )
    yield _(
        "A program may ask our team to look more closely at a return. It never decides: a person "
        "does, tells you the reason, and you may contest it."
    )
    said = _(
        "You may see your data, have it corrected, handed over or deleted, restrict its use and "
        "object to it: write to {email}. We answer within a month."
    ).format(email=shop.email)
    yield said
    if shop.country == "FR":
        yield _("You may complain to the CNIL, www.cnil.fr.")
    elif is_member_state(shop.country):
        yield _("You may complain to the data protection authority of your country.")
