"""What is done by the clock."""

from rebond.domain.machines.actions import KEPT
from rebond.domain.machines.models import GivenAnswer
from rebond.kernel.clock import now

MOST = 5000


def forget_old_answers() -> None:
    """By the clock: drop answers that nobody will ask for again, a piece at a time."""
    old = GivenAnswer.objects.filter(made_at__lt=now() - KEPT).values_list("pk", flat=True)[:MOST]
    GivenAnswer.objects.filter(pk__in=list(old)).delete()
