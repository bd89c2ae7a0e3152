"""Plant known bugs, one by one, in a copy of the house, and see that a named test notices each.

A test that cannot fail shows nothing. Each plant names its file, the text it takes away, what it
puts there and the test that must fail. The tests are run on the sound copy first. Exit code 1 when
a bug was not caught, when a sound test failed, or when a text to be replaced is no longer there.
`--sample` plants a few, `--only NAME` those whose name begins so, `--write` renews the table in
docs/reliability.md. Those that need PostgreSQL get a throw-away server (`scripts/with_pg.py`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- teeth: begin -->", "<!-- teeth: end -->"
PARTS = ("src", "tests", "scripts", "docs", "pyproject.toml", "Makefile")
AT_ONCE = 2
LONGEST = 300

REFUNDS = "src/rebond/domain/refunds"
GUARDS = "tests/integrations/test_money_guards.py::test"
PROTOCOL = "tests/integrations/test_refund_protocol.py::test"
WAYS = "tests/domain/refunds/test_ways_and_limits.py::test"
VENDORS = "tests/integrations/test_every_payment_provider.py::test"
STORM = "tests/storms/test_storms.py::test_a_storm_ends_as_it_must"


@dataclass(frozen=True)
class Edit:
    """``old`` stands once in ``file`` and becomes ``new``."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Plant:
    """One bug: what it is, the edits that make it, the test that must fail."""

    name: str
    edits: tuple[Edit, ...]
    test: str
    database: str = "sqlite"
    is_sample: bool = False


def plant(name: str, file: str, old: str, new: str, test: str, **more: object) -> Plant:
    """A bug of one edit."""
    return Plant(name, (Edit(file, old, new),), test, **more)  # type: ignore[arg-type]


