"""Everything about the package stands in pyproject.toml; this compiles its translations.

The compiled catalogues (.mo) are not in git, so whoever builds or installs makes them here.
"""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

from messages import compile_catalogues

compile_catalogues()
setup()
