"""What runs inside the installation: `python -m scripts.load.inside NAME '{"argument": …}'`."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from rebond.cli.boot import set_up

set_up()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from scripts.generated.__main__ import fill as fill_with  # noqa: E402
from tests import world  # noqa: E402

from rebond.domain.credit_notes.models import CreditNote  # noqa: E402
from rebond.domain.machines.actions import make_key  # noqa: E402
from rebond.domain.machines.scopes import Scope  # noqa: E402
from rebond.domain.orders.models import Order  # noqa: E402
from rebond.domain.refunds.actions import refund_order  # noqa: E402
from rebond.domain.refunds.models import Refund  # noqa: E402
from rebond.domain.refunds.wishes import OrderRefund  # noqa: E402
from rebond.domain.returns.links import token_for  # noqa: E402
from rebond.domain.returns.models import Return  # noqa: E402
from rebond.domain.shops.access import Role  # noqa: E402
from rebond.domain.shops.actions import add_staff  # noqa: E402
from rebond.domain.shops.models import Shop  # noqa: E402
from rebond.kernel.clock import now  # noqa: E402
from rebond.kernel.models import Job, Schedule  # noqa: E402

SLUG = "large"
SAMPLE = 200


def fill(many: int) -> dict[str, Any]:
    """A shop with ``many`` returns."""
    call_command("migrate", verbosity=0, interactive=False)
    empty = size()["bytes"]
    return {"rows": fill_with(SLUG, many), "empty": empty, "bytes": size()["bytes"]}


def size() -> dict[str, Any]:
    """Bytes of the database, and its returns."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            file = Path(connection.settings_dict["NAME"])
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = file.stat().st_size
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
            found = cursor.fetchone()[0]
    return {"bytes": found, "returns": Return.objects.count()}


def doors() -> dict[str, Any]:
    """What callers need: a key, a session at the desk, addresses of pages that are there."""
    shop = Shop.objects.get(slug=SLUG)
    scopes = [scope.value for scope in Scope]
    _key, text = make_key(shop, title="load", scopes=scopes, by="load", per_minute=1_000_000)
    staff = add_staff(
        shop, email="load@desk.example", name="Lou", role=Role.OWNER, password=None, by="load"
    )
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(get_user_model().objects.get(pk=staff.user_id))
    client.get(f"/desk/{SLUG}/returns/")
    returns = list(Return.objects.filter(shop=shop).order_by("id")[:SAMPLE])
    return {
        "key": text,
        "cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items()),
        "tokens": [token_for(rma) for rma in returns],
        "returns": [rma.number for rma in returns],
        "orders": list(Order.objects.filter(shop=shop).values_list("number", flat=True)[:SAMPLE]),
    }


def decided(many: int) -> dict[str, Any]:
    """``many`` refunds that wait to be sent."""
    shop = world.small_shop("till")
    sums = {}
    for number in range(many):
        order = world.order_of(shop, provider="simulator", number=f"T-{number}")
        refund_order(order.pk, OrderRefund(amount_minor=100, reason="load"), by="load")
        sums |= {one.reference: one.captured_minor for one in order.payments.all()}
    return {"payments": sums}


def settled() -> dict[str, Any]:
    """How the refunds of that shop stand, and how long from the first settled to the last."""
    ends = sorted(
        Refund.objects.filter(shop__slug="till", settled_at__isnull=False).values_list(
            "settled_at", flat=True
        )
    )
    numbers = list(
        CreditNote.objects.filter(shop__slug="till").order_by("number").values_list("number")
    )
    return {
        "settled": len(ends),
        "seconds": (ends[-1] - ends[0]).total_seconds() if len(ends) > 1 else 0,
        "documents": len(numbers),
        "is_dense": numbers == [(n,) for n in range(1, len(numbers) + 1)],
    }


def stop_the_clock() -> dict[str, Any]:
    """Nothing is done by the clock for a day, and what it began is dropped.

    The generated returns are old, so that hundreds are overdue by law and would be settled beside
    what is measured.
    """
    for one in import_module("rebond.flows.schedule").SCHEDULE:
        Schedule.objects.update_or_create(path=one, defaults={"next_at": now() + timedelta(days=1)})
    dropped, _ = Job.objects.filter(shop_id=Shop.objects.get(slug=SLUG).pk).delete()
    return {"dropped": dropped}


def kept_messages() -> dict[str, Any]:
    """How many messages of providers were kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM refunds_providerevent")
        return {"kept": cursor.fetchone()[0]}


if __name__ == "__main__":
    os.environ.setdefault("REBOND_SMTP_URL", "")
    made = globals()[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(made, default=lambda one: str(one) if isinstance(one, UUID) else repr(one)))