PLANTS = [
    plant(
        "drop the CHECK behind the reserved money",
        "src/rebond/domain/orders/migrations/0001_tables.py",
        '("refund_reserved_minor__lte", models.F("captured_minor"))',
        '("refund_reserved_minor__lte", models.F("captured_minor") + 10**12)',
        f"{GUARDS}_the_database_refuses_to_hold_more_than_was_captured",
    ),
    plant(
        "sum, then hold: no conditional update",
        f"{REFUNDS}/reserving.py",
        "    takes = {} if another_way else",
        "    left = Payment.objects.get(pk=payment.pk).left_minor\n"
        "    if left < amount_minor:\n"
        "        return False\n"
        "    Payment.objects.filter(pk=payment.pk).update(refund_reserved_minor="
        "payment.captured_minor - left + amount_minor)\n"
        "    return True\n"
        "    takes = {} if another_way else",
        f"{STORM}[C1 16 writers on the counter alone]",
        database="postgresql",
    ),
    plant(
        "let SQLite begin its transactions as readers",
        "src/rebond/config/database.py",
        '"transaction_mode": "IMMEDIATE",',
        "",
        f"{STORM}[C8 16 sessions return 2 of 2 pieces]",
    ),
    plant(
        "make the key after the intent was written",
        f"{REFUNDS}/jobs.py",
        "    answer = provider.refund(armed.order)",
        "    from dataclasses import replace\n"
        "    from uuid import uuid4\n"
        "    answer = provider.refund(replace(armed.order, idempotency_key=str(uuid4())))",
        f"{PROTOCOL}_never_executed_is_sent_again_under_the_same_key",
    ),
    plant(
        "a new key for each attempt",
        f"{REFUNDS}/models/refund.py",
        'return f"{self.pk}:{self.generation}"',
        'return f"{self.pk}:{self.attempts.count()}"',
        f"{PROTOCOL}_never_executed_is_sent_again_under_the_same_key",
        is_sample=True,
    ),
    plant(
        "a new key at once after an error",
        f"{REFUNDS}/doubts.py",
        "LOOKS_BEFORE_A_NEW_KEY = 3",
        "LOOKS_BEFORE_A_NEW_KEY = 0",
        f"{PROTOCOL}_a_stored_error_gets_a_new_key_only_after_three_looks",
    ),
    plant(
        "find the provider's refund by its amount",
        f"{REFUNDS}/jobs.py",
        "if refund.refund_id == armed.order.refund_id]",
        "if refund.amount == armed.order.amount]",
        f"{GUARDS}_an_equal_refund_of_the_same_payment_is_not_taken_for_ours",
        is_sample=True,
    ),
    plant(
        "call the provider inside a transaction",
        f"{REFUNDS}/jobs.py",
        "    answer = provider.refund(armed.order)",
        "    from django.db import transaction\n"
        "    with transaction.atomic():\n"
        "        answer = provider.refund(armed.order)",
        f"{GUARDS}_the_provider_is_called_and_asked_with_no_transaction_open[ok]",
    ),
    plant(
        "believe a refusal without a look",
        f"{REFUNDS}/jobs.py",
        "if answer.outcome is Outcome.REFUSED and provider.can_be_asked:",
        "if False:",
        f"{GUARDS}_a_refusal_of_money_that_went_is_looked_up_first",
    ),
    plant(
        "take the answer of a worker that comes too late",
        f"{REFUNDS}/actions/paying.py",
        "    if refund.lease_token != token:\n        return RefundState(refund.state)",
        "",
        "tests/integrations/test_unasked_providers.py"
        "::test_a_late_answer_without_its_token_is_still_dropped",
    ),
    plant(
        "commit the work of a lost lease",
        "src/rebond/kernel/leases.py",
        "    if not done:\n        raise LostLease(str(lease.job_id))\n",
        "",
        "tests/kernel/test_jobs.py::test_a_worker_that_comes_back_too_late_changes_nothing",
    ),
    plant(
        "free the money of a failed refund twice",
        f"{REFUNDS}/payouts.py",
        "        free(refund)\n        say(refund, RefundFailed",
        "        free(refund)\n        free(refund)\n        say(refund, RefundFailed",
        f"{GUARDS}_a_refund_that_fails_frees_its_own_part_and_no_more",
    ),
    plant(
        "keep the money of a failed refund",
        f"{REFUNDS}/payouts.py",
        "        free(refund)\n        say(refund, RefundFailed",
        "        say(refund, RefundFailed",
        f"{PROTOCOL}_a_refusal_is_looked_up_first_and_frees_the_money",
    ),
    Plant(
        'write "refunded" while the money is pending',
        (
            Edit(
                "src/rebond/domain/credit_notes/snapshot.py",
                "if r.state == RefundState.SUCCEEDED]",
                "if r.state in (RefundState.SUCCEEDED, RefundState.PENDING)]",
            ),
            Edit(
                "src/rebond/flows/table.py",
                "    RefundPending: [],",
                "    RefundPending: [document_settlement],",
            ),
        ),
        f"{PROTOCOL}_pending_that_succeeds_is_told_only_then",
    ),
    plant(
        "let who asked approve",
        f"{REFUNDS}/actions/approving.py",
        "    if approval.asked_by_id == staff.pk and grants:\n        raise TwoPeopleNeeded\n",
        "",
        f"{WAYS}_above_the_limit_nothing_leaves_before_a_second_yes",
        is_sample=True,
    ),
    plant(
        "send what waits for a second person",
        f"{REFUNDS}/holds.py",
        "approvals.exclude(is_granted=True)",
        "approvals.none()",
        f"{WAYS}_above_the_limit_nothing_leaves_before_a_second_yes",
    ),
    plant(
        "skip the shopper's consent",
        f"{REFUNDS}/ways.py",
        "        if self.way in NEEDS_CONSENT and",
        "        if False and",
        f"{WAYS}_money_without_a_way_takes_one_with_the_shoppers_yes",
    ),
    Plant(
        "decide a refund while the bank examines a complaint",
        (
            Edit(f"{REFUNDS}/reserving.py", "            is_disputed=False,\n", ""),
            Edit(f"{REFUNDS}/planning.py", "if part.payment.is_disputed:", "if False:"),
        ),
        f"{WAYS}_an_open_dispute_blocks_and_a_won_one_frees",
    ),
    plant(
        "send a refund while the bank examines a complaint",
        f"{REFUNDS}/holds.py",
        "        refund.payment.is_disputed\n        or ",
        "        ",
        "tests/integrations/test_unasked_providers.py"
        "::test_money_that_was_held_is_sent_when_nothing_holds_it_any_more",
    ),
    plant(
        "let a balance go below zero",
        "src/rebond/domain/ledger/migrations/0001_tables.py",
        '("held_minor__gte", 0), ("held_minor__lte", models.F("balance_minor"))',
        '("held_minor__gte", 0)',
        f"{GUARDS}_the_database_refuses_a_balance_below_zero[Account-balance_minor]",
    ),
    plant(
        "spend more than a lot holds",
        "src/rebond/domain/ledger/movements.py",
        "    if missing:\n        raise too_little(account, minor)\n",
        "",
        "tests/domain/store_credit/test_store_credit.py::test_more_than_there_is_cannot_be_spent",
    ),
    plant(
        "take numbers of documents from a sequence",
        "src/rebond/kernel/models.py",
        "    last = _raised(shop_id, series, count)\n    if last is None:\n",
        "    import itertools\n"
        '    return next(next_number.__dict__.setdefault("sequence", itertools.count(1)))\n'
        "    last = _raised(shop_id, series, count)\n    if last is None:\n",
        "tests/kernel/test_jobs.py::test_a_number_of_a_transaction_that_rolls_back_is_given_again",
    ),
    plant(
        "let issued documents be edited",
        "src/rebond/domain/credit_notes/migrations/0001_tables.py",
        '        only_grows("credit_notes_creditnote"),\n',
        "",
        "tests/domain/credit_notes/test_by_hand.py"
        "::test_the_database_refuses_to_change_what_was_issued[CreditNote-update]",
    ),
    plant(
        "answer a webhook before it is kept",
        "src/rebond/api/hooks.py",
        "    for hook in hooks:\n        kept = keep_hook(shop.pk, provider, hook, body)\n"
        "        if kept is not None:\n            apply_hook(kept, hook)\n",
        "    import threading\n"
        "    for hook in hooks:\n"
        "        told = (shop.pk, provider, hook, body)\n"
        "        threading.Thread(target=keep_hook, args=told).start()\n",
        f"{GUARDS}_a_message_that_could_not_be_kept_is_not_acknowledged",
    ),
    plant(
        "compare signatures after writing the JSON anew",
        "src/rebond/integrations/payments/simulator.py",
        '"simulator-signature", ""), hook.body, secret)',
        '"simulator-signature", ""), __import__("json").dumps('
        '__import__("json").loads(hook.body)).encode(), secret)',
        f"{VENDORS}_a_message_written_anew_is_refused[simulator]",
    ),
    plant(
        "treat an empty secret as a good one",
        "src/rebond/integrations/payments/simulator.py",
        '        if not secret:\n            raise HookRefused(why="no secret is set")\n',
        "",
        f"{VENDORS}_without_a_secret_the_door_is_closed[simulator]",
        is_sample=True,
    ),
    plant(
        "ask for an order without its shop",
        "src/rebond/api/v1/refunds.py",
        "filter(shop=shop_of(request), number_key=",
        "filter(number_key=",
        "tests/api/test_refunds.py::test_another_shops_order_is_not_there",
    ),
    plant(
        "answer another body under a known key",
        "src/rebond/domain/machines/actions.py",
        "    if known.fingerprint != request.fingerprint:\n        raise KeyUsedForAnother\n",
        "",
        "tests/api/test_refunds.py::test_another_body_under_the_same_key_is_refused",
    ),
    Plant(
        "read with a snapshot: REPEATABLE READ",
        (
            Edit(
                "src/rebond/config/database.py",
                '        "OPTIONS": query,\n',
                '        "OPTIONS": {**query, "isolation_level": 3},\n',
            ),
        ),
        "tests/storms/test_history.py::test_one_clerk_could_have_given_every_answer[8-0]",
        database="postgresql",
    ),
    plant(
        "hold money in two steps",
        f"{REFUNDS}/reserving.py",
        "    takes = {} if another_way else",
        "    row = Payment.objects.get(pk=payment.pk)\n"
        "    if row.refund_reserved_minor + amount_minor > row.captured_minor:\n"
        "        return False\n"
        "    Payment.objects.filter(pk=payment.pk).update(refund_reserved_minor="
        "row.refund_reserved_minor + amount_minor)\n"
        "    return True\n"
        "    takes = {} if another_way else",
        "tests/storms/test_history.py::test_one_clerk_could_have_given_every_answer[8-0]",
        database="postgresql",
    ),
    plant(
        "believe any client's word about its address",
        "src/rebond/kernel/callers.py",
        "near is not None and _is_ours(near)",
        "near is not None",
        "tests/web/portal/test_access.py"
        "::test_which_address_counts[203.0.113.9-198.51.100.1-203.0.113.9]",
    ),
    plant(
        "say that what is another's exists",
        "src/rebond/web/portal/access.py",
        'render(request, "portal/lost.html", status=404)',
        'render(request, "portal/lost.html", status=403)',
        "tests/web/portal/test_access.py::test_a_link_of_one_shop_opens_nothing_in_its_twin",
    ),
    plant(
        "go on after a refusal with what had been begun",
        "src/rebond/api/repeats.py",
        "            raise Refused(made[0][0]) from refusal",
        "            pass",
        "tests/api/test_repeats.py"
        "::test_a_refusal_undoes_what_was_begun_and_is_the_answer_from_then_on",
        is_sample=True,
    ),
    plant(
        "follow redirects on the way out",
        "src/rebond/kernel/egress.py",
        "follow_redirects=False",
        "follow_redirects=True",
        "tests/kernel/test_egress.py::test_a_redirect_is_a_reply_and_nothing_is_followed",
    ),
]


