"""Processes of our own for long reckoning, which end with the one that began them."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process

import django

from rebond.kernel import tenancy

POLITE = 5
"""How much a child yields to those who answer people (``nice``)."""


def child_pool(processes: int) -> ProcessPoolExecutor:
    """So many processes with the settings and rooms loaded. Each opens a database of its own.

    They see the rows that whoever asks for them sees.
    """
    return ProcessPoolExecutor(processes, get_context("spawn"), _begin, (tenancy.told(),))


def _begin(whose: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(POLITE)
    django.setup()
    tenancy.tell(whose)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
