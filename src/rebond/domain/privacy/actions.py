"""The verbs about personal data: ask, answer, erase, refuse, keep for another time, remove."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from rebond.domain import law
from rebond.domain.law.calendar import add_months
from rebond.domain.privacy.copies import copy_of
from rebond.domain.privacy.errors import (
    DataRequestAnswered,
    DataRequestOpen,
    MattersOpen,
    RetentionOutOfReach,
    UnknownMailbox,
    WordsNeeded,
)
from rebond.domain.privacy.events import (
    DataPurged,
    DataRequestEnded,
    DataRequestMade,
    RetentionChanged,
)
from rebond.domain.privacy.keeping import empty_some, erase_all, months_of, over
from rebond.domain.privacy.models import PurgeReport, RetentionTerm
from rebond.domain.privacy.queries import open_matters
from rebond.domain.privacy.terms import MOST_MONTHS, TERMS
from rebond.domain.shoppers.holdings import DataKind, Subject, holdings, subject_of
from rebond.domain.shoppers.models import DataRequest, DataRequestState, RequestKind
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.files import keep

LONGEST = 500


@action
def ask_about_data(
    shop: Shop,
    kind: RequestKind,
    email: str,
    *,
    by: str,
    language: str,
    is_proven: bool = False,
    note: str = "",
) -> DataRequest:
    """Somebody asks for a copy of their data or for its erasure; answered within a month.

    ``is_proven`` when they typed a code that only this mailbox got; else ``note`` says how staff
    know them (``WordsNeeded``). Raises ``UnknownMailbox``, and ``DataRequestOpen`` where the same
    is open already.
    """
    if not is_proven and not note.strip():
        raise WordsNeeded
    subject = subject_of(shop.pk, email)
    if not _is_known(subject):
        raise UnknownMailbox
    same = DataRequest.objects.filter(
        shop=shop, kind=kind, email=subject.mailbox, state=DataRequestState.OPEN
    ).first()
    if same is not None:
        raise DataRequestOpen(due_on=same.due_on.isoformat())
    moment = now()
    made = DataRequest.objects.create(
        shop=shop,
        kind=kind,
        email=subject.mailbox,
        language=language,
        is_proven=is_proven,
        note=note.strip()[:LONGEST],
        made_by=by,
        asked_at=moment,
        due_on=answered_by(shop, local_date(moment, shop.time_zone)),
    )
    record(DataRequestMade(str(made.pk), kind, is_proven), shop_id=shop.pk, actor=by)
    return made


@action
def hand_out_copy(request_id: UUID, *, by: str) -> DataRequest:
    """Make the copy and keep it for the person to fetch. Raises ``DataRequestAnswered``."""
    asked = _open(request_id, RequestKind.COPY)
    subject = subject_of(asked.shop_id, asked.email)
    content = copy_of(asked.shop, subject, now())
    asked.file = keep(content, shop_id=asked.shop_id, folder="copies", suffix=".zip")
    return _ended(asked, DataRequestState.DONE, by=by)


@action
def erase_person(request_id: UUID, *, by: str) -> DataRequest:
    """Empty all that is held about the person; what the law wants kept stays and is counted.

    Raises ``DataRequestAnswered``, and ``MattersOpen`` while a return, a refund or a transfer of
    theirs is unfinished. Source: GDPR art. 17 (GD-05).
    """
    asked = _open(request_id, RequestKind.ERASE)
    subject = subject_of(asked.shop_id, asked.email)
    numbers = open_matters(subject)
    if numbers:
        raise MattersOpen(numbers=", ".join(numbers))
    ended = _ended(asked, DataRequestState.DONE, by=by)
    _, ended.kept = erase_all(subject)
    ended.save(update_fields=["kept"])
    return ended


@action
def refuse_request(request_id: UUID, *, answer: str, by: str) -> DataRequest:
    """Say no, and why: it was not the person, or nothing may be erased. Raises ``WordsNeeded``."""
    if not answer.strip():
        raise WordsNeeded
    asked = _open(request_id)
    asked.answer = answer.strip()[:LONGEST]
    return _ended(asked, DataRequestState.REFUSED, by=by)


@action
def keep_for(shop: Shop, kind: DataKind, months: int, *, by: str) -> RetentionTerm:
    """Keep data of ``kind`` for so many months. Raises ``RetentionOutOfReach``."""
    least = TERMS[kind].least
    if not least <= months <= MOST_MONTHS:
        raise RetentionOutOfReach(least=least, most=MOST_MONTHS)
    term, _ = RetentionTerm.objects.update_or_create(
        shop=shop, kind=kind, defaults={"months": months, "changed_by": by}
    )
    record(RetentionChanged(str(shop.pk), kind, months), shop_id=shop.pk, actor=by)
    return term


@action
def remove_some(shop_id: UUID) -> bool:
    """Take a piece of what was kept long enough away; True when nothing of it is left.

    A worker that dies loses nothing: what it had not removed is found again.
    """
    shop = Shop.objects.get(pk=shop_id)
    moment = now()
    report, _ = PurgeReport.objects.get_or_create(
        shop=shop, ended_at=None, defaults={"begun_at": moment}
    )
    months = months_of(shop)
    for holding in holdings():
        gone = empty_some(holding, shop.pk, over(shop, holding, moment, months))
        if gone:
            report.rows[holding.kind] = report.rows.get(holding.kind, 0) + gone
            report.save(update_fields=["rows"])
            return False
    report.ended_at = moment
    report.save(update_fields=["ended_at"])
    if report.rows:
        record(DataPurged(str(shop.pk), report.rows), shop_id=shop.pk, actor="system")
    return True


def answered_by(shop: Shop, asked_on: date) -> date:
    """The last day to answer: a month on, or the next working day.

    Source: GDPR art. 12(3), Reg. 1182/71 art. 3 (GD-04).
    """
    place = law.place_named(shop.country)
    day = add_months(asked_on, 1)
    return law.calendar_named(shop.country).prolonged(day) if place is not None else day


def _is_known(subject: Subject) -> bool:
    if subject.shoppers:
        return True
    return any(
        holding.rows(subject.shop_id).filter(holding.about(subject)).exists()
        for holding in holdings()
        if holding.kind in (DataKind.STATEMENTS, DataKind.MESSAGES)
    )


def _open(request_id: UUID, kind: RequestKind | None = None) -> DataRequest:
    which = Q(pk=request_id) & (Q(kind=kind) if kind else Q())
    asked = DataRequest.objects.select_for_update(of=("self",)).select_related("shop").get(which)
    if not asked.is_open:
        raise DataRequestAnswered
    return asked


def _ended(asked: DataRequest, state: DataRequestState, *, by: str) -> DataRequest:
    """End the request. The address stays until the letter about it has left."""
    asked.state, asked.ended_at, asked.ended_by = state, now(), by
    asked.save()
    record(
        DataRequestEnded(str(asked.pk), asked.kind, state.value), shop_id=asked.shop_id, actor=by
    )
    return asked
