"""What the simulated payment provider remembers, in a file of its own that survives a kill."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    reference TEXT PRIMARY KEY, currency TEXT NOT NULL, captured INTEGER NOT NULL,
    is_open INTEGER NOT NULL DEFAULT 0, disputed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL, merchant_reference TEXT NOT NULL, status TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '', bank_reference TEXT NOT NULL DEFAULT '',
    then_status TEXT NOT NULL DEFAULT '',
    made_at REAL NOT NULL DEFAULT 0, created INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS dispute (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
    status TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plan (
    place INTEGER PRIMARY KEY AUTOINCREMENT, payment TEXT NOT NULL, mode TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS call (
    place INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, key TEXT NOT NULL);
"""
SCHEMA = SCHEMA.replace("id TEXT PRIMARY KEY, payment", "id TEXT UNIQUE NOT NULL, payment")


class Ledger:
    """Payments, refunds, stored answers and planned faults. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.executescript(SCHEMA)
        columns = {row["name"] for row in self._db.execute("PRAGMA table_info(refund)")}
        if "made_at" not in columns:  # a file from before refunds had a date
            self._db.execute("ALTER TABLE refund ADD COLUMN made_at REAL NOT NULL DEFAULT 0")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; nobody else writes meanwhile."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            done = False
            try:
                yield self._db
                done = True
            finally:
                self._db.execute("COMMIT" if done else "ROLLBACK")

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query, as dictionaries."""
        with self._lock:
            return [dict(row) for row in self._db.execute(query, values)]


class Refused(Exception):
    """The provider says no for good; ``code`` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refund(
    ledger: Ledger, payment: str, wish: dict[str, Any], *, then: str, name: str = ""
) -> dict[str, Any]:
    """Book a refund and return it. Raises ``Refused`` beyond what was captured.

    ``name`` is the provider's own for it; empty: one is made.

    ``then`` is ``succeeded``, ``pending>succeeded``, ``pending>failed``, ``succeeded>failed`` or
    ``requires_action``: the first word is the status now, the second the one to come.
    """
    with ledger.writing() as db:
        row = db.execute("SELECT * FROM payment WHERE reference = ?", (payment,)).fetchone()
        if row is None:
            raise Refused("no_such_payment")
        if row["disputed"]:
            raise Refused("charge_disputed")
        if row["currency"] != wish["currency"]:
            raise Refused("currency_mismatch")
        gone = db.execute(
            "SELECT coalesce(sum(amount), 0) FROM refund WHERE payment = ? AND status != 'failed'",
            (payment,),
        ).fetchone()[0]
        if not row["is_open"] and gone + wish["amount"] > row["captured"]:
            raise Refused("amount_too_large")
        status, _, later = then.partition(">")
        fresh = {
            "id": name or f"sim_re_{uuid.uuid4().hex[:20]}",
            "payment": payment,
            "amount": wish["amount"],
            "currency": wish["currency"],
            "merchant_reference": wish["merchant_reference"],
            "status": status,
            "bank_reference": _bank_reference() if status == "succeeded" else "",
            "then_status": later,
            "made_at": time.time(),
        }
        db.execute(
            "INSERT INTO refund (id, payment, amount, currency, merchant_reference, status,"
            " bank_reference, then_status, made_at) VALUES (:id, :payment, :amount, :currency,"
            " :merchant_reference, :status, :bank_reference, :then_status, :made_at)",
            fresh,
        )
    return public(fresh)


def public(row: dict[str, Any]) -> dict[str, Any]:
    """A refund as the provider shows it."""
    names = (
        "id",
        "payment",
        "amount",
        "currency",
        "merchant_reference",
        "status",
        "code",
        "bank_reference",
        "made_at",
    )
    return {name: row.get(name, "") for name in names}


def open_payment(ledger: Ledger, reference: str, currency: str, captured: int | None) -> None:
    """Make a payment known. ``captured`` None: any amount may go back (for demo data)."""
    with ledger.writing() as db:
        db.execute(
            "INSERT OR IGNORE INTO payment (reference, currency, captured, is_open)"
            " VALUES (?, ?, ?, ?)",
            (reference, currency, captured or 0, captured is None),
        )


def dispute(ledger: Ledger, payment: str, amount: int, status: str) -> dict[str, Any]:
    """Let the shopper's bank open, win or lose a complaint; while it is open, no refund passes."""
    with ledger.writing() as db:
        row = db.execute("SELECT * FROM payment WHERE reference = ?", (payment,)).fetchone()
        if row is None:
            raise Refused("no_such_payment")
        known = db.execute("SELECT * FROM dispute WHERE payment = ?", (payment,)).fetchone()
        case = {
            "id": known["id"] if known else f"sim_dp_{uuid.uuid4().hex[:20]}",
            "payment": payment,
            "amount": amount,
            "currency": row["currency"],
            "status": status,
        }
        db.execute(
            "INSERT OR REPLACE INTO dispute (id, payment, amount, currency, status)"
            " VALUES (:id, :payment, :amount, :currency, :status)",
            case,
        )
        db.execute(
            "UPDATE payment SET disputed = ? WHERE reference = ?", (status == "open", payment)
        )
    return case


