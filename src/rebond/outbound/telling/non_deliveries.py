"""What people call what is said about goods that never arrived."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

TRACKING = {
    "nothing": N_("There is no news, or no tracking"),
    "underway": N_("The parcel is on its way"),
    "delivered": N_("Delivered, but it is not here"),
    "lost": N_("The parcel is lost"),
}
REFUSED = {
    "handed_over": N_("The goods were handed over, and there is proof of it"),
    "own_carrier": N_("You chose the carrier yourself, one that we do not offer"),
    "not_due": N_("The day of delivery has not come yet"),
}
EVIDENCE = {
    "signature": N_("Signature"),
    "code": N_("Code given to the carrier"),
    "location": N_("Place of the handover"),
    "photo": N_("Photo of the handover"),
    "other": N_("Something else"),
}


def reason_word(reason: str) -> str:
    """Why a report was refused, said to the customer."""
    return _(REFUSED[reason])


def evidence_word(kind: str) -> str:
    """What shows that goods were handed over."""
    return _(EVIDENCE[kind])
