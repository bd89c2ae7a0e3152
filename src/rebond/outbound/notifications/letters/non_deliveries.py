"""Letters about goods that never arrived."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from rebond.domain.non_deliveries.links import report_token
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer
from rebond.domain.non_deliveries.queries import legal_end_of, lines_in
from rebond.domain.non_deliveries.states import AnswerKind
from rebond.domain.shops.addresses import missing_page
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.telling.non_deliveries import evidence_word, reason_word


def reported(report: NonDelivery) -> Content:
    """We have it, what happens next, and from which day the customer need not wait longer."""
    until = formats.day(report.deliver_by, report.language)
    after = formats.day(report.deliver_by + timedelta(days=1), report.language)
    return Content(
        subject=_about(report),
        paragraphs=[
            _("We are sorry that something has not arrived. We look for it now."),
            _("A person answers you within two working days."),
            _(
                "We have until {until} to deliver. From {after} on you may end the contract for "
                "these articles on the page below and get your money back."
            ).format(until=until, after=after),
            _("If it arrives meanwhile, please tell us on the same page."),
        ],
        facts=_facts(report),
        button=_("See where it stands"),
        link=_page(report),
    )


def answered(answer: NonDeliveryAnswer) -> Content | None:
    """What the shop says; None where a refund tells of itself, or where the goods are there."""
    report = answer.report
    language = report.language
    said = [part for part in answer.words.split("\n") if part.strip()]
    facts = _facts(report)
    day = formats.day(answer.announced_on, language) if answer.announced_on else ""
    if answer.kind == AnswerKind.ON_ITS_WAY:
        first = [_("Your articles are on their way. They should be with you on {day}.")]
        rest = [_still(report)]
    elif answer.kind == AnswerKind.SENT_AGAIN:
        told = _("We have sent your articles again. They should be with you on {day}.")
        first = [told if day else _("We have sent your articles again.")]
        rest = [_still(report)]
        if answer.carrier or answer.tracking_number:
            number = " ".join([answer.carrier, answer.tracking_number]).strip()
            facts.append((_("Parcel"), number))
    elif answer.kind == AnswerKind.REFUSED:
        first = [_("We have looked into it and cannot refund it as not delivered.")]
        rest = _refused(report)
        facts.append((_("Reason"), f"{reason_word(answer.reason)} ({answer.article})"))
        if answer.evidence_kind:
            facts.append((evidence_word(answer.evidence_kind), answer.evidence))
        if answer.staff is not None:
            facts.append((_("Decided by"), answer.staff.user.name))
    else:
        return None
    return Content(
        subject=_about(report),
        paragraphs=[*[part.format(day=day) for part in first], *said, *rest],
        facts=facts,
        button=_("See where it stands"),
        link=_page(report),
    )


def ended(report: NonDelivery) -> Content:
    """The contract is over; by when the law wants the money back, where it names a day."""
    assert report.ended_on is not None
    end = legal_end_of(report, report.ended_on)
    paragraphs = [_("You have ended the contract for these articles. You get their price back.")]
    if end.due_on is not None:
        day = formats.day(end.due_on, report.language)
        told = _("By law you get your money by {day} at the latest ({articles}).")
        paragraphs.append(told.format(day=day, articles=", ".join(end.articles)))
    else:
        paragraphs.append(_("We tell you as soon as the refund is on its way."))
    paragraphs.append(_("If the parcel comes after all, please do not open it and write to us."))
    return Content(
        subject=_about(report),
        paragraphs=paragraphs,
        facts=_facts(report),
        button=_("See where it stands"),
        link=_page(report),
    )


def _about(report: NonDelivery) -> str:
    told = _("Not arrived: order {order} ({number})")
    return told.format(order=report.order.number, number=report.number)


def _still(report: NonDelivery) -> str:
    told = _("Your rights stay as they are: if nothing is here by {day}, you may end the contract.")
    return told.format(day=formats.day(report.patience_until, report.language))


def _refused(report: NonDelivery) -> list[str]:
    if report.contested_at is not None:
        return [_("If you still disagree, a mediator for consumers or a court can decide.")]
    return [
        _(
            "If you see it differently, tell us on the page below: a person looks at it again. "
            "Your legal rights stay as they are."
        )
    ]


def _facts(report: NonDelivery) -> list[tuple[str, str]]:
    return [(f"{line.quantity} ×", line.order_line.title) for line in lines_in(report)]


def _page(report: NonDelivery) -> str:
    return missing_page(report.shop, report_token(report))
