"""Which letter follows which event about a return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rebond.domain.contests.events import GradeAnswered
from rebond.domain.conversations.events import ShopWrote
from rebond.domain.discussions.events import (
    DiscussionOpened,
    DiscussionReminded,
    PiecesSentBack,
)
from rebond.domain.repairs.events import (
    PriceReduced,
    RepairFailed,
    RepairRefused,
    RepairSentBack,
    RepairTurned,
)
from rebond.domain.returns.events import (
    ReturnApproved,
    ReturnCancelled,
    ReturnChanged,
    ReturnDeclined,
    ReturnExpired,
    ReturnRequested,
)
from rebond.domain.returns.models import Return
from rebond.domain.shipping.events import LabelReady, SendingReminded
from rebond.domain.warehouse.events import ParcelReceived
from rebond.kernel.events import Event
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.letters.discussions import (
    discussed,
    discussion_reminded,
    pieces_sent_back,
)
from rebond.outbound.notifications.letters.grades import grade_answered
from rebond.outbound.notifications.letters.parcels import label_ready, received, reminded
from rebond.outbound.notifications.letters.repairs import (
    price_reduced,
    repair_failed,
    repair_refused,
    repair_sent_back,
    repair_turned,
)
from rebond.outbound.notifications.letters.requests import (
    approved,
    cancelled,
    changed,
    declined,
    expired,
    requested,
    shop_wrote,
)

Writer = Callable[[Return, Any], Content | None]

WRITERS: dict[type[Event], tuple[str, Writer]] = {
    ReturnRequested: ("return_requested", requested),
    ReturnChanged: ("return_changed", changed),
    ReturnApproved: ("return_approved", approved),
    ReturnDeclined: ("return_declined", declined),
    ReturnCancelled: ("return_cancelled", cancelled),
    ReturnExpired: ("return_expired", expired),
    DiscussionOpened: ("discussion_opened", discussed),
    DiscussionReminded: ("discussion_reminded", discussion_reminded),
    PiecesSentBack: ("pieces_sent_back", pieces_sent_back),
    GradeAnswered: ("grade_answered", grade_answered),
    SendingReminded: ("sending_reminded", reminded),
    LabelReady: ("label_ready", label_ready),
    ParcelReceived: ("parcel_received", received),
    ShopWrote: ("shop_wrote", shop_wrote),
    RepairFailed: ("repair_failed", repair_failed),
    RepairRefused: ("repair_refused", repair_refused),
    RepairSentBack: ("repair_sent_back", repair_sent_back),
    RepairTurned: ("repair_turned", repair_turned),
    PriceReduced: ("price_reduced", price_reduced),
}
