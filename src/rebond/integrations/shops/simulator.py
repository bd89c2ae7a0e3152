"""The shop's system to rehearse with: it hears of stock and can fail in every way.

It runs with `rebond simulate --shop-port 8803`.

Settings: REBOND_STOCK_SIMULATOR_URL, REBOND_STOCK_SIMULATOR_TIMEOUT (seconds, at most 20).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rebond.kernel.egress import TOTAL_SECONDS, NoAnswer, Reply, request
from rebond.kernel.untrusted import json_object, words
from rebond.outbound.stock.ports import Heard, Hearing, StockChange, StockSystem, stock_systems

REFUSALS = frozenset({400, 409, 410, 422})


@stock_systems.add
class SimulatedShop(StockSystem):
    """Speaks our own wire format with ``rebond.simulator.stockroom``."""

    key = "simulator"
    title = "Simulated shop system"
    settings = ("STOCK_SIMULATOR_URL",)

    def tell(self, change: StockChange) -> Hearing:
        """Post the change under its key; whatever cannot be read counts as no answer."""
        try:
            reply = self._post(change)
        except NoAnswer as problem:
            return Hearing(Heard.NO_ANSWER, words=words(problem, 200))
        if reply.status in REFUSALS:
            return Hearing(Heard.REFUSED, words=_said(reply, "code") or str(reply.status))
        reference = _said(reply, "reference") if 200 <= reply.status < 300 else ""
        if not reference:
            return Hearing(Heard.NO_ANSWER, words=_said(reply, "code") or str(reply.status))
        return Hearing(Heard.TAKEN, reference=reference)

    def _post(self, change: StockChange) -> Reply:
        address = self.account.setting("STOCK_SIMULATOR_URL").rstrip("/")
        told: dict[str, Any] = asdict(change) | {
            "key": str(change.key),
            "location_id": str(change.location_id),
            "at": change.at.isoformat(),
        }
        headers = {"Idempotency-Key": str(change.key)}
        return request(
            "POST",
            f"{address}/stock-changes",
            json=told,
            headers=headers,
            seconds=self._time(),
        )

    def _time(self) -> float:
        try:
            wanted = float(self.account.setting("STOCK_SIMULATOR_TIMEOUT"))
        except ValueError:
            return TOTAL_SECONDS
        return min(TOTAL_SECONDS, max(0.1, wanted))


def _said(reply: Reply, name: str) -> str:
    try:
        return words(json_object(reply.body).get(name), 200)
    except ValueError:
        return ""
