"""What the desk's templates say beside the words that all pages share."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

register = template.Library()

ROLES = {
    "owner": N_("Owner"),
    "manager": N_("Manager"),
    "agent": N_("Customer service"),
    "warehouse": N_("Warehouse"),
    "accountant": N_("Accounting"),
    "read_only": N_("Reading only"),
}


@register.filter
def role(value: str) -> str:
    """What somebody is in the shop, in words."""
    return _(ROLES.get(value, value))
