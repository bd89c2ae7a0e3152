"""Help somebody of the desk who cannot come in.

  rebond staff password-link ana@example.com
Prints the address where they choose a password, once, within three days: for who was invited or
forgot theirs while no letter can leave. A second factor is asked for all the same.

  rebond staff reset-second-factor ana@example.com
Takes all second factors and recovery codes away and ends all sessions; the password stays.

Be sure that it is really them who ask. The log of each shop where they work says what was done.
"""

import argparse
import sys
from importlib import import_module

from rebond.cli.boot import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    link = verbs.add_parser("password-link", help="for who has no password, where no letter leaves")
    link.add_argument("email")
    reset = verbs.add_parser("reset-second-factor", help="for who lost phone, keys and codes")
    reset.add_argument("email")


def run(args: argparse.Namespace) -> int:
    """Print the link, or take the second factors away."""
    set_up()
    acting = import_module("rebond.kernel.acting")
    with acting.apart(acting.Actor("console")):
        done = _link(args.email) if args.verb == "password-link" else _reset(args.email)
    if not done:
        print(f"Nobody works here under {args.email!r}.", file=sys.stderr)
        return 1
    print(done)
    return 0


def _link(email: str) -> str:
    """The address of the page; the letter with another is written as well."""
    user = import_module("rebond.domain.shops.actions").ask_password_link(email, by="console")
    if user is None:
        return ""
    return str(import_module("rebond.domain.shops.passwords").link_for(user))


def _reset(email: str) -> str:
    users = import_module("rebond.domain.shops.models").User.objects
    user = users.filter(email=email.strip().lower()).first()
    if user is None:
        return ""
    import_module("rebond.domain.sign_in.actions").reset_factors(user, by="console")
    return f"{user.email} comes in with the password alone now; all sessions are over."
