"""What must not be so where everybody can reach the installation."""

from __future__ import annotations

from pathlib import Path
from stat import S_IROTH, S_IWOTH
from urllib.parse import unquote, urlsplit

from rebond.config.environment import Environment

SHORTEST_KEY = 32


def why_unsafe(environment: Environment) -> list[str]:
    """What to mend before this installation may be served; nothing unless its address is https.

    Source: OWASP ASVS 5.0, 13.3.1, 13.4.2.
    """
    if not environment.base_url.startswith("https://"):
        return []
    found = []
    if environment.debug:
        found.append("REBOND_DEBUG shows errors in full to everybody: unset it")
    if len(environment.secret_key) < SHORTEST_KEY:
        found.append(
            f"REBOND_SECRET_KEY is shorter than {SHORTEST_KEY} signs: unset it and one is made"
        )
    if any(host in {"*", "."} for host in environment.hosts):
        found.append("REBOND_HOSTS answers under any name: write your names out")
    for path in _own_files(environment):
        if path.exists() and path.stat().st_mode & (S_IROTH | S_IWOTH):
            found.append(f"{path} can be read by everybody on this machine: chmod o-rwx {path}")
    return found


def _own_files(environment: Environment) -> list[Path]:
    url = urlsplit(environment.database_url)
    database = [Path(unquote(url.path[1:]))] if url.scheme == "sqlite" else []
    return [*database, environment.home / "secret_key"]
