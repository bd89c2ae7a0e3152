"""Sockets in the domain, plugs in ``integrations``: one file per plug."""

from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Generic, TypeVar

T = TypeVar("T")


class Socket(Generic[T]):
    """The plugs known for one kind of outside system, by their ``key``.

    ``name`` is the socket's place in the entry point group ``rebond.plugs``:
    another package offers a plug with an entry point named ``<name>.<anything>``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._plugs: dict[str, type[T]] = {}

    def add(self, plug: type[T]) -> type[T]:
        """Class decorator: make ``plug`` available under ``plug.key``."""
        key: str = plug.key  # type: ignore[attr-defined]
        if key in self._plugs:
            raise ValueError(f"two plugs are named {key!r}")
        self._plugs[key] = plug
        return plug

    def load(self, package: str) -> None:
        """Import every module of ``package``, and what other packages offer for this socket."""
        for module in iter_modules(import_module(package).__path__):
            import_module(f"{package}.{module.name}")
        for offer in entry_points(group="rebond.plugs"):
            if offer.name.startswith(f"{self.name}."):
                offer.load()

    def __getitem__(self, key: str) -> type[T]:
        return self._plugs[key]

    def __contains__(self, key: object) -> bool:
        return key in self._plugs

    def keys(self) -> list[str]:
        """The keys of all plugs, sorted."""
        return sorted(self._plugs)
