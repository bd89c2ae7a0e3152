"""The import contracts of pyproject.toml hold, and break when somebody breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rebond

ROOT = Path(rebond.__file__).parent
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

pytestmark = pytest.mark.once


@pytest.fixture
def copy_of_rebond(tmp_path) -> Path:
    def not_python(folder, names):
        return [n for n in names if not (n.endswith(".py") or Path(folder, n).is_dir())]

    shutil.copytree(ROOT, tmp_path / "rebond", ignore=not_python)
    shutil.copy(PYPROJECT, tmp_path)
    return tmp_path / "rebond"


def lint_imports(package: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
    )


def test_the_contracts_hold(copy_of_rebond):
    done = lint_imports(copy_of_rebond)

    assert done.returncode == 0, done.stdout + done.stderr


BREACHES = {
    "a lower storey that imports a higher one": (
        {"kernel/money.py": "from rebond.domain.shops import models\n"},
        "Storeys",
    ),
    "two edges that know each other": (
        {"api/__init__.py": "from rebond.web import portal\n"},
        "Storeys",
    ),
    "a room that imports the room above": (
        {"domain/orders/gifts.py": "from rebond.domain.returns import models\n"},
        "Rooms",
    ),
    "a room without a place": ({"domain/gifts/__init__.py": ""}, "Rooms"),
    "arithmetic that reads the database": (
        {"kernel/money.py": "from django.db import models\n"},
        "pure",
    ),
    "a plug that imports a plug": (
        {
            "integrations/payments/one.py": "from rebond.integrations.payments import two\n",
            "integrations/payments/two.py": "",
        },
        "Plugs",
    ),
    "a portal that imports the back office": (
        {"web/portal/gifts.py": "from rebond.web import backoffice\n"},
        "Portal",
    ),
}


@pytest.mark.parametrize(("files", "contract"), BREACHES.values(), ids=list(BREACHES))
def test_a_planted_import_breaks_its_contract(files, contract, copy_of_rebond):
    for place, content in files.items():
        path = copy_of_rebond / place
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if path.exists() else ""
        path.write_text(before + "\n" + content)

    done = lint_imports(copy_of_rebond)

    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken), done.stdout
