"""The same message fifty times at once, by eight processes: one effect, fifty times "taken"."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from tests.integrations.conftest import SECRET
from tests.world import order_of, small_shop

from rebond.domain.refunds import actions
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.wishes import OrderRefund
from rebond.simulator.payments import sign

STORM = Path(__file__).with_name("hook_storm.py")
ROOT = Path(__file__).parents[2]
PROCESSES, TIMES = 8, 50


@pytest.fixture
def database(transactional_db, tmp_path):
    """Gives the address of the tests' database; SQLite's lives in memory and is copied."""

    def address() -> str:
        wanted = connection.settings_dict
        if connection.vendor == "postgresql":
            login = f"{quote(wanted['USER'])}:{quote(wanted['PASSWORD'])}"
            place = f"{wanted['HOST']}:{wanted['PORT']}/{wanted['NAME']}"
            return f"postgresql://{login}@{place}"
        file = tmp_path / "storm.sqlite3"
        connection.ensure_connection()
        copy = sys.modules["sqlite3"].connect(file)
        connection.connection.backup(copy)
        copy.close()
        return f"sqlite:///{file}"

    return address


@pytest.mark.parametrize("is_ours", [True, False], ids=["ours", "of nobody"])
def test_one_message_at_once_from_all_sides_has_one_effect(is_ours, database, tmp_path):
    order = order_of(small_shop(), provider="simulator")
    wish = OrderRefund(amount_minor=1000, reason="late")
    refund = actions.refund_order(order.pk, wish, by="staff:Ana").refunds.get()
    armed = actions.arm_refund(refund.pk)
    actions.settle_refund(refund.pk, armed.token, Answer(Outcome.PENDING, reference="sim_re_1"))
    item = {
        "id": "sim_re_1" if is_ours else "sim_re_2",
        "payment": order.payments.get().reference if is_ours else "pay_of_nobody",
        "merchant_reference": str(refund.pk) if is_ours else "",
        "amount": 1000,
        "currency": "EUR",
        "status": "succeeded",
    }
    body = json.dumps({"id": "evt_1", "type": "refund.updated", "data": item})
    (tmp_path / "answers").mkdir()

    done = subprocess.run(
        [sys.executable, str(STORM)],
        input=json.dumps(
            {
                "path": f"/hooks/payments/{order.shop.slug}/simulator/",
                "body": body,
                "signature": sign(SECRET, body.encode(), int(time.time())),
                "processes": PROCESSES,
                "times": TIMES,
                "folder": str(tmp_path / "answers"),
            }
        ),
        env={
            **os.environ,
            "DATABASE_URL": database(),
            "REBOND_HOME": str(tmp_path),
            "REBOND_SIMULATOR_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["codes"] == [0] * PROCESSES
    assert seen["answers"] == [204] * TIMES, done.stderr[-3000:]
    assert seen["messages"] == ["applied" if is_ours else "parked"]
    assert (seen["told"], seen["states"]) == ((1, ["succeeded"]) if is_ours else (0, ["pending"]))
    assert seen["reserved"] == [1000]
    assert seen["broken"] == []
    assert seen["seconds"] < 15
