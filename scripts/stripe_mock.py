"""Fetch `stripe-stateful-mock`, which knows Stripe's rules about refunds, for one test.

It comes from npm, it and what it depends on in the versions and with the sums of
``scripts/stripe_mock/package-lock.json``, into the ignored folder ``.stripe-mock``; no script of
a package is run. Without npm: a line that says which test was not run; with ``CI=true`` that is
a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".stripe-mock"
LOCK = Path(__file__).resolve().parent / "stripe_mock"
MAIN = HOME / "node_modules" / ".bin" / "stripe-stateful-mock"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def main() -> int:
    if MAIN.exists() or _fetched():
        print(MAIN)
        return 0
    print(
        "NOT RUN: stripe-stateful-mock could not be fetched, so the test of Stripe's rules for\n"
        "  refunds against it is left out. To get it: have npm at hand (it fetches it into\n"
        "  .stripe-mock).",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") == "true" else 0


def _fetched() -> bool:
    npm = shutil.which("npm")
    if not npm:
        return False
    HOME.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCK / name, HOME / name)
    environment = {**os.environ, "npm_config_cache": str(HOME / "cache")}
    if CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=HOME,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(HOME / "cache", ignore_errors=True)
    return done.returncode == 0 and MAIN.exists()


if __name__ == "__main__":
    sys.exit(main())
