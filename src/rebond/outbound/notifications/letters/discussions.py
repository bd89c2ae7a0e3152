"""Letters about pieces that are discussed before anything is decided."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rebond.domain.discussions.events import (
    DiscussionOpened,
    DiscussionReminded,
    PiecesSentBack,
)
from rebond.domain.discussions.models import Discussion
from rebond.domain.returns.models import Return
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import facts_of, page_of


def discussed(rma: Return, event: DiscussionOpened) -> Content:
    """What was found, what is proposed, and until when the shopper may answer."""
    row = Discussion.objects.get(shop_id=rma.shop_id, pk=event.discussion_id)
    language = get_language() or "en"
    day = formats.day(row.answer_by, language)
    return Content(
        subject=_("About your return {number}: please have a look").format(number=rma.number),
        paragraphs=[
            _("We have looked at your articles and would like your word before we decide."),
            *[part for part in row.text.splitlines() if part.strip()],
            *[_point(point, row.currency, language) for point in row.points],
            row.clause,
            _(
                "On the page of your return you see our photos. There you accept, say how you see "
                "it, or ask for your articles back, until {day}. Until then nothing is decided."
            ).format(day=day),
            _("Your legal rights remain untouched."),
        ],
        facts=facts_of(rma),
        button=_("Look and answer"),
        link=page_of(rma),
    )


def discussion_reminded(rma: Return, event: DiscussionReminded) -> Content:
    """The day of the answer is near."""
    day = formats.day(date.fromisoformat(event.answer_by), get_language() or "en")
    return Content(
        subject=_("Your word on your return {number}, until {day}").format(
            number=rma.number, day=day
        ),
        paragraphs=[
            _("We showed you what we found of your articles and have not heard from you yet."),
            _("You may answer until {day}. After that we decide on what we have.").format(day=day),
        ],
        facts=facts_of(rma),
        button=_("Look and answer"),
        link=page_of(rma),
    )


def pieces_sent_back(rma: Return, event: PiecesSentBack) -> Content:
    """The articles are on their way to the shopper again."""
    facts = facts_of(rma)
    if event.carrier:
        facts.append((_("Carrier"), event.carrier))
    if event.tracking_number:
        facts.append((_("Tracking number"), event.tracking_number))
    return Content(
        subject=_("Your articles are on their way back to you ({number})").format(
            number=rma.number
        ),
        paragraphs=[
            _("As you wished, we have sent your articles back to you. Nothing is refunded."),
            _("Your legal rights remain untouched."),
        ],
        facts=facts,
        button=_("See your return"),
        link=page_of(rma),
    )


def _point(point: dict[str, object], currency: str, language: str) -> str:
    kept = formats.money(int(str(point["kept_minor"])), currency, language)
    if point["kept_percent"] == 100:
        return _("{quantity} × {title}: not refunded ({amount}).").format(
            quantity=point["quantity"], title=point["title"], amount=kept
        )
    return _("{quantity} × {title}: {percent} % kept, {amount}.").format(
        quantity=point["quantity"],
        title=point["title"],
        percent=point["kept_percent"],
        amount=kept,
    )