class Lost(Exception):
    """A text to be replaced is not there, or not once."""


def main(words: Sequence[str]) -> int:
    """Plant what ``words`` ask for; returns the exit code."""
    args = _arguments().parse_args(words)
    wanted = [
        p for p in PLANTS if p.name.startswith(args.only) and (p.is_sample or not args.sample)
    ]
    server = os.environ.get("DATABASE_URL", "")
    if any(p.database == "postgresql" for p in wanted) and not server.startswith("postgres"):
        command = [sys.executable, "scripts/with_pg.py", sys.executable, __file__, *words]
        return subprocess.run(command, cwd=ROOT, env=os.environ | {"CI": "true"}).returncode
    with tempfile.TemporaryDirectory(prefix="rebond-teeth-") as folder:
        copies = [_copy(Path(folder) / str(number)) for number in range(AT_ONCE)]
        unsound = _unsound(wanted, copies[0], server)
        if unsound or not wanted:
            print(f"the sound house fails its tests, so nothing can be said:\n{unsound}")
            return 1
        results = _try_all(wanted, copies, server)
    caught = [one for one in wanted if results[one] == "caught"]
    print(f"{len(caught)} of {len(wanted)} bugs caught")
    if args.write and len(wanted) == len(PLANTS):
        _write(results)
    return 0 if len(caught) == len(wanted) else 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/teeth.py", description=__doc__)
    parser.add_argument("--only", default="", help="bugs whose name begins with this")
    parser.add_argument("--sample", action="store_true", help="a few that take seconds")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    return parser


