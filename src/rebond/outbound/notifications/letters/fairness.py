"""Letters about a restriction: what, why, until when, what stays untouched, and how to appeal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.fair_use.kinds import ANSWERED_WITHIN_DAYS
from rebond.domain.fair_use.links import appeal_token
from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.shops.addresses import fair_use_page
from rebond.kernel import formats
from rebond.kernel.clock import local_date
from rebond.outbound.notifications.content import Content
from rebond.outbound.telling.fairness import limit_word, reason_word


def restricted(restriction: Restriction) -> Content:
    """The notice, before anything changes. Source: GDPR arts 13(2)(f), 21, 22(3)."""
    start = _day(restriction, "starts_at")
    return Content(
        subject=_("A change to our extra services from {day}").format(day=start),
        paragraphs=[
            _(
                "A person in our team has looked at your returns and decided to change some "
                "services that we offer of our own accord. Nothing changes before {day}."
            ).format(day=start),
            restriction.words,
            untouched(),
            appeals_welcome(),
        ],
        facts=[
            (_("Why"), reason_word(restriction.reason)),
            *((_("What changes"), limit_word(limit)) for limit in restriction.limits),
            (_("Based on"), ", ".join(restriction.evidence)),
            (_("From"), start),
            (_("Ends by itself on"), _day(restriction, "ends_at")),
        ],
        button=_("Ask for another look"),
        link=_page(restriction),
    )


def lifted(restriction: Restriction) -> Content:
    """Everything is as before."""
    return Content(
        subject=_("All our services are open to you again"),
        paragraphs=[
            _(
                "The change to our extra services that we had written to you about is lifted. "
                "Everything is as it was before. Thank you for your patience."
            )
        ],
    )


def appeal_answered(restriction: Restriction, appeal: Appeal) -> Content:
    """What a person answered, in their words."""
    was_lifted = appeal.outcome == "lifted"
    outcome = (
        _("We have lifted the change: everything is as it was before.")
        if was_lifted
        else _("After another look we keep the change until {day}. It then ends by itself.").format(
            day=_day(restriction, "ends_at")
        )
    )
    closing = [] if was_lifted else [untouched(), contest()]
    return Content(
        subject=_("Our answer to your message about our extra services"),
        paragraphs=[outcome, appeal.answer, *closing],
        button=_("See the answer"),
        link=_page(restriction),
    )


def untouched() -> str:
    """What no restriction ever touches."""
    return _(
        "Your legal rights remain exactly the same: you may still withdraw from a purchase within "
        "the legal period, and the guarantee for faulty goods holds as before."
    )


def appeals_welcome() -> str:
    """How to appeal, and by when a person answers."""
    return ngettext(
        "Do you see it differently? Use the button below: a person reads your message and answers "
        "within {days} day.",
        "Do you see it differently? Use the button below: a person reads your message and answers "
        "within {days} days.",
        ANSWERED_WITHIN_DAYS,
    ).format(days=ANSWERED_WITHIN_DAYS)


def contest() -> str:
    """Where else one may turn."""
    return _("You may also turn to the data protection authority or to a court.")


def _day(restriction: Restriction, name: str) -> str:
    day = local_date(getattr(restriction, name), restriction.shop.time_zone)
    return formats.day(day, restriction.language)


def _page(restriction: Restriction) -> str:
    return fair_use_page(restriction.shop, appeal_token(restriction))
