"""What every test may ask for: a browser, a page in it, and the jobs that wait to be run."""

import os
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser import leaving
from tests.scope import Watch

from rebond.kernel import append_only, jobs, tenancy

REPOSITORY = Path(__file__).parent.parent
BROWSER_PATH = REPOSITORY / ".browser" / "path"
# Quiet at the network, and without a sandbox only where root cannot have one.
BROWSER_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
MANY_JOBS = 5000
ONLY_GROW = (
    "audit_auditentry",
    "kernel_event",
    "credit_notes_creditnote",
    "credit_notes_creditnotefile",
    "credit_notes_creditnoteline",
    "credit_notes_withoutdocument",
    "ledger_transaction",
    "ledger_entry",
    "exchanges_exchangepayment",
    "exchanges_saledocument",
    "warehouse_movement",
    "withdrawals_statement",
    "shipping_trackingevent",
)

hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


def pytest_configure() -> None:
    """A test's SQLite lives in memory, in each process of its own; no letter waits for an undo.

    What a test itself arranges and looks up is of all shops; a request or a job begins with none.
    """
    tenancy._told = ContextVar("shop_told", default=tenancy.ALL)
    settings.UNDO_SECONDS = 0
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = ":memory:"


def _browser() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return BROWSER_PATH.read_text().strip() if BROWSER_PATH.exists() else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here; scripts/browser.py has said so for the browser."""
    without: list[pytest.Item] = []
    if not _browser():
        without += [item for item in items if item.get_closest_marker("browser")]
        if without and os.environ.get("CI") == "true":
            raise pytest.UsageError("no Chromium: run scripts/browser.py first")
    elsewhere = "once" if connection.vendor == "postgresql" else "postgresql"
    without += [item for item in items if item.get_closest_marker(elsewhere)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


@pytest.fixture
def without_guards(db) -> None:
    """Take away what keeps tables append-only, as somebody with the database in hands could."""
    with connection.cursor() as cursor:
        for table in ONLY_GROW:
            for statement in append_only.undoing(table, connection.vendor):
                cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def tables_can_be_emptied() -> None:
    """Let the test runner empty append-only tables of SQLite between tests that commit."""
    if connection.vendor != "sqlite":
        return
    operations = type(connection.ops)
    plain = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        grown = [table for table in ONLY_GROW if table in tables]
        open_up = [s for table in grown for s in append_only.undoing(table, "sqlite")]
        close = [s for table in grown for s in append_only.statements(table, "sqlite")]
        return [*open_up, *plain(self, style, tables, **options), *close]

    operations.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def apart(settings, tmp_path: Path) -> None:
    """Keep a test's files to itself, and do not spend its time on hashing passwords."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    settings.VERIFIED_FILE = tmp_path / "verified.json"
    settings.METERS_FOLDER = tmp_path / "meters"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session. Playwright's loop runs in this thread, so Django must let it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts; a keyword such as ``locale`` or ``viewport`` goes to Playwright."""
    made = []

    def make(**options: object) -> BrowserContext:
        made.append(chromium.new_context(**options))
        if options.get("java_script_enabled", True):
            leaving.watch(made[-1])
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(browser_context: Callable[..., BrowserContext]) -> Page:
    """A page as a French shopper's phone shows it."""
    return browser_context(locale="fr-FR", viewport={"width": 390, "height": 844}).new_page()


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Run the jobs that are due, and those that follow from them; returns how many ran."""

    def run() -> int:
        ran = 0
        while claimed := jobs.claim(10):
            for job in claimed:
                jobs.perform(job)
            ran += len(claimed)
            assert ran < MANY_JOBS, "the jobs never come to an end"
        return ran

    return run


@pytest.fixture(autouse=True)
def every_statement_names_its_shop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test whose code asked for rows without saying of which shop."""
    if not {"db", "transactional_db", "live_server"} & set(request.fixturenames) and not (
        request.node.get_closest_marker("django_db")
    ):
        yield
        return
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield
    assert not watch.found, "\n".join(sorted(set(watch.found)))
