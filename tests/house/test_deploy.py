"""What hosts copy: the container never runs as root, the units are sound and shut in."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
WORST_EXPOSURE = 2.5

pytestmark = pytest.mark.once


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the container file with what follows it, lines that go on joined."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [tuple(line.split(None, 1)) for line in lines if not line.startswith("#")]


def last_stage() -> list[tuple[str, str]]:
    """From the last FROM on: what is run."""
    told = instructions()
    begin = max(place for place, (word, _) in enumerate(told) if word == "FROM")
    return told[begin:]


def test_the_container_is_built_in_one_stage_and_run_in_another_without_root():
    words = [word for word, _ in instructions()]
    final = dict(last_stage())

    assert words.count("FROM") == 2
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", final["USER"])
    assert final["HEALTHCHECK"].endswith('CMD ["rebond", "alive"]')
    assert [text for word, text in last_stage() if word == "COPY"] == [
        "--from=build /opt/rebond /opt/rebond"
    ]


def test_the_container_takes_packages_by_their_hashes_only():
    installs = [text for word, text in instructions() if word == "RUN" and "pip install" in text]

    assert all("--require-hashes" in text or "--no-deps" in text for text in installs)
    assert not any(word == "ADD" or "curl" in text for word, text in instructions())
    assert all(text[0] == "[" for word, text in instructions() if word in {"CMD", "ENTRYPOINT"})


def test_the_base_is_a_named_version():
    base = next(text for word, text in instructions() if word == "ARG" and "PYTHON=" in text)

    assert ":" in base and not base.endswith(":latest")


def test_everything_that_is_copied_is_there_and_let_through():
    let = {
        line[1:] for line in (REPOSITORY / ".dockerignore").read_text().split() if line[0] == "!"
    }
    copied = [text.split()[:-1] for word, text in instructions() if word == "COPY"]
    names = {name for many in copied for name in many if not name.startswith(("--", "/"))}

    assert {name for name in names if not (REPOSITORY / name).exists()} == set()
    assert names == let


def test_compose_names_commands_that_there_are():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    commands = {path.stem for path in (REPOSITORY / "src/rebond/cli/commands").glob("*.py")}

    assert {service["command"][0] for service in services.values()} <= commands
    assert all(
        service["read_only"] and service["cap_drop"] == ["ALL"] for service in services.values()
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The units in a folder of their own, with a program where they expect ours."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze")
    root = tmp_path_factory.mktemp("units")
    program = root / "rebond"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace("/opt/rebond/bin/rebond", str(program))
        (root / unit.name).write_text(text)
    return root


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit, installed):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", installed / unit.name],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_is_shut_in(unit, installed):
    threshold = str(int(WORST_EXPOSURE * 10))
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={threshold}", unit],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-600:]
