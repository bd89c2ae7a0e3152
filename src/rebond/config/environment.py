"""What the host may set from outside, read once: see docs/reference/settings.md."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Environment:
    """The installation's own values.

    ``home`` holds the database, files and the secret key. ``data`` is a folder
    with data sets that are not part of the package, or None. ``heads_file`` is where
    the heads of the document chains are written, outside the database. ``platform_folder``
    is watched by the approved platform's uploader, or None. ``inside_hosts`` are names of our own
    network that webhooks may be sent to. ``security_contact`` is a ``mailto:`` or ``https:``
    address for people who found a hole, or "". ``log_form`` is ``text`` or ``json``.
    ``undo_seconds`` is how long the letter about a colleague's decline waits to be called back.
    ``breached_passwords`` is a file of hashes, or the address of a service that knows them, or "".
    ``row_security``: whether PostgreSQL itself keeps the shops apart.
    ``oidc`` names the identity provider of the house (see ``sign_in.oidc.Provider``), or is None.
    """

    home: Path
    database_url: str
    secret_key: str
    base_url: str
    hosts: tuple[str, ...]
    smtp_url: str
    debug: bool
    data: Path | None
    heads_file: Path
    platform_folder: Path | None
    inside_hosts: frozenset[str]
    security_contact: str
    log_form: str
    log_level: str
    undo_seconds: int
    breached_passwords: str
    row_security: bool
    oidc: dict[str, str] | None


def read() -> Environment:
    """The values of this process, from ``REBOND_*`` and ``DATABASE_URL``."""
    home = Path(os.environ.get("REBOND_HOME", "var")).absolute()
    here = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    base_url = os.environ.get("REBOND_BASE_URL", here).rstrip("/")
    hosts = [h.strip() for h in os.environ.get("REBOND_HOSTS", "").split(",") if h.strip()]
    inside = os.environ.get("REBOND_WEBHOOK_INSIDE_HOSTS", "").split(",")
    data = os.environ.get("REBOND_DATA")
    folder = os.environ.get("REBOND_PLATFORM_FOLDER")
    return Environment(
        home=home,
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{home}/rebond.sqlite3"),
        secret_key=os.environ.get("REBOND_SECRET_KEY") or _kept_secret(home / "secret_key"),
        base_url=base_url,
        hosts=tuple(hosts),
        smtp_url=os.environ.get("REBOND_SMTP_URL", ""),
        debug=os.environ.get("REBOND_DEBUG", "") == "1",
        data=Path(data) if data else None,
        heads_file=Path(os.environ.get("REBOND_HEADS_FILE") or home / "heads.jsonl"),
        platform_folder=Path(folder) if folder else None,
        inside_hosts=frozenset(name.strip().lower() for name in inside if name.strip()),
        security_contact=_one_line(os.environ.get("REBOND_SECURITY_CONTACT", "")),
        log_form=_one_of("REBOND_LOG_FORM", "text", "json"),
        log_level=_one_of("REBOND_LOG_LEVEL", "WARNING", "INFO", "ERROR", "DEBUG"),
        undo_seconds=_whole("REBOND_UNDO_SECONDS", usual=15, most=600),
        breached_passwords=os.environ.get("REBOND_BREACHED_PASSWORDS", "").strip(),
        row_security=_one_of("REBOND_ROW_SECURITY", "off", "on") == "on",
        oidc=_oidc(),
    )


def _oidc() -> dict[str, str] | None:
    """The identity provider; None where no issuer is named. Raises ``ValueError``."""
    told = {
        name: os.environ.get(f"REBOND_OIDC_{name.upper()}", "").strip()
        for name in ("issuer", "client_id", "client_secret", "title")
    }
    issuer = urlsplit(told["issuer"])
    if not told["issuer"]:
        return None
    is_near = issuer.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (issuer.scheme == "https" or (issuer.scheme == "http" and is_near)):
        raise ValueError("REBOND_OIDC_ISSUER must begin with https://")
    if not told["client_id"]:
        raise ValueError("REBOND_OIDC_CLIENT_ID is missing beside REBOND_OIDC_ISSUER")
    return told | {"title": told["title"] or str(issuer.hostname)}


def _one_of(name: str, usual: str, *others: str) -> str:
    """The word under ``name``, the ``usual`` one where there is none. Raises ``ValueError``."""
    word = os.environ.get(name) or usual
    if word not in {usual, *others}:
        raise ValueError(f"{name} must be {usual} or {', '.join(others)}, not {word!r}")
    return word


def _whole(name: str, *, usual: int, most: int) -> int:
    """The number under ``name``, from 0 to ``most``. Raises ``ValueError``."""
    text = os.environ.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise ValueError(f"{name} must be a whole number up to {most}, not {text!r}")
    return int(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _kept_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