def _copy(place: Path) -> Path:
    """The house without what was made from it. The tests must run on this copy, not on ours."""
    leave_out = shutil.ignore_patterns("__pycache__", ".*_cache", "*.pyc")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=leave_out)
        else:
            shutil.copy(ROOT / name, place / name)
    code = "import rebond; print(rebond.__file__)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env=_env(place, ""), capture_output=True, text=True
    )
    if not ran.stdout.startswith(str(place)):
        raise SystemExit(f"the copy is not what would be tested: {ran.stdout or ran.stderr}")
    return place


def _unsound(wanted: Sequence[Plant], copy: Path, server: str) -> str:
    """What the named tests say without any bug; empty when all pass."""
    for database in sorted({one.database for one in wanted}):
        tests = sorted({one.test for one in wanted if one.database == database})
        ran = _run(tests, copy, server if database == "postgresql" else "")
        if ran.returncode or "skipped" in ran.stdout or "deselected" in ran.stdout:
            return f"exit code {ran.returncode}\n{ran.stdout[-3000:]}{ran.stderr[-2000:]}"
    return ""


def _try_all(wanted: Sequence[Plant], copies: Sequence[Path], server: str) -> dict[Plant, str]:
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def try_one(one: Plant) -> str:
        copy = free.get()
        try:
            result = _try(one, copy, server if one.database == "postgresql" else "")
        finally:
            free.put(copy)
        print(f"{result:<11} {one.name:<52} {one.test}", flush=True)
        return result

    with ThreadPoolExecutor(len(copies)) as pool:
        return dict(zip(wanted, pool.map(try_one, wanted), strict=True))


