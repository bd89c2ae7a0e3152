"""What is shipped: a wheel with everything that is not Python, and pins without addresses."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NOT_SHIPPED = {".pyc", ".pyo", ".swp"}

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """A wheel built as a user would build it, from a copy without compiled catalogues."""
    copy = tmp_path_factory.mktemp("repository with a space")
    left_out = shutil.ignore_patterns("*.mo", "__pycache__", "*.egg-info")
    for name in ("src", "scripts"):
        shutil.copytree(REPOSITORY / name, copy / name, ignore=left_out)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, copy)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", copy / "dist"],
        cwd=copy,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next((copy / "dist").glob("*.whl")))


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = REPOSITORY / "src"
    files = {
        path.relative_to(package).as_posix()
        for path in (package / "rebond").rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }

    assert files - set(wheel.namelist()) == set()


def test_the_wheel_holds_compiled_translations(wheel):
    catalogues = {name for name in wheel.namelist() if name.endswith(".po")}
    compiled = {name for name in wheel.namelist() if name.endswith(".mo")}

    assert compiled == {name.removesuffix(".po") + ".mo" for name in catalogues}


def test_the_wheel_holds_no_leftovers(wheel):
    assert [name for name in wheel.namelist() if Path(name).suffix in NOT_SHIPPED] == []


@pytest.mark.parametrize("pins", sorted((REPOSITORY / "requirements").glob("*.txt")), ids=str)
def test_every_pin_has_a_hash_and_no_address(pins):
    text = pins.read_text()
    packages = [block for block in text.split("\n") if "==" in block]

    assert "://" not in text
    assert packages
    assert all(block.rstrip().endswith("\\") for block in packages)


def test_no_two_sets_of_pins_disagree():
    versions: dict[str, set[str]] = {}
    for pins in (REPOSITORY / "requirements").glob("*.txt"):
        for line in pins.read_text().splitlines():
            name, separator, version = line.partition("==")
            if separator:
                versions.setdefault(name, set()).add(version.split(" ")[0])

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
