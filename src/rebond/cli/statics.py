"""Gathers static files, compressed and named by their content, once per version."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings


def collect() -> None:
    """Collect into the home folder unless this very set of files is there already."""
    target = Path(settings.STATIC_ROOT)
    stamp = target / ".stamp"
    wanted = _fingerprint(settings.PACKAGE / "web")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "rebond.web.ui.storage.StaticFiles"},
    }
    with override_settings(STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0, clear=target.exists())
    stamp.write_text(wanted)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("static/**/*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
