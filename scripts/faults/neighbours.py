"""Rows F11, F23, F24: somebody outside is slow, silent or odd; nobody else notices."""

from __future__ import annotations

import time
from functools import partial

from scripts.faults.installation import Installation
from scripts.faults.receivers import ODD, SLOW, Odd, Receiver, Silent
from scripts.faults.stage import Stage
from scripts.faults.table import Case, expect
from scripts.load.rows import share

INSIDE = {"REBOND_WEBHOOK_INSIDE_HOSTS": "127.0.0.1"}
LONGEST_LAG = 5
PACE = 1.5
"""Orders a second, each told to twenty endpoints."""
HOURS = (0, 0.02, 0.15, 0.8, 3, 8.5, 19, 33.5, 54, 79, 104)
"""When a worker looks: a little after each of the ten tries is due, and a day later."""


def slow_provider(seconds: float, stage: Stage) -> str:
    """F11: the provider of one shop takes its time; another shop's money goes as before."""
    many = 8 if stage.is_small else 24
    without, beside = (_paid_beside(stage, many, each) for each in (0, seconds))
    expect(as_before=(beside <= max(1, 2 * without), True) if beside > 1 else (True, True))
    return f"slowest of {many} refunds next door: {beside:.1f} s, {without:.1f} s without"


def _paid_beside(stage: Stage, many: int, seconds: float) -> float:
    """How long the slowest refund of the quick shop took while the slow one had as many."""
    here, facts = stage.scene("neighbours", many=many)
    with here:
        provider = here.provider()
        for payment in facts["of"]["slow"] if seconds else ():
            provider.plan("slow", payment=payment, seconds=seconds)
        worker = here.begin_rebond("work")
        for slug in ("slow", "quick"):
            here.inside("work.inspect", returns=facts["returns"][slug], decides=True).made  # noqa: B018
        quick = _until_paid(here, "quick", many, 60)
        _until_paid(here, "slow", many, 60 + many * seconds)
        worker.terminate()
        worker.wait(90)
        expect(
            paid=(len(provider.refunds()), 2 * many),
            quick=(len(quick), many),
            verify=(here.verify(), "kept"),
        )
        return max(quick)


def _until_paid(here: Installation, slug: str, many: int, longest: float) -> list[float]:
    until = time.monotonic() + longest
    while True:
        paid: list[float] = here.inside("look.paid", slug=slug).made
        if len(paid) >= many or time.monotonic() > until:
            return paid
        time.sleep(1)


def odd_receiver(manner: str, stage: Stage) -> str:
    """F23: a receiver answers in an odd way; the schedule is kept, and it comes to an end."""
    here, _facts = stage.scene("inspected")
    with here, Odd(manner) as odd:
        here.inside("ears.endpoints", env=INSIDE, addresses=[[odd.url]]).made  # noqa: B018
        here.inside("ears.events", env=INSIDE, each=1).made  # noqa: B018
        moments = HOURS[:2] if manner == SLOW else HOURS
        for hours in moments:
            here.live(hours=hours, env=INSIDE)
        told = here.inside("ears.told", hours=moments[-1]).made
        expect(
            state=(told["state"], odd.ends),
            tries=(told["tries"], odd.tries),
            followed=(odd.followed, 0),
            kept_of_answer=(told["longest"] <= 2000, True),
            is_on=(told["is_active"], odd.stays_on),
            letters=(told["letters"], odd.letters),
            three_days=(told["tries"] < 10 or told["hours"] >= 75, True),
            verify=(here.verify(hours=moments[-1]), "kept"),
        )
    return f"{told['tries']} tries in {told['hours']:.0f} h, then {told['state']}"


def dead_receivers(dead: int, stage: Stage) -> str:
    """F24: receivers that never answer; the living get their events as soon as without them."""
    shops = 10 if stage.is_small else 50
    gone = min(dead, shops)
    here, _facts = stage.scene("inspected")
    with here, Receiver() as port, Silent() as silent:
        addresses = [[f"http://127.0.0.1:{port}/{n}" for n in range(20)] for _ in range(shops)]
        for place in range(gone):
            addresses[place][7] = f"http://127.0.0.1:{silent}/dead"
        here.inside("ears.endpoints", env=INSIDE, addresses=addresses).made  # noqa: B018
        worker = here.begin_rebond("work", env=INSIDE)
        here.inside("ears.events", env=INSIDE, each=2, per_second=PACE).made  # noqa: B018
        until = time.monotonic() + 60
        found = here.inside("ears.deliveries", dead="/dead").made
        while found["waiting"] and time.monotonic() < until:
            time.sleep(1)
            found = here.inside("ears.deliveries", dead="/dead").made
        worker.kill()
        worker.wait(60)
        lag = share(found["lags"], 95)
        expect(
            arrived=(len(found["lags"]), 2 * (20 * shops - gone)),
            waited_for=(found["unanswered"] > 0, True),
            p95=(lag if lag > LONGEST_LAG else 0, 0),
            verify=(here.verify(), "kept"),
        )
    told = f"{len(found['lags'])} events to {20 * shops - gone} living beside {gone} dead"
    return f"{told}: p95 {lag:.1f} s"


CASES = [
    *(
        Case(
            "F11",
            f"a provider with {milliseconds} ms of delay",
            "the money of other shops goes as before",
            partial(slow_provider, milliseconds / 1000),
        )
        for milliseconds in (50, 500, 5000)
    ),
    *(
        Case(
            "F23",
            f"a receiver that {manner}",
            "ten tries in three days at most; the shop hears of it",
            partial(odd_receiver, manner),
        )
        for manner in ODD
    ),
    *(
        Case(
            "F24",
            f"{dead} of 1,000 receivers never answer",
            f"p95 of the living ≤ {LONGEST_LAG} s",
            partial(dead_receivers, dead),
        )
        for dead in (1, 50)
    ),
]
