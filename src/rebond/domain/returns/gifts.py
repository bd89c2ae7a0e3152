"""Returns of presents: who got it, and what the policy lets them have for it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from rebond.domain.policies.engine import Policy
from rebond.domain.policies.rules import gifts
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop


@dataclass(frozen=True)
class Gift:
    """Somebody who got a present: where the value goes, and as what (``gifts.PAID_AS``)."""

    name: str
    email: str
    paid_as: str
    shows_value: bool = False


def gift_terms(policy: Policy) -> gifts.Settings | None:
    """What ``policy`` says of presents to everybody; None where it lets nobody return one.

    A rule with a condition does not count: of who got the present nothing is known yet.
    """
    uses = [use for use in policy.uses if use.rule.key == gifts.RULE.key and use.reach.is_always]
    return uses[0].settings if uses else None


def recipient_of(shop: Shop, gift: Gift, *, language: str) -> Shopper:
    """The row of who got the present, apart from every customer with the same address.

    Nobody proved the address: what is known of such a customer is not told by this way.
    """
    key = f"gift:{sha256(email_key(gift.email).encode()).hexdigest()[:40]}"
    made, _ = Shopper.objects.get_or_create(
        shop=shop,
        key=key,
        defaults={
            "name": gift.name,
            "name_key": gift.name.lower(),
            "email": gift.email,
            "email_key": email_key(gift.email),
            "language": language,
        },
    )
    return made
