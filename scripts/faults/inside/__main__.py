"""Sets Django up, hours ahead of the clock where that is wanted, and calls one function.

`python -m scripts.faults.inside MODULE.FUNCTION '{"argument": …}'`; prints what it returns as JSON.
"""

import json
import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from importlib import import_module

import time_machine

from rebond.cli.boot import set_up


def main() -> None:
    """Call what the command line names."""
    module, _, name = sys.argv[1].partition(".")
    wish = json.loads(sys.argv[2])
    ahead = timedelta(hours=float(os.environ.get("FAULTS_HOURS_AHEAD", "0")))
    then = time_machine.travel(datetime.now(tz=UTC) + ahead) if ahead else nullcontext()
    with then:
        set_up()
        made = getattr(import_module(f"scripts.faults.inside.{module}"), name)(**wish)
        print(json.dumps(made, default=str), flush=True)


if __name__ == "__main__":
    main()
