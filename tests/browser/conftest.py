"""Pages are tested with the static files of the source tree, whatever was collected before.

A story that is told on both screens and in both languages goes by keyboard alone on the large
screen in English.
"""

import pytest
from tests.browser import keyboard, leaving


@pytest.fixture(autouse=True)
def files_from_the_source(settings, apart) -> None:
    """Name static files as they lie in the tree."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def mail_server(settings, tmp_path) -> None:
    """Letters leave, into a folder."""
    settings.SMTP_URL = f"file://{tmp_path}/outbox"


@pytest.fixture(autouse=True)
def hands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each hand wait for where it leads; leave one telling of each story only the keyboard."""
    leaving.wait_after(monkeypatch)
    told = getattr(request.node, "callspec", None)
    if told is not None and told.params.get("language") == "en" and _is_large(told.params):
        keyboard.only(monkeypatch)


def _is_large(params: dict[str, object]) -> bool:
    screen = params.get("screen")
    width = screen.get("width") if isinstance(screen, dict) else screen
    return width in (1440, "desk", "1440")
