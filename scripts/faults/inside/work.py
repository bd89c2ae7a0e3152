"""A worker's life, and the checker, as they are; only the clock may stand elsewhere."""

import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import connection
from scripts.faults.inside.look import facts
from tests.world import findings, order_of

from rebond.cli.main import main
from rebond.domain.orders.models import Order
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.models import OutsideRefund, PayoutHold
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import inspect_return
from rebond.flows.schedule import SCHEDULE
from rebond.kernel.backup.archive import unpack
from rebond.kernel.jobs import run_due_schedules
from rebond.kernel.worker import Worker


def live() -> dict[str, Any]:
    """Do what the clock wants done and all that is due; returns what stands there then."""
    run_due_schedules(SCHEDULE)
    Worker(threads=1, schedule=SCHEDULE).run_until_idle()
    return facts()


def inspect(returns: list[str], *, decides: bool = False) -> None:
    """Look at what came back; ``decides``: and decide the refunds, with nobody yet to send them."""
    for name in returns:
        rma = Return.objects.get(pk=UUID(name))
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        if decides:
            settle_return(rma.pk, by="staff:Ana")


def enter_orders(seconds: int, prefix: str = "W-") -> None:
    """Enter one order after the other until the time is up or somebody ends it."""
    shop = Shop.objects.get()
    until = time.monotonic() + seconds
    for number in count(1):
        order_of(shop, number=f"{prefix}{number}")
        if time.monotonic() > until:
            return


def acknowledge_orders(file: str, *, careful: bool) -> None:
    """Enter orders for ever; each number is a line of ``file`` once its order is there.

    Not ``careful``: the database is told not to wait for the disk, as we never do.
    """
    shop = Shop.objects.get()
    if not careful:
        with connection.cursor() as cursor:
            [mode] = cursor.execute("PRAGMA journal_mode").fetchone()
            cursor.execute(f"PRAGMA synchronous={'NORMAL' if mode == 'wal' else 'OFF'}")
    with Path(file).open("w", buffering=1) as told:
        for number in count(1):
            order_of(shop, number=f"P-{number}")
            told.write(f"P-{number}\n")


def order_numbers() -> list[str]:
    """The numbers of all orders; the database must be whole."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if cursor.fetchall() != [("ok",)]:
            raise SystemExit("the database is damaged")
    return list(Order.objects.values_list("number", flat=True))


def orders_counted(prefix: str) -> int:
    """How many orders have a number that begins so."""
    return Order.objects.filter(number__startswith=prefix).count()


def read_archive(path: str) -> None:
    """Unpack an archive beside everything and check each file in it."""
    with TemporaryDirectory() as folder:
        unpack(Path(path), Path(folder))


def adopted() -> dict[str, Any]:
    """What was found at the provider that the backup did not know, and what is still held."""
    return {
        "waiting": OutsideRefund.objects.filter(state="waiting").count(),
        "found_again": OutsideRefund.objects.exclude(lost_refund_id=None).count(),
        "held": PayoutHold.objects.filter(lifted_at=None).count(),
    }


def verify() -> None:
    """`rebond verify`, ending with its exit code."""
    code = main(["verify"])
    if code:
        raise SystemExit(code)
