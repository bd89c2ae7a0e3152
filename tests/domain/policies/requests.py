"""Requests for a policy to judge, in the words of the trade."""

from datetime import date, timedelta

from rebond.domain.policies.facts import Facts, LineFacts

DELIVERED = date(2026, 11, 4)


def article(key: str = "1", **more) -> LineFacts:
    """A lamp of 100.00 that comes back because somebody changed their mind."""
    values = {
        "key": key,
        "sku": f"SKU-{key}",
        "category": "lamps",
        "quantity": 1,
        "value_minor": 10_000,
        "is_returnable": True,
        "is_final_sale": False,
        "reason": "changed_mind",
        "is_our_fault": False,
        "photos": 0,
        "reason_needs_photo": False,
    }
    return LineFacts(**values | more)


def wish(*lines: LineFacts, days_after: int = 20, **more) -> Facts:
    """A consumer in France asks some days after the delivery; by then no right to withdraw."""
    values = {
        "asked_on": DELIVERED + timedelta(days=days_after),
        "ordered_on": DELIVERED - timedelta(days=3),
        "dispatched_on": DELIVERED - timedelta(days=2),
        "delivered_on": DELIVERED,
        "country": "FR",
        "lines": lines or (article(),),
        "is_whole_order": True,
    }
    return Facts(**values | more)
