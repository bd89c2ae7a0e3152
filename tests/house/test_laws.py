"""Rebond keeps the laws of the house, and each law catches who breaks it."""

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from tests.house import laws

import rebond
from rebond.kernel.actions import action, outside_transaction
from rebond.kernel.errors import RebondError
from rebond.kernel.events import Event

ROOT = Path(rebond.__file__).parent
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

# Process edges: whatever goes wrong there is written down and the process goes on.
BROAD_EXCEPTS = {
    "kernel/jobs.py": "a job that fails is kept with its error and tried again",
}

LAWS = [
    laws.actions_that_call_actions,
    laws.actions_that_go_outside,
    laws.unguarded_port_calls,
    laws.folders_without_sign,
    laws.silent_functions,
    laws.late_imports,
    laws.signals,
    laws.vague_names,
    laws.edges_that_write,
    laws.sentences_that_cannot_be_translated,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_rebond_keeps_the_law(law):
    findings = law(ROOT)
    assert not findings, "\n".join(findings)


def test_only_process_edges_catch_everything():
    assert set(laws.broad_excepts(ROOT)) == set(BROAD_EXCEPTS)


# --- each law bites -----------------------------------------------------------------------

ACTION = "from rebond.kernel.actions import action, outside_transaction\n\n\n"
PORTS = '''\
"""A port."""

from typing import Protocol

from rebond.kernel.plugs import Socket


class Payer(Protocol):
    def pay(self): ...


payers: Socket[Payer] = Socket("payers")
'''

BREACHES = {
    "an action that calls another of its file": (
        laws.actions_that_call_actions,
        {
            "domain/returns/actions.py": ACTION
            + "@action\ndef one():\n    _step()\n\n\ndef _step():\n    two()\n\n\n"
            + "@action\ndef two(): ...\n"
        },
    ),
    "an action that calls one of another room": (
        laws.actions_that_call_actions,
        {
            "domain/shops/actions.py": ACTION + "@action\ndef one(): ...\n",
            "domain/returns/actions.py": ACTION
            + "from rebond.domain.shops import actions\n\n\n"
            + "@action\ndef two():\n    actions.one()\n",
        },
    ),
    "an action that goes outside": (
        laws.actions_that_go_outside,
        {
            "domain/refunds/actions.py": ACTION
            + "@action\ndef send():\n    _ask()\n\n\ndef _ask():\n    outside_transaction()\n"
        },
    ),
    "a plug from a socket, called without a guard": (
        laws.unguarded_port_calls,
        {
            "domain/refunds/ports.py": PORTS,
            "domain/refunds/jobs.py": "from rebond.domain.refunds.ports import payers\n\n\n"
            "def send():\n    payer = payers['paper']()\n    payer.pay()\n",
        },
    ),
    "a plug handed over, called without a guard": (
        laws.unguarded_port_calls,
        {
            "domain/refunds/ports.py": PORTS,
            "domain/refunds/jobs.py": "from rebond.domain.refunds.ports import Payer\n\n\n"
            "def send(payer: Payer):\n    payer.pay()\n",
        },
    ),
    "a plug made by a helper, called without a guard": (
        laws.unguarded_port_calls,
        {
            "domain/refunds/ports.py": PORTS,
            "domain/refunds/jobs.py": "from rebond.domain.refunds.ports import payers\n\n\n"
            "def send():\n    payer = _payer()\n    payer.pay()\n\n\n"
            "def _payer():\n    return payers['paper']()\n",
        },
    ),
    "a room without a sign": (laws.folders_without_sign, {"domain/gifts/__init__.py": ""}),
    "a folder that is no package": (laws.folders_without_sign, {"domain/gifts/models.py": ""}),
    "an action without a docstring": (
        laws.silent_functions,
        {"domain/gifts/actions.py": "def wrap(): ...\n"},
    ),
    "a port's method without a docstring": (
        laws.silent_functions,
        {"domain/gifts/ports.py": "class Wrapper:\n    def wrap(self): ...\n"},
    ),
    "a pure function without a docstring": (
        laws.silent_functions,
        {"domain/gifts/paper.py": '"""Sizes of paper.  (pure)"""\n\n\ndef size(): ...\n'},
    ),
    "an import inside a function": (
        laws.late_imports,
        {"kernel/money.py": "def cents():\n    import decimal\n"},
    ),
    "a signal": (
        laws.signals,
        {"kernel/models.py": "from django.db.models.signals import post_save\n"},
    ),
    "a receiver": (laws.signals, {"kernel/models.py": "from django.dispatch import receiver\n"}),
    "a module named utils": (laws.vague_names, {"kernel/utils.py": ""}),
    "a folder named common": (laws.vague_names, {"web/common/menu.py": ""}),
    "a view that makes a row": (
        laws.edges_that_write,
        {"web/portal/views.py": "def ask():\n    Return.objects.create(x=1)\n"},
    ),
    "an endpoint that changes rows": (
        laws.edges_that_write,
        {"api/v1/returns.py": "def ask():\n    Return.objects.filter(x=1).update(x=2)\n"},
    ),
    "a view that saves a row": (
        laws.edges_that_write,
        {"web/portal/views.py": "def ask(rma):\n    rma.save()\n"},
    ),
    "an unnamed placeholder": (
        laws.sentences_that_cannot_be_translated,
        {"web/portal/views.py": "text = gettext('%d pieces') % 2\n"},
    ),
    "a sentence put together first": (
        laws.sentences_that_cannot_be_translated,
        {"web/portal/views.py": "text = _(f'{name} is back')\n"},
    ),
    "an unnamed placeholder in a template": (
        laws.sentences_that_cannot_be_translated,
        {"web/portal/templates/portal/x.html": '{% translate "%s pieces" %}'},
    ),
}


@pytest.mark.parametrize(("law", "files"), BREACHES.values(), ids=list(BREACHES))
def test_a_planted_breach_is_found(law, files, tmp_path):
    root = tmp_path / "rebond"
    for place, content in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    assert len(law(root)) == 1, law(root)


def test_a_guarded_call_of_a_plug_is_no_breach(tmp_path):
    room = tmp_path / "rebond" / "domain" / "refunds"
    room.mkdir(parents=True)
    (room / "ports.py").write_text(PORTS)
    (room / "jobs.py").write_text(
        "from rebond.domain.refunds.ports import payers\n\n\n"
        "def send():\n    outside_transaction()\n    payers['paper']().pay()\n"
    )

    assert laws.unguarded_port_calls(tmp_path / "rebond") == []


@pytest.mark.parametrize("caught", ["", " Exception", " (OSError, Exception)", " BaseException"])
def test_an_except_that_takes_everything_is_found(caught, tmp_path):
    root = tmp_path / "rebond"
    root.mkdir()
    (root / "job.py").write_text(f"try:\n    run()\nexcept{caught}:\n    pass\n")

    assert laws.broad_excepts(root) == {"job.py": "job.py:3"}


# --- transactions, at run time ------------------------------------------------------------


@pytest.mark.django_db
def test_an_action_inside_an_action_raises():
    inner = action(lambda: None)
    outer = action(inner)

    with pytest.raises(RuntimeError):
        outer()


@pytest.mark.django_db
def test_going_outside_inside_a_transaction_raises():
    outside_transaction()

    with pytest.raises(RuntimeError), transaction.atomic():
        outside_transaction()


# --- events and refusals ------------------------------------------------------------------


def _everything_loaded() -> None:
    for module in pkgutil.walk_packages(rebond.__path__, "rebond."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)


def _below(root: type, word: str) -> set[type]:
    """Rebond's classes that descend from ``root``, without those that are only a base of others.

    A base leaves ``word`` empty, and others descend from it. What tests plant is left out.
    """
    found, waiting = set(), list(root.__subclasses__())
    while waiting:
        child = waiting.pop()
        waiting += child.__subclasses__()
        is_base = not vars(child).get(word) and child.__subclasses__()
        if child.__module__.startswith("rebond.") and not is_base:
            found.add(child)
    return found


def test_every_event_has_a_place_in_the_flow_table():
    _everything_loaded()
    table = importlib.import_module("rebond.flows.table")

    findings = laws.events_without_place(_below(Event, "name"), set(table.FOLLOWS))
    assert not findings, "\n".join(findings)


def test_every_event_is_described():
    _everything_loaded()
    names = {event.name for event in _below(Event, "name")}

    findings = laws.events_unlike_page(names, (REFERENCE / "events.md").read_text())
    assert not findings, "\n".join(findings)


def test_every_refusal_has_a_code_of_its_own_and_is_described():
    _everything_loaded()

    page = (REFERENCE / "errors.md").read_text()
    findings = laws.refusals_unlike_page(_below(RebondError, "code"), page)
    assert not findings, "\n".join(findings)


@dataclass(frozen=True)
class GiftWrapped(Event):
    name = "gift.wrapped"


def test_an_event_without_place_or_description_is_found():
    assert laws.events_without_place({GiftWrapped}, set()) != []
    assert laws.events_without_place({GiftWrapped}, {GiftWrapped}) == []
    assert len(laws.events_unlike_page({"gift.wrapped"}, "| `gift.sent` | a gift left |")) == 2
    assert laws.events_unlike_page({"gift.sent"}, "| `gift.sent` | a gift left |") == []


def test_a_refusal_without_code_or_description_is_found():
    silent = type("Silent", (RebondError,), {})
    first = type("First", (RebondError,), {"code": "no_paper"})
    second = type("Second", (RebondError,), {"code": "no_paper"})

    assert len(laws.refusals_unlike_page({silent}, "")) == 1
    assert len(laws.refusals_unlike_page({first, second}, "### `no_paper`")) == 1
    assert len(laws.refusals_unlike_page({first}, "")) == 1
    assert len(laws.refusals_unlike_page({first}, "### `no_paper`\n### `no_ink`")) == 1
    assert laws.refusals_unlike_page({first}, "### `no_paper`") == []