def _try(one: Plant, copy: Path, server: str) -> str:
    try:
        with _planted(one, copy):
            ran = _run([one.test], copy, server)
    except Lost as lost:
        return f"LOST: {lost}"
    except subprocess.TimeoutExpired:
        return "NOT caught: no end"
    failed = f"FAILED {one.test}" in ran.stdout
    return "caught" if ran.returncode == 1 and failed else f"NOT caught ({ran.returncode})"


@contextmanager
def _planted(one: Plant, copy: Path) -> Iterator[None]:
    kept = {edit.file: (copy / edit.file).read_text(encoding="utf-8") for edit in one.edits}
    try:
        for edit in one.edits:
            text = (copy / edit.file).read_text(encoding="utf-8")
            if text.count(edit.old) != 1:
                raise Lost(f"{edit.file} has {text.count(edit.old)} × {edit.old!r}")
            (copy / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
        yield
    finally:
        for file, text in kept.items():
            (copy / file).write_text(text, encoding="utf-8")


def _run(tests: Sequence[str], copy: Path, server: str) -> subprocess.CompletedProcess[str]:
    words = [
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    return subprocess.run(
        [sys.executable, *words, *tests],
        cwd=copy,
        env=_env(copy, server),
        capture_output=True,
        text=True,
        timeout=LONGEST * max(1, len(tests) // 4),
    )


def _env(copy: Path, server: str) -> dict[str, str]:
    """The environment in which the copy is what ``import rebond`` finds, with a home of its own."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("REBOND_", "PYTEST_"))}
    url = f"sqlite:///{copy}/var/rebond.sqlite3"
    if server:
        url = urlunsplit(urlsplit(server)._replace(path=f"/teeth_{copy.name}"))
    return known | {
        "PYTHONPATH": str(copy / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "REBOND_HOME": str(copy / "var"),
        "DATABASE_URL": url,
    }


def _write(results: dict[Plant, str]) -> None:
    rows = ["| bug | test that notices it | |", "|---|---|---|"]
    for one, result in results.items():
        test = one.test.rpartition("::")[2].replace("|", "\\|")
        rows.append(f"| {one.name} | `{test}` | {result} |")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{PAGE} lacks the marks of the table")
    table = "\n".join(rows)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
