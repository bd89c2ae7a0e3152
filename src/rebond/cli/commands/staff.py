"""Help somebody of the desk who cannot come in.

  rebond staff reset-second-factor ana@example.com
Takes all second factors and recovery codes away and ends all sessions; the password stays. Be sure
that it is really them who ask. The log of each shop where they work says that it was done.
"""

import argparse
import sys
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    reset = verbs.add_parser("reset-second-factor", help="for who lost phone, keys and codes")
    reset.add_argument("email")


def run(args: argparse.Namespace) -> int:
    """Take the second factors away."""
    set_up()
    users = import_module("rebond.domain.shops.models").User.objects
    user = users.filter(email=args.email.strip().lower()).first()
    if user is None:
        print(f"Nobody works here under {args.email!r}.", file=sys.stderr)
        return 1
    acting = import_module("rebond.kernel.acting")
    with acting.apart(acting.Actor("console")):
        import_module("rebond.domain.sign_in.actions").reset_factors(user, by="console")
    print(f"{user.email} comes in with the password alone now; all sessions are over.")
    return 0
