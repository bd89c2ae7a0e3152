"""The verb of the audit: note that somebody looked at personal data."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rebond.domain.audit.chain import Deed, write
from rebond.domain.audit.models import AuditEntry
from rebond.kernel import acting
from rebond.kernel.actions import action
from rebond.kernel.clock import now

SAME_LOOK = timedelta(hours=1)


@action
def note_look(shop_id: UUID, verb: str, subject: UUID) -> AuditEntry | None:
    """Note a look or an export by whoever acts; None where it is still the same look."""
    actor, moment = acting.current(), now()
    if actor is None:
        return None
    lately = AuditEntry.objects.filter(
        shop_id=shop_id, who=actor.id, subject=subject, verb=verb, at__gt=moment - SAME_LOOK
    )
    if lately.exists():
        return None
    return write([Deed(shop_id, verb, subject, actor, moment)])[0]
