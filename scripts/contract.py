"""Schemathesis at the API of a running installation: `make contract` (CONTRACT="--max-examples=5").

Every operation of docs/reference/openapi.json gets edge values, invalid values, random ones and
chains of calls, with a key that may do everything in a shop with returns in it. No answer may be an
error of ours, one that is not described, or described otherwise; what is invalid must be refused.
Ends with `rebond verify`. The database is SQLite, or the PostgreSQL of DATABASE_URL
(`scripts/with_pg.py` lends one); the options are Schemathesis's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.faults.installation import ROOT, Installation

SCHEMA = ROOT / "docs" / "reference" / "openapi.json"
SHOP = "victim"
LEFT_OUT = (
    "positive_data_acceptance",  # what fits the description may still be refused by the trade
    "response_headers_conformance",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
    "object_level_authorization",  # see `make attack`
)
CONFIG = """
[checks.missing_required_header]
# Missed after the order was not found, or told by a status of its own.
expected-statuses = [400, 401, 403, 404, 406, 415, 422, 428]

[[operations]]
include-operation-id = "import_orders"
# A file with lines that cannot be read is taken, and each such line is named in its answer.
[operations.checks.negative_data_rejection]
enabled = false
"""
HOOKS = """
import json
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()

@schemathesis.hook
def filter_query(ctx, query):
    # A longer request line is refused before it comes to us.
    return len(str(query).encode()) < 1000
"""


def main(words: list[str]) -> int:
    """Schemathesis's exit code, or 1 where a promise is broken afterwards."""
    with Installation(os.environ.get("DATABASE_URL", "")) as here:
        if here.server:
            here.rebond("migrate")
        else:
            here.inside("scenes.blank").made  # noqa: B018  (raises where it failed)
        facts = here.inside("two_shops.build").made
        here.web()
        (here.folder / "schemathesis.toml").write_text(CONFIG)
        (here.folder / "hooks.py").write_text(HOOKS)
        ran = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                str(SCHEMA),
                f"--url={here.address}",
                f"--header=Authorization: Bearer {facts[SHOP]['key']}",
                f"--exclude-checks={','.join(LEFT_OUT)}",
                "--request-timeout=30",
                "--continue-on-failure",
                *words,
            ],
            cwd=here.folder,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(here.folder)},
        )
        for line in here.web_errors():
            print(line)
        verified = here.rebond("verify")
        print(verified.out.splitlines()[-1] if verified.out else verified.err)
        return ran.returncode or verified.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
