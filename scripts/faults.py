"""Kill the worker with -9 at every named step, with a provider that fails too.

Each row is one real run: a shop, a return ready to be paid, the rehearsal provider as a process, a
worker that dies at the step, and workers that go on. Expected every time: paid once, one document,
every promise kept. Exit code 1 when a row failed or its process did not die at the step.
Runs on the database of DATABASE_URL's kind: SQLite, or a PostgreSQL server that it may make
databases on (`scripts/with_pg.py` gives one).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

STEPS = (
    "settlement.deciding",
    "refund.armed",
    "refund.answered",
    "refund.settling",
    "refund.settled",
    "document.issuing",
    "document.issued",
)
PROVIDER = ("ok", "timeout_after", "500_after", "500_before")
ROUNDS = 8


def main(words: list[str]) -> int:
    if words[:1] == ["scene"]:
        return _scene(words[1])
    only = words[1] if words[:1] == ["--only"] else ""
    rows = [(step, mode) for step in STEPS for mode in PROVIDER if only in f"{step}/{mode}"]
    print(
        f"{'killed at':<22}{'provider':<16}{'died':<7}{'paid':<6}{'documents':<11}"
        f"{'state':<12}{'verify':<8}result"
    )
    failed = sum(not _row(step, mode) for step, mode in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed or not rows else 0


def _row(step: str, mode: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="rebond-fault-") as folder:
        env = _environment(Path(folder))
        provider = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "rebond",
                "simulate",
                f"--port={env['PROVIDER_PORT']}",
                f"--file={folder}/provider.sqlite3",
            ],
            env=env,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(env)
            _run(env, sys.executable, __file__, "scene", "arrange")
            if mode != "ok":
                _post(env, "plan", mode=mode, detail={"seconds": 2})
            died, found = False, {"state": "", "documents": 0, "booked": []}
            for _ in range(ROUNDS):
                code, said = _live(env, crash_at="" if died else step)
                died = died or code == -signal.SIGKILL
                found = json.loads(said) if not code else found
                if died and found["documents"] and not found["waiting"]:
                    break
            verify = subprocess.run(
                [sys.executable, "-m", "rebond", "verify"], env=env, capture_output=True
            ).returncode
        finally:
            provider.terminate()
            provider.wait()
    paid = len([r for r in found["booked"] if r["status"] != "failed"])
    fine = (died, paid, found["documents"], found["state"], verify) == (True, 1, 1, "succeeded", 0)
    print(
        f"{step:<22}{mode:<16}{'yes' if died else 'NO':<7}{paid:<6}{found['documents']:<11}"
        f"{found['state']:<12}{'kept' if not verify else 'BROKEN':<8}"
        f"{'pass' if fine else 'FAIL'}",
        flush=True,
    )
    return fine


def _environment(folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = os.environ.get("DATABASE_URL", "sqlite:")
    url = f"sqlite:///{folder}/rebond.sqlite3"
    if given.startswith("postgres"):
        url = urlunsplit(urlsplit(given)._replace(path=f"/fault_{uuid4().hex[:12]}"))
    return {
        **os.environ,
        "ADMIN_URL": given,
        "DATABASE_URL": url,
        "REBOND_HOME": str(folder),
        "REBOND_SMTP_URL": f"file://{folder}/outbox",
        "REBOND_SIMULATOR_URL": f"http://127.0.0.1:{port}",
        "REBOND_SIMULATOR_TIMEOUT": "1",
        "PROVIDER_PORT": str(port),
    }


def _wait(env: dict[str, str]) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{env['REBOND_SIMULATOR_URL']}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the rehearsal provider does not answer")


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}:\n{done.stderr[-3000:]}")
    return done.stdout


def _live(env: dict[str, str], *, crash_at: str) -> tuple[int, str]:
    """One worker's life, an hour after the last; its exit code and what it left."""
    worker = subprocess.run(
        [sys.executable, __file__, "scene", "live"],
        env={**env, "REBOND_CRASH_AT": crash_at},
        capture_output=True,
        text=True,
    )
    if worker.returncode > 0:
        raise SystemExit(worker.stderr[-3000:])
    return worker.returncode, worker.stdout


def _post(env: dict[str, str], page: str, **body: Any) -> None:
    address = f"{env['REBOND_SIMULATOR_URL']}/{page}"
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode()), timeout=5)


def _scene(part: str) -> int:
    """What runs inside the killed installation's environment."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    if part == "arrange":
        _make_database()
    import_module("rebond.cli.boot").set_up()
    if part == "arrange":
        _arrange()
    else:
        _clock()
        schedule = import_module("rebond.flows.schedule").SCHEDULE
        import_module("rebond.kernel.worker").Worker(threads=1, schedule=schedule).run_until_idle()
        _report()
    return 0


def _make_database() -> None:
    url = os.environ["DATABASE_URL"]
    if url.startswith("postgres"):
        name = urlsplit(url).path.lstrip("/")
        connect = import_module("psycopg").connect
        with connect(os.environ["ADMIN_URL"], autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')


def _arrange() -> None:
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    world = import_module("tests.world")
    order = world.order_of(world.small_shop(), provider="simulator")
    _post(
        dict(os.environ),
        "payments",
        reference=order.payments.get().reference,
        currency="EUR",
        captured=order.total_minor,
    )
    rma = world.received_return(order, {"LAMP-01": 1})
    import_module("rebond.domain.warehouse.actions").inspect_return(
        rma.pk, world.findings(rma), by="staff:Karim"
    )


def _clock() -> None:
    """An hour goes by: leases end, checks are due, the provider's quiet period is over."""
    timedelta = import_module("datetime").timedelta
    past = import_module("rebond.kernel.clock").now() - timedelta(hours=1)
    models = import_module("rebond.domain.refunds.models")
    import_module("rebond.kernel.models").Job.objects.update(run_at=past)
    models.Refund.objects.exclude(next_check_at=None).update(next_check_at=past)
    models.Attempt.objects.exclude(ended_at=None).update(ended_at=past)
    import_module("rebond.domain.refunds.jobs").check_due_refunds()


def _report() -> None:
    refund = import_module("rebond.domain.refunds.models").Refund.objects.first()
    notes = import_module("rebond.domain.credit_notes.models").CreditNote.objects
    with urllib.request.urlopen(f"{os.environ['REBOND_SIMULATOR_URL']}/ledger", timeout=5) as page:
        booked = json.loads(page.read())["refunds"]
    left = {
        "state": refund.state if refund else "",
        "documents": notes.count(),
        "waiting": import_module("rebond.kernel.models").Job.objects.count(),
        "booked": booked,
    }
    print(json.dumps(left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
