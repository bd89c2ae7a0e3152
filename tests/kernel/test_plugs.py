"""A plug is one new file in its folder; nothing else has to be told."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

from rebond.kernel.plugs import Socket


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A package with a socket of its own and no plug yet."""
    package = tmp_path / "plugged"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "socket_of_test", type(sys)("socket_of_test"))
    sys.modules["socket_of_test"].socket = Socket("tests")
    yield package
    for name in [n for n in sys.modules if n.startswith("plugged")]:
        del sys.modules[name]


PLUG = """
from socket_of_test import socket

@socket.add
class Plug:
    key = "{key}"
"""


def test_a_file_in_the_folder_is_a_plug(folder):
    socket = sys.modules["socket_of_test"].socket
    (folder / "pigeon.py").write_text(PLUG.format(key="pigeon"))

    socket.load("plugged")

    assert socket.keys() == ["pigeon"]
    assert socket["pigeon"]().key == "pigeon"


def test_two_plugs_of_one_name_are_refused(folder):
    socket = sys.modules["socket_of_test"].socket
    (folder / "one.py").write_text(PLUG.format(key="pigeon"))
    (folder / "two.py").write_text(PLUG.format(key="pigeon"))

    with pytest.raises(ValueError, match="pigeon"):
        socket.load("plugged")


@pytest.mark.parametrize(
    ("package", "sockets"),
    [
        ("rebond.integrations.payments", ["rebond.domain.refunds.ports.payment_providers"]),
        ("rebond.integrations.carriers", ["rebond.domain.shipping.ports.carriers"]),
        ("rebond.integrations.channels", ["rebond.outbound.notifications.ports.channels"]),
        (
            "rebond.integrations.shops",
            [
                "rebond.domain.orders.ports.order_sources",
                "rebond.outbound.stock.ports.stock_systems",
            ],
        ),
    ],
)
def test_every_file_of_the_house_offers_a_plug(package, sockets):
    files = [found.name for found in iter_modules(import_module(package).__path__)]
    makers = set()
    for socket in sockets:
        module, _, name = socket.rpartition(".")
        plugs = getattr(import_module(module), name)
        makers |= {plugs[key].__module__.rpartition(".")[2] for key in plugs.keys()}  # noqa: SIM118

    assert makers == set(files)
