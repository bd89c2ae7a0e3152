"""Publishing a policy."""

from typing import Any

from django.db.models import Max

from rebond.domain.policies.engine import UnreadablePolicy, read_policy
from rebond.domain.policies.errors import PolicyNotReadable
from rebond.domain.policies.events import PolicyPublished
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record


@action
def publish_policy(shop: Shop, document: dict[str, Any], *, note: str, by: str) -> PolicyVersion:
    """Put ``document`` in force from now on, as the shop's next version.

    Raises ``PolicyNotReadable`` when the engine does not understand it.
    """
    try:
        read_policy(document)
    except UnreadablePolicy as problem:
        raise PolicyNotReadable(problem=str(problem)) from problem
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    last = PolicyVersion.objects.filter(shop=shop).aggregate(last=Max("number"))["last"] or 0
    version = PolicyVersion.objects.create(
        shop=shop,
        number=last + 1,
        document=document,
        note=note,
        published_at=now(),
        created_by=by,
    )
    record(PolicyPublished(str(version.pk), version.number), shop_id=shop.pk, actor=by)
    return version
