"""The life of a small shop around a backup, a process for each chapter; run by test_restoring.py.

``prepare`` makes a shop with sixty returns: ten are refunded, twenty decided and not yet sent,
twenty inspected and not yet decided, ten only received. ``more`` does all that was left and
decides the last ten, fifty payouts. ``work`` is what `rebond work` does, until nothing is due.
``tell`` prints what the database says.
"""

import json
import sys
from importlib import import_module

from rebond.cli.boot import set_up

ORDERS = 60


def main(chapter: str) -> None:
    set_up()
    {"prepare": prepare, "more": more, "work": work, "tell": tell}[chapter]()


def prepare() -> None:
    """Until the moment of the backup."""
    import_module("django.core.management").call_command("migrate", verbosity=0)
    world, actions, inspect = _parts()
    shop = world.small_shop()
    returns = []
    for number in range(ORDERS):
        order = world.order_of(shop, number=f"{1000 + number}", provider="simulator")
        returns.append(world.received_return(order, {"LAMP-01": 1}))
    for rma in returns[:10]:
        inspect(rma.pk, world.findings(rma), by="staff:Karim")
    world.run_jobs()
    for rma in returns[10:30]:
        inspect(rma.pk, world.findings(rma), by="staff:Karim")
        actions.settle_return(rma.pk, by="staff:Ana")
    for rma in returns[30:50]:
        inspect(rma.pk, world.findings(rma), by="staff:Karim")


def more() -> None:
    """After it: everything that waited is done, and ten decisions more."""
    world, _, inspect = _parts()
    returns = import_module("rebond.domain.returns.models").Return.objects
    for rma in returns.filter(inspection_state="received"):
        inspect(rma.pk, world.findings(rma), by="staff:Karim")
    world.run_jobs()


def work() -> None:
    """Until no job is due; schedules and pauses come as if time passed."""
    world, _, _ = _parts()
    fetching = import_module("rebond.domain.refunds.fetching")
    jobs = import_module("rebond.domain.refunds.jobs")
    refunds = import_module("rebond.domain.refunds.models").Refund.objects
    now = import_module("rebond.kernel.clock").now
    for _ in range(6):
        world.run_jobs()
        refunds.exclude(next_check_at=None).update(next_check_at=now())
        jobs.check_due_refunds()
        fetching.compare_due()


def tell() -> None:
    """What the database says, as one line of JSON."""
    models = import_module("rebond.domain.refunds.models")
    promises = import_module("rebond.insights.verification.promises").PROMISES
    held = models.PayoutHold.objects.filter(lifted_at=None)
    states = models.Refund.objects.values_list("state", flat=True)
    print(
        json.dumps(
            {
                "held": held.count(),
                "lifted_by": sorted(models.PayoutHold.objects.values_list("lifted_by", flat=True)),
                "refunds": {state: list(states).count(state) for state in set(states)},
                "outside": models.OutsideRefund.objects.filter(state="waiting").count(),
                "lost": models.OutsideRefund.objects.exclude(lost_refund_id=None).count(),
                "broken": [b for promise in promises for b in promise.breaches()],
            }
        )
    )


def _parts() -> tuple:
    return (
        import_module("tests.world"),
        import_module("rebond.domain.refunds.actions"),
        import_module("rebond.domain.warehouse.actions").inspect_return,
    )


if __name__ == "__main__":
    main(sys.argv[1])
