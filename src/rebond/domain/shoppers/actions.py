"""The verb of a shopper: their tier."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.shoppers.errors import TierUnreadable
from rebond.domain.shoppers.events import TierChanged
from rebond.domain.shoppers.models import LONGEST_TIER, Shopper, tier_word
from rebond.kernel.actions import action
from rebond.kernel.events import record


@action
def set_tier(shopper_id: UUID, tier: str, *, by: str) -> bool:
    """Say to which tier of your customers somebody belongs; "" to none. False where it was so.

    Raises ``TierUnreadable`` for more than thirty characters.
    """
    shopper = Shopper.objects.select_for_update(no_key=True).get(pk=shopper_id)
    word = tier_word(tier)
    if len(word) > LONGEST_TIER:
        raise TierUnreadable(limit=LONGEST_TIER)
    if word == shopper.tier:
        return False
    shopper.tier = word
    shopper.save(update_fields=["tier"])
    record(TierChanged(str(shopper.pk), word), shop_id=shopper.shop_id, actor=by)
    return True
