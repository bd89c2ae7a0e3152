"""Judges many requests by a policy that may never be published, on several cores.  (pure)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import islice
from multiprocessing import get_context
from typing import Any, NamedTuple

from rebond.domain.policies.engine import Decision, Policy, decide_many, read_policy
from rebond.domain.policies.facts import Facts

CHUNK = 2000
_mine: list[Policy] = []


class Judged(NamedTuple):
    """What counts of a decision when many are compared.

    ``codes`` are those of its findings, ``fee_minor`` is what would be kept of the goods.
    """

    verdict: str
    codes: tuple[str, ...]
    rules: tuple[str, ...]
    fee_minor: int
    last_day: date | None
    pays_at: str | None
    shopper_pays_return: bool | None
    keeps_goods: bool | None


def judged(decision: Decision) -> Judged:
    """The short form of ``decision``."""
    terms = decision.terms
    return Judged(
        decision.verdict.value,
        tuple(finding.code for finding in decision.findings),
        decision.applied,
        decision.fee_minor,
        terms.last_day,
        terms.pays_at,
        terms.shopper_pays_return,
        terms.keeps_goods,
    )


def decide_in_parallel(
    document: Mapping[str, Any], many: Iterable[Facts], *, processes: int = 2, chunk: int = CHUNK
) -> Iterator[Judged]:
    """What ``document`` decides on each of ``many``, in their order.

    Raises ``UnreadablePolicy``. No database is asked; each process compiles the policy once.
    """
    read_policy(document)
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (dict(document),))
    with pool:
        for part in pool.map(_decided, _parts(many, chunk)):
            yield from part


def _begin(document: Mapping[str, Any]) -> None:
    _mine[:] = [read_policy(document)]


def _decided(part: Sequence[Facts]) -> list[Judged]:
    return [judged(decision) for decision in decide_many(_mine[0], part)]


def _parts(many: Iterable[Facts], size: int) -> Iterator[list[Facts]]:
    left = iter(many)
    while part := list(islice(left, size)):
        yield part
