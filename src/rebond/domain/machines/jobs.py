"""What is done by the clock."""

from rebond.domain.machines.actions import KEPT
from rebond.domain.machines.models import GivenAnswer
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now

MOST = 5000


def forget_old_answers() -> None:
    """By the clock: drop answers that nobody will ask for again, a piece at a time."""
    over = now() - KEPT
    for shop in Shop.objects.only("id"):
        old = GivenAnswer.objects.filter(shop=shop, made_at__lt=over)
        pks = list(old.values_list("pk", flat=True)[:MOST])
        GivenAnswer.objects.filter(shop=shop, pk__in=pks).delete()
