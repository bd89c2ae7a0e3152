"""Set up a shop with real orders and serve it, with everything it needs, until Ctrl-C.

Starts four things: the web pages, a worker, a payment provider to rehearse with, and nothing that
leaves this machine: letters are written as files into the folder `outbox`. HOST and PORT choose
the address; REBOND_HOME the folder (var).
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument(
        "--set-up-only", action="store_true", help="make the shop and stop; serve nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Set up, then serve until stopped."""
    began = time.monotonic()
    home = Path(os.environ.setdefault("REBOND_HOME", "var")).absolute()
    os.environ["REBOND_HOME"] = str(home)
    shown = "127.0.0.1" if args.host in {"0.0.0.0", "::"} else args.host
    os.environ.setdefault("REBOND_BASE_URL", f"http://{shown}:{args.port}")
    if args.host not in {"127.0.0.1", "localhost"}:
        os.environ.setdefault("REBOND_HOSTS", args.host)
    os.environ.setdefault("REBOND_SMTP_URL", f"file://{home}/outbox")
    os.environ["REBOND_SIMULATOR_SECRET"] = secrets.token_hex(16)
    simulator_port = args.port + 1 if args.port < 65535 else args.port - 1
    os.environ["REBOND_SIMULATOR_URL"] = f"http://127.0.0.1:{simulator_port}"
    children: list[subprocess.Popen[bytes]] = []

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        _step("Starting the rehearsal provider", began)
        hook = f"{os.environ['REBOND_BASE_URL']}/hooks/payments/galerie-rebond/simulator/"
        children.append(
            _start(
                "simulate",
                "--open",
                f"--port={simulator_port}",
                f"--file={home}/simulator.sqlite3",
                f"--hook={hook}",
            )
        )
        _wait_for(f"http://127.0.0.1:{simulator_port}/health", children)
        found = _set_up(began)
        if args.set_up_only:
            return 0
        children.append(_start("work"))
        children.append(_start("serve", f"--host={args.host}", f"--port={args.port}"))
        _wait_for(f"http://{shown}:{args.port}/health/", children)
        _print_guide(found, os.environ["REBOND_BASE_URL"], home)
        print(f"Ready: {os.environ['REBOND_BASE_URL']}", flush=True)
        return _watch(children)
    except KeyboardInterrupt:
        print("\nStopping.")
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _set_up(began: float) -> dict[str, Any]:
    _step("Preparing the database", began)
    set_up()
    management = import_module("django.core.management")
    management.call_command("migrate", interactive=False, verbosity=0)
    import_module("rebond.cli.statics").collect()
    found: dict[str, Any] = import_module("rebond.demo.shop").set_up_demo(
        lambda text: _step(text, began)
    )
    return found


def _step(text: str, began: float) -> None:
    print(f"[{time.monotonic() - began:5.1f} s] {text} …", flush=True)


def _start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "rebond", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _wait_for(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(child.poll() is not None for child in children):
            raise SystemExit("A part of the demo stopped at its start; is the port free?")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer.")


GUIDE = """
Galerie Rebond is open: real orders of a gift shop, moved to these weeks.

  As a shopper   {address}/s/galerie-rebond/
{orders}

  As the shop    {address}/desk/
{staff}
                 password for all: {password}

  Things from several orders in one parcel: on the start page choose the code by e-mail,
  and tick the orders of the first address. The code lies with the letters.

  Ask for a return, accept it at the desk, receive it, inspect it, and watch the money,
  the credit note and the letters follow. Letters lie in {outbox}.
  Make the provider fail: see `rebond simulate --help`.
"""
WAYS = {
    "simulator": "paid by card: the refund goes by itself",
    "paper": "paid by transfer: somebody at the desk pays the refund by hand",
}


def _print_guide(found: dict[str, Any], address: str, home: Path) -> None:
    orders = [
        f"                 order {number}, e-mail {email}\n                   ({WAYS[way]})"
        for number, email, way in found["orders"]
    ]
    staff = [f"                 {email:<32} {role}" for email, role in found["staff"]]
    print(
        GUIDE.format(
            address=address,
            orders="\n".join(orders),
            staff="\n".join(staff),
            password=found["password"],
            outbox=home / "outbox",
        )
    )


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                print("A part of the demo stopped by itself.", file=sys.stderr)
                return 1
        time.sleep(0.5)
