"""The text that a shop puts into its order confirmations: rights, form, where to withdraw."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from rebond.domain.policies.queries import policy_in_force, policy_of, version_in_force
from rebond.domain.shops.addresses import policy_page, withdrawal_page
from rebond.domain.shops.models import Shop
from rebond.outbound.published.model_form import form_text
from rebond.outbound.published.page import PublicPolicy, Section, may_withdraw, public_policy


def page_at(shop: Shop, at: datetime, language: str) -> PublicPolicy:
    """The public page of the version in force at ``at``, in ``language``."""
    version = version_in_force(shop, at)
    policy = policy_of(version) if version else policy_in_force(shop, at)
    with override(language):
        return public_policy(shop, policy, version, language)


def confirmation_text(shop: Shop, at: datetime, language: str) -> str:
    """Plain text for a mail: a durable medium, as the law wants it told.

    Source: C. conso. L221-5, L221-13; Dir. 2011/83/EU art. 8(7).
    """
    told = page_at(shop, at, language)
    with override(language):
        parts = [_("Your right to withdraw and our return policy"), ""]
        if may_withdraw(shop):
            parts += [_("Withdraw online: {link}").format(link=withdrawal_page(shop))]
        parts += [_("The whole policy: {link}").format(link=policy_page(shop)), ""]
        parts += [_("YOUR LEGAL RIGHTS"), "", *_sections(told.by_law)]
        parts += [_("WHAT WE ADD"), "", *_sections(told.promise)]
        if may_withdraw(shop):
            parts += [form_text(shop, language), ""]
        parts += [f"{label}: {value}" for label, value in told.contact]
        if told.number:
            parts += ["", _("Version {n} of our policy.").format(n=told.number)]
    return "\n".join(parts) + "\n"


def _sections(sections: tuple[Section, ...]) -> list[str]:
    lines = []
    for section in sections:
        lines += [section.heading, *(f"- {sentence}" for sentence in section.sentences)]
        lines += [section.source, ""] if section.source else [""]
    return lines
