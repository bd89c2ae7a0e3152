"""Letters about a person's data: the copy is ready, all is erased, or why not."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebond.domain.privacy.links import LASTS, copy_token
from rebond.domain.shoppers.models import DataRequest, DataRequestState, RequestKind
from rebond.domain.shops.addresses import data_copy_page
from rebond.outbound.notifications.content import Content


def answered(asked: DataRequest) -> Content:
    """What became of the request. Source: GDPR art. 12(3), 12(4)."""
    if asked.state == DataRequestState.REFUSED:
        return _refused(asked)
    return _copied(asked) if asked.kind == RequestKind.COPY else _erased(asked)


def _copied(asked: DataRequest) -> Content:
    return Content(
        subject=_("The copy of your data is ready"),
        paragraphs=[
            _(
                "You asked for all that we keep about you. The file holds it twice: once for "
                "reading, once for other programs, with your photos and papers beside it."
            ),
            ngettext(
                "The link works for {n} day and opens your data to whoever has it: please keep it "
                "to yourself.",
                "The link works for {n} days and opens your data to whoever has it: please keep it "
                "to yourself.",
                LASTS.days,
            ).format(n=LASTS.days),
        ],
        button=_("Fetch my data"),
        link=data_copy_page(asked.shop, copy_token(asked)),
    )


def _erased(asked: DataRequest) -> Content:
    paragraphs = [
        _(
            "As you asked, we have erased what we kept about you: your name and addresses, what "
            "you wrote to us, photos, bank details. This letter is the last thing; it goes too."
        )
    ]
    if asked.kept:
        paragraphs.append(
            _(
                "The law has us keep invoices, credit notes and proofs of refunds and withdrawals "
                "for up to ten years."
            )
        )
    return Content(subject=_("Your data is erased"), paragraphs=paragraphs)


def _refused(asked: DataRequest) -> Content:
    return Content(
        subject=_("About your data"),
        paragraphs=[
            _("We could not do what you asked about your data. This is why:"),
            asked.answer,
            _(
                "You can write to us again, complain to your data protection authority, or go to "
                "court."
            ),
        ],
    )
