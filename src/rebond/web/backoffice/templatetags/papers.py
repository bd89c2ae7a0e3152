"""What the desk's templates say about documents."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.credit_notes.models import CreditNote

register = template.Library()

MENTIONS = {
    "seller_name": N_("The shop’s name is missing."),
    "seller_address": N_("The shop’s address is missing."),
    "seller_siren": N_("The shop’s SIREN is missing."),
    "buyer_name": N_("The customer’s name is missing."),
    "buyer_address": N_("The customer’s address is missing."),
    "buyer_siren": N_("The customer’s SIREN or VAT number is missing."),
    "invoice_number": N_("The number of the invoice is missing."),
    "invoice_date": N_("The date of the invoice is missing."),
}
RULES = {
    "BR-S-02": N_("The shop’s VAT number is missing."),
    "BR-09": N_("The shop’s country is missing."),
    "BR-10": N_("The customer’s address is missing."),
    "BR-11": N_("The customer’s country is missing."),
}
CHECKS = {
    "xsd": N_("XML schema of Factur-X"),
    "en16931": N_("Rules of EN 16931"),
    "fr-ctc": N_("Rules of the French reform"),
}


@register.filter
def finding_words(finding: str) -> str:
    """What is wrong with a document, in words where there are some, else as the rule says it."""
    kind, _sep, rest = finding.partition(": ")
    text = MENTIONS.get(rest) if kind == "mention" else RULES.get(kind)
    return _(text) if text else finding


@register.filter
def check_word(check: str) -> str:
    """The name of a check."""
    return _(CHECKS[check]) if check in CHECKS else check


@register.filter
def item_tax(item: dict[str, Any]) -> int:
    """The tax in one position of a document."""
    return sum(item["tax_by_rate"].values())


@register.simple_tag
def document_state(note: CreditNote) -> SafeString | str:
    """Whether a document is in order, and whether it waits for the platform."""
    kept = next(iter(note.files.all()), None)
    waits = any(one.state == "waiting" for one in note.transmissions.all())
    if kept is None:
        return _state("info", _("Being made"))
    if kept.findings:
        return _state("bad", _("Not in order"))
    if waits:
        return _state("wait", _("To transmit"))
    return _state("good", _("In order")) if kept.checks else "–"


def _state(tone: str, text: str) -> SafeString:
    return format_html('<span class="state state-{}">{}</span>', tone, text)
