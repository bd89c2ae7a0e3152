"""The one command of the product: every verb says what it does, the story plays to its end."""

import os
import subprocess
import sys

import pytest

COMMANDS = [
    *("alive", "backup", "check", "demo", "export", "import", "jobs", "law", "migrate", "policy"),
    *(
        "quote",
        "reconcile",
        "restore",
        "restored",
        "serve",
        "shop",
        "simulate",
        "slips",
        "staff",
        "story",
        "verify",
        "work",
    ),
]


def rebond(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rebond", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        timeout=120,
    )


def test_the_table_of_contents_names_every_command():
    page = rebond("--help").stdout

    assert [line.split()[0] for line in page.splitlines() if line.startswith("  ")] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, tmp_path):
    done = rebond(command, "--help", REBOND_HOME=str(tmp_path))

    assert done.returncode == 0
    assert f"rebond {command}" in done.stdout


def test_a_word_that_is_no_command_is_answered_kindly(tmp_path):
    done = rebond("refnud", REBOND_HOME=str(tmp_path))

    assert (done.returncode, done.stderr) == (
        2,
        "rebond: there is no command 'refnud'. Try `rebond --help`.\n",
    )


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr_FR.UTF-8", "46,28\xa0€ sont en route vers vous"),
        ("en_GB.UTF-8", "€46.28 are on their way"),
    ],
)
def test_the_story_is_told_to_its_end_in_the_terminals_language(language, sentence):
    done = rebond("story", LANG=language, LC_ALL="")

    assert done.returncode == 0, done.stderr
    assert sentence in done.stdout


@pytest.mark.once
def test_a_shop_is_opened_from_the_console(tmp_path):
    home = {"REBOND_HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/r.sqlite3"}
    assert rebond("migrate", "--quiet", **home).returncode == 0

    opened = subprocess.run(
        [
            sys.executable,
            "-m",
            "rebond",
            "shop",
            "open",
            "galerie",
            "Ma Galerie",
            "--email",
            "bonjour@galerie.example",
            "--owner",
            "olivia@galerie.example",
        ],
        input="a long enough password\n",
        capture_output=True,
        text=True,
        env={**os.environ, **home},
        check=False,
    )

    assert opened.returncode == 0, opened.stderr
    assert "Ma Galerie is open" in opened.stdout
    assert rebond("check", **home).returncode == 0
    assert rebond("verify", **home).returncode == 0


@pytest.mark.once
def test_work_that_lies_aside_is_shown_and_started_again(tmp_path):
    home = {"REBOND_HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/r.sqlite3"}
    rebond("migrate", "--quiet", **home)
    laid_aside = (
        "from rebond.cli.boot import set_up; set_up();"
        "from rebond.kernel.clock import now; from rebond.kernel.models import Job;"
        "Job.objects.create(path='a.b', arguments=[], run_at=now(), is_dead=True,"
        " last_error='Oh: no')"
    )
    subprocess.run([sys.executable, "-c", laid_aside], env={**os.environ, **home}, check=True)

    shown = rebond("jobs", **home)
    revived = rebond("jobs", "--revive", "all", **home)

    assert (shown.returncode, "Oh: no" in shown.stdout) == (1, True)
    assert (revived.returncode, revived.stdout) == (0, "0 jobs lie aside\n")
    assert rebond("jobs", "--revive", "nobody", **home).returncode == 1
