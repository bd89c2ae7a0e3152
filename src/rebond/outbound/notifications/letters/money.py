"""Letters about money and its documents, also when something went wrong."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.links import way_token
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.shops.addresses import way_page
from rebond.kernel import formats
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.facts import facts_of, page_of
from rebond.outbound.telling.sums import sum_of, titles_of


def documented(note: CreditNote) -> Content:
    """A document was made: the money is on its way, or the invoice was corrected by hand."""
    content = _refunded(note) if note.settlement is not None else _corrected(note)
    return replace(content, attachments=[f"credit_note:{note.pk}"] if _goes_along(note) else [])


def copied(note: CreditNote) -> Content:
    """A document once more, marked as a duplicate."""
    return Content(
        subject=_("Copy of document {label}").format(label=note.label),
        paragraphs=[_("As agreed, here is document {label} again.").format(label=note.label)],
        facts=[(_("Order"), note.order.number), (_("Document"), note.label)],
        attachments=[f"credit_note_copy:{note.pk}"],
    )


def _refunded(note: CreditNote) -> Content:
    assert note.settlement is not None
    rma = note.settlement.rma
    amount = formats.money(note.gross_minor, note.currency, note.language)
    references = [
        refund.bank_reference for refund in note.settlement.refunds.all() if refund.bank_reference
    ]
    facts = facts_of(rma) if rma is not None else [(_("Order"), note.order.number)]
    facts += _why(note.settlement, note.language)
    facts += [(_("Amount"), amount), (_("Document"), note.label)]
    facts += [(_("Bank reference"), reference) for reference in references]
    paragraphs = [
        _(
            "We have refunded {amount}. Depending on your bank it takes up to ten days until "
            "you see it on your account."
        ).format(amount=amount),
        _where_it_is(note),
    ]
    if rma is not None:
        paragraphs.append(_("On the page of your return you find how the amount was worked out."))
    return Content(
        subject=_("{amount} are on their way to you ({number})").format(
            amount=amount, number=rma.number if rma is not None else note.order.number
        ),
        paragraphs=paragraphs,
        facts=facts,
        button=_("See how it adds up") if rma is not None else "",
        link=page_of(rma) if rma is not None else "",
    )


def _why(settlement: Settlement, language: str) -> list[tuple[str, str]]:
    """Each part of the sum with its reasons, as the page of the return shows them."""
    told = sum_of(settlement.figures, titles_of(settlement.order))
    rows = []
    for row in told.rows:
        amount = formats.money(row.amount_minor, told.currency, language)
        rows.append((row.title, " · ".join((amount, *row.why))))
    return rows + [(_("Note"), sentence) for sentence in told.why]


def _corrected(note: CreditNote) -> Content:
    amount = formats.money(note.gross_minor, note.currency, note.language)
    return Content(
        subject=_("Credit note {label} for your order {number}").format(
            label=note.label, number=note.order.number
        ),
        paragraphs=[
            _("We have corrected the invoice of your order by {amount}.").format(amount=amount),
            _where_it_is(note),
            _("This document by itself sets no payment in motion."),
        ],
        facts=[
            (_("Order"), note.order.number),
            (_("Amount"), amount),
            (_("Document"), note.label),
        ],
    )


def _where_it_is(note: CreditNote) -> str:
    if _goes_along(note):
        return _("The document is attached.")
    if _is_for_platform(note):
        return _("You receive the document through your e-invoicing platform.")
    return _("We send you the document separately.")


def _goes_along(note: CreditNote) -> bool:
    """Whether the document may be mailed: nothing was found against it, and no platform is due."""
    kept = note.files.first()
    return kept is not None and kept.is_valid and not _is_for_platform(note)


def _is_for_platform(note: CreditNote) -> bool:
    return note.transmissions.filter(is_due=True).exists()


def refund_failed(refund: Refund, language: str) -> Content:
    """The truth, also when it is not pleasant, and also when it comes after better news."""
    rma, order = refund.settlement.rma, refund.settlement.order
    amount = formats.money(refund.amount_minor, refund.currency, language)
    was_told = refund.state == RefundState.FAILED_LATE
    tried = (
        _("We had told you that {amount} were on their way. Your bank has sent them back to us.")
        if was_told
        else _("We tried to refund {amount}, but the money could not be delivered.")
    )
    return Content(
        subject=_("Your refund did not go through yet ({number})").format(
            number=rma.number if rma is not None else order.number
        ),
        paragraphs=[
            tried.format(amount=amount),
            _(
                "This is not your fault and nothing is lost: please choose another way, it takes a "
                "minute. Or do nothing: we look into it too."
            ),
        ],
        facts=facts_of(rma) if rma is not None else [(_("Order"), order.number)],
        button=_("Choose where the money goes"),
        link=way_page(refund.shop, way_token(refund)),
    )


def way_asked(refund: Refund, language: str) -> Content:
    """Ask where money shall go that cannot go back the way it was paid."""
    rma, order = refund.settlement.rma, refund.settlement.order
    amount = formats.money(refund.amount_minor, refund.currency, language)
    return Content(
        subject=_("Where shall we send your {amount}? ({number})").format(
            amount=amount, number=rma.number if rma is not None else order.number
        ),
        paragraphs=[
            _("{amount} are yours, but they cannot go back the way you paid.").format(
                amount=amount
            ),
            _("Please tell us where to send them: your bank account, or store credit."),
        ],
        facts=facts_of(rma) if rma is not None else [(_("Order"), order.number)],
        button=_("Choose where the money goes"),
        link=way_page(refund.shop, way_token(refund)),
    )
