"""The rehearsal provider as a server on loopback, with its own ledger."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from rebond.simulator.ledger import Ledger
from rebond.simulator.payments import Provider

SECRET = "a secret of the rehearsal provider"


@dataclass
class Rehearsal:
    """What a test says to the provider, and what the provider itself has booked."""

    address: str
    ledger: Ledger

    def opens(self, reference: str, captured: int, currency: str = "EUR") -> None:
        """Make a payment known."""
        self._post("payments", reference=reference, captured=captured, currency=currency)

    def plan(self, mode: str, *, count: int = 1, payment: str = "*", **detail: Any) -> None:
        """Let the next calls fail in this way, those about ``payment`` where one is named."""
        self._post("plan", mode=mode, count=count, payment=payment, detail=detail)

    def dispute(self, reference: str, amount: int, status: str) -> dict[str, Any]:
        """Let the shopper's bank open, win or lose a complaint about a payment."""
        return self._post(f"payments/{reference}/dispute", amount=amount, status=status)

    def advance(self) -> list[dict[str, Any]]:
        """Let pending refunds end."""
        return self._post("advance")["changed"]

    def sets(
        self, refund: str, status: str, *, amount: int | None = None, made_at: str = ""
    ) -> None:
        """Let a refund stand differently from now on, whatever it was."""
        self._post(f"refunds/{refund}/status", status=status)
        with self.ledger.writing() as db:
            if amount is not None:
                db.execute("UPDATE refund SET amount = ? WHERE id = ?", (amount, refund))
            if made_at:
                moment = datetime.fromisoformat(made_at).timestamp()
                db.execute("UPDATE refund SET made_at = ? WHERE id = ?", (moment, refund))

    def forgets(self, refund: str) -> None:
        """Let the provider lose a refund that it had booked."""
        with self.ledger.writing() as db:
            db.execute("DELETE FROM refund WHERE id = ?", (refund,))

    def refunds(self) -> list[dict[str, Any]]:
        """Every refund the provider has booked."""
        return self._get("ledger")["refunds"]

    def keys(self) -> list[str]:
        """The idempotency key of every request that arrived."""
        return [call["key"] for call in self._get("ledger")["calls"]]

    def _get(self, page: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.address}/{page}", timeout=5) as answer:
            return json.loads(answer.read())

    def _post(self, page: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.address}/{page}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rehearsal]:
    """A rehearsal provider that waits half a second at most before an answer counts as lost."""
    server = Provider(
        ("127.0.0.1", 0), file=tmp_path / "provider.sqlite3", secret=SECRET, hook="", opens=False
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("REBOND_SIMULATOR_URL", address)
    monkeypatch.setenv("REBOND_SIMULATOR_SECRET", SECRET)
    monkeypatch.setenv("REBOND_SIMULATOR_TIMEOUT", "0.5")
    yield Rehearsal(address, server.ledger)
    server.shutdown()
    server.server_close()
