"""Sessions of the desk: begun, used, confirmed, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from rebond.domain.shops.models import User
from rebond.domain.sign_in.models import DeskSession, SignInTries
from rebond.domain.sign_in.throttle import FAMILIAR_FOR, REMEMBERED
from rebond.kernel.actions import action
from rebond.kernel.clock import now

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
CONFIRMED_FOR = timedelta(minutes=15)
NOTE_USE_EVERY = timedelta(minutes=1)


@action
def begin_session(
    user: User, *, device: str, address: str | None, with_factor: bool, at: datetime | None = None
) -> DeskSession:
    """Somebody showed who they are in a browser at the moment ``at``, or at this one."""
    moment = at or now()
    return DeskSession.objects.create(
        user=user,
        device=device[:200],
        address=address,
        with_factor=with_factor,
        begun_at=moment,
        last_used_at=moment,
        confirmed_at=moment,
    )


@action
def confirm_session(session: DeskSession) -> None:
    """Somebody showed once more who they are."""
    session.confirmed_at = now()
    session.save(update_fields=["confirmed_at"])


@action
def end_session(user: User, session_id: UUID) -> bool:
    """End one session of ``user``; False where it was over or is none of theirs."""
    open_one = DeskSession.objects.filter(user=user, pk=session_id, ended_at=None)
    return bool(open_one.update(ended_at=now()))


@action
def end_sessions(user: User, *, but: UUID | None = None) -> int:
    """End all sessions of ``user``, except ``but``. How many."""
    rows = DeskSession.objects.filter(user=user, ended_at=None)
    return (rows.exclude(pk=but) if but else rows).update(ended_at=now())


def session_in_use(session_id: UUID, user_id: UUID) -> DeskSession | None:
    """The session where it stands, noted as used; None where it ended or was idle too long."""
    moment = now()
    found = DeskSession.objects.filter(pk=session_id, user_id=user_id, ended_at=None).first()
    if found is None or not stands(found, moment):
        return None
    if moment - found.last_used_at > NOTE_USE_EVERY:
        DeskSession.objects.filter(pk=found.pk).update(last_used_at=moment)
    return found


def stands(session: DeskSession, moment: datetime) -> bool:
    """Whether the session opens the desk at ``moment``."""
    return (
        session.ended_at is None
        and moment - session.last_used_at < IDLE
        and moment - session.begun_at < ABSOLUTE
    )


def standing_sessions(user: User) -> list[DeskSession]:
    """Where somebody is logged in, latest use first."""
    moment = now()
    rows = DeskSession.objects.filter(
        user=user,
        ended_at=None,
        last_used_at__gt=moment - IDLE,
        begun_at__gt=moment - ABSOLUTE,
    )
    return list(rows.order_by("-last_used_at")[:100])


def is_confirmed(session: DeskSession) -> bool:
    """Whether they showed who they are a short while ago."""
    return now() - session.confirmed_at < CONFIRMED_FOR


def forget_old() -> None:
    """Remove tries and sessions that say nothing any more. Runs by the clock."""
    moment = now()
    SignInTries.objects.filter(last_at__lt=moment - REMEMBERED).delete()
    DeskSession.objects.filter(last_used_at__lt=moment - FAMILIAR_FOR).delete()