def plan(ledger: Ledger, mode: str, *, payment: str = "*", count: int = 1, **detail: Any) -> None:
    """Let the next ``count`` calls about ``payment`` (or any) fail in this way."""
    with ledger.writing() as db:
        for _ in range(count):
            db.execute(
                "INSERT INTO plan (payment, mode, detail) VALUES (?, ?, ?)",
                (payment, mode, json.dumps(detail)),
            )


def taken(ledger: Ledger, mode: str, payment: str) -> bool:
    """Whether ``mode`` was planned for ``payment`` (or any); used up by asking."""
    with ledger.writing() as db:
        row = db.execute(
            "SELECT place FROM plan WHERE mode = ? AND payment IN (?, '*') ORDER BY place LIMIT 1",
            (mode, payment),
        ).fetchone()
        if row is not None:
            db.execute("DELETE FROM plan WHERE place = ?", (row["place"],))
        return row is not None


def next_mode(ledger: Ledger, payment: str) -> tuple[str, dict[str, Any]]:
    """The fault planned for the next call about ``payment`` (or any), used up; else ``ok``."""
    with ledger.writing() as db:
        row = db.execute(
            "SELECT * FROM plan WHERE payment IN (?, '*') AND mode NOT LIKE 'list%'"
            " ORDER BY place LIMIT 1",
            (payment,),
        ).fetchone()
        if row is None:
            return "ok", {}
        db.execute("DELETE FROM plan WHERE place = ?", (row["place"],))
        return row["mode"], json.loads(row["detail"])


def advance(ledger: Ledger) -> list[dict[str, Any]]:
    """Let everything that was to come happen; returns the refunds that changed."""
    with ledger.writing() as db:
        due = [dict(r) for r in db.execute("SELECT * FROM refund WHERE then_status != ''")]
        for row in due:
            row["status"], row["then_status"] = row["then_status"], ""
            row["code"] = "account_closed" if row["status"] == "failed" else ""
            if row["status"] == "succeeded":
                row["bank_reference"] = _bank_reference()
            db.execute(
                "UPDATE refund SET status = :status, then_status = '', code = :code,"
                " bank_reference = :bank_reference WHERE id = :id",
                row,
            )
    return [public(row) for row in due]


def settle(ledger: Ledger, name: str, status: str) -> dict[str, Any] | None:
    """Let one refund stand at ``status`` from now on; None when there is none of this name."""
    code = "account_closed" if status == "failed" else ""
    with ledger.writing() as db:
        db.execute(
            "UPDATE refund SET status = ?, then_status = '', code = ? WHERE id = ?",
            (status, code, name),
        )
        row = db.execute("SELECT * FROM refund WHERE id = ?", (name,)).fetchone()
    return public(dict(row)) if row is not None else None


def _bank_reference() -> str:
    return f"ARN{uuid.uuid4().int % 10**20:020d}"
