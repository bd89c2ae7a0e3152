"""The letter about a second look at a contested grade."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rebond.domain.contests.events import GradeAnswered
from rebond.domain.contests.models import Contest
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.returns.models import Return
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import facts_of, page_of


def grade_answered(rma: Return, event: GradeAnswered) -> Content:
    """What the second person found, in their words."""
    contest = Contest.objects.get(shop_id=rma.shop_id, pk=event.contest_id)
    if event.outcome == ContestOutcome.CORRECTED:
        result = _("You were right: we have corrected the grade and pay you what we had kept back.")
    else:
        result = _("We have looked carefully, and the grade stays as it was.")
    said = [part for part in contest.answer.splitlines() if part.strip()]
    return Content(
        subject=_("We have looked again at your return {number}").format(number=rma.number),
        paragraphs=[
            _("You saw the state of your articles differently. Somebody else has looked again."),
            result,
            *said,
            _("Your legal rights remain untouched."),
        ],
        facts=facts_of(rma),
        button=_("See your return"),
        link=page_of(rma),
    )
