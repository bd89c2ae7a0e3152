"""A policy tried on all orders and returns that the import brought (see `pages`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.bench import pages
from scripts.bench.measure import Measure

LINES, SECONDS = 1_000_000, 60


def measures(home: Path, only: str) -> Iterator[Measure]:
    """Lines a second by twenty rules on two cores; a million have to be seen in a minute."""
    if only not in "trial of a policy":
        return
    list(pages._filled(home))
    shop = import_module("rebond.domain.shops.models").Shop.objects.get(slug=pages.SHOP)
    create_draft = import_module("rebond.domain.policies.actions").create_draft
    draft = create_draft(shop, _twenty_rules(), note="", by="bench")
    actions = import_module("rebond.insights.trials.actions")
    wanted = actions.Wanted(date(2009, 1, 1), date(2030, 1, 1))
    trial = actions.start_trial(shop, draft.number, wanted, by="bench", in_background=False)
    began = time.monotonic()
    import_module("rebond.insights.trials.jobs").carry_on(trial.pk, seconds=float("inf"))
    took = time.monotonic() - began
    trial.refresh_from_db()
    print(f"({trial.lines} lines of {trial.done} returns and orders in {took:.1f} s)")
    yield Measure(
        "trial of a policy", trial.lines / took, "a million a minute", LINES / SECONDS, "lines/s"
    )


def _twenty_rules() -> dict[str, Any]:
    """The preset for fashion with what shops add: fees, windows and questions of some goods."""
    fashion = import_module("rebond.domain.policies.presets").FASHION["rules"]
    more = [
        {"kind": "fee", "percent": 5, "when": {"countries": [country], "fault": "not_ours"}}
        for country in ("DE", "NL", "AU", "JP")
    ]
    more += [
        {"kind": "excluded_goods", "categories": ["vouchers"]},
        {"kind": "verdict", "say": "review", "when": {"categories": ["lights"]}},
        {"kind": "question", "asks": "complete", "no": "review", "when": {"categories": ["sets"]}},
        {"kind": "limits", "per_order": 3, "beyond": "review"},
        {"kind": "return_cost", "paid_by": "shopper", "when": {"countries": ["US"]}},
    ]
    return {"rules": [*more, *fashion][:20]}
