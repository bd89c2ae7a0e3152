"""What the clock does with discussions: reminds of the day, and ends those that had it."""

from rebond.domain.discussions.actions import lapse_discussion, remind_of_discussion
from rebond.domain.discussions.queries import discussions_to_remind, due_discussions
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now


def look_at_discussions() -> None:
    """By the clock: remind shoppers of the day of their answer, and let pass what had its day."""
    moment = now()
    for shop in Shop.objects.order_by("slug"):
        for rma_id in discussions_to_remind(shop, moment):
            remind_of_discussion(rma_id, by="system")
        for rma_id in due_discussions(shop, moment):
            lapse_discussion(rma_id, by="system")
