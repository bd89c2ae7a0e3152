"""Which policy is in force."""

from datetime import datetime

from rebond.domain.policies.engine import Policy, read_policy
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.shops.models import Shop


def policy_in_force(shop: Shop, at: datetime) -> Policy:
    """The version of ``shop``'s policy that held at ``at``; the preset when there is none."""
    version = (
        PolicyVersion.objects.filter(shop=shop, published_at__lte=at)
        .order_by("-published_at", "-number")
        .first()
    )
    if version is None:
        return read_policy(GENEROUS)
    return read_policy(version.document, version=version.number)
