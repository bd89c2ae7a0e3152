"""Reads the settings of rules strictly.  (pure)"""

from collections.abc import Mapping, Set
from typing import Any


def only(settings: Mapping[str, Any], allowed: Set[str]) -> None:
    """Raise ``ValueError`` when ``settings`` has a name that is not ``allowed``."""
    for name in settings:
        if name not in allowed:
            raise ValueError(f"{name}: unknown setting")


def whole(settings: Mapping[str, Any], name: str, *, least: int, most: int, default: int) -> int:
    """The whole number ``name`` between ``least`` and ``most``; raises ``ValueError``."""
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name}: a whole number from {least} to {most} is needed")
    return value


def flag(settings: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """The yes or no ``name``; raises ``ValueError``."""
    value = settings.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name}: true or false is needed")
    return value


def choice(settings: Mapping[str, Any], name: str, *, among: Set[str], default: str) -> str:
    """One word ``among`` those allowed; raises ``ValueError``."""
    value = settings.get(name, default)
    if not isinstance(value, str) or value not in among:
        raise ValueError(f"{name}: one of {', '.join(sorted(among))} is needed")
    return str(value)


def words(settings: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The list of texts ``name``, empty when absent; raises ``ValueError``."""
    value = settings.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{name}: a list of texts is needed")
    return tuple(value)
