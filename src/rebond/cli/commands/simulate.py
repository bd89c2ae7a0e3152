"""Run a payment provider, a carrier and a shop system to rehearse with: they can fail in every way.

A shop whose payments name the provider `simulator` sends its refunds here. Plan a fault with
  curl -d '{"mode": "timeout_after"}' http://127.0.0.1:8801/plan
and read what the provider itself has booked at http://127.0.0.1:8801/ledger.
"""

import argparse
import os
import threading
from pathlib import Path

from rebond.simulator.parcels import Depot
from rebond.simulator.payments import MODES, Provider
from rebond.simulator.stockroom import Stockroom


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--carrier-port", type=int, help="also run a carrier, on this port")
    parser.add_argument(
        "--shop-port", type=int, help="also run a shop system that hears of stock, on this port"
    )
    parser.add_argument("--file", type=Path, default=Path("var/simulator.sqlite3"))
    parser.add_argument("--hook", default="", help="address that is told of every change, signed")
    parser.add_argument(
        "--open", action="store_true", help="take payments it has never heard of (demo data)"
    )
    parser.epilog = f"faults: {MODES}"


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    args.file.parent.mkdir(parents=True, exist_ok=True)
    secret = os.environ.get("REBOND_SIMULATOR_SECRET", "")
    if args.hook and not secret:
        print("REBOND_SIMULATOR_SECRET must be set to sign messages.")
        return 2
    provider = Provider(
        (args.host, args.port), file=args.file, secret=secret, hook=args.hook, opens=args.open
    )
    print(f"Simulated payment provider on http://{args.host}:{provider.server_port}", flush=True)
    if args.carrier_port:
        depot = Depot((args.host, args.carrier_port))
        threading.Thread(target=depot.serve_forever, daemon=True).start()
        print(f"Simulated carrier on http://{args.host}:{depot.server_port}", flush=True)
    if args.shop_port:
        room = Stockroom((args.host, args.shop_port))
        threading.Thread(target=room.serve_forever, daemon=True).start()
        print(f"Simulated shop system on http://{args.host}:{room.server_port}", flush=True)
    provider.serve_forever()
    return 0
