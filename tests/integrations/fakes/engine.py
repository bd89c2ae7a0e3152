"""The bench of a provider whose fake stands on the rehearsal provider's engine and ledger."""

import threading
from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from tests.integrations.harness import Bench, Booked, Money

from rebond.simulator.desk import Office
from rebond.simulator.ledger import advance, open_payment, plan

Running = Office


class EngineBench(Bench):
    """Everything that is the same for all of them; only wire formats are left to a harness."""

    running: Office
    payment_prefix: ClassVar[str] = "pay_"

    @abstractmethod
    def office(self) -> Office:
        """The fake, with its ledger in this bench's folder."""

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.running = self.office()
        threading.Thread(
            target=self.running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def stop(self) -> None:
        self.running.closing.set()
        self.running.shutdown()
        self.running.server_close()

    def opens(self, captured: Money) -> str:
        reference = self.nobodys()
        open_payment(self.running.ledger, reference, captured.currency, captured.minor)
        return reference

    def nobodys(self) -> str:
        return f"{self.payment_prefix}{uuid4().hex[:20]}"

    def plan(self, mode: str, *, count: int = 1, **detail: float | str) -> None:
        plan(self.running.ledger, mode, count=count, **detail)

    def advance(self) -> None:
        advance(self.running.ledger)

    def fill(self, payment: str, count: int, *, at: datetime) -> None:
        currency = self._rows("SELECT currency FROM payment WHERE reference = ?", payment)[0][
            "currency"
        ]
        with self.running.ledger.writing() as db:
            db.executemany(
                "INSERT INTO refund (id, payment, amount, currency, merchant_reference, status,"
                " made_at) VALUES (?, ?, 1, ?, ?, 'succeeded', ?)",
                [
                    (self.new_id(), payment, currency, str(uuid4()), at.timestamp())
                    for _ in range(count)
                ],
            )

    def new_id(self) -> str:
        """A name of a refund as this provider writes them."""
        return f"re_{uuid4().hex[:20]}"

    def booked(self) -> list[Booked]:
        return [
            Booked(
                row["id"],
                row["merchant_reference"],
                Money(row["amount"], row["currency"]),
                row["payment"],
            )
            for row in self._rows("SELECT * FROM refund ORDER BY created")
        ]

    def calls(self) -> list[str]:
        return [row["key"] for row in self._rows("SELECT key FROM call ORDER BY place")]

    def row(self, reference: str) -> dict[str, Any]:
        """A refund as the ledger has it."""
        return self._rows("SELECT * FROM refund WHERE id = ?", reference)[0]

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return self.running.ledger.rows(query, *values)
