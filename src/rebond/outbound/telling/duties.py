"""What people call a duty."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

DUTIES = {
    "acknowledge": N_("Acknowledge a withdrawal"),
    "answer": N_("Answer"),
    "refund": N_("Refund"),
    "conformity": N_("Put a defect right"),
    "appeal": N_("Answer an appeal"),
    "data": N_("Answer a request about personal data"),
}


def duty_word(kind: str) -> str:
    """The words for a kind of duty."""
    return _(DUTIES[kind])
