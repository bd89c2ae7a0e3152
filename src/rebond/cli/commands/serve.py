"""Serve the portal, the back office and the API over HTTP.

Put a reverse proxy with TLS in front for the public. `rebond work` does the background work and
runs beside this.
"""

import argparse
import os
import sys
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=1, help="processes; keep 1 with SQLite (1)")
    parser.add_argument("--threads", type=int, default=8, help="threads in each process (8)")


def run(args: argparse.Namespace) -> int:
    """Gather the static files once per version, then hand over to gunicorn.

    2 where the installation is not safe to be served in public; it says why.
    """
    knows_address = "REBOND_BASE_URL" in os.environ
    shown = "127.0.0.1" if args.host in {"0.0.0.0", "::"} else args.host
    os.environ.setdefault("REBOND_BASE_URL", f"http://{shown}:{args.port}")
    set_up()
    if import_module("rebond.kernel.backup.postgresql").is_begun():
        print("A restore was begun and not ended: run `rebond restore` again.", file=sys.stderr)
        return 2
    environment = import_module("rebond.config.settings").ENVIRONMENT
    reasons = import_module("rebond.config.safety").why_unsafe(environment)
    for reason in reasons:
        print(f"Not served in public: {reason}", file=sys.stderr)
    if reasons:
        return 2
    import_module("rebond.cli.statics").collect()
    import_module("rebond.kernel.meters").forget_the_dead()
    if not knows_address:
        print(
            f"Serving {environment.base_url}. Before others use it, set REBOND_BASE_URL for "
            "`rebond serve` and `rebond work`: links and letters carry that address.",
            flush=True,
        )
    first_key = import_module("rebond.web.backoffice.first_key")
    if first_key.is_first_start():
        print(
            f"Nobody has an account yet. Open your shop here: {first_key.first_address()}",
            flush=True,
        )
    os.execv(
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "rebond.config.wsgi:application",
            f"--bind={args.host}:{args.port}",
            f"--workers={args.workers}",
            f"--threads={args.threads}",
            "--worker-class=rebond.config.serving.TimelyWorker",
            "--worker-tmp-dir=/dev/shm" if os.path.isdir("/dev/shm") else "--preload",
            "--timeout=60",
            "--graceful-timeout=20",
            "--no-control-socket",
            "--log-level=warning",
        ],
    )
