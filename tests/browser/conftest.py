"""Pages are tested with the static files of the source tree, whatever was collected before."""

import pytest


@pytest.fixture(autouse=True)
def files_from_the_source(settings, apart) -> None:
    """Name static files as they lie in the tree."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
